/** The opening of the next book, read off the book that closes [B1]. Pure: the same on every replica. */
import type { Act, CloseBookAct } from './act.ts';
import type { ClosedAccount } from './close.ts';
import { foldAtClosing } from './closingFold.ts';
import type { Claim } from './entry.ts';
import type { DeviceKey, Id, PublicKey } from './ids.ts';
import type { Ledger } from './ledger.ts';
import { duesAtClosing, LEVY_COMMONS } from './levy.ts';
import { MAX_ACCOUNT_CREDITS, MAX_KNOWN_DECISIONS, MAX_OPENING_CREDITS } from './limits.ts';
import { nextKeysOf } from './nextKeys.ts';
import { isSealed, newestGrant, standingOf, type FirstWitness } from './log.ts';
import type { BookOpening, OpeningDevice } from './opening.ts';

/**
 * What the book after this one begins with if this closing ends it as `closed` says. Changes nothing. `takesDues`: whether
 * levy and fee are paid; at a closing they are [B3].
 */
export function openingOf(
  ledger: Ledger,
  { stops, key }: Pick<CloseBookAct, 'stops' | 'key'>,
  closed: readonly ClosedAccount[],
  takesDues = true,
): BookOpening {
  const { log } = ledger;
  const all = devicesAfter(ledger, closed, takesDues);
  const witnesses = nextWitnesses(ledger, stops, all.devices);
  const devices = stayingDevices(ledger, all.devices, witnesses);
  const members = new Set(devices.map(({ member }) => member));
  const newest = log.decided.slice(-MAX_KNOWN_DECISIONS);
  return {
    circle: ledger.circle,
    book: ledger.book + 1,
    height: log.height + 1,
    before: log.head,
    policy: log.policy,
    epoch: log.epoch + 1,
    key,
    witnesses,
    devices,
    commons: [...all.commons].filter(([, amount]) => amount !== 0).sort(([a], [b]) => a - b),
    standings: [...log.standings].filter(([member]) => members.has(member)).sort(byText),
    helpers: [...log.helpers].filter(([member]) => members.has(member)).sort(byText),
    decisions: newest.map(({ id }) => id),
    usedInvites: newest.flatMap(({ act }) => usedInvite(act)),
    recoveries: [...log.recoveries].sort(),
  };
}
const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
/** A decision used it up in this book: an older invite names a decision that the next book knows no more [S2]. */
const usedInvite = (act: Act | null): readonly PublicKey[] =>
  act?.type === 'admit' ? [act.request.invite] : [];

/** Every device with what stands on it when levy and demurrage are paid [B3], and the commons with what they got. */
function devicesAfter(
  ledger: Ledger,
  closed: readonly ClosedAccount[],
  takesDues: boolean,
): { readonly devices: readonly OpeningDevice[]; readonly commons: ReadonlyMap<number, number> } {
  const fold = foldAtClosing(ledger, closed);
  const dues = takesDues ? duesAtClosing(ledger, closed, fold) : new Map<DeviceKey, number>();
  const commons = new Map(fold.commons);
  for (const due of dues.values()) commons.set(LEVY_COMMONS, (commons.get(LEVY_COMMONS) ?? 0) + due);
  const voided = new Set(closed.filter(({ isVoid }) => isVoid).map(({ device }) => device));
  const devices = [...ledger.log.devices.values()].map((record): OpeningDevice => {
    const { device, member, sealing, name, inviter, confirmed, heir } = record;
    const state = fold.accounts.get(device);
    if (state === undefined) throw new Error('a device without an account');
    const most = Math.min(MAX_ACCOUNT_CREDITS, Math.floor(MAX_OPENING_CREDITS / ledger.log.devices.size));
    const { credits, rest } = creditsToBring(state.unclaimed, most);
    const isVoid = record.isVoid || voided.has(device);
    return {
      device,
      member,
      sealing,
      name,
      grant: newestGrant(record).grant,
      inviter,
      confirmed,
      opening: state.balance + rest - (dues.get(device) ?? 0),
      sealed: isSealed(record) || isVoid,
      isVoid,
      heir: heir?.device ?? null,
      credits,
    };
  });
  return { devices, commons };
}
/** By the ids of their debits; what is beyond the bound is taken in by the closing, so nothing is lost. */
function creditsToBring(
  unclaimed: ReadonlyMap<Id, number>,
  most: number,
): { readonly credits: readonly Claim[]; readonly rest: number } {
  const sorted = [...unclaimed].sort(byText).map(([debit, amount]): Claim => ({ debit, amount }));
  const rest = sorted.slice(most).reduce((sum, { amount }) => sum + amount, 0);
  return { credits: sorted.slice(0, most), rest };
}

/**
 * Who was decided on, else who keeps this book; of them whom nothing has removed: a pause takes away paying, not keeping
 * (decision 20). Where nobody is left, the present ones go on: a book without witnesses could never close.
 */
function nextWitnesses(
  ledger: Ledger,
  stops: readonly Id[],
  devices: readonly OpeningDevice[],
): readonly FirstWitness[] {
  const { log } = ledger;
  const fresh = nextKeysOf(ledger, stops);
  const present = log.terms
    .filter(({ toSeq }) => toSeq === null)
    .sort((a, b) => a.index - b.index)
    .map(({ device, key }): FirstWitness => ({ device, key: fresh.get(device) ?? key }));
  const staying = new Set(
    devices
      .filter(
        ({ isVoid, heir, member }) => !isVoid && heir === null && standingOf(log, member) !== 'expelled',
      )
      .map(({ device }) => device),
  );
  const able = [log.nextWitnesses ?? [], present].map((all) =>
    all.filter(({ device }) => staying.has(device)),
  );
  return able.find(({ length }) => length > 0) ?? present;
}
/**
 * All but sealed ones that nothing is left on and that nobody comes back to: what another device took over [C4], and
 * what the expelled had. The founder's first device names the founding, and a witness must be known.
 */
function stayingDevices(
  ledger: Ledger,
  devices: readonly OpeningDevice[],
  witnesses: readonly FirstWitness[],
): readonly OpeningDevice[] {
  const needed = new Set<DeviceKey>([ledger.founding.entry.device, ...witnesses.map(({ device }) => device)]);
  return devices.filter(({ device, member, sealed, opening, credits, heir }) => {
    const isOver = sealed && (heir !== null || standingOf(ledger.log, member) === 'expelled');
    return !isOver || opening !== 0 || credits.length > 0 || needed.has(device);
  });
}

/**
 * What the settled chains say, worked out a second time in the plainest way from the specification's words, so that a
 * rule missing in the ledger shows. Knows nothing of how the ledger folds.
 */
import {
  COMMONS_END,
  KIND,
  LANE,
  type ClaimBody,
  type DeviceKey,
  type Id,
  type Ledger,
  type PayBody,
} from '@corridor/ledger';
import { retell, type ToldDevice, type ToldGrant, type ToldLog } from './retelling.ts';

/** What stands on every account, in one line each: the same on every replica with the same settled entries and log. */
export interface Judgement {
  readonly wrong: readonly string[];
  readonly standing: ReadonlyMap<string, string>;
}
interface Case {
  readonly ledger: Ledger;
  readonly told: ToldLog;
  readonly payments: ReadonlyMap<Id, PayBody>;
  readonly claimed: Set<Id>;
  readonly balances: Map<DeviceKey, number>;
  readonly wrong: string[];
}
export function judgeSettled(ledger: Ledger): Judgement {
  const told = retell(ledger);
  const payments = new Map<Id, PayBody>();
  for (const stored of ledger.entries.values())
    if (stored.settled && stored.entry.body.kind === KIND.pay)
      payments.set(stored.entry.id, stored.entry.body);
  const all: Case = {
    ledger,
    told,
    payments,
    claimed: new Set(),
    balances: new Map(),
    wrong: [...told.wrong],
  };
  for (const device of told.devices.values()) balanceOf(all, device);
  return { wrong: all.wrong, standing: weigh(all) };
}

/** The balance of one account at the end of its settled chain, every entry of which is looked at on the way. */
function balanceOf(all: Case, device: ToldDevice): number {
  const { ledger, told, balances } = all;
  const known = balances.get(device.device);
  if (known !== undefined) return known;
  // By height: what was paid out to it, what came with those whom it replaced, and that it was replaced itself.
  const arriving = [...device.payouts];
  for (const old of told.devices.values())
    if (old.heir?.device === device.device && old.heir.height > ledger.log.from.height)
      arriving.push({ height: old.heir.height, amount: movedFrom(all, old) });
  const arrived = (after: number, upTo: number): number =>
    arriving.reduce((sum, { height, amount }) => (height > after && height <= upTo ? sum + amount : sum), 0);
  const chain = all.ledger.feeds.get(device.device)?.[LANE.account].main ?? [];
  let balance = device.opening;
  let height = device.admittedAt;
  balance += arrived(height - 1, height);
  const invoices = new Set<Id>();
  for (const { entry, settled } of chain) {
    const { body, seq, incarnation } = entry;
    if (!settled || (body.kind !== KIND.pay && body.kind !== KIND.claim)) break;
    const say = (what: string): void => void all.wrong.push(`${device.device.slice(8, 14)}/${seq}: ${what}`);
    if (body.logHeight < height) say('[P1] the height of the log fell');
    balance += arrived(height, body.logHeight);
    height = body.logHeight;
    if (height > ledger.log.height) say('[P1] a height that the log has not reached');
    const place = device.incarnations.findLast((one) => one.seq <= seq);
    const own = device.incarnations[incarnation];
    const next = device.incarnations[incarnation + 1];
    if (own === undefined || place !== own) say('[C2] of another incarnation than its place');
    if (own !== undefined && height < own.height) say('[F1] older than its incarnation');
    if (next !== undefined && height >= next.height) say('[F1] of an incarnation that had ended');
    const grant = device.grants.findLast((one) => one.height <= height);
    if (body.limitRef !== grant?.height) say('[P1] leans on another grant');
    if (grant?.sealed !== false) say('[C3] on a sealed account');
    balance = takeIn(all, device, body, balance, say);
    if (body.kind === KIND.pay) balance = payOut(all, device, body, { balance, grant, invoices }, say);
    if (body.claims.length > 0 && balance > (grant?.grant.highestBalance ?? 0))
      say('[P2] above its highest balance');
    if (body.balanceAfter !== balance) say(`[P1] says ${body.balanceAfter} where ${balance} is left`);
  }
  balance += arrived(height, ledger.log.height);
  // What moved to an heir is gone here.
  if (device.heir !== null && device.heir.height > ledger.log.from.height) {
    const later = device.payouts.filter((one) => one.height > (device.heir?.height ?? 0));
    balance = later.reduce((sum, { amount }) => sum + amount, 0);
  }
  balances.set(device.device, balance);
  return balance;
}
/** What stood on a device when it was replaced. */
function movedFrom(all: Case, old: ToldDevice): number {
  const heir = old.heir;
  if (heir === null) return 0;
  const before: ToldDevice = {
    ...old,
    heir: null,
    payouts: old.payouts.filter(({ height }) => height < heir.height),
  };
  const balances = new Map(all.balances);
  balances.delete(old.device);
  return balanceOf({ ...all, balances, claimed: new Set(), wrong: [] }, before);
}
type Say = (what: string) => void;
function takeIn(all: Case, owner: ToldDevice, body: PayBody | ClaimBody, before: number, say: Say): number {
  const { ledger, told, payments, claimed } = all;
  if (body.kind === KIND.claim && body.claims.length === 0) say('[P4] claims nothing');
  let balance = before;
  for (const { debit, amount } of body.claims) {
    const paid = payments.get(debit);
    const brought = ledger.brought.get(debit);
    const payee = brought?.owner ?? (paid?.to.type === 'device' ? paid.to.device : undefined);
    if (paid === undefined && brought === undefined) say('[I8] claims what is not settled');
    else if (payee === undefined || !hasTakenOver(told, payee, owner.device, body.logHeight))
      say('[P4] claims another’s credit');
    if ((brought?.amount ?? paid?.amount) !== amount) say('[P4] claims another amount');
    if (claimed.has(debit)) say('[I5] claimed twice');
    claimed.add(debit);
    balance += amount;
  }
  return balance;
}
function payOut(
  { told }: Case,
  payer: ToldDevice,
  body: PayBody,
  now: { readonly balance: number; readonly grant: ToldGrant | undefined; readonly invoices: Set<Id> },
  say: Say,
): number {
  const balance = now.balance - body.amount;
  if (body.to.type === 'token') say('[P1] pays a token');
  if (body.to.type === 'commons' && body.to.commons >= COMMONS_END) say('[P1] pays nobody that is known');
  if (body.to.type === 'device') {
    const payee = told.devices.get(body.to.device);
    if (payee === undefined || payee.admittedAt > body.logHeight) say('[P1] pays nobody that is known');
    if (payee?.device === payer.device) say('[P1] pays itself');
    if (payee?.grants.findLast((one) => one.height <= body.logHeight)?.sealed === true)
      say('[P1] pays a sealed account');
  }
  if (body.invoice !== null && now.invoices.has(body.invoice)) say('[P3] answers one request twice');
  if (body.invoice !== null) now.invoices.add(body.invoice);
  if (body.amount > 0 && balance < (now.grant?.grant.lowestBalance ?? 0))
    say('[I3] below its lowest balance');
  return balance;
}
/** Whether `owner` is `payee` or had taken over from it by that height. */
function hasTakenOver(told: ToldLog, payee: DeviceKey, owner: DeviceKey, height: number): boolean {
  for (let at: DeviceKey | undefined = payee; at !== undefined;) {
    if (at === owner) return true;
    const heir: ToldDevice['heir'] = told.devices.get(at)?.heir ?? null;
    at = heir !== null && heir.height <= height ? heir.device : undefined;
  }
  return false;
}

/** All balances together are zero [I4], and the fold says the same of each [P9]. */
function weigh(all: Case): ReadonlyMap<string, string> {
  const { ledger, told, payments, claimed, balances, wrong } = all;
  const standing = new Map<string, string>();
  const unclaimed = new Map<DeviceKey, Map<Id, number>>();
  const add = (payee: DeviceKey, debit: Id, amount: number): void => {
    if (amount === 0 || claimed.has(debit)) return;
    let owner = payee;
    for (let heir = told.devices.get(owner)?.heir; heir != null; heir = told.devices.get(owner)?.heir)
      owner = heir.device;
    const credits = unclaimed.get(owner) ?? new Map<Id, number>();
    unclaimed.set(owner, credits.set(debit, amount));
  };
  let commons = 0;
  for (const { debit, owner, amount } of ledger.brought.values()) add(owner, debit, amount);
  for (const [id, { to, amount }] of payments) {
    if (to.type === 'device') add(to.device, id, amount);
    else if (to.type === 'commons') commons += amount;
  }
  // A book begins with nothing in all, so what the accounts do not have the commons do.
  for (const { opening } of ledger.log.devices.values()) commons -= opening;
  for (const { amount } of ledger.brought.values()) commons -= amount;
  commons -= told.paidOut;
  let held = 0;
  for (const amount of ledger.commons.values()) held += amount;
  if (held !== commons) wrong.push(`[P9] ${held} in common, payments and acts say ${commons}`);
  let sum = commons;
  for (const [device, account] of ledger.accounts) {
    const balance = balances.get(device) ?? 0;
    const credits = [...(unclaimed.get(device) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    const waiting = credits.reduce((total, [, amount]) => total + amount, 0);
    sum += balance + waiting;
    const name = device.slice(8, 14);
    if (account.balance !== balance)
      wrong.push(`[P9] ${name} folded ${account.balance}, its chain says ${balance}`);
    if (account.unclaimedSum !== waiting)
      wrong.push(`[P9] ${name} folded ${account.unclaimedSum} unclaimed, payments say ${waiting}`);
    standing.set(
      device,
      `${balance} ${credits.map(([id, amount]) => `${id.slice(0, 12)}:${amount}`).join(' ')}`,
    );
  }
  standing.set('commons', String(commons));
  if (sum !== 0) wrong.push(`[I4] all together ${sum}`);
  return standing;
}

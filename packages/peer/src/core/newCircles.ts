/**
 * Circles that members have founded anew from this one [K1]: who founded which, who goes along, and whether what it begins
 * with is what this phone holds. Nothing here is anybody's order: every phone looks for itself.
 */
import {
  decodeEntry,
  entryId,
  foundAnew,
  fromHex,
  holdsCut,
  KIND,
  openingHash,
  standingOf,
  ZERO_ID,
  type BookOpening,
  type DeviceKey,
  type Entry,
  type FoundAnewBody,
  type FoundBody,
  type GoAlongBody,
  type Id,
  type Ledger,
  type MemberId,
  type Sha256,
  type Stored,
} from '@corridor/ledger';
import type { ReplicaNews } from './bookWriting.ts';
import type { Circle } from './circle.ts';
import { MAX_NEW_CIRCLES } from './limits.ts';
import type { Replica } from './replica.ts';

/** 'differs': what it begins with is not what this phone holds, or this phone lacks something of it. */
export type NewCircleCheck = 'fits' | 'differs' | 'not-here-yet';
export interface NewCircle {
  readonly circle: Id;
  readonly founder: DeviceKey;
  readonly body: FoundAnewBody;
  readonly founding: Entry<FoundBody>;
  /** The entry in the old book, and the circle that this is a book of. */
  readonly by: Id;
  readonly from: Id;
}
/** What a new circle begins with, as this phone has computed it. */
export interface Started {
  readonly opening: BookOpening;
  readonly hash: Id;
  readonly statement: Uint8Array;
  /** How many entries of each account's old chain are in it. */
  readonly counted: ReadonlyMap<DeviceKey, number>;
}
export interface Beginnings {
  readonly check: NewCircleCheck;
  /** null: it does not fit. */
  readonly start: Started | null;
}
export interface NewCircles {
  hear(stored: Stored): void;
  /** What was founded from this circle, the newest of each founder, those with the most company first. */
  foundedFrom(circle: Id): readonly NewCircle[];
  of(circle: Id): NewCircle | undefined;
  /** Members who go along from what the founder goes along from, as this old book knows them. */
  company(of: NewCircle, ledger: Ledger): readonly MemberId[];
  /** Looks at it against the old book as it is here now. */
  look(at: NewCircle, old: Replica): Beginnings;
  hasSaid(device: DeviceKey, of: Id): boolean;
}
export function createNewCircles(sha256: Sha256): NewCircles {
  /** By old circle and founder. */
  const founded = new Map<string, NewCircle & { readonly seq: number }>();
  /** By circle, by device: the opening that it consented to. */
  const along = new Map<Id, Map<DeviceKey, Id>>();
  const looked = new Map<Id, { readonly entries: number; readonly found: Beginnings }>();

  const hearFounding = ({ entry }: Stored, body: FoundAnewBody): void => {
    const bytes = fromHex(body.founding);
    if (bytes === undefined) return;
    const circle = entryId(ZERO_ID, bytes, sha256);
    const decoded = decodeEntry(bytes, circle, sha256);
    const founding = decoded.ok ? decoded.value : undefined;
    // Nobody founds in another's name.
    if (founding?.body.kind !== KIND.found || founding.device !== entry.device) return;
    const place = `${entry.circle}/${entry.device}`;
    const known = founded.get(place);
    if (known !== undefined && known.seq > entry.seq) return;
    const whole = { ...founding, body: founding.body };
    founded.set(place, {
      circle,
      founder: entry.device,
      body,
      founding: whole,
      by: entry.id,
      from: entry.circle,
      seq: entry.seq,
    });
  };
  const hearConsent = (device: DeviceKey, { circle, opening }: GoAlongBody): void => {
    const consents = along.get(circle) ?? new Map<DeviceKey, Id>();
    consents.set(device, opening);
    along.set(circle, consents);
  };
  const stated = ({ circle, founder }: NewCircle): Id | undefined => along.get(circle)?.get(founder);
  const company: NewCircles['company'] = (of, { log }) => {
    const members = new Set<MemberId>();
    for (const [device, opening] of along.get(of.circle) ?? []) {
      const member = log.devices.get(device)?.member;
      if (member !== undefined && opening === stated(of) && standingOf(log, member) !== 'expelled')
        members.add(member);
    }
    return [...members];
  };
  const lookAnew = (at: NewCircle, { ledger, start }: Replica): Beginnings => {
    if (!holdsCut(ledger, at.body.cut)) return { check: 'not-here-yet', start: null };
    const { circle, founder, founding, by, body } = at;
    const { witness } = founding.body;
    const begun = foundAnew(ledger, start, { circle, founder, witness, key: body.key, by, cut: body.cut });
    if (!begun.ok) return { check: 'differs', start: null };
    const { opening, statement, counted } = begun.value;
    const hash = openingHash(opening, sha256);
    // A founder who has not spoken yet is this phone itself.
    const isSaid = stated(at) === undefined || stated(at) === hash;
    return isSaid
      ? { check: 'fits', start: { opening, hash, statement, counted } }
      : { check: 'differs', start: null };
  };
  return {
    hear(stored) {
      const { body, device } = stored.entry;
      if (body.kind === KIND.foundAnew) hearFounding(stored, body);
      else if (body.kind === KIND.goAlong) hearConsent(device, body);
    },
    foundedFrom(circle) {
      const size = (one: NewCircle): number => along.get(one.circle)?.size ?? 0;
      return [...founded.values()]
        .filter(({ from }) => from === circle)
        .sort((a, b) => size(b) - size(a))
        .slice(0, MAX_NEW_CIRCLES);
    },
    of: (circle) => [...founded.values()].find((one) => one.circle === circle),
    company,
    look(at, old) {
      const known = looked.get(at.circle);
      const entries = old.ledger.entries.size;
      // The cut is fixed: once it fits, nothing that comes later changes that.
      if (known !== undefined && (known.found.check === 'fits' || known.entries === entries)) return known.found;
      const found = lookAnew(at, old);
      looked.set(at.circle, { entries, found });
      return found;
    },
    hasSaid: (device, of) => along.get(of)?.has(device) === true,
  };
}
/** What is said in the circle that this one was founded from: who comes along later, and whom others founded. */
export function hearOld(
  { anew, replica }: Pick<Circle, 'anew' | 'replica'>,
  { ledger }: Replica,
  news?: ReplicaNews,
): void {
  if (ledger.circle === replica.ledger.circle) return;
  if (news === undefined) for (const stored of ledger.entries.values()) anew.hear(stored);
  else for (const change of news.changes) if (change.type === 'kept') anew.hear(change.stored);
}

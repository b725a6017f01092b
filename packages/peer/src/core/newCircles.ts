/**
 * Circles that members have founded anew from this one [K1]: who founded which, who goes along, and whether what it begins
 * with is what this phone holds. Nothing here is anybody's order: every phone looks for itself.
 */
import {
  decodeEntry,
  entryId,
  foundAnew,
  fromHex,
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
  /** What was founded from this circle and has company, the newest of each founder, the largest first. */
  foundedFrom(circle: Id): readonly NewCircle[];
  of(circle: Id): NewCircle | undefined;
  /** Members who go along from what the founder goes along from, as this old book knows them. */
  company(of: NewCircle, ledger: Ledger): readonly MemberId[];
  /** Looks at it against the old book as it is here now. */
  look(at: NewCircle, old: Replica): Beginnings;
  /** Whether that is what this device said last. */
  goesAlong(device: DeviceKey, of: NewCircle): boolean;
}
/** The founding entry that this body carries; its id is the new circle's. */
export function foundingIn({ founding }: FoundAnewBody, sha256: Sha256): Entry<FoundBody> | undefined {
  const bytes = fromHex(founding);
  const decoded = bytes && decodeEntry(bytes, entryId(ZERO_ID, bytes, sha256), sha256);
  if (decoded?.ok !== true || decoded.value.body.kind !== KIND.found) return undefined;
  return { ...decoded.value, body: decoded.value.body };
}
export function createNewCircles(sha256: Sha256): NewCircles {
  /** By old circle and founder. */
  const founded = new Map<string, NewCircle & { readonly seq: number }>();
  /** By old circle and device: what it said last. */
  const along = new Map<string, GoAlongBody & { readonly device: DeviceKey; readonly seq: number }>();
  const looked = new Map<Id, Beginnings>();

  const hearFounding = ({ entry }: Stored, body: FoundAnewBody): void => {
    const founding = foundingIn(body, sha256);
    // Nobody founds in another's name.
    if (founding?.device !== entry.device) return;
    const circle = founding.id;
    const place = `${entry.circle}/${entry.device}`;
    const known = founded.get(place);
    if (known !== undefined && known.seq > entry.seq) return;
    founded.set(place, {
      circle,
      founder: entry.device,
      body,
      founding,
      by: entry.id,
      from: entry.circle,
      seq: entry.seq,
    });
  };
  const hearConsent = ({ entry }: Stored, body: GoAlongBody): void => {
    const place = `${entry.circle}/${entry.device}`;
    const { device, seq } = entry;
    if ((along.get(place)?.seq ?? -1) < seq) along.set(place, { ...body, device, seq });
  };
  const consents = (of: NewCircle) => [...along.values()].filter(({ circle }) => circle === of.circle);
  const saidBy = (device: DeviceKey, { from, circle }: NewCircle): Id | undefined => {
    const said = along.get(`${from}/${device}`);
    return said?.circle === circle ? said.opening : undefined;
  };
  const company: NewCircles['company'] = (of, { log }) => {
    const stated = saidBy(of.founder, of);
    const members = new Set<MemberId>();
    for (const { device, opening } of consents(of)) {
      const member = log.devices.get(device)?.member;
      const isAlike = stated === undefined || opening === stated;
      if (member !== undefined && isAlike && standingOf(log, member) !== 'expelled') members.add(member);
    }
    return [...members];
  };
  const lookAnew = (at: NewCircle, { ledger, start }: Replica): Beginnings => {
    const { circle, founder, founding, by, body } = at;
    const { witness } = founding.body;
    const begun = foundAnew(ledger, start, { circle, founder, witness, key: body.key, by, cut: body.cut });
    if (!begun.ok) {
      const check = begun.fault.code === 'not-here-yet' ? 'not-here-yet' : 'differs';
      return { check, start: null };
    }
    const { opening, statement, counted } = begun.value;
    return { check: 'fits', start: { opening, hash: openingHash(opening, sha256), statement, counted } };
  };
  return {
    hear(stored) {
      const { body } = stored.entry;
      if (body.kind === KIND.foundAnew) hearFounding(stored, body);
      else if (body.kind === KIND.goAlong) hearConsent(stored, body);
    },
    foundedFrom: (circle) =>
      [...founded.values()]
        .filter((one) => one.from === circle && consents(one).length > 0)
        .sort((a, b) => consents(b).length - consents(a).length)
        .slice(0, MAX_NEW_CIRCLES),
    of: (circle) => [...founded.values()].find((one) => one.circle === circle),
    company,
    look(at, old) {
      // All of it follows from the cut: once that is here, nothing that comes later changes what was found.
      const found = looked.get(at.circle) ?? lookAnew(at, old);
      if (found.check !== 'not-here-yet') looked.set(at.circle, found);
      const stated = saidBy(at.founder, at);
      if (found.start === null || stated === undefined || stated === found.start.hash) return found;
      return { check: 'differs', start: null };
    },
    goesAlong: (device, of) => saidBy(device, of) !== undefined,
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

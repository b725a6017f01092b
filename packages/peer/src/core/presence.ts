/** Where this peer is met and looks for others, and what it remembers of having heard them [S3]. */
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Clock, Presence, RelayState } from '../ports.ts';
import { doorTags, memberTags } from '../tags.ts';
import type { CircleRecord } from './circleRecord.ts';
import type { PeerState } from './peerState.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Under how many of the newest keys of the book we can be met. */
const KEYS_MET = 3;
/** lastHeardAt goes to disk at most this often, seconds. */
const HEARD_STEP = 60;

/** The relay's announced day, so that wrong clocks meet as well; without one, ours. */
export const dayOf = (relays: readonly RelayState[], clock: Clock): number =>
  relays.find((r) => r.day !== undefined)?.day ?? Math.max(1, Math.floor(clock.now() / DAY_MS));

/** Under which tags we can be met, and at whose we look. */
export function presenceOf(record: CircleRecord, day: number): readonly Presence[] {
  const { circle } = record;
  const door = doorTags(circle, day);
  const [newest, ...older] = record.bookKeys.slice(-KEYS_MET).reverse();
  if (newest === undefined) return [{ circle, register: [], meet: door, protocol: 'join' }];
  const members = memberTags(hexToBytes(newest.key), day);
  // Who was away when the key changed looks for us under the one before.
  const laggards = older.flatMap(({ key }) => memberTags(hexToBytes(key), day));
  // Who founded the circle anew beside us is as far along as we are, and looks under a new key as well [K1].
  const beside = (record.past ?? []).length === 0 ? [] : laggards;
  return [
    { circle, register: [...members, ...laggards], meet: [...members, ...beside], protocol: 'sync' },
    { circle, register: door, meet: [], protocol: 'join' },
  ];
}

/** Another phone of the circle was heard just now: a payer who was not for a day pays small amounts only. */
export function noteHeard(state: PeerState, isKeeper: boolean): void {
  const now = Math.floor(state.options.clock.now() / 1000);
  const { lastHeardAt, keeperHeardAt } = state.settings;
  const isFresh = (before: number | null): boolean =>
    before !== null && now >= before && now - before < HEARD_STEP;
  if (isFresh(lastHeardAt) && (!isKeeper || isFresh(keeperHeardAt))) return;
  state.settings = {
    ...state.settings,
    lastHeardAt: now,
    keeperHeardAt: isKeeper ? now : keeperHeardAt,
  };
  state.vault.saveSettings(state.settings).catch(state.failed);
}

/** Which entries still count where closings have cut a chain off [C2]. */
import { LANE, type Entry } from './entry.ts';
import type { Feed, Stored } from './feed.ts';
import { incarnationAt, type CircleLog, type DeviceRecord } from './log.ts';

/** Whether an entry is of the incarnation that its place belongs to. */
export const isInForceAt = (
  record: DeviceRecord,
  entry: Pick<Entry, 'lane' | 'seq' | 'incarnation'>,
): boolean => entry.lane !== LANE.account || incarnationAt(record, entry.seq) === entry.incarnation;
/** The same of a kept one; what a closing carried over counts under its old number. */
export function isInForce(log: CircleLog, stored: Stored): boolean {
  if (stored.fixed) return true;
  const record = log.devices.get(stored.entry.device);
  return record === undefined || isInForceAt(record, stored.entry);
}
/** Whether two histories of a chain stand since its last closing: until the next one nobody votes there [F3] [C1]. */
export const isForkedNow = (log: CircleLog, { device, lane, forkedIn }: Feed): boolean =>
  forkedIn !== null && forkedIn === (lane === LANE.account ? (log.devices.get(device)?.incarnation ?? 0) : 0);
/** Signed before a closing, and left out by it: its author signs the same again [C2]. */
export const isOvertaken = (log: CircleLog, stored: Stored): boolean => !isInForce(log, stored);

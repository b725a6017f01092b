/**
 * A text that the circle writes together, as a Yjs document of its own. Each step came inside a signed voice entry, so it
 * has an author: under that author's client number alone, without gaps, and only upon what is here already. So nobody
 * speaks in another's name, burns another's clock, or leaves pieces that wait for ever; who vandalises can be left out.
 */
import { fromHex, LANE, toHex, KIND, type DeviceKey, type Stored } from '@corridor/ledger';
import * as Y from 'yjs';

/** Bytes of text that one step inserts: with Yjs' own bytes around it, it fits an entry. */
const STEP_CHARS = 600;
/** Steps that wait for what they stand on; beyond it the oldest is forgotten and comes again with the next start. */
const MAX_WAITING = 256;
/** Characters of a shared text altogether: steps beyond it are not shown. */
const MAX_CHARS = 100_000;

export interface SharedText {
  text(): string;
  hear(stored: Stored): void;
  /**
   * The steps that make `next` out of what was seen as `base`, hex, oldest first; what others wrote meanwhile stays.
   * Nothing is changed here: the caller signs them, and then they are heard.
   */
  steps(base: string, next: string): readonly string[];
}
/** A Yjs client number that belongs to one device: the first 32 bits of its key. */
const clientOf = (device: DeviceKey): number => Number.parseInt(device.slice(0, 8), 16);

export function createSharedText(number: number, own: DeviceKey): SharedText {
  const doc = new Y.Doc({ gc: true });
  const text = doc.getText('text');
  let waiting: Stored[] = [];

  /** true: taken in; false: can't ever be; undefined: not yet. */
  const take = ({ entry }: Stored): boolean | undefined => {
    const { body, device } = entry;
    const update = body.kind === KIND.sharedText ? fromHex(body.update) : undefined;
    if (update === undefined) return false;
    const fits = isUpon(doc, update, clientOf(device));
    if (fits === true) Y.applyUpdate(doc, update);
    return fits;
  };
  return {
    text: () => text.toJSON().slice(0, MAX_CHARS),
    hear(stored) {
      const { body, lane } = stored.entry;
      if (body.kind !== KIND.sharedText || lane !== LANE.voice || body.text !== number) return;
      waiting.push(stored);
      for (let before = -1; waiting.length !== before;) {
        before = waiting.length;
        waiting = waiting.filter((one) => take(one) === undefined);
      }
      if (waiting.length > MAX_WAITING) waiting.shift();
    },
    steps(base, next) {
      const draft = new Y.Doc({ gc: true });
      Y.applyUpdate(draft, Y.encodeStateAsUpdate(doc));
      draft.clientID = clientOf(own);
      const steps: string[] = [];
      draft.on('update', (update: Uint8Array) => steps.push(toHex(update)));
      const drafted = draft.getText('text');
      const change = rebased(spliceOf(base, next), spliceOf(base, drafted.toJSON()));
      if (change.remove > 0) drafted.delete(change.at, change.remove);
      for (let from = 0; from < change.insert.length; from += STEP_CHARS)
        drafted.insert(change.at + from, change.insert.slice(from, from + STEP_CHARS));
      draft.destroy();
      return steps;
    },
  };
}

/** Whether an update holds only this client's own next steps, upon what the document has. Hostile until shown otherwise. */
function isUpon(doc: Y.Doc, update: Uint8Array, client: number): boolean | undefined {
  let decoded: ReturnType<typeof Y.decodeUpdate>;
  try {
    decoded = Y.decodeUpdate(update);
  } catch {
    return false;
  }
  let next = Y.getState(doc.store, client);
  for (const struct of decoded.structs) {
    if (struct.id.client !== client || struct.length < 1) return false;
    if (struct.id.clock !== next) return struct.id.clock < next ? false : undefined;
    next += struct.length;
    if (!(struct instanceof Y.Item)) return false;
    for (const before of [struct.origin, struct.rightOrigin])
      if (before !== null && !isHere(doc, before, client, struct.id.clock)) return undefined;
    if (struct.parent instanceof Y.ID && !isHere(doc, struct.parent, client, struct.id.clock))
      return undefined;
    if (typeof struct.parent === 'string' && struct.parent !== 'text') return false;
  }
  for (const [of, ranges] of decoded.ds.clients)
    for (const { clock, len } of ranges) {
      const end = of === client ? Math.max(next, Y.getState(doc.store, of)) : Y.getState(doc.store, of);
      if (clock + len > end) return undefined;
    }
  return true;
}
const isHere = (doc: Y.Doc, { client, clock }: Y.ID, own: number, before: number): boolean =>
  client === own ? clock < before : clock < Y.getState(doc.store, client);

interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}
/** The one stretch in which two texts differ. */
function spliceOf(from: string, to: string): Splice {
  let at = 0;
  while (at < from.length && at < to.length && from[at] === to[at]) at++;
  let end = 0;
  while (end < from.length - at && end < to.length - at && from.at(-1 - end) === to.at(-1 - end)) end++;
  return { at, remove: from.length - at - end, insert: to.slice(at, to.length - end) };
}
/** The same change of the base, upon a text in which others have changed a stretch of theirs. */
function rebased(mine: Splice, theirs: Splice): Splice {
  const shift = theirs.insert.length - theirs.remove;
  if (theirs.at + theirs.remove <= mine.at) return { ...mine, at: mine.at + shift };
  if (theirs.at >= mine.at + mine.remove) return mine;
  // Both changed the same stretch: theirs stays whole, mine goes before it, and only what they kept is removed.
  const kept = Math.max(0, theirs.at - mine.at);
  return { at: mine.at, remove: kept, insert: mine.insert };
}

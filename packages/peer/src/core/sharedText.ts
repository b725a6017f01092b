/**
 * A text that the circle writes together, as a Yjs document of its own. Each step came inside a signed voice entry, so it
 * has an author: under that author's client number alone, without gaps, and only upon what is here already. So nobody
 * speaks in another's name, burns another's clock, or leaves pieces that wait for ever; who vandalises can be left out.
 *
 * A new book knows no steps of older ones. What the text was by then is carried over [B1]: inserted once more, in one run,
 * under a client number that is nobody's. Two who carry the same text so make the same document. Where they differ, the
 * text that most have carried counts, of two the one that the first of the devices, by their keys, has carried.
 */
import { fromHex, LANE, toHex, KIND, type DeviceKey, type Stored } from '@corridor/ledger';
import * as Y from 'yjs';

/** Bytes of text that one step inserts: with Yjs' own bytes around it, it fits an entry. */
const STEP_CHARS = 600;
/** Steps that wait for what they stand on; beyond it the oldest is forgotten and comes again with the next start. */
const MAX_WAITING = 256;
/** Characters of a shared text altogether: steps beyond it are not shown. */
const MAX_CHARS = 100_000;

/** Under this number the text of the book before stands. A device whose key begins with it writes no steps. */
const CARRIED = 0;

export interface SharedText {
  text(): string;
  hear(stored: Stored): void;
  /** What this device knows that the text was in the book before: it stands here until somebody carries another one. */
  begin(known: string): void;
  /** Whether what this device knows still has to be carried over by it, or others would begin with something else. */
  owesCarrying(): boolean;
  /** The steps that carry it over, oldest first. Nothing is changed here, as below. */
  carrySteps(): readonly string[];
  /**
   * The steps that make `next` out of what was seen as `base`, hex, oldest first; what others wrote meanwhile stays.
   * Nothing is changed here: the caller signs them, and then they are heard.
   */
  steps(base: string, next: string): readonly string[];
}
/** A Yjs client number that belongs to one device: the first 32 bits of its key. */
const clientOf = (device: DeviceKey): number => Number.parseInt(device.slice(0, 8), 16);

export function createSharedText(number: number, own: DeviceKey): SharedText {
  let known = '';
  let start = '';
  let doc = docWith(start);
  /** By who carried it. Quotas bound what one device says [F4]. */
  const carried = new Map<DeviceKey, string>();
  const heard: Stored[] = [];
  let waiting: Stored[] = [];

  /** true: taken in; false: can't ever be; undefined: not yet. */
  const take = ({ entry }: Stored): boolean | undefined => {
    const { body, device } = entry;
    const update = body.kind === KIND.sharedText ? fromHex(body.update) : undefined;
    if (update === undefined || clientOf(device) === CARRIED) return false;
    const fits = isUpon(doc, update, clientOf(device));
    if (fits === true) Y.applyUpdate(doc, update);
    return fits;
  };
  const settle = (): void => {
    for (let before = -1; waiting.length !== before;) {
      before = waiting.length;
      waiting = waiting.filter((one) => take(one) === undefined);
    }
    if (waiting.length > MAX_WAITING) waiting.shift();
  };
  const startAgain = (): void => {
    const most = mostCarried(carried) ?? known;
    // What is only a beginning of what we know is still on its way.
    const next = known.startsWith(most) ? known : most;
    if (next === start) return;
    start = next;
    doc.destroy();
    doc = docWith(start);
    waiting = [...heard];
    settle();
  };
  return {
    text: () => textOf(doc).toJSON().slice(0, MAX_CHARS),
    hear(stored) {
      const { body, lane, device } = stored.entry;
      if (body.kind !== KIND.sharedText || lane !== LANE.voice || body.text !== number) return;
      const so = carried.get(device) ?? '';
      const piece = carriedPiece(fromHex(body.update), so.length);
      if (piece !== undefined) {
        if (so.length + piece.length <= MAX_CHARS) carried.set(device, so + piece);
        return startAgain();
      }
      heard.push(stored);
      waiting.push(stored);
      settle();
    },
    begin(text) {
      known = text;
      startAgain();
    },
    owesCarrying: () => known !== '' && !carried.has(own) && mostCarried(carried) !== known,
    carrySteps: () => insertSteps(new Y.Doc({ gc: true }), CARRIED, 0, known),
    steps(base, next) {
      const draft = new Y.Doc({ gc: true });
      Y.applyUpdate(draft, Y.encodeStateAsUpdate(doc));
      const drafted = textOf(draft);
      const change = rebased(spliceOf(base, next), spliceOf(base, drafted.toJSON()));
      const steps = stepsOf(draft, clientOf(own), () => {
        if (change.remove > 0) drafted.delete(change.at, change.remove);
      });
      steps.push(...insertSteps(draft, clientOf(own), change.at, change.insert));
      draft.destroy();
      return steps;
    },
  };
}
const textOf = (doc: Y.Doc): Y.Text => doc.getText('text');
function docWith(start: string): Y.Doc {
  const doc = new Y.Doc({ gc: true });
  const own = doc.clientID;
  doc.clientID = CARRIED;
  if (start !== '') textOf(doc).insert(0, start);
  doc.clientID = own;
  return doc;
}
/** The updates that `change` makes, hex. */
function stepsOf(doc: Y.Doc, client: number, change: () => void): string[] {
  const steps: string[] = [];
  const note = (update: Uint8Array): void => void steps.push(toHex(update));
  doc.clientID = client;
  doc.on('update', note);
  change();
  doc.off('update', note);
  return steps;
}
const insertSteps = (doc: Y.Doc, client: number, at: number, insert: string): string[] =>
  stepsOf(doc, client, () => {
    for (let from = 0; from < insert.length;) {
      const piece = pieceAt(insert, from);
      textOf(doc).insert(at + from, piece);
      from += piece.length;
    }
  });
/** Half of a character that takes two places is none: it stays with its other half. */
function pieceAt(text: string, from: number): string {
  const piece = text.slice(from, from + STEP_CHARS);
  const last = piece.charCodeAt(piece.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff && from + STEP_CHARS < text.length;
  return isHalf ? piece.slice(0, -1) : piece;
}
function mostCarried(carried: ReadonlyMap<DeviceKey, string>): string | undefined {
  const counts = new Map<string, number>();
  for (const [, text] of [...carried].sort(([a], [b]) => (a < b ? -1 : 1)))
    counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].reduce<readonly [string | undefined, number]>(
    (best, one) => (one[1] > best[1] ? one : best),
    [undefined, 0],
  )[0];
}
/** The piece of a carried text that an update is, after so many characters; undefined: it is none. Hostile until shown otherwise. */
function carriedPiece(update: Uint8Array | undefined, after: number): string | undefined {
  const decoded = update && decode(update);
  const [struct, ...more] = decoded?.structs ?? [];
  if (!(struct instanceof Y.Item) || more.length > 0 || (decoded?.ds.clients.size ?? 0) > 0) return undefined;
  const { id, content } = struct;
  if (id.client !== CARRIED || id.clock !== after || !(content instanceof Y.ContentString)) return undefined;
  return content.str;
}
function decode(update: Uint8Array): ReturnType<typeof Y.decodeUpdate> | undefined {
  try {
    return Y.decodeUpdate(update);
  } catch {
    return undefined;
  }
}

/** Whether an update holds only this client's own next steps, upon what the document has. Hostile until shown otherwise. */
function isUpon(doc: Y.Doc, update: Uint8Array, client: number): boolean | undefined {
  const decoded = decode(update);
  if (decoded === undefined) return false;
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

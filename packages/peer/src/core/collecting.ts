/**
 * A book that this device knows nothing of, gathered from one link until it can be checked [B2]: the founding entry, and
 * what the witnesses wrote down of the book's beginning. Hostile until then, and bounded. What else came is kept beside
 * it, so that it need not come again.
 */
import {
  checkStatement,
  concatBytes,
  createDecoder,
  fromHex,
  KIND,
  LANE,
  type ClosingStatement,
  type Entry,
  type FoundBody,
  type OpeningBody,
  type Sha256,
} from '@corridor/ledger';
import type { Run } from '@corridor/sync';
import type { Cipher } from '../cipher.ts';
import type { SignatureChecker } from '../ports.ts';
import { foundingAmong } from './bootstrap.ts';
import { createBookRing } from './bookRing.ts';
import type { CircleRecord } from './circleRecord.ts';
import { readFounding } from './foundingRecord.ts';
import { MAX_COLLECTED_BYTES } from './limits.ts';
import { openItems } from './opening.ts';
import type { RuleOptions } from './replica.ts';

/** A book that can be opened. */
export interface Collected {
  readonly book: number;
  readonly founding: NonNullable<CircleRecord['founding']>;
  /** Checked against the decision that it brings along; null in a circle's first book. */
  readonly start: { readonly statement: Uint8Array; readonly checked: ClosingStatement } | null;
  /** Everything that came, in order. */
  readonly runs: readonly Run[];
}
export interface Collecting {
  /** Takes what came. undefined: something is still missing. */
  take(runs: readonly Run[]): Promise<Collected | undefined>;
}
/** `book`: which one is wanted; undefined: whichever comes. */
export function createCollecting(
  record: CircleRecord,
  ports: {
    readonly cipher: Cipher;
    readonly sha256: Sha256;
    readonly checker: SignatureChecker;
    readonly rules?: RuleOptions | undefined;
  },
  book?: number,
): Collecting {
  const { cipher, sha256 } = ports;
  let founding: CircleRecord['founding'] = record.founding;
  let founder: Entry<FoundBody> | undefined;
  let came: Run[] = [];
  let bytes = 0;
  /** By book and number of parts: the pieces of what one statement may be, in their order. */
  const pieces = new Map<string, Map<number, OpeningBody>>();

  const prove = async (runs: readonly Run[]): Promise<void> => {
    founding ??= (await foundingAmong(runs, record, ports)) ?? null;
    if (founding === null || founder !== undefined) return;
    const read = await readFounding({ ...record, founding }, ports);
    if (read.ok) founder = read.value;
  };
  const gather = async (runs: readonly Run[]): Promise<void> => {
    const ring = await createBookRing(record.bookKeys, cipher, sha256);
    const opening = { keys: ring.keys, decoder: createDecoder(record.circle, sha256) };
    for (const { feed, items } of runs) {
      if (feed.lane !== LANE.witness || feed.book === 0) continue;
      for (const opened of await openItems(opening, items, 'elsewhere')) {
        if (!opened.ok || opened.value.entry.book !== feed.book) continue;
        const { body } = opened.value.entry;
        if (body.kind !== KIND.opening) continue;
        // Of two that claim one place the first counts: whoever mixes them has nothing that can be checked.
        const name = `${feed.book}/${body.parts}`;
        const known = pieces.get(name) ?? new Map<number, OpeningBody>();
        pieces.set(name, known);
        if (!known.has(body.part)) known.set(body.part, body);
      }
    }
  };
  const whole = (): Pick<Collected, 'book' | 'start'> | undefined => {
    if (founder === undefined) return undefined;
    for (const [name, parts] of pieces) {
      const [of, count] = name.split('/').map(Number);
      if (of === undefined || parts.size !== count) continue;
      const ordered = Array.from({ length: count }, (_, part) => fromHex(parts.get(part)?.bytes ?? ''));
      if (ordered.some((part) => part === undefined)) continue;
      const statement = concatBytes(...ordered.filter((part) => part !== undefined));
      const checked = checkStatement(statement, founder, sha256);
      if (checked.ok && checked.value.opening.book === of)
        return { book: of, start: { statement, checked: checked.value } };
      pieces.delete(name);
    }
    return undefined;
  };
  return {
    async take(runs) {
      const wanted = book === undefined ? runs : runs.filter(({ feed }) => feed.book === book);
      const size = wanted.flatMap(({ items }) => items).reduce((sum, { sealed }) => sum + sealed.length, 0);
      bytes += size;
      if (bytes <= MAX_COLLECTED_BYTES) {
        came.push(...wanted);
        await gather(wanted);
      } else {
        // So long a beginning nobody has: what follows is fetched again once there is a book for it.
        came = [];
      }
      await prove(wanted);
      if (founding === null || founder === undefined) return undefined;
      const isFirst = came.some(({ feed }) => feed.book === 0 && feed.lane === LANE.founding);
      const found = isFirst ? { book: 0, start: null } : whole();
      return found && { ...found, founding, runs: came };
    },
  };
}

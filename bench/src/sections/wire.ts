/** Bytes on the wire and round trips to catch up [§5]. */
import { runJob } from '../job.ts';
import type { WireAnswer, WireQuestion } from '../jobs/wire.ts';
import type { Sent } from '../link.ts';
import { row, type Row } from '../row.ts';
import type { Section } from '../section.ts';

/** The greeting stands for itself: it proves membership, whatever there is to fetch. */
const GREETING: readonly Sent['type'][] = ['hello', 'member'];
const HOPS_PER_ROUND_TRIP = 2;
/** A small message: what two equal replicas exchange in each direction, in bytes. */
const SMALL_MESSAGE = 64;

const bytesOf = (sent: readonly Sent[]): number => sent.reduce((sum, message) => sum + message.bytes, 0);
const arrivalOf = (sent: readonly Sent[], type: Sent['type']): number =>
  Math.max(...sent.filter((message) => message.type === type).map((message) => message.arrives));

function rowsOf({ missing, sent, feeds, entryBytes, signatureBytes, arrived }: WireAnswer): readonly Row[] {
  if (arrived !== missing) throw new Error(`${arrived} of ${missing} entries arrived`);
  const exchange = sent.filter((message) => !GREETING.includes(message.type));
  const greeting = bytesOf(sent) - bytesOf(exchange);
  if (missing === 0) {
    const largest = Math.max(...exchange.map((message) => message.bytes));
    const note = `one each way, after ${greeting} bytes of greeting both ways`;
    return [row('equal replicas: the only message', largest, 'bytes', { atMost: SMALL_MESSAGE, note })];
  }
  const frontier = exchange.filter((message) => message.type === 'frontier');
  const perFeed = Math.max(...frontier.map((message) => message.bytes)) / feeds;
  const rest = bytesOf(exchange) - bytesOf(frontier);
  // The behind side opens the link, and its ROOT leaves with its MEMBER.
  const asked = Math.min(...sent.filter((m) => m.type === 'root').map((m) => m.arrives)) - 1;
  const known = arrivalOf(
    frontier.filter((m) => m.from === 'answerer'),
    'frontier',
  );
  const had = arrivalOf(exchange, 'have');
  const name = `${missing} missing`;
  const more = `${bytesOf(exchange)} bytes in all, ${entryBytes} of entries, ${signatureBytes} of signatures, ${bytesOf(frontier)} of frontier both ways`;
  return [
    row(
      `${name}: bytes besides the frontier ÷ sealed entries with their kept signatures`,
      rest / (entryBytes + signatureBytes),
      '×',
      { atMost: 1.1, note: more },
    ),
    row(`${name}: the same ÷ sealed entries alone`, rest / entryBytes, '×', {
      atMost: 1.1,
      note: 'every feed that moved sends its newest signature along [F2]',
    }),
    row(`${name}: frontier, each way`, perFeed, 'bytes per feed', { atMost: 16 }),
    row(`${name}: to know`, (known - asked) / HOPS_PER_ROUND_TRIP, 'round trips', { atMost: 1 }),
    row(`${name}: then to have`, (had - known) / HOPS_PER_ROUND_TRIP, 'round trips', { atMost: 1 }),
  ];
}

export const wireSection: Section = {
  name: 'wire',
  title: '3 · Bytes on the wire to catch up',
  async run({ quick }) {
    const entries = quick ? 3_000 : 100_000;
    const rows: Row[] = [];
    for (const feeds of quick ? [50] : [50, 500]) {
      const question: WireQuestion = { entries, feeds, missing: [0, 10, 1_000] };
      const answers = await runJob<readonly WireAnswer[]>('jobs/wire', question);
      for (const { name, ...rest } of answers.flatMap(rowsOf))
        rows.push({ ...rest, name: `${feeds} feeds, ${name}` });
    }
    return rows;
  },
};

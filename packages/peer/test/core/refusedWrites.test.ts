/**
 * Every kind of write that a peer makes is refused once, and refused until there is room again: nothing is claimed that
 * was not saved, the screen says so, and all goes on after. The list of writes makes itself: each day is lived once on a
 * disk that takes everything, and what comes by is what is refused.
 */
import { expect, test } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { closersDay, latecomersDay, neighboursDay } from './bookDays.ts';
import { boxsDay, foundersDay, lockersDay, longDay, membersDay } from './days.ts';
import { createGate, type Gate, type Site } from './refusingDisk.ts';

interface Kind {
  readonly whose: string;
  readonly live: (gate: Gate) => Promise<void>;
  /** What this day is about; the rest of what comes by is refused on the others. */
  readonly about?: RegExp;
  readonly hows?: readonly How[];
}
type How = 'once' | 'for good';
const BOTH: readonly How[] = ['once', 'for good'];
const DAYS: readonly Kind[] = [
  { whose: 'the founder’s', live: foundersDay },
  { whose: 'a member’s', live: membersDay },
  { whose: 'an always-on machine’s', live: boxsDay },
  {
    whose: 'a latecomer’s',
    live: latecomersDay,
    about: /again|closed|opening|docs|trim|put text|charter|offers|began/,
  },
  {
    whose: 'a closing keeper’s',
    live: closersDay,
    about: /opening|closed|keys|journal|document|charter|offers|began/,
  },
  { whose: 'a helpful neighbour’s', live: neighboursDay, about: /recovery|helping|seen|text|keys|voice/ },
  // A passphrase takes its time, so only what the lock is made of.
  { whose: 'a locked phone’s', live: lockersDay, about: /circle/, hows: ['for good'] },
  { whose: 'an old phone’s', live: longDay, about: /remove (?:intent|invoice)|trim/ },
];
const recorded = new Map<string, ReadonlyMap<Site, number>>();
for (const { whose, live } of DAYS) {
  const gate = createGate();
  await live(gate);
  recorded.set(whose, gate.seen);
}
/** What is written more often than this in a day is refused in the middle of a long run's days as well. */
const SELDOM = process.env['CORRIDOR_RUNS'] === undefined ? Number.POSITIVE_INFINITY : 5;
const rows = DAYS.flatMap(({ whose, live, about = /./, hows = BOTH }) =>
  [...(recorded.get(whose) ?? [])]
    .filter(([site]) => about.test(site))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([site, times]) =>
      [0, ...(times > SELDOM ? [Math.floor(times / 3), Math.floor(times / 2)] : [])].flatMap((after) =>
        hows.map((how) => ({ whose, site, how, after, live })),
      ),
    ),
);

/**
 * Every call in the peer's core that writes something, file by file, and what it writes. A new one makes this list wrong;
 * once it stands here, a day has to come by it.
 */
const CALLS: Readonly<Record<string, readonly Site[]>> = {
  'core/adopting.ts': ['journal.append account'],
  'core/bookCalendar.ts': ['records.put began/…', 'records.remove began/…'],
  'core/bookEnd.ts': ['keys.create witness', 'keys.eraseWitnessKeys'],
  'core/border.ts': ['records.put text/…'],
  'core/carriedOver.ts': [
    ...['records.put offers/…', 'records.remove offers/…'],
    ...['records.put charter/…', 'records.put charter/…'],
  ],
  // Passes on what others name, as do two below.
  'core/circleBooks.ts': ['records.put invoice/…', 'records.remove invoice/…'],
  'core/closedBooks.ts': [
    'records.put closed/…',
    'docs.remove',
    'journal.trim account',
    'records.remove closed/…',
  ],
  'core/founding.ts': ['keys.create device', 'keys.createSealing', 'keys.create witness'],
  // The rest that is founded anew goes the founder's way: the opening, the record.
  'core/foundingAnew.ts': ['keys.create witness'],
  'core/handOvers.ts': ['records.put handover/…'],
  'core/handed.ts': [
    ...['records.remove handed/…', 'records.put handed/…'],
    ...['records.remove handed/…', 'records.remove handed/…'],
  ],
  'core/helpingBack.ts': ['records.put helping/…', 'records.remove helping/…'],
  'core/invoices.ts': ['records.put invoice/…', 'records.remove invoice/…'],
  'core/notice.ts': ['records.put seen/…'],
  'core/offeringKeeping.ts': ['keys.create witness'],
  'core/openings.ts': [
    ...['records.put opening/…', 'records.put opening/…'],
    ...['records.remove opening/…', 'records.remove opening/…'],
  ],
  'core/paying.ts': ['records.remove intent/…', 'records.put intent/…'],
  'core/provenance.ts': [
    ...['records.put begun', 'records.remove begun'],
    // Of a first book that proved to be no book of this circle: firstBooks.test.ts.
    ...['docs.remove', 'records.remove begun'],
  ],
  'core/recovery.ts': ['records.put recovery'],
  'core/replica.ts': ['journal.trim voice', 'journal.append account'],
  'core/sealedRecords.ts': ['records.put invoice/…', 'records.remove invoice/…'],
  'core/signAgainRecords.ts': ['records.put again/…', 'records.remove again/…'],
  'core/texts.ts': [
    ...['records.remove text/…', 'records.put text/…'],
    // Erased by its author [E6]: erasing.test.ts.
    'records.remove text/…',
  ],
  'core/vault.ts': [
    ...['records.put circle', 'records.put circle.locked', 'records.remove circle'],
    ...['records.put circle.locked', 'records.put settings'],
    ...['records.remove circle', 'records.remove circle.locked'],
  ],
};
/** Only of an older book that is fetched again, or of a first book that was let go. */
const ELSEWHERE: ReadonlySet<Site> = new Set(['records.remove closed/…', 'records.remove opening/…']);
/** What some files call a port. */
const PORT_OF: Readonly<Record<string, string>> = { texts: 'records' };
test('[P6] no write of the peer’s core is missing from these days', () => {
  const src = new URL('../../src/', import.meta.url);
  const files = ['createPeer.ts', ...readdirSync(new URL('core/', src)).map((name) => `core/${name}`)];
  const found = files.flatMap((file) => {
    const text = readFileSync(new URL(file, src), 'utf8');
    const calls = [
      ...text.matchAll(
        /\b(records|journal|keys|docs|texts)\??\.(put|remove|append|trim|create\w*|eraseWitnessKeys)\(/g,
      ),
    ];
    return calls.length === 0
      ? []
      : [[file, calls.map(([, port, call]) => `${PORT_OF[port ?? ''] ?? port}.${call}`)] as const];
  });
  const listed = Object.entries(CALLS).map(([file, sites]) => [
    file,
    sites.map((site) => site.split(' ')[0]),
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(listed));
  const lived = new Set([...recorded.values()].flatMap((sites) => [...sites.keys()]));
  expect(
    Object.values(CALLS)
      .flat()
      .filter((site) => !lived.has(site) && !ELSEWHERE.has(site)),
  ).toEqual([]);
});

test.each(rows)(
  '[P6] $whose disk refuses $site, $how, after $after that it took: nothing is claimed that was not saved, and all goes on after',
  { timeout: 300_000 },
  async ({ site, how, after, live }) => {
    const gate = createGate({ site, how, after });
    await live(gate);
    // How often something is written depends on how things meet: once at the least.
    if (after === 0) expect(gate.refused).toBeGreaterThan(0);
  },
);

/**
 * Rules taken away, one at a time, through the ports and options that a host has: each must make some seed go red, or
 * the simulator does not watch what it says it watches.
 */
import {
  ACCOUNT_RULES,
  KIND,
  LANE,
  type AccountRule,
  type Body,
  type Id,
  type Ledger,
  type Vote,
} from '@corridor/ledger';
import type { Journal, MemoryDisk, Records, Store } from '@corridor/peer';
import type { Planted } from './device.ts';
import type { Plan } from './plan.ts';

export interface Mutation {
  readonly name: string;
  readonly planted: Planted;
  /** What makes the missing rule matter often enough to be seen soon. */
  readonly plan: Partial<Plan>;
}

/** Each account rule left out on every honest device, with a rogue who does what it forbids. */
const withoutRule = (name: string, rule: AccountRule): Mutation => ({
  name: `no ${name}`,
  planted: {
    options: {
      rules: {
        isOrdinaryKey: () => true,
        accountRules: Object.values(ACCOUNT_RULES).filter((other) => other !== rule),
      },
    },
  },
  plan: { hostility: 'rogue', roguery: name, feedsHostile: true, span: 20_000, crashes: 0, partitions: 0 },
});

const withJournal =
  (change: (journal: Journal, disk: MemoryDisk) => Partial<Journal>) =>
  (store: Store, disk: MemoryDisk): Store => ({
    ...store,
    journal: { ...store.journal, ...change(store.journal, disk) },
  });
const withRecords =
  (change: (records: Records) => Partial<Records>) =>
  (store: Store): Store => ({
    ...store,
    records: { ...store.records, ...change(store.records) },
  });
const BAD_DISKS: Partial<Plan> = { hostility: null, crashes: 6, diskLatency: 30, payments: 8 };

/** Takes rows whatever head the writer believed in. */
const withoutHeadComparison = withJournal((journal, disk) => ({
  async append(chain, _expected, rows, signal) {
    const kept = disk.chains.get(chain);
    const last = rows.at(-1);
    if (last === undefined) return journal.append(chain, kept?.head.id, rows, signal);
    disk.chains.set(chain, { head: { seq: last.seq, id: last.id }, rows: [...(kept?.rows ?? []), ...rows] });
    return 'kept';
  },
}));
/** Says "kept" and keeps nothing: what a write without strict durability is after a crash. */
const forgetfulJournal = withJournal(() => ({ append: () => Promise.resolve('kept') }));
const withoutReplay = withJournal(() => ({ rows: () => Promise.resolve([]) }));
const withoutRecords = (prefix: string): ((store: Store) => Store) =>
  withRecords((records) => ({
    put: (name, value, signal) =>
      name.startsWith(prefix) ? Promise.resolve(true) : records.put(name, value, signal),
  }));
/** Answers that the document is on the disk without asking the disk. */
const withoutFlush = (store: Store): Store => ({
  ...store,
  docs: {
    ...store.docs,
    async attach(...args) {
      const attached = await store.docs.attach(...args);
      return { ...attached, flush: () => Promise.resolve(true) };
    },
  },
});
/** Entries that a careless witness has voted for: a vote that the ledger does not count is not given without end. */
const votedFor = new WeakMap<Ledger, Set<Id>>();
/** Every branch of a forked feed, whatever was voted before. */
function votesForForks(ledger: Ledger): readonly Vote[] {
  const done = votedFor.get(ledger) ?? new Set();
  votedFor.set(ledger, done);
  const votes: Vote[] = [];
  for (const { left, right, lane } of ledger.forks)
    if (lane === LANE.account)
      for (const { entry, verdict, votes: given } of [left, right])
        if (given === 0 && verdict.type === 'valid' && !done.has(entry.id)) {
          const { device, incarnation, seq, id } = entry;
          votes.push({ device, incarnation, seq, id });
          done.add(id);
        }
  return votes;
}

/** No rogue of these worlds breaks these; the explorer and the histories of the ledger do. */
const NOT_PLAYED = ['incarnationStands', 'accountIsOpen', 'counterpartyIsOpen', 'bookIsOpen'];

export const MUTATIONS: readonly Mutation[] = [
  ...Object.entries(ACCOUNT_RULES)
    .filter(([name]) => !NOT_PLAYED.includes(name))
    .map(([name, rule]) => withoutRule(name, rule)),
  {
    name: 'every signature holds',
    planted: {
      options: { checker: { check: (checks) => Promise.resolve(checks.map(() => 'valid' as const)) } },
    },
    plan: { hostility: 'forger' },
  },
  {
    name: 'the journal does not compare heads',
    planted: { store: withoutHeadComparison },
    plan: { hostility: null, secondTabs: 4, crashes: 0 },
  },
  { name: 'the journal is not strict', planted: { store: forgetfulJournal }, plan: BAD_DISKS },
  { name: 'the journal is not replayed', planted: { store: withoutReplay }, plan: BAD_DISKS },
  {
    name: 'presses are not remembered',
    planted: { store: withoutRecords('intent/') },
    plan: { hostility: null },
  },
  {
    name: 'payments by code are not kept',
    planted: { store: withoutRecords('handed/') },
    plan: { ...BAD_DISKS, handOvers: 6, partitions: 4 },
  },
  { name: '“I have it” before the disk has it', planted: { store: withoutFlush }, plan: BAD_DISKS },
  {
    name: 'a witness votes for both sides of a fork',
    planted: {
      witness: (ledger, bodies) => {
        const votes = votesForForks(ledger);
        return bodies.length > 0 || votes.length === 0
          ? bodies
          : [{ kind: KIND.votes, votes, receipts: votes.map(({ id }) => ({ id, votes: [] })) }];
      },
    },
    plan: { hostility: 'twin', handsBook: false },
  },
  {
    name: 'a witness gives no receipts',
    planted: {
      witness: (_ledger, bodies) =>
        bodies.flatMap((body): readonly Body[] => {
          if (body.kind !== KIND.votes) return [body];
          return body.votes.length > 0 ? [{ ...body, receipts: [] }] : [];
        }),
    },
    plan: { hostility: null },
  },
  {
    name: 'a witness votes for nobody',
    planted: { witness: (_ledger, bodies) => bodies.filter((body) => body.kind !== KIND.votes) },
    plan: { hostility: null },
  },
];

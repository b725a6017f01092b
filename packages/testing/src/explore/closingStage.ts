/** Where closings are played: witnesses, Emil and his payments, and every entry signed once for all cases. */
import { sha256 } from '@noble/hashes/sha2.js';
import {
  applyEntry,
  draftDuty,
  draftNext,
  encodeEntry,
  KIND,
  LANE,
  quorum,
  reportFor,
  type Body,
  type ClosingRules,
  type DeviceRecord,
  type Id,
  type Ledger,
  type PayBody,
  type StopReport,
  type VerifiedEntry,
} from '@corridor/ledger';
import { admitBytes, deliver, openLedger, person, settleVillage, type Person } from '../village.ts';
import type { LiarReport, Side } from './closingCase.ts';

const UNKNOWN = 'd'.repeat(64) as Id;

export type Stage = ReturnType<typeof createStage>;
/** n witnesses, all of whom have made one payment of Emil's final; what he signs after it is the cases' business. */
export function createStage(n: number, closingRules?: ClosingRules) {
  const witnesses = Array.from({ length: n }, (_, index) => person(`Witness ${index}`));
  const [emil, bob, carol] = ['Emil', 'Bob', 'Carol'].map(person) as [Person, Person, Person];
  const village = settleVillage(n, [...witnesses, emil, bob, carol]);
  const options = { ...village.options, ...(closingRules === undefined ? {} : { closingRules }) };
  const q = quorum(n);
  const named = Array.from({ length: q }, (_, witness) => ({ witness, seq: 0 }));

  const first = openLedger(village.founding, options);
  const signed = new Map<string, VerifiedEntry>();
  const sign = (
    author: Person,
    lane: 0 | 2,
    body: Body,
    after?: VerifiedEntry,
    name = `${author.device}/${after?.id}/${JSON.stringify(body)}`,
  ): VerifiedEntry => {
    const known = signed.get(name);
    if (known !== undefined) return known;
    const draft = draftNext(first, author.device, lane, body, after);
    const entry = admitBytes(first, encodeEntry(draft, sha256).bytes);
    signed.set(name, entry);
    return entry;
  };
  const payment = (to: Person, amount: number, after?: VerifiedEntry): VerifiedEntry => {
    const before = after === undefined ? 0 : (after.body as PayBody).balanceAfter;
    const rest = { need: null, invoice: null, memo: null, attachment: null, at: 0, claims: [] };
    const to_ = { type: 'device', device: to.device } as const;
    const common = { limitRef: 0, logHeight: 0, balanceAfter: before - amount };
    return sign(emil, LANE.account, { kind: KIND.pay, ...rest, ...common, amount, to: to_ }, after);
  };
  const base = payment(bob, 10);
  const left = payment(bob, 100, base);
  const right = payment(carol, 200, base);
  const invalid = payment(bob, 90_000, base);
  const idOf = (side: Side): Id => (side === 'left' ? left.id : right.id);
  const voteFor = (id: Id, seq: number) => ({ device: emil.device, incarnation: 0, seq, id });
  /** A witness entry: votes, then receipts. */
  const say = (witness: Person, votes: readonly Id[], receipts: readonly Id[], after?: VerifiedEntry) => {
    const seq = after === undefined ? 0 : 1;
    const name = `${witness.device}/${after?.id}/${votes.join()}/${receipts.join()}`;
    const known = signed.get(name);
    if (known !== undefined) return known;
    const body = {
      kind: KIND.votes,
      votes: votes.map((id) => voteFor(id, seq)),
      receipts: receipts.map((id) => ({ id, votes: named })),
    } as const;
    return sign(witness, LANE.witness, body, after, name);
  };
  // Everybody has voted for the payment before, and it is final.
  const starts = witnesses.map((witness) => say(witness, [base.id], [base.id]));
  deliver(first, [base, ...starts]);
  const record = first.log.devices.get(emil.device) as DeviceRecord;
  const open = (): Ledger => {
    const ledger = openLedger(village.founding, options);
    applyEntry(ledger, base);
    for (const start of starts) applyEntry(ledger, start);
    return ledger;
  };

  const liarReport = (report: LiarReport): StopReport => {
    const at = (seq: number, id: Id | null, vote: Id | null): StopReport => ({
      ordinal: record.ordinal,
      incarnation: 0,
      head: id === null ? null : { seq, id },
      vote,
    });
    switch (report) {
      case 'less':
        return at(0, null, base.id);
      case 'no-vote':
        return at(0, base.id, null);
      case 'left':
      case 'right':
        return at(0, base.id, idOf(report));
      case 'invalid':
        return at(0, base.id, invalid.id);
      case 'unknown':
        return at(0, base.id, UNKNOWN);
      case 'certified-left':
        return at(1, left.id, null);
      case 'certified-right':
        return at(1, right.id, null);
      case 'certified-unknown':
        return at(1, UNKNOWN, null);
      case 'certified-beyond':
        return at(7, UNKNOWN, null);
    }
  };

  /** What an honest witness says of what it saw, by the ledger's own code; and that it then holds its tongue. */
  const views = new Map<string, { readonly report: StopReport; readonly broken: readonly string[] }>();
  const viewOf = (index: number, lane: readonly VerifiedEntry[], seen: readonly VerifiedEntry[]) => {
    const name = [...lane, ...seen].map(({ id }) => id).join('/');
    const known = views.get(name);
    if (known !== undefined) return known;
    const witness = witnesses[index] as Person;
    const local = open();
    deliver(local, [...seen, ...lane]);
    const report = reportFor(local, record, index);
    const head = lane.at(-1) ?? starts[index];
    applyEntry(
      local,
      sign(witness, LANE.witness, { kind: KIND.stop, reports: [report], parts: 0, next: null }, head),
    );
    deliver(local, [
      left,
      ...witnesses.flatMap((other, i) => (i === index ? [] : [say(other, [left.id], [], starts[i])])),
    ]);
    const broken =
      draftDuty(local, witness.device) === undefined ? [] : [`[C1] ${witness.name} speaks after its promise`];
    const view = { report, broken };
    views.set(name, view);
    return view;
  };
  return {
    witnesses,
    emil,
    q,
    base,
    left,
    right,
    invalid,
    starts,
    record,
    idOf,
    sign,
    say,
    open,
    liarReport,
    viewOf,
  };
}

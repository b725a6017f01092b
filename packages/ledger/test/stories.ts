/** What the stories share: bodies that break one rule, and the verdict on them. */
import {
  draftNext,
  grantAt,
  headOf,
  KIND,
  LANE,
  type AccountEntry,
  type Claim,
  type ClaimBody,
  type EntryDraft,
  type Id,
  type Ledger,
  type PayBody,
  type Stored,
  type Verdict,
} from '@corridor/ledger';
import { add, person, type Person } from '@corridor/testing';

export const [alice, bob, carol, dora, emil] = [
  person('Alice'),
  person('Bob'),
  person('Carol'),
  person('Dora'),
  person('Emil'),
];

/** A payment body that keeps every rule unless `change` breaks one. The balance follows what is changed. */
export function payBody(
  ledger: Ledger,
  payer: Person,
  payee: Person,
  amount: number,
  change: Partial<PayBody> = {},
  after: Stored | null | undefined = headOf(ledger.feeds.get(payer.device)?.[LANE.account] ?? unheard()),
): PayBody {
  const record = ledger.log.devices.get(payer.device) ?? unheard();
  const claims: readonly Claim[] = change.claims ?? [];
  const before = after ? (after.entry as AccountEntry).body.balanceAfter : 0;
  const paid = change.amount ?? amount;
  return {
    kind: KIND.pay,
    limitRef: grantAt(record, ledger.log.height)?.height ?? 0,
    logHeight: ledger.log.height,
    balanceAfter: claims.reduce((sum, c) => sum + c.amount, before) - paid,
    amount,
    to: { type: 'device', device: payee.device },
    need: null,
    invoice: null,
    memo: null,
    attachment: null,
    at: 1_700_000_000,
    ...change,
    claims,
  };
}
const unheard = (): never => {
  throw new Error('nobody admitted them');
};
/** Signs that body on top of the payer's chain, or after another entry of it. */
export function write(ledger: Ledger, author: Person, body: PayBody | ClaimBody, after?: Stored | null) {
  const draft: EntryDraft = draftNext(ledger, author.device, LANE.account, body, after?.entry);
  const first = ledger.log.devices.get(author.device)?.admittedBy ?? unheard();
  return add(ledger, after === null ? { ...draft, seq: 0, prev: first } : draft);
}
/** The verdict on that body as the payer's next entry. */
export function verdictOn(ledger: Ledger, author: Person, body: PayBody | ClaimBody): Verdict {
  const { applied } = write(ledger, author, body);
  if (applied.type !== 'kept') throw new Error(`not kept: ${JSON.stringify(applied)}`);
  return applied.stored.verdict;
}
/** The rule and code of a verdict that says no. */
export const faultOf = (verdict: Verdict) => (verdict.type === 'invalid' ? verdict.fault : undefined);
export const claimOf = (stored: { readonly entry: { readonly id: Id; readonly body: unknown } }): Claim => ({
  debit: stored.entry.id,
  amount: (stored.entry.body as PayBody).amount,
});
export const anId = (digit: string): Id => digit.repeat(64) as Id;

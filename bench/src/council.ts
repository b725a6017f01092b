/** A circle whose book several witnesses keep, with real keys, and limits and quotas that no measurement reaches. */
import {
  applyEntry,
  createLedger,
  decodeEntry,
  draftDuty,
  draftNext,
  encodeEntry,
  entryStatement,
  LANE,
  planRun,
  signerOf,
  verifyRun,
  type EntryDraft,
  type Ledger,
  type Sha256,
  type VerifiedEntry,
} from '@corridor/ledger';
import { person, settleVillage, type Person, type Village } from '@corridor/testing';
import { createSha256 } from '../../packages/peer/src/node/sha256.ts';
import type { SignatureChecker } from '../../packages/peer/src/ports.ts';
import { BENCH_POLICY, keep, paymentBodies } from './book.ts';
import type { Dice } from './random.ts';
import { createSigner } from './signer.ts';

export interface BenchCouncil {
  readonly village: Village;
  readonly ledger: Ledger;
  readonly sha256: Sha256;
}
export async function benchCouncil(witnesses: number, members: number): Promise<BenchCouncil> {
  const sha256 = await createSha256();
  const people = Array.from({ length: members }, (_, i) => person(`neighbour ${i}`));
  const village = settleVillage(witnesses, people, BENCH_POLICY);
  return {
    village,
    ledger: createLedger(village.founding, { ...village.options, sha256, isOrdinaryKey: () => true }),
    sha256,
  };
}
/** An entry that its own author just drafted is authentic: there is nothing to verify. */
export function keepDraft({ ledger, sha256 }: BenchCouncil, draft: EntryDraft): void {
  keep(ledger, encodeEntry(draft, sha256) as VerifiedEntry);
}
/** One pays another, and takes in the oldest credits with it. */
export function payOne(council: BenchCouncil, dice: Dice, payer: Person, payee: Person): void {
  const { ledger } = council;
  for (const body of paymentBodies(ledger, dice, payer, payee))
    keepDraft(council, draftNext(ledger, payer.device, LANE.account, body));
}
/** All witnesses vote and receipt until nothing is owed. */
export function settleAll(council: BenchCouncil): void {
  const { ledger, village } = council;
  for (let more = true; more;) {
    more = false;
    for (const { device } of village.witnesses)
      for (let draft = draftDuty(ledger, device); draft !== undefined; draft = draftDuty(ledger, device)) {
        keepDraft(council, draft);
        more = true;
      }
  }
}
/** The same as on a phone: each entry is encoded and signed, then decoded, its signature checked, and applied. */
export async function settleThroughGates(council: BenchCouncil, checker: SignatureChecker): Promise<number> {
  const { ledger, village, sha256 } = council;
  const sign = createSigner();
  let entries = 0;
  for (let more = true; more;) {
    more = false;
    for (const witness of village.witnesses)
      for (
        let draft: EntryDraft | undefined = draftDuty(ledger, witness.device);
        draft !== undefined;
        draft = draftDuty(ledger, witness.device)
      ) {
        const made = encodeEntry(draft, sha256);
        const signature = sign(witness.witnessSeed, entryStatement(made.id));
        const decoded = decodeEntry(made.bytes, ledger.circle, sha256);
        if (!decoded.ok) throw new Error(decoded.fault.code);
        const entry = decoded.value;
        const signer = signerOf(ledger.log, entry.device, entry.lane, entry.seq);
        if (!signer.ok) throw new Error(signer.fault.code);
        const plan = planRun(
          { entries: [entry], signatures: new Map([[entry.id, signature]]) },
          signer.value,
        );
        if (!plan.ok) throw new Error(plan.fault.code);
        const verified = verifyRun(plan.value, await checker.check(plan.value.checks, { left: 0 }));
        const one = verified.ok ? verified.value[0] : undefined;
        if (one === undefined || applyEntry(ledger, one).type !== 'kept') throw new Error('not kept');
        entries++;
        more = true;
      }
  }
  return entries;
}

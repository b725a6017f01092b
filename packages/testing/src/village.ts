/**
 * A village for stories: people with real keys whose every entry goes through the three gates. Signatures are real
 * bytes; the verdict on them is given without computing it unless a story asks, because these stories are about the
 * ledger's rules and E5 has its own tests.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import {
  applyEntry,
  createLedger,
  decodeEntry,
  draftDuty,
  draftNext,
  draftPayment,
  draftProposal,
  encodeEntry,
  entryStatement,
  firstGrantFor,
  inviteStatement,
  joinStatement,
  keepingStatement,
  KIND,
  LANE,
  planRun,
  publicKeyOfSeed,
  signerOf,
  signWithSeed,
  toHex,
  utf8Bytes,
  verifyFounding,
  verifyRun,
  ZERO_ID,
  type Applied,
  type Body,
  type DeviceKey,
  type Entry,
  type EntryDraft,
  type FirstDevice,
  type FirstWitness,
  type FoundBody,
  type Id,
  type JoinRequest,
  type Ledger,
  type LedgerOptions,
  type MemberId,
  type Policy,
  type PublicKey,
  type Signature,
  type TextHash,
  type VerifiedEntry,
} from '@corridor/ledger';

type BookOptions = Partial<Omit<LedgerOptions, 'sha256'>>;

export interface Person {
  readonly name: string;
  readonly seed: Uint8Array;
  readonly device: DeviceKey;
  readonly witnessSeed: Uint8Array;
  readonly witness: PublicKey;
}
/** The same name gives the same keys, so stories replay. */
export function person(name: string): Person {
  const seed = sha256(utf8Bytes(`device of ${name}`));
  const witnessSeed = sha256(utf8Bytes(`witness of ${name}`));
  return {
    name,
    seed,
    device: publicKeyOfSeed(seed) as string as DeviceKey,
    witnessSeed,
    witness: publicKeyOfSeed(witnessSeed),
  };
}
export const VILLAGE_POLICY: Policy = {
  admission: 'inviter',
  firstGrant: { lowestBalance: -15_000, highestBalance: 15_000 },
  smallAmount: 5_000,
  offlineAmount: 3_000,
  maxEntries: 100_000,
  maxBytes: 40_000_000,
};
const textHash = (text: string): TextHash => toHex(sha256(utf8Bytes(text))) as TextHash;

export const foundingDraft = (founder: Person, policy: Policy = VILLAGE_POLICY): EntryDraft<FoundBody> => ({
  circle: ZERO_ID,
  book: 0,
  incarnation: 0,
  epoch: 0,
  device: founder.device,
  lane: LANE.founding,
  seq: 0,
  prev: ZERO_ID,
  body: {
    kind: KIND.found,
    salt: '00'.repeat(16),
    name: 'Valldor',
    unit: 'dor',
    decimals: 2,
    sealing: founder.witness,
    witness: founder.witness,
    memberName: textHash(founder.name),
    policy,
    grant: policy.firstGrant,
    at: 1_700_000_000,
  },
});
export function found(
  founder: Person,
  options: BookOptions & { policy?: Policy } = {},
): { founding: VerifiedEntry<FoundBody>; ledger: Ledger } {
  const verified = verifyFounding(encodeEntry(foundingDraft(founder, options.policy), sha256), 'valid');
  if (!verified.ok) throw new Error(verified.fault.code);
  return { founding: verified.value, ledger: openLedger(verified.value, options) };
}
/** One more replica of a circle, empty but for its founding. */
export const openLedger = (founding: VerifiedEntry<FoundBody>, options: BookOptions = {}): Ledger =>
  createLedger(founding, { sha256, isOrdinaryKey: () => true, ...options });

/** Encodes and signs a draft with the author's key of that lane. */
export function sign<B extends Body>(
  author: Person,
  draft: EntryDraft<B>,
): { entry: Entry<B>; signature: Signature } {
  const entry = encodeEntry(draft, sha256);
  const seed = draft.lane === LANE.witness ? author.witnessSeed : author.seed;
  return { entry, signature: signWithSeed(seed, entryStatement(entry.id)) };
}
/** Decode and verify of one entry as if it had come alone; its signature is taken for good. */
export function admitBytes(ledger: Ledger, bytes: Uint8Array): VerifiedEntry {
  const decoded = decodeEntry(bytes, ledger.circle, sha256);
  if (!decoded.ok) throw new Error(`${decoded.fault.code} in ${decoded.fault.field}`);
  const entry = decoded.value;
  const signer = signerOf(ledger.log, entry.device, entry.lane, entry.seq);
  if (!signer.ok) throw new Error(signer.fault.code);
  const run = { entries: [entry], signatures: new Map([[entry.id, '00'.repeat(64) as Signature]]) };
  const plan = planRun(run, signer.value);
  if (!plan.ok) throw new Error(plan.fault.code);
  const verified = verifyRun(
    plan.value,
    plan.value.checks.map(() => 'valid'),
  );
  const one = verified.ok ? verified.value[0] : undefined;
  if (one === undefined) throw new Error('not verified');
  return one;
}
/** An author adds a draft to a replica; the entry, to be delivered elsewhere. */
export function add<B extends Body>(
  ledger: Ledger,
  draft: EntryDraft<B>,
): { entry: VerifiedEntry; applied: Applied } {
  const entry = admitBytes(ledger, encodeEntry(draft, sha256).bytes);
  return { entry, applied: applyEntry(ledger, entry) };
}

export function joinRequest(
  ledger: Ledger,
  inviter: Person,
  newcomer: Person,
  as: JoinRequest['as'] = 'member',
  invitation = newcomer.name,
): JoinRequest {
  const inviteSeed = sha256(utf8Bytes(`invite for ${invitation}`));
  const invite = publicKeyOfSeed(inviteSeed);
  const decision = ledger.log.head;
  const base = {
    device: newcomer.device,
    sealing: newcomer.witness,
    name: textHash(newcomer.name),
    as,
    invite,
    inviter: inviter.device,
    decision,
    expiresAt: 1_700_172_800,
    nonce: '11'.repeat(16),
  };
  const joining = joinStatement(ledger.circle, base);
  return {
    ...base,
    inviterSignature: signWithSeed(inviter.seed, inviteStatement(ledger.circle, base)),
    inviteProof: signWithSeed(inviteSeed, joining),
    deviceProof: signWithSeed(newcomer.seed, joining),
  };
}
/** The keeper lets a newcomer in. */
export function admit(ledger: Ledger, keeper: Person, inviter: Person, newcomer: Person): VerifiedEntry {
  const request = joinRequest(ledger, inviter, newcomer);
  const draft = draftProposal(ledger, keeper.device, {
    type: 'admit',
    request,
    grant: firstGrantFor(ledger.log, request),
  });
  if (!draft.ok) throw new Error(draft.fault.code);
  return add(ledger, draft.value).entry;
}
/** The keeper hands the book to another device, which has offered to keep it. */
export function handBook(ledger: Ledger, keeper: Person, next: Person): VerifiedEntry {
  const consent = signWithSeed(
    next.seed,
    keepingStatement(ledger.circle, ledger.book, next.device, next.witness),
  );
  const draft = draftProposal(ledger, keeper.device, {
    type: 'keeper',
    device: next.device,
    witness: next.witness,
    consent,
  });
  if (!draft.ok) throw new Error(draft.fault.code);
  return add(ledger, draft.value).entry;
}
/** Signs a payment (and the claims it needs) on the payer's own replica; the entries in order. */
export function pay(
  ledger: Ledger,
  payer: Person,
  payee: Person,
  amount: number,
  more: { invoice?: Id; claims?: 'oldest' | 'least' } = {},
): readonly VerifiedEntry[] {
  const drafted = draftPayment(ledger, payer.device, {
    to: payee.device,
    amount,
    need: null,
    invoice: more.invoice ?? null,
    memo: null,
    attachment: null,
    at: 1_700_000_000,
    claims: more.claims ?? 'oldest',
  });
  if (!drafted.ok) throw new Error(drafted.fault.code);
  const bodies: readonly Body[] = [...drafted.value.claimsFirst, drafted.value.payment];
  return bodies.map((body) => add(ledger, draftNext(ledger, payer.device, LANE.account, body)).entry);
}
/** The witness does what it owes until nothing is left; its entries in order. */
export function keepBook(ledger: Ledger, keeper: Person): readonly VerifiedEntry[] {
  const entries: VerifiedEntry[] = [];
  for (
    let draft = draftDuty(ledger, keeper.device);
    draft !== undefined;
    draft = draftDuty(ledger, keeper.device)
  )
    entries.push(add(ledger, draft).entry);
  return entries;
}
/** Delivers entries to a replica in the given order, again and again until nothing more is taken. */
export function deliver(ledger: Ledger, entries: readonly VerifiedEntry[]): void {
  let rest = entries;
  while (rest.length > 0) {
    const refused = rest.filter((entry) => applyEntry(ledger, entry).type === 'refused');
    if (refused.length === rest.length) return;
    rest = refused;
  }
}
export interface Village {
  readonly founding: VerifiedEntry<FoundBody>;
  readonly people: readonly Person[];
  readonly witnesses: readonly Person[];
  readonly options: { readonly witnesses: readonly FirstWitness[]; readonly devices: readonly FirstDevice[] };
}
/** A circle at the start of a book that the first `n` people witness, with everybody in it. */
export function settleVillage(
  n: number,
  people: readonly Person[],
  policy: Policy = VILLAGE_POLICY,
): Village {
  const [founder] = people;
  if (founder === undefined) throw new Error('a village needs somebody');
  const witnesses = people.slice(0, n);
  const options = {
    witnesses: witnesses.map(({ device, witness }) => ({ device, key: witness })),
    devices: people.slice(1).map(({ device, witness, name }) => ({
      device,
      member: device as string as MemberId,
      sealing: witness,
      name: textHash(name),
      grant: policy.firstGrant,
    })),
  };
  const { founding } = found(founder, { ...options, policy });
  return { founding, people, witnesses, options };
}

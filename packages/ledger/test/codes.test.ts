import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  codeKindOf,
  decodeEntry,
  decodeHandOver,
  decodeInvite,
  decodeInvoice,
  encodeHandOver,
  encodeInvite,
  encodeInvoice,
  entryStatement,
  invoiceCheck,
  invoiceId,
  invoiceStatement,
  KIND,
  MAX_CODE_BYTES,
  prefixOf,
  referenceVerify,
  signWithSeed,
  toHex,
  type Entry,
  type HandOverResolver,
  type Id,
  type Invite,
  type Invoice,
  type Ledger,
  type PayBody,
} from '@corridor/ledger';
import { admit, found, keepBook, pay, person } from '@corridor/testing';
import { RUNS } from './runs.ts';

const [alice, bob, carol] = [person('Alice'), person('Bob'), person('Carol')];
const { ledger } = found(alice);
admit(ledger, alice, alice, bob);
admit(ledger, alice, bob, carol);

const resolverOf = (of: Ledger, invoices: readonly Id[] = []): HandOverResolver => ({
  circleOf: (prefix) => (prefixOf(of.circle) === prefix ? of.circle : undefined),
  deviceOf: (_, ordinal) => of.log.ordinals[ordinal],
  invoiceOf: (_, prefix) => invoices.find((id) => prefixOf(id) === prefix),
});
const bread: Invoice = {
  circle: ledger.circle,
  payee: bob.device,
  amount: 480,
  need: { category: 1, quantity: 4_800_000 },
  text: { salt: 'ab'.repeat(16), text: 'Two loaves — dos panes de centeno, y gracias a todos' },
  nonce: '0102030405060708',
  expiresAt: 1_800_000_000,
};
const sign = (invoice: Invoice) => signWithSeed(bob.seed, invoiceStatement(invoiceId(invoice, sha256)));

test('[P3] Bob asks Alice for money: his request is one small code and comes back whole, with his signature', () => {
  const code = encodeInvoice(bread, sign(bread), 1);
  expect(code.length).toBeLessThanOrEqual(MAX_CODE_BYTES);
  expect(codeKindOf(code)).toBe('invoice');
  const read = decodeInvoice(code, resolverOf(ledger), sha256);
  expect(read).toMatchObject({ ok: true, value: { invoice: bread, id: invoiceId(bread, sha256) } });
  if (!read.ok) return;
  const { key, message, signature } = invoiceCheck(read.value);
  expect(referenceVerify(key, message, signature)).toBe(true);
});

test('[P3] any change of the terms of a request leaves Bob’s signature behind', () => {
  const signature = sign(bread);
  for (const forged of [
    { ...bread, amount: 4_800 },
    { ...bread, payee: carol.device },
    { ...bread, need: null },
    { ...bread, text: null },
    { ...bread, nonce: '0102030405060709' },
    { ...bread, expiresAt: 1_900_000_000 },
    { ...bread, circle: carol.device as string as Id },
  ]) {
    const check = invoiceCheck({ invoice: forged, id: invoiceId(forged, sha256), signature });
    expect(referenceVerify(bob.device, check.message, signature)).toBe(false);
  }
});

test('[P3] the largest request fits one static code', () => {
  const largest: Invoice = {
    ...bread,
    amount: 2 ** 40 - 1,
    need: { category: 255, quantity: 2 ** 40 - 1 },
    text: { salt: 'ff'.repeat(16), text: 'x'.repeat(60) },
    expiresAt: 2 ** 40 - 1,
  };
  expect(encodeInvoice(largest, sign(largest), 2 ** 32 - 1).length).toBeLessThanOrEqual(MAX_CODE_BYTES);
  expect(() =>
    encodeInvoice({ ...bread, text: { salt: 'ff'.repeat(16), text: 'x'.repeat(61) } }, sign(bread), 1),
  ).toThrow(RangeError);
});

test('[P3] a request of another circle or of somebody unknown says so', () => {
  const other = found(carol).ledger;
  expect(decodeInvoice(encodeInvoice(bread, sign(bread), 1), resolverOf(other), sha256)).toEqual({
    ok: false,
    fault: { code: 'other-circle', prefix: prefixOf(ledger.circle) },
  });
  expect(decodeInvoice(encodeInvoice(bread, sign(bread), 9), resolverOf(ledger), sha256)).toEqual({
    ok: false,
    fault: { code: 'unknown-device', circle: ledger.circle, ordinal: 9 },
  });
});

/** Bob's payment on his own replica, with as many claims as `credits`. */
function handedOver(credits: number, invoice: Id | null): { entry: Entry<PayBody>; of: Ledger } {
  const village = found(alice).ledger;
  admit(village, alice, alice, bob);
  admit(village, alice, bob, carol);
  for (let i = 0; i < credits; i++) pay(village, carol, bob, 70_00 / 2 + i);
  keepBook(village, alice);
  const entry = pay(village, bob, alice, 12_34, invoice === null ? {} : { invoice }).at(-1);
  if (entry?.body.kind !== KIND.pay) throw new Error('no payment');
  return { entry: { ...entry, body: entry.body }, of: village };
}

test('[P3] Bob pays in one scan: three claims and the request’s id fit, and the entry comes back byte for byte', () => {
  const invoice = invoiceId(bread, sha256);
  for (const credits of [0, 1, 2, 3]) {
    const { entry, of } = handedOver(credits, invoice);
    expect(entry.body.claims.length).toBe(credits);
    const signature = signWithSeed(bob.seed, entryStatement(entry.id));
    const code = encodeHandOver(entry, signature, of);
    expect(code.ok).toBe(true);
    if (!code.ok) return;
    expect(code.value.length).toBeLessThanOrEqual(MAX_CODE_BYTES);
    expect(codeKindOf(code.value)).toBe('hand-over');
    const read = decodeHandOver(code.value, resolverOf(of, [invoice]));
    expect(read).toEqual({ ok: true, value: { circle: of.circle, bytes: entry.bytes, signature } });
    if (!read.ok) return;
    expect(decodeEntry(read.value.bytes, of.circle, sha256)).toMatchObject({
      ok: true,
      value: { id: entry.id },
    });
  }
});

test('[P3] a crowded code names the request by a prefix, which only its payee can fill in', () => {
  const invoice = invoiceId(bread, sha256);
  const { entry, of } = handedOver(3, invoice);
  const rich = {
    ...entry,
    seq: 2 ** 31,
    body: {
      ...entry.body,
      amount: 2 ** 33,
      balanceAfter: -(2 ** 33),
      need: { category: 200, quantity: 2 ** 33 },
    },
  };
  const code = encodeHandOver(rich, signWithSeed(bob.seed, entryStatement(entry.id)), of);
  expect(code.ok).toBe(true);
  if (!code.ok) return;
  expect(code.value.length).toBeLessThanOrEqual(MAX_CODE_BYTES);
  expect(decodeHandOver(code.value, resolverOf(of))).toEqual({
    ok: false,
    fault: { code: 'unknown-invoice', circle: of.circle, prefix: prefixOf(invoice) },
  });
  expect(decodeHandOver(code.value, resolverOf(of, [invoice])).ok).toBe(true);
});

test('[P3] what cannot be handed over as a code is told: a memo, an attachment, four claims, no payment', () => {
  const { entry, of } = handedOver(0, null);
  const signature = signWithSeed(bob.seed, entryStatement(entry.id));
  const { body } = entry;
  const fault = (changed: Entry) => {
    const code = encodeHandOver(changed, signature, of);
    return code.ok ? undefined : code.fault.code;
  };
  expect(fault({ ...entry, body: { ...body, memo: '00'.repeat(32) as PayBody['memo'] } })).toBe('has-a-memo');
  const attachment = { hash: of.circle, length: 1, erasable: true };
  expect(fault({ ...entry, body: { ...body, attachment } })).toBe('has-an-attachment');
  const claims = Array.from({ length: 4 }, () => ({ debit: of.circle, amount: 1 }));
  expect(fault({ ...entry, body: { ...body, claims } })).toBe('too-many-claims');
  expect(fault({ ...entry, body: { ...body, to: { type: 'commons', commons: 1 } } })).toBe('not-a-payment');
  expect(fault(of.founding.entry)).toBe('not-a-payment');
});

const invite: Invite = {
  circle: ledger.circle,
  decision: ledger.log.head,
  seed: '77'.repeat(32),
  inviter: alice.device,
  inviterSignature: signWithSeed(alice.seed, new Uint8Array(3)),
  as: 'member',
  expiresAt: 1_800_000_000,
  circleName: 'Valldor',
  unitName: 'dor',
  decimals: 2,
  firstGrant: { lowestBalance: -15_000, highestBalance: 15_000 },
  inviterName: 'Alice',
  memberCount: 3,
  relays: ['wss://relay.example/ws'],
};

test('[S2] an invite comes back as it was written, with and without relays, for a member and for a device', () => {
  for (const one of [invite, { ...invite, relays: [], as: 'device' as const }]) {
    const bytes = encodeInvite(one);
    expect(codeKindOf(bytes)).toBe('invite');
    expect(decodeInvite(bytes)).toEqual({ ok: true, value: one });
  }
});

test('[S2] a damaged invite names the field that is wrong, and one that cannot be read back is never written', () => {
  const bytes = encodeInvite(invite);
  expect(decodeInvite(bytes.subarray(0, 100))).toMatchObject({
    ok: false,
    fault: { code: 'truncated', field: 'seed' },
  });
  expect(decodeInvite(new Uint8Array(2_000))).toMatchObject({ ok: false, fault: { code: 'oversize' } });
  expect(decodeInvite(Uint8Array.of(...bytes, 0))).toMatchObject({
    ok: false,
    fault: { code: 'trailing-bytes' },
  });
  expect(() => encodeInvite({ ...invite, circleName: 'x'.repeat(97) })).toThrow('circleName');
  expect(() => encodeInvite({ ...invite, relays: ['a', 'b', 'c'] })).toThrow('relays');
});

test('[E1] a code of a later version is told from a damaged one, and another kind is not taken for this one', () => {
  const code = encodeInvoice(bread, sign(bread), 1);
  const newer = Uint8Array.from(code);
  newer[2] = 2;
  expect(codeKindOf(newer)).toBe('invoice');
  expect(decodeInvoice(newer, resolverOf(ledger), sha256)).toMatchObject({
    fault: { code: 'newer-version' },
  });
  expect(decodeInvoice(encodeInvite(invite).subarray(0, 300), resolverOf(ledger), sha256)).toMatchObject({
    fault: { field: 'codeKind' },
  });
  expect(codeKindOf(new Uint8Array(0))).toBeUndefined();
  expect(codeKindOf(Uint8Array.of(0x83, 23, 1))).toBeUndefined();
});

test('[I16] reading a code is total: random bytes and flipped bits never throw, and what is read is written the same', () => {
  const { entry, of } = handedOver(2, null);
  const handOver = encodeHandOver(entry, signWithSeed(bob.seed, entryStatement(entry.id)), of);
  if (!handOver.ok) throw new Error(handOver.fault.code);
  const samples = [encodeInvoice(bread, sign(bread), 1), handOver.value, encodeInvite(invite)];
  const damaged = fc
    .tuple(fc.constantFrom(...samples), fc.nat(), fc.nat(255), fc.nat(8))
    .map(([bytes, at, byte, cut]) => {
      const copy = bytes.slice(0, cut === 0 ? at % bytes.length : bytes.length);
      if (copy.length > 0) copy[at % copy.length] = byte;
      return copy;
    });
  const resolve = resolverOf(ledger);
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 320 }), damaged), (bytes) => {
      const invoice = decodeInvoice(bytes, resolve, sha256);
      if (invoice.ok) {
        const ordinal = ledger.log.ordinals.indexOf(invoice.value.invoice.payee);
        const again = encodeInvoice(invoice.value.invoice, invoice.value.signature, ordinal);
        expect(toHex(again)).toBe(toHex(bytes));
      }
      const read = decodeInvite(bytes);
      if (read.ok) expect(toHex(encodeInvite(read.value))).toBe(toHex(bytes));
      decodeHandOver(bytes, resolverOf(of));
      codeKindOf(bytes);
    }),
    { numRuns: RUNS },
  );
});

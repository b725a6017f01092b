import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, publicKeyOfSeed, referenceVerify, signWithSeed, toHex } from '@corridor/ledger';
import type { PublicKey, Signature } from '@corridor/ledger';
import { signatureVectors } from '../../testing/src/vectors.ts';
import type { CheckBudget, SignatureCheck } from '../src/ports.ts';
import { ACCEPTED, REFUSED, type SelfTestVector } from '../src/selfTestVectors.ts';
import { createSignatureChecker, type Accelerator } from '../src/signatureChecker.ts';
import { passesSelfTest } from '../src/signatureSelfTest.ts';
import { mayAsk, platformAccelerator } from '../src/webCryptoVerify.ts';

/** 1,000 in `npm test`; `test:long` asks for 100,000. */
const RUNS = Number(process.env['CORRIDOR_RUNS'] ?? 1000);
const PATIENCE = 30_000 + RUNS * 30;

const unlimited = (): CheckBudget => ({ left: Infinity });
const platform = platformAccelerator();
if (platform === undefined) throw new Error('Node has WebCrypto');

const seed = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const message = (n: number): Uint8Array => Uint8Array.of(1, 2, n & 255, n >> 8);
const signed = (by: number, n: number): SignatureCheck => ({
  key: publicKeyOfSeed(seed(by)),
  message: message(n),
  signature: signWithSeed(seed(by), message(n)),
});
const flipBit = (signature: Signature, bit: number): Signature =>
  toHex(
    (fromHex(signature) ?? new Uint8Array()).map((byte, i) =>
      i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
    ),
  ) as Signature;
const bad = (by: number, n: number): SignatureCheck => ({ ...signed(by, n), message: message(n + 1) });
const expected = signatureVectors.map((vector) => (vector.valid ? 'valid' : 'invalid'));
const torsionInR = signatureVectors.find(({ name }) => name.includes('torsion 3 in R'));
if (torsionInR === undefined) throw new Error('the vectors hold torsion in R');

/** The platform's engine, with a count of what it was asked after it was admitted. */
const counted = (): {
  engine: Accelerator;
  asked: () => number;
  mostAtOnce: () => number;
  reset: () => void;
} => {
  let [asked, now, most] = [0, 0, 0];
  return {
    engine: async (check) => {
      asked++;
      most = Math.max(most, ++now);
      try {
        return await platform(check);
      } finally {
        now--;
      }
    },
    asked: () => asked,
    mostAtOnce: () => most,
    reset: () => void ([asked, most] = [0, 0]),
  };
};

test('[E5] [I17] every hard vector gets its verdict with WebCrypto in front', async () => {
  const checker = await createSignatureChecker();
  expect(checker.accelerated).toBe(true);
  expect(await checker.check(signatureVectors, unlimited())).toEqual(expected);
});

test('[E5] [I17] every hard vector gets its verdict from the reference alone', async () => {
  const checker = await createSignatureChecker({ accelerator: null });
  expect(checker.accelerated).toBe(false);
  expect(await checker.check(signatureVectors, unlimited())).toEqual(expected);
});

test('[E5] WebCrypto accepts nothing that E5 refuses, and refuses torsion in R, so its no decides nothing', async () => {
  const verdicts = await Promise.all(
    signatureVectors.map(async (vector) => {
      try {
        return await platform(vector);
      } catch {
        return false;
      }
    }),
  );
  expect(signatureVectors.filter((vector, i) => verdicts[i] === true && !vector.valid)).toEqual([]);
  expect(await platform(torsionInR)).toBe(false);
  const checker = await createSignatureChecker();
  expect(await checker.check([torsionInR], { left: 1 })).toEqual(['valid']);
});

test('[E5] the self-test holds E5’s own verdicts', () => {
  const verdict = ([key, text, signature]: SelfTestVector): boolean =>
    referenceVerify(key as PublicKey, fromHex(text) ?? new Uint8Array(), signature as Signature);
  expect(ACCEPTED.filter((vector) => !verdict(vector))).toEqual([]);
  expect(REFUSED.filter((vector) => verdict(vector))).toEqual([]);
  expect(REFUSED.length).toBeGreaterThan(14 * 14);
});

const lowOrderS = (signature: string): boolean => signature.endsWith('0000000010');
test.each<[string, Accelerator]>([
  ['accepts everything', async () => true],
  ['refuses everything', async () => false],
  ['always breaks', () => Promise.reject(new Error('no Ed25519 here'))],
  [
    'breaks before it answers',
    () => {
      throw new Error('no Ed25519 here');
    },
  ],
  ['forgets to bound S', async (check) => (await platform(check)) || lowOrderS(check.signature)],
  [
    'reduces S',
    async (check) => {
      const bytes = fromHex(check.signature) ?? new Uint8Array();
      const order = 2n ** 252n + 27742317777372353535851937790883648493n;
      let s = bytes.subarray(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) % order;
      for (let i = 32; i < 64; i++, s >>= 8n) bytes[i] = Number(s & 255n);
      return platform({ ...check, signature: toHex(bytes) as Signature });
    },
  ],
  ['does not read the message', async (check) => (await platform(check)) || check.message.length > 20],
  [
    'mixes up answers that are under way together',
    (() => {
      let last: Promise<boolean> = Promise.resolve(true);
      return (check) => {
        const mine = platform(check).catch(() => false);
        const answer = last;
        last = mine;
        return answer;
      };
    })(),
  ],
  // A careless port could resolve with something truthy.
  ['answers with a word', (async () => 'yes') as unknown as Accelerator],
])('[E5] an engine that %s is not admitted, and the verdicts stay right', async (_, accelerator) => {
  expect(await passesSelfTest(accelerator)).toBe(false);
  const checker = await createSignatureChecker({ accelerator });
  expect(checker.accelerated).toBe(false);
  const checks = [signed(1, 1), bad(1, 2), torsionInR];
  expect(await checker.check(checks, unlimited())).toEqual(['valid', 'invalid', 'valid']);
});

test('[E5] an engine that breaks after it was admitted costs time and no verdict', async () => {
  let broken = false;
  const checker = await createSignatureChecker({
    accelerator: (check) => (broken ? Promise.reject(new Error('worker gone')) : platform(check)),
  });
  expect(checker.accelerated).toBe(true);
  broken = true;
  expect(await checker.check([signed(1, 1), bad(1, 2)], unlimited())).toEqual(['valid', 'invalid']);
});

test('[E5] a spent budget makes undecided, never invalid; what the engine accepts is free', async () => {
  const checker = await createSignatureChecker();
  const budget: CheckBudget = { left: 2 };
  const checks = [bad(1, 1), signed(2, 2), torsionInR, bad(1, 3), torsionInR, signed(2, 4)];
  expect(await checker.check(checks, budget)).toEqual([
    'invalid',
    'valid',
    'valid',
    'undecided',
    'undecided',
    'valid',
  ]);
  expect(budget.left).toBe(0);
  expect(await checker.check([torsionInR], budget)).toEqual(['undecided']);
});

test('[I18] two batches of one peer at a time share its budget', async () => {
  const checker = await createSignatureChecker();
  const budget: CheckBudget = { left: 3 };
  const [first, second] = await Promise.all([
    checker.check([bad(1, 1), bad(1, 2), bad(1, 3)], budget),
    checker.check([bad(2, 1), bad(2, 2), bad(2, 3)], budget),
  ]);
  const all = [...first, ...second];
  expect(all.filter((verdict) => verdict === 'invalid')).toHaveLength(3);
  expect(all.filter((verdict) => verdict === 'undecided')).toHaveLength(3);
});

test('[E5] without an engine an honest peer is not charged for our slowness, a liar is', async () => {
  const checker = await createSignatureChecker({ accelerator: null });
  const budget: CheckBudget = { left: 1 };
  expect(await checker.check([signed(1, 1), signed(1, 2), bad(1, 3), signed(1, 4)], budget)).toEqual([
    'valid',
    'valid',
    'invalid',
    'undecided',
  ]);
  expect(budget.left).toBe(0);
});

test('[E5] at most 64 checks are with the engine at a time, each asked once', async () => {
  const { engine, asked, mostAtOnce, reset } = counted();
  const checker = await createSignatureChecker({ accelerator: engine });
  reset();
  const checks = Array.from({ length: 150 }, (_, n) => signed(1, n));
  expect(await checker.check(checks, { left: 0 })).toEqual(checks.map(() => 'valid'));
  expect(asked()).toBe(150);
  expect(mostAtOnce()).toBe(64);
});

test('[E5] an abort stops the work and says why', async () => {
  const stop = new AbortController();
  const { engine, asked, reset } = counted();
  const checker = await createSignatureChecker({
    accelerator: async (check) => {
      const answer = await engine(check);
      if (asked() === 64) stop.abort(new Error('Bob hung up'));
      return answer;
    },
  });
  reset();
  const checks = Array.from({ length: 300 }, (_, n) => signed(1, n % 3));
  const alreadyStopped = AbortSignal.abort(new Error('too late'));
  await expect(checker.check(checks, unlimited(), alreadyStopped)).rejects.toThrow('too late');
  expect(asked()).toBe(0);
  await expect(checker.check(checks, unlimited(), stop.signal)).rejects.toThrow('Bob hung up');
  expect(asked()).toBe(64);
});

test('[E5] the reference lets others have their turn, and an abort is heard then', async () => {
  const checker = await createSignatureChecker({ accelerator: null });
  const stop = new AbortController();
  const budget: CheckBudget = { left: 1000 };
  setImmediate(() => stop.abort(new Error('page hidden')));
  const checks = Array.from({ length: 200 }, (_, n) => bad(1, n));
  await expect(checker.check(checks, budget, stop.signal)).rejects.toThrow('page hidden');
  expect(budget.left).toBeGreaterThan(900);
});

test('[E5] more keys than the cache holds are all still right', async () => {
  const checker = await createSignatureChecker();
  const one = signed(1, 1);
  const keys = Array.from({ length: 1100 }, (_, n): SignatureCheck => ({
    ...one,
    key: toHex(Uint8Array.from({ length: 32 }, (__, i) => (i < 2 ? (n >> (8 * i)) & 255 : 9))) as PublicKey,
  }));
  const verdicts = await checker.check([one, ...keys, one], { left: 0 });
  expect(verdicts[0]).toBe('valid');
  expect(verdicts.at(-1)).toBe('valid');
  expect(verdicts.slice(1, -1).every((verdict) => verdict === 'undecided')).toBe(true);
});

test(
  '[E5] [I17] whatever is signed and whatever bit is flipped, engine and reference agree',
  async () => {
    const [fast, slow] = await Promise.all([
      createSignatureChecker(),
      createSignatureChecker({ accelerator: null }),
    ]);
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
    await fc.assert(
      fc.asyncProperty(
        bytes32,
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(511),
        async (seedBytes, text, bit) => {
          const signature = signWithSeed(seedBytes, text);
          const check: SignatureCheck = { key: publicKeyOfSeed(seedBytes), message: text, signature };
          const checks = [check, { ...check, signature: flipBit(signature, bit) }];
          const verdicts = await fast.check(checks, unlimited());
          expect(verdicts).toEqual(['valid', 'invalid']);
          expect(await slow.check(checks, unlimited())).toEqual(verdicts);
        },
      ),
      { numRuns: RUNS },
    );
  },
  PATIENCE,
);

test('[E5] [I18] an engine that a crafted signature can end is not asked, and every other one is', () => {
  const asked: Readonly<Record<string, boolean>> = {
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/60.5 Safari/605.1.15': false,
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36': true,
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36': true,
    'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0': true,
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1': true,
    'Node.js/24': true,
    '': true,
  };
  for (const [userAgent, expected] of Object.entries(asked)) expect(mayAsk(userAgent)).toBe(expected);
});

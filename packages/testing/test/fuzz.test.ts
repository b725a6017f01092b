/**
 * That a campaign finds what it is there for. What is fuzzed with it stands beside what it is about: the `fuzz.test.ts`
 * of ledger, sync, peer and relay.
 */
import { createDecoder, decodeWith, draftBytes, KIND, MAX_DEPTH, toHex, type Entry } from '@corridor/ledger';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { campaign, campaignPlan, MAX_STEP_MS, told } from '../src/fuzz/campaign.ts';
import { nodesOf, readTree, writeTree } from '../src/fuzz/cborTree.ts';
import { mutateText } from '../src/fuzz/hostileText.ts';
import { cborCorpus, mutateCbor } from '../src/fuzz/mutateCbor.ts';
import { decoder, type Subject } from '../src/fuzz/subject.ts';
import { admit, found, keepBook, pay, person } from '../src/village.ts';

const [alice, bob] = [person('Alice'), person('Bob')];
const { ledger } = found(alice);
admit(ledger, alice, alice, bob);
pay(ledger, bob, alice, 480);
keepBook(ledger, alice);
const samples = [...ledger.entries.values()].map(({ entry }) => entry.bytes);
const corpus = cborCorpus(samples);
const shared = createDecoder(ledger.circle, sha256, 8);
/** Decodes as the ledger does, and then does something that it does not. */
const planted = (name: string, more: (entry: Entry) => void): Subject =>
  decoder(
    name,
    (rng) => mutateCbor(rng, corpus),
    (bytes) => {
      const decoded = decodeWith(shared, bytes);
      if (decoded.ok) more(decoded.value);
      return decoded.ok ? 'decoded' : decoded.fault.code;
    },
  );
const PLAN = { inputs: 20_000 };

test('[I16] a throw behind one number at its border is found, and the seed alone finds the same bytes again', async () => {
  const subject = planted('a planted throw', ({ body }) => {
    if (body.kind === KIND.votes && body.votes.some(({ seq }) => seq === 2 ** 32 - 1))
      throw new Error('planted');
  });
  const { findings } = await campaign(subject, { inputs: 100_000 });
  const [first] = findings;
  expect(first).toMatchObject({ what: 'threw', step: 0 });
  expect(first?.detail).toContain('planted');
  const again = await campaign(subject, { inputs: 1, only: first?.seed ?? -1 });
  expect(again.findings).toEqual([{ ...first, detail: again.findings[0]?.detail }]);
  const said = told(again, subject, 'a.test.ts');
  expect(said).toContain(first?.input);
  expect(said).toContain(`CORRIDOR_SEED=${first?.seed} npx vitest run a.test.ts -t 'a planted throw'`);
  expect(campaignPlan({ CORRIDOR_SEED: String(first?.seed) })).toEqual({ inputs: 1, only: first?.seed });
});

test('[I18] a loop in a loop over what a stranger sent is found', async () => {
  const pairs = (text: string): string => {
    let alike = 0;
    for (let i = 0; i < text.length; i++)
      for (let k = 0; k < i; k++) if (text.charCodeAt(i) === text.charCodeAt(k)) alike++;
    return alike > 0 ? 'alike' : 'all different';
  };
  const subject = decoder('a planted square', (rng) => mutateText(rng, 'CORRIDOR:ABC'), pairs);
  const { findings } = await campaign(subject, PLAN);
  expect(findings[0]?.what).toBe('slow');
});

test('[I16] a promise that rejects, a state that only a third message reaches, and what is broken at the end', async () => {
  const rejecting = decoder(
    'a planted rejection',
    (rng) => rng.bytes(4),
    async ([first = 0]) => {
      if (first === 77) throw new Error('planted');
      return 'fine';
    },
  );
  expect((await campaign(rejecting, PLAN)).findings[0]).toMatchObject({ what: 'threw' });

  const stateful: Subject = {
    name: 'a planted state',
    *episode(rng) {
      let state = 0;
      for (let said = 0; said < 9; said++) {
        const word = rng.below(6);
        const feed = (): string => {
          state = word === state ? state + 1 : 0;
          if (state === 4) throw new Error('planted');
          return String(state);
        };
        yield { input: word, feed };
      }
    },
  };
  const [found] = (await campaign(stateful, PLAN)).findings;
  expect(found?.step).toBeGreaterThanOrEqual(3);
  const again = await campaign(stateful, { inputs: 1, only: found?.seed ?? -1 });
  expect(again.findings[0]).toMatchObject({ step: found?.step, input: found?.input });

  const broken: Subject = {
    name: 'a planted end',
    *episode(rng) {
      const sum = rng.below(300);
      yield { input: sum, feed: () => 'fine' };
      if (sum === 7) throw new Error('[I4] planted');
    },
  };
  expect((await campaign(broken, PLAN)).findings[0]?.detail).toContain('[I4] planted');
});

test('[I18] what was slow once, because the machine was busy, is no finding; what is slow each time is', async () => {
  const busy = (ms: number): string => {
    const from = process.threadCpuUsage();
    const used = (): number => process.threadCpuUsage(from).user / 1000;
    while (used() < ms);
    return 'done';
  };
  let lives = 0;
  const once: Subject = {
    name: 'slow once',
    *episode() {
      const isFirst = lives++ === 0;
      yield { input: 0, feed: () => busy(isFirst ? 2 * MAX_STEP_MS : 0) };
    },
  };
  expect((await campaign(once, { inputs: 3 })).findings).toEqual([]);
  const always = decoder(
    'slow',
    () => 0,
    () => busy(1.5 * MAX_STEP_MS),
  );
  expect((await campaign(always, { inputs: 1 })).findings[0]).toMatchObject({ what: 'slow' });
});

test('the mutations know the encoding: most are well formed but for what is wrong, and they reach every part', async () => {
  for (const bytes of samples) expect(toHex(writeTree(readTree(bytes)))).toBe(toHex(bytes));
  const { words } = await campaign(
    planted('mutations', (entry) => void draftBytes(entry)),
    PLAN,
  );
  const times = (word: string): number => words.get(word) ?? 0;
  // Bytes that are wrong at once would never come to the checks of a field.
  expect(times('truncated') + times('trailing-bytes')).toBeLessThan(PLAN.inputs / 10);
  expect(times('decoded')).toBeGreaterThan(PLAN.inputs / 10);
  expect(times('out-of-range') + times('wrong-length')).toBeGreaterThan(PLAN.inputs / 10);
  expect(Math.max(...samples.map((bytes) => nodesOf(readTree(bytes)).length))).toBeGreaterThan(MAX_DEPTH);
});

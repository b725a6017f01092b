/** Runs many episodes of a subject and finds the input that throws or takes too long [I16] [I18]. */
import { toHex } from '@corridor/ledger';
import { createRng } from '../sim/rng.ts';
import type { Step, Subject } from './subject.ts';

/** No input may cost more than this, milliseconds. */
export const MAX_STEP_MS = 50;
/** A campaign of so many inputs is over by then, also on a busy machine; a longer one takes as long as it takes. */
const CAMPAIGN_MS = 15 * 60 * 1000;
const LONG_MS = 24 * 3600 * 1000;
/** A step that was slow is tried so often again, by the thread's own clock: a busy machine must not tell. */
const TRIES = 6;
/** Unless it was so much too slow twice: that is no chance. */
const HOPELESS = 5;
/** Findings after which a campaign stops: one fault is met again and again. What is slow would take long besides. */
const ENOUGH = 3;
const isEnough = (findings: readonly Finding[]): boolean =>
  findings.length >= ENOUGH || findings.at(-1)?.what === 'slow';
/** Characters of an input that are printed. */
const MAX_SHOWN = 20_000;
/** Inputs for each run of a property, so that `npm run test:long` multiplies both. */
const INPUTS_PER_RUN = 100;
const DEFAULT_RUNS = 1000;

export interface CampaignPlan {
  /** How many inputs, at the least. */
  readonly inputs: number;
  /** The one episode to be played again. */
  readonly only?: number;
}
/** For the test runner, milliseconds. */
export const timeoutOf = ({ inputs }: CampaignPlan): number =>
  inputs > INPUTS_PER_RUN * DEFAULT_RUNS ? LONG_MS : CAMPAIGN_MS;
export interface Finding {
  readonly seed: number;
  /** Which input of its episode, from 0. */
  readonly step: number;
  readonly what: 'threw' | 'slow';
  readonly detail: string;
  readonly input: string;
}
export interface Campaign {
  readonly inputs: number;
  readonly findings: readonly Finding[];
  /** How often each word was said. */
  readonly words: ReadonlyMap<string, number>;
  /** The slowest step's best time, milliseconds. */
  readonly slowest: number;
}

/** 100,000 inputs; `CORRIDOR_RUNS` multiplies them as it does all properties, `CORRIDOR_SEED` plays one episode. */
export function campaignPlan(env: Readonly<Record<string, string | undefined>>): CampaignPlan {
  const inputs = INPUTS_PER_RUN * Number(env['CORRIDOR_RUNS'] ?? DEFAULT_RUNS);
  const one = env['CORRIDOR_SEED'];
  return one === undefined ? { inputs } : { inputs: 1, only: Number(one) };
}

/** Episodes of seed 0, 1, 2… until so many inputs have gone in. */
export async function campaign(subject: Subject, plan: CampaignPlan): Promise<Campaign> {
  const words = new Map<string, number>();
  const findings: Finding[] = [];
  let inputs = 0;
  let slowest = 0;
  const isDue = (seed: number): boolean =>
    plan.only === undefined ? inputs < plan.inputs && !isEnough(findings) : seed === plan.only;
  for (let seed = plan.only ?? 0; isDue(seed); seed++) {
    let at = 0;
    for (const step of stepsOf(subject, seed)) {
      if (step instanceof Error) {
        findings.push({ seed, step: at, what: 'threw', detail: trace(step), input: '(between two inputs)' });
        break;
      }
      inputs++;
      const given = await timed(step);
      const place = { seed, step: at };
      if (!given.ok) {
        findings.push({ ...place, what: 'threw', detail: given.error, input: shown(step.input) });
        break;
      }
      words.set(given.word, (words.get(given.word) ?? 0) + 1);
      const best = given.ms > MAX_STEP_MS ? await bestTime(subject, seed, at, given.ms) : given.ms;
      slowest = Math.max(slowest, best);
      if (best > MAX_STEP_MS) {
        findings.push({
          ...place,
          what: 'slow',
          detail: `${best.toFixed(0)} ms at best`,
          input: shown(step.input),
        });
        break;
      }
      at++;
    }
  }
  return { inputs, findings, words, slowest };
}

/** Its steps, and at the end what was thrown between two of them. */
function* stepsOf(subject: Subject, seed: number): Generator<Step | Error> {
  try {
    yield* subject.episode(createRng(seed));
  } catch (error) {
    yield error instanceof Error ? error : new Error(String(error));
  }
}
const trace = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

type Timed =
  | { readonly ok: true; readonly word: string; readonly ms: number }
  | { readonly ok: false; readonly error: string };

async function timed(step: Step): Promise<Timed> {
  const from = performance.now();
  try {
    const said = step.feed();
    const word = typeof said === 'string' ? said : await said;
    return { ok: true, word, ms: performance.now() - from };
  } catch (error) {
    return { ok: false, error: trace(error) };
  }
}
/** Milliseconds of processor that this thread has used. */
const used = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
/** The same step in new lives of its subject, until it is fast enough once. */
async function bestTime(subject: Subject, seed: number, at: number, first: number): Promise<number> {
  let best = first;
  for (let tries = 0; tries < TRIES && best > MAX_STEP_MS; tries++) {
    if (tries > 1 && best > HOPELESS * MAX_STEP_MS) break;
    let next = 0;
    for (const step of stepsOf(subject, seed)) {
      if (step instanceof Error) break;
      const from = used();
      const given = await timed(step);
      if (next++ !== at) continue;
      if (given.ok) best = Math.min(best, given.ms, used() - from);
      break;
    }
  }
  return best;
}

const shown = (input: unknown): string => {
  const text =
    input instanceof Uint8Array
      ? toHex(input)
      : (JSON.stringify(input, (_key, value: unknown) =>
          value instanceof Uint8Array ? toHex(value) : value,
        ) ?? String(input));
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)` : text;
};

/** What was found, and how to see it again. `file`: of the test. */
export const told = ({ findings, inputs }: Campaign, { name }: Subject, file: string): string =>
  [
    `${name}, after ${inputs} inputs:`,
    ...findings.flatMap(({ seed, step, what, detail, input }) => [
      `seed ${seed}, input ${step} ${what}: ${detail}`,
      `  ${input}`,
      `  play it again: CORRIDOR_SEED=${seed} npx vitest run ${file} -t '${name}'`,
    ]),
  ].join('\n');

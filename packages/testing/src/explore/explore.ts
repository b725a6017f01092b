/**
 * Every way in which three honest witnesses, who run the real machine of `rounds.ts`, and one liar can go through the
 * rounds of one height [L1]; two lawful decisions and an unlawful one are about. Looked for are two decisions at one
 * height, an honest vote for what is unlawful, and an honest witness that contradicts itself.
 *
 * Nothing is sampled. What makes the search finite and short loses no run:
 *
 * 1. Only lanes are state. The machine remembers nothing else, so a witness may be taken to speak each time from *any*
 *    view: its own lane whole, any beginnings of the others', anything from the liar, any timers expired. That covers
 *    every order of delivery and expiry, every loss and every restart, and more: knowledge may shrink.
 * 2. The liar is no state. Whatever it may say to somebody it may say at any moment, to any subset.
 * 3. Proposals are no state. Any proposal by anybody, honest or not, may stand in a view; so may one's own.
 * 4. Earlier words only. What is said in a round does not depend on later rounds, nor on that round's precommits,
 *    except that the others' presence there brings one along; that presence every view is given for nothing. (A test
 *    of its own holds the machine to this.) So the words of any run can be put into the order of their layers, prevotes
 *    of round 0, precommits of round 0, prevotes of round 1 and so on, and each could still be said: only such orders
 *    are explored, and a view ends with the layer in which it is spoken from.
 * 5. What can be said from some beginnings can be said when the lanes have grown, so only views that end with the last
 *    known word are tried anew.
 * 6. The machine knows witnesses by whose turn it is and decisions by their lawfulness alone, or to break a tie whose
 *    other outcome another view has; so states that differ by names are one. (One round is explored by name as well,
 *    and the liar's short menu compared with the full one.)
 */
import {
  quorum,
  whatNext,
  type HeightFacts,
  type RoundRules,
  type Statement,
  type Step,
} from '@corridor/ledger';
import {
  before,
  lastOf,
  layerOf,
  letterAt,
  letterOf,
  roundOf,
  write,
  type Lane,
  type Letter,
} from './lanes.ts';
import { N, OWN, viewsOf, type Menu } from './views.ts';

export interface Exploration {
  readonly rounds: number;
  readonly menu: Menu;
  readonly rules: RoundRules;
  /** Whether states that differ by the names of witnesses and decisions alone are taken for one. */
  readonly bySymmetry: boolean;
  /** The honest lanes at the start, of so many rounds; by default, silence. */
  readonly start?: readonly Lane[];
  /** What the honest take for lawful; by default, what is. */
  readonly isLawful?: HeightFacts['isLawful'];
}
export interface Explored {
  /** The triples of honest lanes that can come about. */
  readonly states: ReadonlySet<string>;
  /** Different (own lane, others' lanes as known, layer) whose views were tried. */
  readonly situations: number;
  /** Calls of the machine. */
  readonly calls: number;
  /** In how many states something is decided. */
  readonly decided: number;
  /** The first thing that must not be, and the lanes that show it. */
  readonly violation: string | null;
}

export function explore(exploration: Exploration): Explored {
  const { rounds, bySymmetry } = exploration;
  const layers = 2 * rounds;
  const speech = createSpeech(exploration);
  const nameOf = bySymmetry ? leastName : (lanes: readonly Lane[]): string => lanes.join(' ');
  const start = (exploration.start ?? ['', '', '']).map((lane) => lane.padEnd(layers, '-'));
  const seen = new Set([nameOf(start)]);
  let decided = 0;
  const result = (violation: string | null): Explored => ({
    states: seen,
    decided,
    violation,
    ...speech.figures(),
  });
  for (let layer = 0; layer < layers; layer++) {
    const work = [...seen];
    for (let state = work.pop(); state !== undefined; state = work.pop()) {
      const lanes: readonly Lane[] = state.split(' ');
      for (const [own, lane] of lanes.entries()) {
        if (lastOf(lane) >= layer) continue;
        const said = speech.from(
          lane,
          lanes.filter((_, i) => i !== own),
          layer,
        );
        if (typeof said === 'string') return result(`${said} after ${state}`);
        if (said.has('u')) return result(`u taken for lawful after ${state}`);
        for (const letter of said) {
          const next = lanes.map((before, i) => (i === own ? write(before, layer, letter) : before));
          const name = nameOf(next);
          if (seen.has(name)) continue;
          seen.add(name);
          work.push(name);
          const winners = winnersOf(next);
          if (winners.length > 0) decided++;
          if (winners.length > 1) return result(`${winners.join(' and ')} decided by ${name}`);
        }
      }
    }
  }
  return result(null);
}
/** One name for all states that become each other when witnesses, or the two decisions, change places. */
export function leastName(lanes: readonly Lane[]): string {
  const name = [...lanes].sort(byText).join(' ');
  const swapped = lanes.map(swap).sort(byText).join(' ');
  return name < swapped ? name : swapped;
}
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const swap = (lane: Lane): Lane => lane.replace(/[xy]/g, (letter) => (letter === 'x' ? 'y' : 'x'));

/** Decisions that a quorum precommitted in one round, the liar among it. */
function winnersOf(lanes: readonly Lane[]): readonly Letter[] {
  const winners = new Set<Letter>();
  for (let layer = 1; layer < (lanes[0]?.length ?? 0); layer += 2)
    for (const letter of ['x', 'y'] as const)
      if (lanes.filter((lane) => letterAt(lane, layer) === letter).length + 1 >= quorum(N))
        winners.add(letter);
  return [...winners];
}

interface Speech {
  /** What a witness with that lane can say in that layer, or how it contradicts itself. */
  from(own: Lane, others: readonly Lane[], layer: number): ReadonlySet<Letter> | string;
  figures(): Pick<Explored, 'situations' | 'calls'>;
}
function createSpeech({ menu, rules, isLawful }: Exploration): Speech {
  const known = new Map<string, ReadonlySet<Letter> | string>();
  let calls = 0;
  const ask = (facts: HeightFacts, expired: readonly Step[]): readonly Statement[] => {
    calls++;
    const { statements, timer } = whatNext(
      { ...facts, hasExpired: (_, step) => expired.includes(step) },
      rules,
    );
    // Whoever waits may see the timer run out.
    return statements.some(({ step }) => step !== 'propose') || timer === null || expired.includes(timer.step)
      ? statements
      : ask(facts, [...expired, timer.step]);
  };
  const tryAll = (lanes: readonly Lane[], layer: number, letters: Set<Letter>): string | undefined => {
    const last = lastOf(lanes[OWN] ?? '');
    for (const facts of viewsOf(lanes, layer, menu)) {
      if (letters.size === 3) return undefined;
      for (const statement of ask(isLawful === undefined ? facts : { ...facts, isLawful }, [])) {
        const { round, step, id } = statement;
        const proposed = [...(facts.rounds.get(round)?.propose.values() ?? [])].some(
          (bits) => (bits >> OWN) & 1,
        );
        const isOld = step === 'propose' ? proposed || round < roundOf(last) : layerOf(statement) <= last;
        if (isOld) return `${step} ${letterOf(id)} in round ${round} by ${lanes[OWN] ?? ''}`;
        if (step === 'propose') continue;
        if (layerOf(statement) === layer) letters.add(letterOf(id));
        break;
      }
    }
    return undefined;
  };
  const from: Speech['from'] = (own, others, layer) => {
    // What others precommit in the round itself is not looked at.
    const heard = others
      .map((lane) => before(lane, Math.min(2 * roundOf(layer) + 1, lane.length)))
      .sort(byText);
    const key = `${layer} ${own} ${heard.join(' ')}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const letters = new Set<Letter>();
    let fault: string | undefined;
    for (const [i, lane] of heard.entries()) {
      if (lastOf(lane) < 0) continue;
      const said = from(
        own,
        heard.map((l, at) => (at === i ? before(lane) : l)),
        layer,
      );
      if (typeof said === 'string') fault ??= said;
      else for (const letter of said) letters.add(letter);
    }
    fault ??= tryAll([own, ...heard], layer, letters);
    known.set(key, fault ?? letters);
    return fault ?? letters;
  };
  return { from, figures: () => ({ situations: known.size, calls }) };
}

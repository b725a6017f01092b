/**
 * Bob, turned hostile once his membership is proven: he goes through the protocol with Alice, and what he says is
 * changed on its way, said twice, said at another time, or is something else altogether.
 */
import { decodeMessage, encodeMessage } from '../src/index.ts';
import type { Message } from '../src/index.ts';
import { mutateBytes } from '../../testing/src/fuzz/mutateBytes.ts';
import { createValueMutator, valueCorpus } from '../../testing/src/fuzz/mutateValue.ts';
import type { Step, Subject } from '../../testing/src/fuzz/subject.ts';
import type { Rng } from '../../testing/src/sim/rng.ts';
import { meet } from './meeting.ts';
import type { End, Meeting } from './meeting.ts';
import { accountOf, copyInto, createReplica, foundCircle, hashNamed, voiceOf, witnessOf } from './replica.ts';
import type { Replica } from './replica.ts';

/** Messages of one life: enough for a proof that is looked for, and for credit that runs out. */
const MAX_SAID = 40;
/** Steps of an honest beginning. */
const MAX_BEGINNING = 200;
/** Changes tried for one that can be read: most of what cannot is met at the first byte. */
const TRIES = 4;

/** What the two hold when they meet, and how often: a life works on copies, and copying takes as long as it holds. */
const WORLDS: readonly { readonly often: number; readonly make: () => readonly [Replica, Replica] }[] = [
  /** Both hold the same. */
  { often: 6, make: () => [withTrade(3), withTrade(3)] },
  /** Bob has what Alice lacks, and she what he lacks. */
  { often: 6, make: () => [withTrade(2), withTrade(7)] },
  { often: 3, make: () => [withTrade(7), withTrade(2)] },
  /** So much of it that anchors stand in between. */
  { often: 1, make: () => [withTrade(2), withTrade(200)] },
  /** Carol has told each of them something else. */
  { often: 4, make: () => twoFaced(accountOf(2), 3, 2) },
  { often: 1, make: () => twoFaced(accountOf(2), 66, 3) },
  { often: 2, make: () => twoFaced(voiceOf(2), 2, 2) },
  { often: 2, make: () => twoFaced(witnessOf(0), 1, 2) },
  /** Alice's log does not know Bob yet. */
  { often: 2, make: () => [foundCircle([]), withTrade(4)] },
];
function withTrade(entries: number): Replica {
  const replica = foundCircle(['Bob', 'Carol']);
  for (let i = 0; i < entries; i++) {
    replica.append(accountOf(i % 3), 90);
    if (i % 4 === 0) replica.append(voiceOf(1), 60);
  }
  for (let i = 0; i < 4; i++)
    replica.texts.set(hashNamed(`${i}`), i === 2 ? 'gone' : new Uint8Array(40).fill(i));
  return replica;
}
function twoFaced(
  feed: Parameters<Replica['append']>[0],
  common: number,
  each: number,
): readonly [Replica, Replica] {
  const [alice, bob] = [withTrade(3), withTrade(3)];
  for (const [filler, replica] of [alice, bob].entries()) {
    for (let i = 0; i < common; i++) replica.append(feed, 80);
    for (let i = 0; i < each; i++) replica.append(feed, 80, { filler });
  }
  return [alice, bob];
}
/** Alice's and Bob's replicas of a world, theirs alone. */
const people = (templates: readonly [Replica, Replica]): readonly [Replica, Replica] => {
  const [alice, bob] = [createReplica('Alice'), createReplica('Bob')];
  copyInto(templates[0], alice);
  copyInto(templates[1], bob);
  for (const [hash, text] of templates[0].texts) alice.texts.set(hash, text);
  return [alice, bob];
};

/** Hosts do at once what they owe. */
const work = (end: End): void => {
  for (let task = end.due.shift(); task !== undefined; task = end.due.shift()) end.act(task());
};
/** Goes on honestly until Alice has Bob's proof. */
function greet({ left, step }: Meeting): void {
  for (let i = 0; i < MAX_BEGINNING; i++)
    if (left.sent.some(({ message }) => message.type === 'root') || !step(i)) return;
}

/** Everything honest peers say in these worlds, as a corpus for the changes. */
function overheard(templates: readonly (readonly [Replica, Replica])[]): readonly Message[] {
  return templates.flatMap((template) => {
    const { left, right, settle } = meet(...people(template));
    settle();
    left.act(left.session.wantTexts([0, 1, 2, 3].map((i) => hashNamed(`${i}`))));
    right.act(right.session.wantTexts([0, 2, 7].map((i) => hashNamed(`${i}`))));
    settle();
    return [...left.sent, ...right.sent].map(({ message }) => message);
  });
}

/** What may come at any time; the rest ends a session unless it is asked for, or its round is open. */
const WELCOME: ReadonlySet<Message['type']> = new Set(['want', 'push', 'credit', 'proofWant', 'wantText']);

/** What Bob puts on the wire: what is honest, changed or not, or something that he once heard. */
function speakerOf(corpus: readonly Message[]): (rng: Rng, honest: Uint8Array | undefined) => Uint8Array {
  const change = createValueMutator(valueCorpus(corpus));
  const welcome = corpus.filter(({ type }) => WELCOME.has(type));
  return (rng, honest) => {
    if (honest !== undefined && rng.chance(0.4)) return honest;
    const said = honest === undefined ? undefined : decodeMessage(honest);
    const message =
      said?.ok === true && rng.chance(0.8) ? said.value : rng.pick(rng.chance(0.9) ? welcome : corpus);
    const bytes = encodeMessage(message);
    if (rng.chance(0.05)) return mutateBytes(rng, bytes);
    for (let tries = 0; tries < TRIES; tries++)
      try {
        const changed = encodeMessage(change(rng, message));
        if (rng.chance(0.05) || decodeMessage(changed).ok) return changed;
      } catch {
        // No encoder of ours writes that.
      }
    return mutateBytes(rng, bytes);
  };
}

/** `more`: messages of every kind that no honest peer said in these worlds. */
export function hostilePeer(more: readonly Message[]): Subject {
  const templates = WORLDS.map(({ make }) => make());
  const lots = WORLDS.flatMap(({ often }, i) => Array.from({ length: often }, () => i));
  const corpus = [...overheard(templates), ...more];
  const speak = speakerOf(corpus);
  return {
    name: 'a session',
    *episode(rng) {
      const meeting = meet(...people(templates[rng.pick(lots)] ?? rng.pick(templates)), {
        left: { window: rng.pick([8192, 65_536, 2 ** 20]) },
      });
      const { left, right } = meeting;
      greet(meeting);
      const said: Uint8Array[] = [];
      /** Bob's own session answers as if nothing were wrong, as long as it can. */
      const answer = (): void => {
        for (const bytes of left.outbox.splice(0)) right.act(right.session.receive(bytes));
        work(right);
      };
      let now = 0;
      const life = (bytes: Uint8Array): Step => ({
        input: bytes,
        feed: () => {
          left.act(left.session.receive(bytes));
          work(left);
          if (rng.chance(0.1)) left.act(left.session.tick((now += rng.pick([1000, 20_000, 70_000]))));
          if (rng.chance(0.05)) left.act(left.session.wantTexts([hashNamed('0'), hashNamed('9')]));
          if (rng.chance(0.05)) left.act(left.session.news([left.replica.append(voiceOf(0), 60)]));
          work(left);
          answer();
          if (left.faults.length > 1) throw new Error('an end that does not end');
          return left.faults[0]?.code ?? left.session.state();
        },
      });
      while (said.length < MAX_SAID && left.faults.length === 0) {
        const bytes = said.length > 0 && rng.chance(0.1) ? rng.pick(said) : speak(rng, right.outbox.shift());
        said.push(bytes);
        yield life(bytes);
      }
    },
  };
}

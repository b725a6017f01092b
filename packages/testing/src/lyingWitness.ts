/** A witness who lies in all it says, for stories in which the rest of its peer is the real one [I11]. */
import {
  KIND,
  LANE,
  toHex,
  type Body,
  type BookKeysBody,
  type Id,
  type Ledger,
  type RoundBody,
  type StopBody,
  type VotesBody,
} from '@corridor/ledger';
import type { Peer } from '@corridor/peer';

type Replica = NonNullable<ReturnType<Peer['circle']>>['replica'];

/**
 * What a lie was about: a payment's place, a round of the log, what it saw in an account, a promise to stop there, a book key
 * that hardly anybody is given.
 */
export type Lie = 'vote' | 'round' | 'report' | 'promise' | 'key';

const madeUp = (): Id => toHex(crypto.getRandomValues(new Uint8Array(32))) as Id;
const MAX_VOTES = 64;

const twice = ({ votes, ...body }: VotesBody): VotesBody => ({
  ...body,
  // What is votes' room beyond them has the other vote in each place.
  votes: [...votes, ...votes.map((vote) => ({ ...vote, id: madeUp() }))].slice(0, MAX_VOTES),
});
/** As if nothing had ever been certified there: a closing on that would take back what is settled. */
const forgetful = (body: StopBody): StopBody => ({
  ...body,
  reports: body.reports.map((report) => ({ ...report, head: null, vote: null })),
});
/** What it promised to do no more, done. */
const broken = (ledger: Ledger, { reports }: StopBody): VotesBody => ({
  kind: KIND.votes,
  votes: reports.flatMap(({ ordinal, incarnation, head }) => {
    const device = ledger.log.ordinals[ordinal];
    return device === undefined ? [] : [{ device, incarnation, seq: (head?.seq ?? -1) + 1, id: madeUp() }];
  }),
  receipts: [],
});
/** Both, and nothing: what she says for nobody, or a precommit for what is not there, would be her own lock as well. */
const contradicted = (body: RoundBody): readonly RoundBody[] =>
  body.decision === null ? [body] : [body, { ...body, decision: null }];

/** The next key of the book under its right id, sealed so that only these can open it. */
const forThese = ({ sealed, ...body }: BookKeysBody, friends: readonly number[]): BookKeysBody => ({
  ...body,
  sealed: sealed.map((one) =>
    friends.includes(one.ordinal) ? one : { ...one, sealed: one.sealed.replaceAll(/[0-9a-f]/g, '0') },
  ),
});

/** What she says in place of what she should. */
function twist(
  ledger: Ledger,
  bodies: readonly Body[],
  lies: Record<Lie, number>,
  friends: readonly number[],
): readonly Body[] {
  return bodies.flatMap((body): readonly Body[] => {
    switch (body.kind) {
      case KIND.bookKeys:
        lies.key += 1;
        return [forThese(body, friends)];
      case KIND.votes:
        if (body.votes.length === 0) return [body];
        lies.vote += 1;
        return [twice(body)];
      case KIND.prevote:
      case KIND.precommit:
        if (body.decision !== null) lies.round += 1;
        return contradicted(body);
      case KIND.stop: {
        if (body.reports.some(({ head }) => head !== null)) lies.report += 1;
        // A book's closing is a series of entries in a row: between two of them is no room for a lie.
        if (body.parts !== 0) return [forgetful(body)];
        lies.promise += 1;
        return [forgetful(body), broken(ledger, body)];
      }
      default:
        return [body];
    }
  });
}

/**
 * From now on what this replica writes as a witness is bent, and counted in `lies`. Twice does no harm; the next
 * book has another replica. `friends`: devices, by ordinal, who get the keys she makes.
 */
export function bendWitness(
  replica: Replica | undefined,
  lies: Record<Lie, number>,
  friends: readonly number[] = [],
): void {
  if (replica === undefined || bent.has(replica)) return;
  bent.add(replica);
  const { append, ledger } = replica;
  const bentAppend: typeof append = (lane, build, before) =>
    append(
      lane,
      () => {
        const built = build();
        return built.ok && lane !== LANE.account
          ? { ok: true, value: twist(ledger, built.value, lies, friends) }
          : built;
      },
      before,
    );
  Object.assign(replica, { append: bentAppend });
}
const bent = new WeakSet<object>();

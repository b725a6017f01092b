/** [K1] Who went along with a circle founded anew still speaks to whoever is in the old one, of the old books alone. */
import { expect, test } from 'vitest';
import type { Id } from '@corridor/ledger';
import { sessionSecret } from '../src/index.ts';
import type { EarlierCircle, SessionOptions } from '../src/index.ts';
import { bookKey, CIRCLE, meet } from './meeting.ts';
import { accountOf, copyInto, createReplica, foundCircle, voiceOf, type Replica } from './replica.ts';

const NEW_CIRCLE = '22'.repeat(32) as Id;
/** As somebody who has gone along speaks: under the new circle's key first. */
const gone = (old: Replica, fresh: Replica): Partial<SessionOptions> => {
  const before: EarlierCircle = {
    circle: CIRCLE,
    secrets: [sessionSecret(bookKey(0))],
    shelf: old.shelf,
  };
  return {
    circle: NEW_CIRCLE,
    secrets: [sessionSecret(bookKey(1))],
    shelf: fresh.shelf,
    earlier: [before],
  };
};
const story = (): readonly [Replica, Replica, Replica] => {
  const old = foundCircle(['Bob', 'Carol']);
  const carol = createReplica('Carol');
  copyInto(old, carol);
  old.append(voiceOf(0), 200);
  const fresh = foundCircle(['Bob', 'Carol']);
  fresh.append(accountOf(0), 300);
  return [old, fresh, carol];
};

for (const calls of ['who has gone', 'who has not'] as const)
  test(`[K1] [S3] ${calls} calls: what was said in the old book arrives, and nothing of the new one`, () => {
    const [old, fresh, carol] = story();
    const { left, right, settle } =
      calls === 'who has gone'
        ? meet(old, carol, { left: gone(old, fresh) })
        : meet(carol, old, { right: gone(old, fresh) });
    expect(settle()).toBe(true);
    expect(carol.contents()).toEqual(old.contents());
    expect([left.session.state(), right.session.state()]).toEqual(['live', 'live']);
    expect([...left.faults, ...right.faults]).toEqual([]);
  });
test('[K1] [S3] two who have gone along speak of the new circle at once', () => {
  const [old, fresh] = story();
  const other = createReplica('Bob');
  copyInto(fresh, other);
  fresh.append(accountOf(0), 300);
  const { left, right, settle } = meet(fresh, other, { left: gone(old, fresh), right: gone(old, other) });
  expect(settle()).toBe(true);
  expect(other.contents()).toEqual(fresh.contents());
  expect([left.session.state(), right.session.state()]).toEqual(['live', 'live']);
});

import { decodeInvite, encodeInvite, fromBase64url, toBase64url, type Invite } from '@corridor/ledger';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '@corridor/testing/peers';
import {
  allFinal,
  circleOf,
  inside,
  invite,
  pays,
  refusal,
  value,
  village,
  viewOf,
  type Person,
} from './stories.ts';

let place = village();
afterEach(async () => {
  await place.close();
  place = village();
});
const changed = (link: string, change: (read: Invite) => Invite): string => {
  const [app = '', fragment = ''] = link.split('#j=');
  const read = decodeInvite(fromBase64url(fragment) ?? new Uint8Array(0));
  if (!read.ok) throw new Error('no invite');
  return `${app}#j=${toBase64url(encodeInvite(change(read.value)))}`;
};
const joiningView = ({ peer }: Pick<Person, 'peer'>) => {
  const view = peer.view();
  return view.stage === 'joining' ? view : undefined;
};

test('[S2] Bob carries Carol’s request while Alice, who keeps the book, is away; Alice lets her in when she is back', async () => {
  const [alice, bob] = await circleOf(place, 'alice', 'bob');
  if (alice === undefined || bob === undefined) throw new Error('two people');
  const link = await invite(alice);
  await alice.peer.stop();
  const carol = await place.open('carol');
  await value(carol.peer.intents.join(link, 'Carol'));
  await eventually('carried', () => joiningView(carol)?.progress === 'waiting-for-keeper');
  const carried = bob.peer.circle()?.replica.ledger.entries.size;
  // Asked again after a reload: one voice for one invite.
  const again = await carol.reload();
  await eventually('carried again', () => joiningView(again)?.progress === 'waiting-for-keeper');
  expect(bob.peer.circle()?.replica.ledger.entries.size).toBe(carried);
  const back = await place.open('alice', {}, alice.disk);
  await inside(again);
  await eventually('Alice knows Carol by name', () => viewOf(back)?.people.some((p) => p.name === 'Carol'));
  await pays(again, back, 300);
  await allFinal([again, back], 1);
});

test('[S2] an invite is used once: the second who tries is told so', async () => {
  const [alice] = await circleOf(place, 'alice');
  if (alice === undefined) throw new Error('Alice');
  const link = await invite(alice);
  const bob = await place.open('bob');
  await value(bob.peer.intents.join(link, 'Bob'));
  await inside(bob);
  const mallory = await place.open('mallory');
  await value(mallory.peer.intents.join(link, 'Mallory'));
  await eventually('refused', () => joiningView(mallory)?.refused === 'invite-used');
  expect(viewOf(alice)?.people).toHaveLength(2);
  await value(mallory.peer.intents.cancelJoin());
  expect(mallory.peer.view()).toEqual({ stage: 'none' });
});

test('[S2] two newcomers with one invite at once: one is in, the other is told', async () => {
  const [alice] = await circleOf(place, 'alice');
  if (alice === undefined) throw new Error('Alice');
  const link = await invite(alice);
  const two = [await place.open('bob'), await place.open('carol')];
  await Promise.all(two.map((person) => person.peer.intents.join(link, person.name)));
  await eventually('one in, one refused', () => {
    const inNow = two.filter((p) => viewOf(p) !== undefined).length;
    return inNow === 1 && two.some((p) => joiningView(p)?.refused === 'invite-used');
  });
  expect(viewOf(alice)?.people).toHaveLength(2);
});

test('[S2] an invite older than two days is refused at the door, whose clock decides, not the newcomer’s', async () => {
  const [alice] = await circleOf(place, 'alice');
  if (alice === undefined) throw new Error('Alice');
  const link = await invite(alice);
  const bob = await place.open('bob', {
    clock: { now: () => Date.now(), after: (ms, task) => (setTimeout(task, ms), () => undefined) },
  });
  place.later = 3 * 24 * 3600;
  await value(bob.peer.intents.join(link, 'Bob'));
  await eventually('refused at the door', () => joiningView(bob)?.refused === 'invite-expired');
});

test('[S2] an invite that Alice did not sign, or of a decision nobody took, opens no door', async () => {
  const [alice] = await circleOf(place, 'alice');
  if (alice === undefined) throw new Error('Alice');
  const link = await invite(alice);
  const forged = changed(link, (read) => ({ ...read, expiresAt: read.expiresAt + 1 }));
  const mallory = await place.open('mallory');
  await value(mallory.peer.intents.join(forged, 'Mallory'));
  await eventually('refused', () => joiningView(mallory)?.refused === 'bad-signature');
  expect(viewOf(alice)?.people).toHaveLength(1);
});

test('[S2] a link of another circle meets nobody here, and a broken one is no invite', async () => {
  const [alice] = await circleOf(place, 'alice');
  if (alice === undefined) throw new Error('Alice');
  const link = await invite(alice);
  const bob = await place.open('bob');
  expect(await refusal(bob.peer.intents.join(`${link.slice(0, -9)}`, 'Bob'))).toBe('unreadable-code');
  const other = changed(link, (read) => ({
    ...read,
    circle: read.decision.replace(/^./, '0') as Invite['circle'],
  }));
  await value(bob.peer.intents.join(other, 'Bob'));
  await eventually('still looking', () => joiningView(bob)?.progress === 'looking');
  expect(viewOf(alice)?.sharing.connections).toEqual([]);
});

test('[S2] two members let two people in at once, and everybody ends with the same four', async () => {
  const [alice, bob] = await circleOf(place, 'alice', 'bob');
  if (alice === undefined || bob === undefined) throw new Error('two people');
  const links = [await invite(alice), await invite(bob)];
  const newcomers = [await place.open('carol'), await place.open('dan')];
  await Promise.all(newcomers.map((p, i) => p.peer.intents.join(links[i] ?? '', p.name)));
  for (const person of [alice, bob, ...newcomers])
    await eventually(`${person.name} sees four`, () => viewOf(person)?.people.length === 4);
});

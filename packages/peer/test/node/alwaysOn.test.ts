import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  createMemoryDisk,
  createPeer,
  createSignatureChecker,
  openMemoryStore,
  type CircleView,
  type Peer,
} from '@corridor/peer';
import { decodeInvite, encodeInvite, fromBase64url, toBase64url } from '@corridor/ledger';
import { createNodeCipher, createSha256 } from '@corridor/peer/node';
import { createNodeTransport, fetchRelayList } from '@corridor/peer/transport/node';
import { createRelay } from '@corridor/relay';
import { startAlwaysOn } from '../../src/node/alwaysOn.ts';
import { readOptions } from '../../src/node/options.ts';
import { eventually, realClock } from '../../../testing/src/peers.ts';
import { twoRelays } from '../transport/lab.ts';

const cleanUp: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const WAIT_MS = 30_000;

async function phone(app: string, disk = createMemoryDisk()): Promise<Peer> {
  const peer = await createPeer({
    store: openMemoryStore(disk, random),
    clock: realClock,
    random,
    sha256: await createSha256(),
    cipher: createNodeCipher(),
    checker: await createSignatureChecker(),
    openTransport: (identitySeed, relays) =>
      createNodeTransport({
        identitySeed,
        relays,
        fetchRelays: (signal) => fetchRelayList(app, signal),
        clock: realClock,
        random,
      }),
    appUrl: app,
    onView: () => undefined,
  });
  cleanUp.push(() => peer.stop().catch(() => undefined));
  return peer;
}
const viewOf = (peer: Peer): CircleView | undefined => {
  const view = peer.view();
  return view.stage === 'circle' ? view.view : undefined;
};
const inside = (peer: Peer): Promise<CircleView> =>
  eventually('inside the circle', () => viewOf(peer), WAIT_MS);
async function value<T>(
  answer: Promise<{ ok: true; value: T } | { ok: false; refusal: { code: string } }>,
): Promise<T> {
  const given = await answer;
  if (!given.ok) throw new Error(JSON.stringify(given.refusal));
  return given.value;
}
const paying = (to: CircleView['me'], amount: number, intent: string) =>
  ({ to: to.device, amount, memo: '', need: null, requestCode: null, intent, handOver: false }) as const;

test('[P7] [L0] Alice hands the book to an always-on peer and leaves; Bob spends at once what she paid him, and Carol finds hers', async () => {
  const relay = await createRelay({ host: '127.0.0.1', httpPort: 0, stunPort: 'off', statusPort: 'off' });
  cleanUp.push(() => relay.stop());
  const app = relay.appUrl.replace(/\/$/, '');
  const dataDir = mkdtempSync(join(tmpdir(), 'corridor-peer-'));
  cleanUp.push(() => rmSync(dataDir, { recursive: true, force: true }));

  const alicesDisk = createMemoryDisk();
  const alice = await phone(app, alicesDisk);
  await value(
    alice.intents.found({ circleName: 'Valldor', unitName: 'dor', decimals: 2, memberName: 'Alice' }),
  );
  const invite = async (as: 'member' | 'device') => (await value(alice.intents.createInvite(as))).link;
  const options = { dataDir, name: null, statusPort: 0, app: null, offersToKeep: true, json: false };
  let steady = await startAlwaysOn({ ...options, invite: await invite('device') });
  cleanUp.push(() => steady.stop().catch(() => undefined));
  const bob = await phone(app);
  await value(bob.intents.join(await invite('member'), 'Bob'));
  const carolsDisk = createMemoryDisk();
  let carol = await phone(app, carolsDisk);
  await value(carol.intents.join(await invite('member'), 'Carol'));
  const [a, b, c] = [(await inside(alice)).me, (await inside(bob)).me, (await inside(carol)).me];
  await inside(steady.peer);
  await carol.stop();

  await value(alice.intents.pay(paying(b, 2_000, 'alice-bob')));
  const candidate = await eventually(
    'an offer to keep the book',
    () => viewOf(alice)?.keeperCandidates.find((k) => k.connected),
    WAIT_MS,
  );
  expect(candidate.label).toBe('Alice · always on');
  await value(alice.intents.keepBook(candidate.device));
  await eventually('the new keeper knows', () => viewOf(steady.peer)?.keeper.isThisDevice, WAIT_MS);
  await value(alice.intents.pay(paying(b, 500, 'alice-bob-2')));
  await eventually('Bob has both', () => viewOf(bob)?.balance.shown === 2_500, WAIT_MS);
  await alice.stop();

  await value(bob.intents.pay(paying(c, 17_000, 'bob-carol')));
  await eventually(
    'final without Alice',
    () => viewOf(bob)?.lines.find((line) => line.amount === 17_000)?.state === 'final',
    WAIT_MS,
  );
  await bob.stop();
  await steady.stop();
  steady = await startAlwaysOn({ ...options, invite: null });
  const page = await fetch(`http://127.0.0.1:${steady.status?.port}/status.json`);
  expect(await page.json()).toMatchObject({ Circle: 'Valldor', 'Keeps the book': 'yes' });

  carol = await phone(app, carolsDisk);
  await eventually('Carol finds her payment', () => viewOf(carol)?.balance.shown === 17_000, WAIT_MS);
  expect(viewOf(carol)?.keeper.device).not.toBe(a.device);

  const back = await phone(app, alicesDisk);
  await eventually('Alice hears her other device', () => viewOf(back)?.keeper.reachable, WAIT_MS);
  await value(back.intents.keepBook(a.device));
  await eventually('the book is back with Alice', () => viewOf(back)?.keeper.isThisDevice, WAIT_MS);
  await value(carol.intents.pay(paying(a, 100, 'carol-alice')));
  await eventually(
    'and she settles',
    () => viewOf(back)?.lines.some((l) => l.amount === 100 && l.state === 'final'),
    WAIT_MS,
  );
}, 120_000);

/** A link as somebody makes it who knows of no relay but the app's own. */
function namingNoRelay(link: string): string {
  const [head = '', code = ''] = link.split('#j=');
  const invite = decodeInvite(fromBase64url(code) ?? new Uint8Array(0));
  if (!invite.ok) throw new Error('no invite');
  expect(invite.value.relays).toHaveLength(1);
  return `${head}#j=${toBase64url(encodeInvite({ ...invite.value, relays: [] }))}`;
}

test('[S2] an invite leads to the circle when the relay that served the app is gone, and so does what it named before', async () => {
  const folder = (): string => {
    const dir = mkdtempSync(join(tmpdir(), 'corridor-peer-'));
    cleanUp.push(() => rmSync(dir, { recursive: true, force: true }));
    return dir;
  };
  const relays = await twoRelays([folder(), folder()]);
  for (const relay of relays) cleanUp.push(() => relay.stop());
  const app = relays[0].appUrl.replace(/\/$/, '');
  const alice = await phone(app);
  await value(
    alice.intents.found({ circleName: 'Valldor', unitName: 'dor', decimals: 2, memberName: 'Alice' }),
  );
  await eventually(
    'Alice at both relays',
    () => viewOf(alice)?.sharing.relays.filter(({ state }) => state === 'ready').length === 2,
    WAIT_MS,
  );
  const link = async () => (await value(alice.intents.createInvite('member'))).link;
  const options = { name: 'Bob', statusPort: null, app: null, offersToKeep: false, json: false };
  const start = async (dataDir: string, invite: string | null): Promise<Peer> => {
    const { peer, stop } = await startAlwaysOn({ ...options, dataDir, invite });
    cleanUp.push(() => stop().catch(() => undefined));
    await inside(peer);
    return peer;
  };
  const goesOn = async (peer: Peer): Promise<void> => {
    const intent = crypto.randomUUID();
    const { line } = await value(peer.intents.pay(paying((await inside(alice)).me, 100, intent)));
    await eventually(
      'final',
      () => viewOf(peer)?.lines.find(({ id }) => id === line.id)?.state === 'final',
      WAIT_MS,
    );
  };
  // Bob comes while all is well; his invite names no relay, so what he later knows is what the host told.
  const bobsDir = folder();
  const bob = await start(bobsDir, namingNoRelay(await link()));
  await goesOn(bob);
  const carolsLink = await link();
  await relays[0].stop();
  await bob.stop();
  await goesOn(await start(bobsDir, null));
  await goesOn(await start(folder(), carolsLink));
}, 120_000);

test('the always-on peer says in a sentence what is wrong with how it was started', async () => {
  expect(readOptions(['--status-port', 'many'], {})).toMatchObject({ type: 'wrong' });
  expect(readOptions(['--colour'], {})).toMatchObject({ type: 'wrong' });
  expect(readOptions(['--help'], {})).toEqual({ type: 'help' });
  const dataDir = mkdtempSync(join(tmpdir(), 'corridor-peer-'));
  cleanUp.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const options = { dataDir, name: null, statusPort: null, app: null, offersToKeep: true, json: false };
  await expect(startAlwaysOn({ ...options, invite: null })).rejects.toThrow('Give an invite');
  await expect(startAlwaysOn({ ...options, invite: 'https://valldor.example/#j=rubbish' })).rejects.toThrow(
    'no invite link',
  );
});

/** The always-on peer: the same createPeer as in a browser, over SQLite and the relays, with a status page. */
import { createPeer, type Peer } from '../createPeer.ts';
import type { Clock } from '../ports.ts';
import { createSignatureChecker } from '../signatureChecker.ts';
import {
  createNodeTransport,
  decodeRelayMemory,
  encodeRelayMemory,
  fetchRelayList,
} from '../transport/node.ts';
import { createNodeCipher } from './nodeCipher.ts';
import type { AlwaysOnOptions } from './options.ts';
import { createSha256 } from './sha256.ts';
import { openSqliteStore } from './sqliteStore.ts';
import { startStatusPage, type StatusPage } from './statusPage.ts';

export interface AlwaysOn {
  readonly peer: Peer;
  readonly status: StatusPage | null;
  stop(): Promise<void>;
}
const APP_RECORD = 'app';
/** What the app's host last named as its relays. */
const RELAYS_RECORD = 'app.relays';
const clock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** Starts it; an Error's message is a sentence for whoever typed the command. */
export async function startAlwaysOn(options: AlwaysOnOptions): Promise<AlwaysOn> {
  const store = openSqliteStore(options.dataDir);
  const kept = await store.records.get(APP_RECORD);
  const app = options.app ?? appOf(options.invite) ?? (kept && new TextDecoder().decode(kept));
  if (app === undefined) {
    await store.close();
    throw new Error('Which circle? Give an invite the first time: npm run peer -- --invite LINK');
  }
  await store.records.put(APP_RECORD, new TextEncoder().encode(app));
  const announced = async (): Promise<readonly string[]> => {
    const text = await store.records.get(RELAYS_RECORD);
    return decodeRelayMemory(text && new TextDecoder().decode(text));
  };
  const peer = await createPeer({
    store,
    clock,
    random,
    sha256: await createSha256(),
    cipher: createNodeCipher(),
    checker: await createSignatureChecker(),
    openTransport: async (identitySeed, relays) =>
      createNodeTransport({
        identitySeed,
        relays,
        announced: await announced(),
        async fetchRelays(signal) {
          const list = await fetchRelayList(app, signal);
          // A disk that refuses costs the memory of it, not the list.
          const text = new TextEncoder().encode(encodeRelayMemory(list));
          if (list.length > 0) await store.records.put(RELAYS_RECORD, text).catch(() => false);
          return list;
        },
        clock,
        random,
      }),
    appUrl: app,
    offersToKeep: options.offersToKeep,
    onView: () => undefined,
  });
  const stop = async (): Promise<void> => {
    await status?.stop();
    await peer.stop();
  };
  let status: StatusPage | null = null;
  try {
    if (peer.view().stage === 'none') await join(peer, options);
    if (options.statusPort !== null) status = await startStatusPage(options.statusPort, () => peer.view());
  } catch (error) {
    await stop();
    throw error;
  }
  return { peer, status, stop };
}
function appOf(invite: string | null): string | undefined {
  const found = invite === null ? null : /https?:\/\/[^\s#]+/.exec(invite);
  return found === null ? undefined : new URL(found[0]).origin;
}
async function join(peer: Peer, options: AlwaysOnOptions): Promise<void> {
  if (options.invite === null)
    throw new Error('In no circle yet. Give an invite: npm run peer -- --invite LINK');
  const invite = await peer.intents.readInvite(options.invite);
  if (!invite.ok)
    throw new Error('That is no invite link of Corridor. Copy the whole link, from https:// to its end.');
  const name = options.name ?? `${invite.value.inviterName} · always on`;
  const joined = await peer.intents.join(options.invite, name);
  if (joined.ok) return;
  throw new Error(
    joined.refusal.code === 'invite-expired'
      ? 'This invite is too old. Ask for a new one; nothing was changed.'
      : `Could not begin to join (${joined.refusal.code}). Nothing was changed.`,
  );
}

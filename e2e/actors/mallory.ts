/**
 * People who speak the protocol and mean no good, over the real relay: a member turned hostile, and a stranger who has
 * seen a used invite. Written on the product's own parts, so that only what they say is wrong, not how.
 */
import {
  decodeInvite,
  draftNext,
  encodeEntry,
  entryStatement,
  fromBase64url,
  KIND,
  LANE,
  ZERO_ID,
  type Body,
  type DeviceKey,
  type Entry,
  type Id,
  type Signature,
} from '../../packages/ledger/src/index.ts';
import { EMPTY_SHELF } from '../../packages/peer/src/core/bootstrap.ts';
import {
  createMemoryDisk,
  createPeer,
  createSignatureChecker,
  openMemoryStore,
  type Presence,
  type TransportEvent,
} from '../../packages/peer/src/index.ts';
import { createNodeCipher, createSha256 } from '../../packages/peer/src/node/index.ts';
import { sealEntry, sealSignature } from '../../packages/peer/src/sealing.ts';
import { prepareBookKey } from '../../packages/peer/src/sealingKey.ts';
import { doorTags, memberTags } from '../../packages/peer/src/tags.ts';
import {
  createSession,
  encodeMessage,
  sessionSecret,
  type FeedName,
  type Message,
  type SealedItem,
  type Session,
  type SessionEffect,
} from '../../packages/sync/src/index.ts';
import { clock, newTransport, random, soon } from './nodePhone.ts';

const DAY_MS = 24 * 3600 * 1000;
const today = (): number => Math.floor(Date.now() / DAY_MS);
const bytesOfHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

/** One link to Ana, proven and compared: from here on anything can be said. */
export interface Line {
  say(bytes: Uint8Array): boolean;
  tell(message: Message): boolean;
  /** Says it again and again, as fast as the line takes it, until so many bytes are gone or Ana has hung up. */
  flood(message: Message, bytes: number): Promise<void>;
  /** Resolves when Ana's side has ended the link. */
  dropped(): Promise<void>;
  /** How often Ana has met her under this peer id. */
  met(): number;
  stop(): Promise<void>;
}
export interface Mallory {
  readonly device: DeviceKey;
  /** The entries of everybody that she holds, by id. */
  readonly book: readonly Id[];
  /** Her own voice lane. */
  readonly voice: FeedName;
  /** The next entries of her voice, as the book has them. */
  entries(count: number): Promise<readonly Required<SealedItem>[]>;
  /** Her next entry, with a signature that does not hold. */
  forged(): Promise<SealedItem>;
  connect(): Promise<Line>;
}

/** Joins by the link as an honest person does, then turns. */
export const turnedMember = async (link: string): Promise<Mallory> => {
  const appUrl = new URL(link).origin;
  const sha256 = await createSha256();
  const checker = await createSignatureChecker();
  const disk = createMemoryDisk();
  const isIn = Promise.withResolvers<void>();
  const peer = await createPeer({
    store: openMemoryStore(disk, random),
    clock,
    random,
    sha256,
    checker,
    cipher: createNodeCipher(),
    openTransport: () => newTransport(appUrl),
    appUrl,
    onView: (view) => {
      if (view.stage === 'circle' && view.view.people.every(({ name }) => name !== '')) isIn.resolve();
    },
  });
  const joined = await peer.intents.join(link, 'Mallory');
  if (!joined.ok) throw new Error(joined.refusal.code);
  await soon('Mallory is let in', isIn.promise);
  const circle = peer.circle();
  if (circle === undefined) throw new Error('Mallory is a member');
  const { record } = circle;
  const { ledger } = circle.replica;
  const founder = ledger.founding.entry.device;
  const ordinal = ledger.log.devices.get(record.device)?.ordinal ?? 0;
  const raw = bytesOfHex(record.bookKeys[0]?.key ?? '');
  const key = await prepareBookKey(raw, createNodeCipher(), sha256);
  await peer.stop();
  const { keys } = openMemoryStore(disk, random);

  const made = async (
    count: number,
  ): Promise<{ entry: Entry; sealed: Uint8Array; signature: Uint8Array }[]> => {
    const body: Body = { kind: KIND.have, ids: [ZERO_ID] };
    const chain: { entry: Entry; sealed: Uint8Array; signature: Uint8Array }[] = [];
    while (chain.length < count) {
      const draft = draftNext(ledger, record.device, LANE.voice, body, chain.at(-1)?.entry);
      const entry = encodeEntry(draft, sha256);
      const signature = await keys.sign(record.device, entryStatement(entry.id));
      if (signature === undefined) throw new Error('Mallory has her key');
      const sealed = await sealEntry(key, entry.bytes);
      chain.push({ entry, sealed, signature: await sealSignature(key, entry.id, signature) });
    }
    return chain;
  };

  const connect = async (): Promise<Line> => {
    const transport = await newTransport(appUrl);
    const sessions = new Map<string, Session>();
    const live = Promise.withResolvers<string>();
    const dropped = Promise.withResolvers<void>();
    let line: string | undefined;
    let met = 0;
    let isDropped = false;
    const act = (id: string, effects: readonly SessionEffect[]): void => {
      const session = sessions.get(id);
      if (session === undefined) return;
      for (const effect of effects) {
        if (effect.type === 'send') transport.send(id, effect.bytes);
        else if (effect.type === 'sign')
          void keys.sign(record.device, effect.message).then((s) => act(id, session.signed(s ?? null)));
        else if (effect.type === 'check') {
          const check = { key: effect.device, message: effect.message, signature: effect.signature };
          void checker.check([check], { left: 9 }).then(([v]) => act(id, session.checked(v ?? 'invalid')));
        } else if (effect.type === 'met') {
          // Ana is the one she is after.
          if (effect.device !== founder) continue;
          met += 1;
          line = id;
        } else if ('batch' in effect) act(id, session.settledBatch(effect.batch, { type: 'settled' }));
      }
      if (line === id && session.state() === 'live') live.resolve(id);
    };
    transport.listen((event: TransportEvent) => {
      if (event.type === 'open') {
        const session = createSession({
          circle: record.circle,
          self: transport.self,
          remote: event.link.remote,
          outgoing: event.link.outgoing,
          secrets: [sessionSecret(raw)],
          device: record.device,
          nonce: random(16),
          shelf: EMPTY_SHELF,
          standing: () => 'member',
        });
        sessions.set(event.link.id, session);
        act(event.link.id, session.start());
      } else if (event.type === 'message') {
        act(event.link, sessions.get(event.link)?.receive(event.bytes) ?? []);
      } else if (event.type === 'close') {
        sessions.delete(event.link);
        if (event.link !== line) return;
        isDropped = true;
        dropped.resolve();
      }
    });
    const tags = memberTags(raw, today());
    transport.setPresence([{ circle: record.circle, register: tags, meet: tags, protocol: 'sync' }]);
    const id = await soon('Mallory is connected', live.promise);
    return {
      say: (bytes) => transport.send(id, bytes),
      tell: (message) => transport.send(id, encodeMessage(message)),
      async flood(message, bytes) {
        const said = encodeMessage(message);
        for (let gone = 0; gone < bytes && !isDropped;)
          if (transport.send(id, said)) gone += said.length;
          else await new Promise<void>((resolve) => setImmediate(resolve));
      },
      dropped: () => soon('Mallory is dropped', dropped.promise),
      met: () => met,
      stop: () => transport.stop(),
    };
  };
  return {
    device: record.device,
    book: [...ledger.entries.keys()],
    voice: { book: 0, ordinal, lane: LANE.voice },
    entries: made,
    async forged() {
      const [own] = await made(1);
      if (own === undefined) throw new Error('one entry');
      const signature = `${'11'.repeat(32)}${'22'.repeat(32)}` as Signature;
      return { sealed: own.sealed, signature: await sealSignature(key, own.entry.id, signature) };
    },
    connect,
  };
};

/** Someone who saw an invite that is used up: the circle's id and its door, and nothing else. */
export interface Stranger {
  /** Knocks with this protocol, says this, and tells what was heard until the door was shut. */
  knock(protocol: 'sync' | 'join', says: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
}
export const strangerWith = (link: string): Stranger => {
  const appUrl = new URL(link).origin;
  const bytes = fromBase64url(new URL(link).hash.slice('#j='.length));
  const invite = bytes && decodeInvite(bytes);
  if (invite?.ok !== true) throw new Error('not an invite');
  const circle: Id = invite.value.circle;
  return {
    async knock(protocol, says) {
      const transport = await newTransport(appUrl);
      const heard: Uint8Array[] = [];
      const shut = Promise.withResolvers<void>();
      transport.listen((event) => {
        if (event.type === 'open') for (const said of says) transport.send(event.link.id, said);
        else if (event.type === 'message') heard.push(event.bytes);
        else if (event.type === 'close') shut.resolve();
      });
      const presence: Presence = { circle, register: [], meet: doorTags(circle, today()), protocol };
      transport.setPresence([presence]);
      await soon('the door is shut', shut.promise);
      await transport.stop();
      return heard;
    },
  };
};

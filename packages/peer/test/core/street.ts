/**
 * Real replicas and real sync sessions over a network in memory, without the peers around them: a story says what each
 * phone holds and who meets whom. Signatures are real, the verdict on them is given without computing it [E5].
 */
import {
  entryStatement,
  isAnchor,
  LANE,
  signWithSeed,
  toHex,
  type Entry,
  type FoundBody,
  type Id,
  type Signature,
  type VerifiedEntry,
} from '@corridor/ledger';
import {
  createMemoryDisk,
  openMemoryStore,
  type Clock,
  type KeyRing,
  type MemoryDisk,
  type Store,
  type Transport,
} from '@corridor/peer';
import { createNodeCipher, createSha256 } from '@corridor/peer/node';
import { createMemoryNetwork } from '@corridor/peer/transport/memory';
import { decodeMessage, sessionSecret, type Message, type SessionFault } from '@corridor/sync';
import type { Person } from '@corridor/testing/village';
import type { ReplicaNews } from '../../src/core/bookWriting.ts';
import type { CircleRecord } from '../../src/core/circleRecord.ts';
import { OWN_SIGNATURES } from '../../src/core/gate.ts';
import { TICK_MS } from '../../src/core/limits.ts';
import { createLinks, type Links, type SyncHost } from '../../src/core/links.ts';
import type { OpenRun } from '../../src/core/opening.ts';
import { openReplica, type Replica } from '../../src/core/replica.ts';
import { prepareBookKey } from '../../src/sealingKey.ts';

const BOOK_KEY = new Uint8Array(32).fill(7);
const sha256 = await createSha256();
const bookKey = await prepareBookKey(BOOK_KEY, createNodeCipher(), sha256);
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** What somebody wrote, as it is handed on: the last entry is signed, and every 64th before it [F2]. */
export function signedBy(author: Person, entries: readonly Entry[]): OpenRun {
  const signatureOf = ({ lane, id }: Entry): Signature =>
    signWithSeed(lane === LANE.witness ? author.witnessSeed : author.seed, entryStatement(id));
  const signed = entries.filter((entry, at) => at === entries.length - 1 || isAnchor(entry.seq));
  const signatures = new Map<Id, Signature>(signed.map((entry) => [entry.id, signatureOf(entry)]));
  return { entries, signatures, sealed: new Map() };
}

export interface Phone {
  readonly replica: Replica;
  readonly disk: MemoryDisk;
  /** Types of all messages it sent, in order. */
  readonly sent: readonly Message['type'][];
  readonly faults: readonly SessionFault[];
  /** Takes entries that come unsealed, as by code. */
  takes(...runs: readonly OpenRun[]): Promise<void>;
  /** The places of the proofs of fault it keeps, as lane/seq. */
  forks(): readonly string[];
}
export interface Street {
  /** `disk`: of the same phone before. */
  open(owner: Person, disk?: MemoryDisk): Promise<Phone>;
  /** From now on these two reach each other; the first calls. */
  meet(caller: Phone, called: Phone): void;
  /** Until nothing is under way; throws if that never comes. */
  quiet(): Promise<void>;
  /** So many seconds go by, each until all is quiet. */
  later(seconds: number): Promise<void>;
}
/** Turns of the event loop without a message after which nothing is under way. */
const QUIET_TURNS = 8;
/** More messages than any story needs. */
const MAX_MESSAGES = 20_000;

/** A network with phones of one circle on it. */
export function street(founder: Person, founding: VerifiedEntry<FoundBody>): Street {
  const network = createMemoryNetwork();
  const due = new Set<() => void>();
  const clock: Clock = {
    now: () => 1_700_000_000_000,
    after(ms, task) {
      if (ms > TICK_MS) throw new Error('this clock knows ticks alone');
      due.add(task);
      return () => void due.delete(task);
    },
  };
  const record = (owner: Person): CircleRecord => ({
    version: 1,
    circle: founding.id,
    device: owner.device,
    sealing: owner.witness,
    myName: { salt: '00'.repeat(16), text: owner.name },
    bookKeys: [{ epoch: 0, key: toHex(BOOK_KEY) }],
    founding: {
      bytes: toHex(founding.bytes),
      signature: signWithSeed(founder.seed, entryStatement(founding.id)),
    },
    networkSeed: '00'.repeat(32),
    clientId: 1,
    relays: [],
    joining: null,
  });
  let sentEver = 0;
  const counted = (transport: Transport, sent: Message['type'][]): Transport => ({
    ...transport,
    send(link, bytes) {
      const message = decodeMessage(bytes);
      if (!message.ok) throw new Error(message.fault.code);
      sent.push(message.value.type);
      sentEver++;
      return transport.send(link, bytes);
    },
  });
  const ends = new Map<Phone, { readonly transport: Transport; readonly tags: string[] }>();
  let meetings = 0;
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  const quiet = async (): Promise<void> => {
    for (let before = -1, still = 0; still < QUIET_TURNS;) {
      still = sentEver === before ? still + 1 : 0;
      before = sentEver;
      if (sentEver > MAX_MESSAGES) throw new Error('it never ends');
      await turn();
    }
  };
  return {
    async open(owner, disk = createMemoryDisk()) {
      disk.keys.set(owner.device, { purpose: 'device', secret: owner.seed });
      const store = openMemoryStore(disk, random);
      let links: Links | undefined;
      const replica = await opened(record(owner), founding, store, (news) =>
        links?.push(news.runs, news.source, new Set()),
      );
      const sent: Message['type'][] = [];
      const transport = counted(network.join(owner.name), sent);
      links = linksOf(replica, owner, { transport, keys: store.keys, clock });
      const phone: Phone = {
        replica,
        disk,
        sent,
        faults: links.faults,
        async takes(...runs) {
          const { fault, unlinked, later } = await replica.takeOpen(runs, { left: 1000 });
          if (fault !== null || unlinked.length + later.length > 0)
            throw new Error(`not taken: ${fault?.code ?? 'it hangs on nothing'}`);
        },
        forks: () => replica.ledger.forks.map(({ lane, seq }) => `${lane}/${seq}`).sort(),
      };
      ends.set(phone, { transport, tags: [] });
      return phone;
    },
    meet(caller, called) {
      const tag = `${meetings++}`.padStart(32, '0');
      for (const phone of [called, caller]) {
        const end = ends.get(phone);
        if (end === undefined) throw new Error('a phone of another street');
        end.tags.push(tag);
        const meet = phone === caller ? [tag] : [];
        end.transport.setPresence([{ circle: founding.id, register: [...end.tags], meet, protocol: 'sync' }]);
      }
    },
    quiet,
    async later(seconds) {
      for (let second = 0; second < seconds; second++) {
        const tasks = [...due];
        due.clear();
        for (const task of tasks) task();
        await quiet();
      }
    },
  };
}

async function opened(
  record: CircleRecord,
  founding: VerifiedEntry<FoundBody>,
  store: Store,
  onNews: (news: ReplicaNews) => void,
): Promise<Replica> {
  return openReplica({
    record,
    founding,
    start: null,
    store,
    keys: new Map([[bookKey.id, bookKey]]),
    key: bookKey,
    sha256,
    checker: OWN_SIGNATURES,
    onNews,
    onStorage: () => undefined,
  });
}
function linksOf(
  replica: Replica,
  owner: Person,
  ports: { readonly transport: Transport; readonly keys: KeyRing; readonly clock: Clock },
): Links {
  const links = createLinks({
    ...ports,
    host: hostOf(replica, owner),
    checker: OWN_SIGNATURES,
    random,
    failed: (error) => {
      throw error;
    },
  });
  ports.transport.listen((event) => {
    if (event.type === 'open') links.open(event.link);
    else if (event.type === 'message') links.receive(event.link, event.bytes);
    else if (event.type === 'close') links.closed(event.link);
  });
  return links;
}
function hostOf(replica: Replica, owner: Person): SyncHost {
  const { circle, ledger, shelf } = replica;
  return {
    circle,
    device: owner.device,
    secrets: () => [sessionSecret(BOOK_KEY)],
    earlier: () => [],
    shelf,
    logWaits: () => ledger.awaiting !== null,
    parting: () => shelf,
    standing: (device) => (ledger.log.devices.has(device) ? 'member' : 'unknown'),
    isWitness: (device) => ledger.log.terms.some((term) => term.device === device),
    take: (runs, budget, source) => replica.takeSealed(runs, budget, source),
    takeTexts: () => Promise.resolve(),
    wantedTexts: () => [],
    onBooks: () => undefined,
    onHeard: () => undefined,
    onPresence: () => undefined,
    onEnd: (source) => replica.forget(source),
  };
}

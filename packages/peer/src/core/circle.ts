/** One open circle on this device: the replica and everything that lives off it, wired together. */
import {
  currentTerm,
  decidedAt,
  keepingStatement,
  KIND,
  LANE,
  ok,
  openCredits,
  textRecordHash,
  balanceOf,
  type Change,
  type DeviceKey,
  type Entry,
  type Id,
  type MemberId,
  type PayBody,
  type Result,
  type Sha256,
} from '@corridor/ledger';
import { sessionSecret, type Run, type Standing } from '@corridor/sync';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Clock, RandomBytes, SignatureChecker, Store } from '../ports.ts';
import type { Cipher } from '../cipher.ts';
import { prepareBookKey, type BookKey } from '../sealingKey.ts';

import type { ReplicaNews } from './bookWriting.ts';
import { createAcknowledging, type Acknowledging } from './acknowledge.ts';
import type { CircleRecord } from './circleRecord.ts';
import { openHanded, type Handed } from './handed.ts';
import { openInvoices, type Invoices } from './invoices.ts';
import { createKeeping, type Keeping } from './keeping.ts';
import type { LineContext } from './lines.ts';
import { orRefused } from './refusals.ts';
import { openReplica, type OpenFault, type Replica, type RuleOptions } from './replica.ts';
import { createSealedRecords } from './sealedRecords.ts';
import { openTextsOf, type Texts } from './texts.ts';

export interface CirclePorts {
  readonly store: Store;
  readonly cipher: Cipher;
  readonly sha256: Sha256;
  readonly checker: SignatureChecker;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly rules?: RuleOptions | undefined;
}
export interface Circle {
  readonly record: CircleRecord;
  readonly replica: Replica;
  readonly texts: Texts;
  readonly keeping: Keeping;
  readonly acknowledging: Acknowledging;
  readonly handed: Handed;
  readonly invoices: Invoices;
  readonly secrets: readonly Uint8Array[];
  readonly member: MemberId;
  /** Ids of payments this member has a part in, oldest first by the payers' clocks. */
  readonly mine: Id[];
  readonly handOvers: Map<Id, 'to-show' | 'done'>;
  readonly offers: ReadonlyMap<DeviceKey, KeepingOffer>;
  storageTrouble: string | null;
  setHandOver(id: Id, state: 'to-show' | 'done'): Promise<boolean>;
  /** Whether the log shows this device. */
  isInside(): boolean;
  standing(device: DeviceKey): Standing;
  lineContext(): LineContext;
  /** Offers to keep the book from this device, under a witness key of its own [P7]. */
  offerKeeping(): Promise<Result<null, string>>;
  /** Whether a device belongs to the same member as this one. */
  isOwn(device: DeviceKey): boolean;
  close(): Promise<void>;
}
export interface KeepingOffer {
  readonly witness: Extract<import('@corridor/ledger').Body, { kind: typeof KIND.offerKeeping }>['witness'];
  readonly consent: Extract<import('@corridor/ledger').Body, { kind: typeof KIND.offerKeeping }>['consent'];
}
const HAND_OVER_PREFIX = 'handover/';

/** Runs from replica to sessions and screens: what changed, and whom it concerns. */
export interface CircleEvents {
  onChange(changes: readonly Change[], runs: readonly Run[], source: string | null): void;
}

export async function openCircle(
  record: CircleRecord,
  ports: CirclePorts,
  events: CircleEvents,
  signal?: AbortSignal,
): Promise<Result<Circle, OpenFault>> {
  const { store, cipher, sha256, checker, clock, random } = ports;
  const prepared: BookKey[] = [];
  for (const { key } of record.bookKeys) prepared.push(await prepareBookKey(hexToBytes(key), cipher, sha256));
  const key = prepared.at(-1);
  if (key === undefined) throw new Error('a circle is opened with its book key');
  const keys = new Map(prepared.map((k) => [k.id, k]));

  let circle: Circle | undefined;
  const early: ReplicaNews[] = [];
  const onNews = (news: ReplicaNews): void => {
    if (circle === undefined) early.push(news);
    else hear(circle, offers, news, events);
  };
  let storageTrouble: string | null = null;
  const opened = await openReplica({
    record,
    store,
    keys,
    key,
    sha256,
    checker,
    rules: ports.rules,
    onNews,
    onStorage: (trouble) => {
      storageTrouble = trouble;
      if (circle !== undefined) circle.storageTrouble = trouble;
      events.onChange([], [], null);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  if (!opened.ok) return opened;
  const replica = opened.value;
  const { ledger, book } = replica;
  const { device } = record;
  const texts = await openTextsOf({ ledger, book, records: store.records, keys, key, sha256, random });
  const offers = new Map<DeviceKey, KeepingOffer>();
  const handOvers = new Map<Id, 'to-show' | 'done'>();
  // A device brings its own name along, whoever let it in and then lost it.
  const ownName = textRecordHash(record.myName, sha256);
  if (texts.read(ownName) === undefined) await texts.keep([record.myName], true);
  const records = createSealedRecords(store.records, keys, key, sha256);
  for (const name of await store.records.names(HAND_OVER_PREFIX)) {
    const state = await store.records.get(name);
    handOvers.set(name.slice(HAND_OVER_PREFIX.length) as Id, state?.[0] === 1 ? 'done' : 'to-show');
  }
  const nameOf = (member: MemberId): string => {
    const first = ledger.log.devices.get(ledger.log.members.get(member)?.[0] ?? device);
    return first === undefined ? '' : (texts.read(first.name) ?? '');
  };
  const invoices = await openInvoices({
    ledger,
    device,
    records,
    keys: store.keys,
    checker,
    sha256,
    clock,
    random,
  });
  const own: Circle = {
    record,
    replica,
    texts,
    keeping: createKeeping(replica, clock, device, () => events.onChange([], [], null)),
    acknowledging: createAcknowledging(replica, device, clock),
    handed: await openHanded({ replica, records, checker, sha256 }),
    invoices,
    secrets: record.bookKeys.map(({ key: raw }) => sessionSecret(hexToBytes(raw))).reverse(),
    get member() {
      return ledger.log.devices.get(device)?.member ?? (device as string as MemberId);
    },
    mine: [],
    handOvers,
    offers,
    storageTrouble,
    async setHandOver(id, state) {
      const kept = await store.records.put(
        `${HAND_OVER_PREFIX}${id}`,
        Uint8Array.of(state === 'done' ? 1 : 0),
      );
      if (kept) handOvers.set(id, state);
      return kept;
    },
    isInside: () => ledger.log.devices.has(device),
    standing: (other) => (ledger.log.devices.has(other) ? 'member' : 'unknown'),
    lineContext() {
      const { highestBalance } = balanceOf(ledger, device);
      const account = ledger.accounts.get(device);
      const balance = account?.balance ?? 0;
      const open = new Set(
        openCredits(ledger, device).flatMap((c) => (balance + c.amount > highestBalance ? [c.debit] : [])),
      );
      return {
        ledger,
        member: this.member,
        device,
        memberName: nameOf,
        memo: (body: PayBody) =>
          (body.memo === null ? undefined : texts.read(body.memo)) ??
          (body.invoice === null ? undefined : invoices.textOf(body.invoice)) ??
          '',
        handOver: (id) => handOvers.get(id),
        waitsForRoom: (id) => open.has(id),
      };
    },
    isOwn: (other) => ledger.log.devices.get(other)?.member === own.member,
    async offerKeeping() {
      if (currentTerm(ledger.log, device) !== undefined) return ok(null);
      const witness = record.witness ?? (await orRefused(store.keys.create('witness'), () => undefined));
      if (witness === undefined) return { ok: false, fault: 'storage-refused' };
      const consent = await store.keys.sign(
        device,
        keepingStatement(ledger.circle, ledger.book, device, witness),
      );
      if (consent === undefined) return { ok: false, fault: 'cannot-sign' };
      const said = await replica.append(LANE.voice, () =>
        ok([{ kind: KIND.offerKeeping, witness, consent }]),
      );
      return said.ok ? ok(null) : said;
    },
    close: async () => {
      own.keeping.stop();
      own.acknowledging.stop();
      await own.acknowledging.idle();
      await replica.close();
    },
  };
  circle = own;
  const mine: Entry<PayBody>[] = [];
  for (const stored of ledger.entries.values()) {
    const { body } = stored.entry;
    if (body.kind === KIND.pay && isMine(own, stored.entry.device, body))
      mine.push({ ...stored.entry, body });
    else if (body.kind === KIND.offerKeeping) offers.set(stored.entry.device, body);
  }
  own.mine.push(...mine.sort((a, b) => (isAfter(a, b) ? 1 : -1)).map((line) => line.id));
  for (const news of early) events.onChange(news.changes, news.runs, news.source);
  return ok(own);
}
const isMine = ({ replica: { ledger }, member }: Circle, payer: DeviceKey, body: PayBody): boolean =>
  ledger.log.devices.get(payer)?.member === member ||
  (body.to.type === 'device' && ledger.log.devices.get(body.to.device)?.member === member);

/** By the payers' clocks, so that every reload shows the same order, however things arrived. */
const isAfter = (a: Entry<PayBody>, b: Entry<PayBody>): boolean =>
  a.body.at !== b.body.at ? a.body.at > b.body.at : a.seq !== b.seq ? a.seq > b.seq : a.id > b.id;

function addLine({ mine, replica: { ledger } }: Circle, line: Entry<PayBody>): void {
  let place = mine.length;
  for (; place > 0; place--) {
    const before = ledger.entries.get(mine[place - 1] as Id)?.entry;
    if (before?.body.kind !== KIND.pay || !isAfter({ ...before, body: before.body }, line)) break;
  }
  mine.splice(place, 0, line.id);
}

/** What every entry that enters means for the parts of the circle. */
function hear(
  circle: Circle,
  offers: Map<DeviceKey, KeepingOffer>,
  news: ReplicaNews,
  events: CircleEvents,
): void {
  const { ledger } = circle.replica;
  for (const change of news.changes) {
    if (change.type === 'kept') {
      const { entry } = change.stored;
      circle.texts.noteEntry(change.stored);
      const { body } = entry;
      if (body.kind === KIND.pay && isMine(circle, entry.device, body)) addLine(circle, { ...entry, body });
      else if (entry.body.kind === KIND.joinRequest) circle.keeping.hear(entry.body.request);
      else if (entry.body.kind === KIND.offerKeeping) offers.set(entry.device, entry.body);
    } else if (change.type === 'decided') {
      const act = decidedAt(ledger.log, change.height)?.act;
      if (act?.type !== 'admit') continue;
      circle.texts.noteDevice(act.request.name);
      // Once let in, we stay so over a power cut, with nobody near to ask.
      if (act.request.device === circle.record.device) void circle.replica.flush();
    }
  }
  circle.acknowledging.note(news.changes);
  events.onChange(news.changes, news.runs, news.source);
}

/** The texts beside the book [E6]: sealed in a map of their own, opened into memory, erasable without touching a chain. */
import {
  decodeTextRecord,
  encodeTextRecord,
  textRecordHash,
  toHex,
  type Ledger,
  type Sha256,
  type Stored,
  type TextHash,
  type TextRecord,
} from '@corridor/ledger';
import type { TextAnswer } from '@corridor/sync';
import type { RandomBytes, Records } from '../ports.ts';
import { openTexts, sealTexts, type BookKeys } from '../sealing.ts';
import type { BookKey } from '../sealingKey.ts';
import { textsNamedBy } from './namedTexts.ts';
import type { BookStore } from './bookStore.ts';
import { orRefused } from './refusals.ts';

export interface Texts {
  /** '' when it was erased, undefined while it has not arrived. */
  read(hash: TextHash): string | undefined;
  make(text: string): { readonly hash: TextHash; readonly record: TextRecord };
  /** Keeps own or proven texts. `strictly`: on disk before this resolves true. */
  keep(records: readonly TextRecord[], strictly: boolean): Promise<boolean>;
  /** Takes what a peer answered; a text that does not fit its hash is dropped. */
  take(answers: readonly TextAnswer[]): Promise<boolean>;
  /** Erases a text here, for good: who asks this device for it is told so. True once the disk has forgotten it. */
  erase(hash: TextHash): Promise<boolean>;
  /** Hashes that entries name and that are not here. */
  wanted(): readonly TextHash[];
  /** All that are kept, salt and all: for a copy to take away. */
  records(): Promise<readonly TextRecord[]>;
  noteEntry(stored: Stored): void;
  noteDevice(name: TextHash): void;
  /** Takes what is missing here out of another book of the circle. */
  takeFrom(other: BookStore): Promise<void>;
}
const REFUSED = Promise.resolve(false);
/** Own texts lie in records of this name until a book has them strictly. */
export const TEXT_RECORD_PREFIX = 'text/';

export async function openTextsOf(options: {
  readonly ledger: Ledger;
  readonly book: BookStore;
  /** Where own texts lie strictly until the book has them; undefined: a closed book gets no new ones. */
  readonly records: Records | undefined;
  readonly keys: BookKeys;
  readonly key: BookKey;
  readonly sha256: Sha256;
  readonly random: RandomBytes;
}): Promise<Texts> {
  const { ledger, book, records, keys, key, sha256, random } = options;
  const open = new Map<TextHash, string>();
  const missing = new Set<TextHash>();

  const openSealed = async (sealed: readonly { readonly hash: TextHash; readonly sealed: Uint8Array }[]) => {
    const pieces = sealed.filter((s) => s.sealed.length > 0);
    for (const { hash } of sealed.filter((s) => s.sealed.length === 0)) open.set(hash, '');
    const opened = await openTexts(
      keys,
      pieces.map(({ hash, sealed: value }) => ({ subject: hash, value })),
    );
    const good: { hash: TextHash; sealed: Uint8Array }[] = [];
    for (const [i, piece] of pieces.entries()) {
      const result = opened[i];
      const record = result?.ok === true ? decodeTextRecord(result.value) : undefined;
      if (record?.ok !== true || textRecordHash(record.value, sha256) !== piece.hash) continue;
      open.set(piece.hash, record.value.text);
      good.push(piece);
    }
    return good;
  };
  const note = (hash: TextHash | null): void => {
    if (hash !== null && !open.has(hash)) missing.add(hash);
  };
  const noteEntry = ({ entry: { body } }: Stored): void => {
    for (const hash of textsNamedBy(body)) note(hash);
  };

  const stored: { hash: TextHash; sealed: Uint8Array }[] = [];
  const collect = (hash: TextHash | null): void => {
    const sealed = hash === null ? undefined : book.text(hash);
    if (hash !== null && sealed !== undefined) stored.push({ hash, sealed });
  };
  for (const { entry } of ledger.entries.values()) for (const hash of textsNamedBy(entry.body)) collect(hash);
  for (const device of ledger.log.devices.values()) collect(device.name);
  const own = (await records?.names(TEXT_RECORD_PREFIX)) ?? [];
  for (const name of own) {
    const sealed = await records?.get(name);
    const hash = name.slice(TEXT_RECORD_PREFIX.length) as TextHash;
    if (sealed !== undefined && book.text(hash) === undefined) {
      stored.push({ hash, sealed });
      book.writeTexts([{ hash, sealed }]);
    }
  }
  // Strictly in the book now, they need no record of their own.
  if (own.length > 0 && (await book.flush()))
    for (const name of own) await orRefused(records?.remove(name) ?? Promise.resolve(), () => undefined);
  await openSealed(stored);
  noteEntry(ledger.founding);
  for (const s of ledger.entries.values()) noteEntry(s);
  for (const device of ledger.log.devices.values()) note(device.name);

  return {
    read: (hash) => open.get(hash),
    make(text) {
      const record = { salt: toHex(random(16)), text: text.normalize('NFC') };
      return { hash: textRecordHash(record, sha256), record };
    },
    async keep(own, strictly) {
      const pieces = own.map((record) => ({
        subject: textRecordHash(record, sha256),
        value: encodeTextRecord(record),
      }));
      const sealed = await sealTexts(key, pieces);
      for (const [i, { subject }] of pieces.entries()) {
        const value = sealed[i];
        if (value === undefined) continue;
        const name = `${TEXT_RECORD_PREFIX}${subject}`;
        const isKept = !strictly || (await orRefused(records?.put(name, value) ?? REFUSED, () => false));
        if (!isKept) return false;
        open.set(subject, own[i]?.text ?? '');
        missing.delete(subject);
        book.writeTexts([{ hash: subject, sealed: value }]);
      }
      return true;
    },
    async take(answers) {
      const texts = answers.flatMap((a) => (a.state === 'text' && missing.has(a.hash) ? [a] : []));
      const good = await openSealed(texts);
      for (const { hash } of good) missing.delete(hash);
      // Gone there: somebody else may have it, and who has it here keeps it.
      for (const { hash, state } of answers) if (state === 'gone' && missing.has(hash)) open.set(hash, '');
      book.writeTexts(good);
      return good.length > 0;
    },
    async erase(hash) {
      open.set(hash, '');
      missing.delete(hash);
      const own = records?.remove(`${TEXT_RECORD_PREFIX}${hash}`).then(() => true) ?? Promise.resolve(true);
      return (await orRefused(own, () => false)) && book.eraseText(hash);
    },
    wanted: () => [...missing],
    async records() {
      const pieces = [...open].flatMap(([hash, text]) => {
        const sealed = text === '' ? undefined : book.text(hash);
        return sealed === undefined ? [] : [{ subject: hash, value: sealed }];
      });
      return (await openTexts(keys, pieces)).flatMap((opened) => {
        const record = opened.ok ? decodeTextRecord(opened.value) : undefined;
        return record?.ok === true ? [record.value] : [];
      });
    },
    noteEntry,
    noteDevice: note,
    async takeFrom(other) {
      const there = [...missing].flatMap((hash) => {
        const sealed = other.text(hash);
        return sealed === undefined ? [] : [{ hash, sealed }];
      });
      const good = await openSealed(there);
      for (const { hash } of good) missing.delete(hash);
      book.writeTexts(good);
    },
  };
}

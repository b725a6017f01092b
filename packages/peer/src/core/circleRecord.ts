/** What a browser must not forget about its circle: its own names, book keys and the way to the others. */
import {
  decodeEntry,
  type DeviceKey,
  type Entry,
  type Id,
  type PublicKey,
  type Sha256,
  type Signature,
} from '@corridor/ledger';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { SEALED_BOOK_KEY_BYTES } from '../storageLimits.ts';

/** A circle that this one was founded from [K1]. */
export interface PastCircle {
  readonly circle: Id;
  readonly founding: { readonly bytes: string; readonly signature: Signature };
  /** Its last book here, and the epoch of that book's newest key. */
  readonly book: number;
  readonly epoch: number;
}
export interface CircleRecord {
  readonly version: 1;
  readonly circle: Id;
  readonly device: DeviceKey;
  readonly sealing: PublicKey;
  readonly myName: { readonly salt: string; readonly text: string };
  /** Hex of 32 bytes per epoch, oldest first; empty while joining. */
  readonly bookKeys: readonly { readonly epoch: number; readonly key: string }[];
  /** The founding entry, once known: bytes in hex. */
  readonly founding: { readonly bytes: string; readonly signature: Signature } | null;
  /** Seed of the libp2p identity of this device in this circle [S3]. */
  readonly networkSeed: string;
  /** Pinned, or every page load would grow the document's state vector. */
  readonly clientId: number;
  readonly relays: readonly string[];
  /** What it was founded from, oldest first; left out: nothing. */
  readonly past?: readonly PastCircle[];
  /** The invite's bytes (base64url) while it is being answered. */
  readonly joining: { readonly invite: string; readonly name: string } | null;
}
export const CIRCLE_RECORD = 'circle';
/** Not secret, changes often, and stays readable while the rest is locked. */
/** This circle, and what it was founded from [K1]. */
export const circlesOf = ({ circle, past }: CircleRecord): readonly Id[] => [
  circle,
  ...(past ?? []).map((one) => one.circle),
];
/** The entry of the first of these circles that the bytes are one of. */
export function decodeInOneOf(circles: readonly Id[], bytes: Uint8Array, sha256: Sha256): Entry | undefined {
  for (const circle of circles) {
    const decoded = decodeEntry(bytes, circle, sha256);
    if (decoded.ok) return decoded.value;
  }
  return undefined;
}

export interface PeerSettings {
  readonly relayOnly: boolean;
  /** Unix seconds of the last word from another phone. */
  readonly lastHeardAt: number | null;
  /** The same of the phone that keeps the book. */
  readonly keeperHeardAt: number | null;
  /** How many closed books stay on the disk [B4]: at least one, for whoever is behind; null: all of them. */
  readonly keptBooks: number | null;
}
export const SETTINGS_RECORD = 'settings';
export const DEFAULT_SETTINGS: PeerSettings = {
  relayOnly: false,
  lastHeardAt: null,
  keeperHeardAt: null,
  keptBooks: 2,
};

/** As it lies on disk: the book keys sealed to this device's own key, so as safe as that key's handle [S4]. */
export interface StoredRecord extends Omit<CircleRecord, 'bookKeys'> {
  /** Hex. */
  readonly sealedKeys: readonly { readonly epoch: number; readonly sealed: string }[];
}
export const encodeRecord = (record: StoredRecord | PeerSettings): Uint8Array =>
  utf8ToBytes(JSON.stringify(record));

const parse = (bytes: Uint8Array): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
const isHex = (value: unknown, bytes: number): value is string =>
  typeof value === 'string' && value.length === bytes * 2 && /^[0-9a-f]*$/.test(value);

const isSealedKey = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'epoch' in value &&
  typeof value.epoch === 'number' &&
  'sealed' in value &&
  isHex(value.sealed, SEALED_BOOK_KEY_BYTES);

/** Reads what {@link encodeRecord} wrote; undefined if the disk holds something else. */
export function decodeStoredRecord(bytes: Uint8Array): StoredRecord | undefined {
  const record = parse(bytes);
  if (record?.['version'] !== 1) return undefined;
  const whole =
    isHex(record['circle'], 32) &&
    isHex(record['device'], 32) &&
    isHex(record['sealing'], 32) &&
    isHex(record['networkSeed'], 32) &&
    typeof record['clientId'] === 'number' &&
    Array.isArray(record['sealedKeys']) &&
    record['sealedKeys'].every(isSealedKey) &&
    Array.isArray(record['relays']);
  return whole ? (record as unknown as StoredRecord) : undefined;
}
export const isKeptBooks = (count: unknown): count is number | null =>
  count === null || (typeof count === 'number' && Number.isInteger(count) && count >= 1);
export function decodeSettings(bytes: Uint8Array | undefined): PeerSettings {
  const settings = bytes && parse(bytes);
  if (settings === undefined) return DEFAULT_SETTINGS;
  const { relayOnly, lastHeardAt, keeperHeardAt, keptBooks } = settings;
  return {
    relayOnly: relayOnly === true,
    lastHeardAt: typeof lastHeardAt === 'number' ? lastHeardAt : null,
    keeperHeardAt: typeof keeperHeardAt === 'number' ? keeperHeardAt : null,
    keptBooks: isKeptBooks(keptBooks) ? keptBooks : DEFAULT_SETTINGS.keptBooks,
  };
}

/**
 * STUN Binding (RFC 8489), the server's half: read a request, write the answer that tells the sender its
 * address as seen from here. Nothing else of STUN; credentials are ignored, as there are none.
 */
import { isIPv6 } from 'node:net';
import { crc32 } from 'node:zlib';
import { MAX_STUN_REQUEST } from './limits.ts';

const HEADER_BYTES = 20;
const MAGIC = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;
const ERROR_CODE = 0x0009;
const UNKNOWN_ATTRIBUTES = 0x000a;
const XOR_MAPPED_ADDRESS = 0x0020;
const FINGERPRINT = 0x8028;
const FINGERPRINT_BYTES = 8;
const FINGERPRINT_XOR = 0x5354554e;
/** Below this an attribute must be understood, or the request is refused with its number. */
const OPTIONAL_FROM = 0x8000;
/** RFC 8489's own attributes: MAPPED-ADDRESS … USERHASH, XOR-MAPPED-ADDRESS. */
const UNDERSTOOD: ReadonlySet<number> = new Set([
  0x0001, 0x0006, 0x0008, 0x0009, 0x000a, 0x0014, 0x0015, 0x001c, 0x001d, 0x001e, 0x0020,
]);

export interface BindingRequest {
  /** 12 bytes. */
  readonly transaction: Uint8Array;
  /** Attributes that had to be understood and are not. */
  readonly unknown: readonly number[];
  /** Whether it carried a FINGERPRINT: then the answer does too. */
  readonly fingerprint: boolean;
}

const fingerprintOf = (message: Uint8Array): number => (crc32(message) ^ FINGERPRINT_XOR) >>> 0;

/** The request in a datagram; undefined for anything else, which deserves no answer. */
export const readBindingRequest = (datagram: Uint8Array): BindingRequest | undefined => {
  const size = datagram.length;
  if (size < HEADER_BYTES || size > MAX_STUN_REQUEST || size % 4 !== 0) return undefined;
  const view = new DataView(datagram.buffer, datagram.byteOffset, size);
  if (view.getUint16(0) !== BINDING_REQUEST || view.getUint16(2) !== size - HEADER_BYTES) return undefined;
  if (view.getUint32(4) !== MAGIC) return undefined;
  const unknown: number[] = [];
  let fingerprint = false;
  let at = HEADER_BYTES;
  while (at < size) {
    // FINGERPRINT is the last attribute or the message is broken.
    if (fingerprint) return undefined;
    const type = view.getUint16(at);
    const length = view.getUint16(at + 2);
    const next = at + 4 + length + ((4 - (length % 4)) % 4);
    if (next > size) return undefined;
    if (type === FINGERPRINT) {
      if (length !== 4 || view.getUint32(at + 4) !== fingerprintOf(datagram.subarray(0, at)))
        return undefined;
      fingerprint = true;
    } else if (type < OPTIONAL_FROM && !UNDERSTOOD.has(type)) unknown.push(type);
    at = next;
  }
  return { transaction: datagram.slice(8, HEADER_BYTES), unknown, fingerprint };
};

/** The 4 or 16 bytes of an address in text. */
const addressBytes = (address: string): readonly number[] => {
  if (!isIPv6(address)) return address.split('.').map(Number);
  const [front = '', back] = address.split('::');
  const groups = (text: string): number[] =>
    text === ''
      ? []
      : text.split(':').flatMap((group) => {
          if (group.includes('.')) return group.split('.').map(Number);
          const value = Number.parseInt(group, 16);
          return [value >> 8, value & 255];
        });
  const head = groups(front);
  const tail = back === undefined ? [] : groups(back);
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
};

const attribute = (type: number, value: readonly number[]): number[] => [
  type >> 8,
  type & 255,
  value.length >> 8,
  value.length & 255,
  ...value,
  ...new Array<number>((4 - (value.length % 4)) % 4).fill(0),
];

const message = (type: number, request: BindingRequest, attributes: readonly number[]): Uint8Array => {
  const size = HEADER_BYTES + attributes.length + (request.fingerprint ? FINGERPRINT_BYTES : 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, type);
  view.setUint16(2, size - HEADER_BYTES);
  view.setUint32(4, MAGIC);
  bytes.set(request.transaction, 8);
  bytes.set(attributes, HEADER_BYTES);
  if (request.fingerprint) {
    const at = size - FINGERPRINT_BYTES;
    view.setUint16(at, FINGERPRINT);
    view.setUint16(at + 2, 4);
    view.setUint32(at + 4, fingerprintOf(bytes.subarray(0, at)));
  }
  return bytes;
};

/**
 * The answer to a request that came from `address` and `port`. At most 24 bytes longer than the request,
 * so the responder is no use for flooding somebody else.
 */
export const writeBindingAnswer = (request: BindingRequest, address: string, port: number): Uint8Array => {
  if (request.unknown.length > 0) {
    const numbers = request.unknown.flatMap((type) => [type >> 8, type & 255]);
    return message(BINDING_ERROR, request, [
      ...attribute(ERROR_CODE, [0, 0, 4, 20]),
      ...attribute(UNKNOWN_ATTRIBUTES, numbers),
    ]);
  }
  const plain = addressBytes(address);
  const mask = [0x21, 0x12, 0xa4, 0x42, ...request.transaction];
  const xored = plain.map((byte, i) => byte ^ (mask[i] ?? 0));
  const xorPort = port ^ (MAGIC >>> 16);
  const family = plain.length === 4 ? 1 : 2;
  return message(
    BINDING_SUCCESS,
    request,
    attribute(XOR_MAPPED_ADDRESS, [0, family, xorPort >> 8, xorPort & 255, ...xored]),
  );
};

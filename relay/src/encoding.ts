import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Below this, headers outweigh what is saved. */
const WORTHWHILE_BYTES = 512;
const COMPRESSIBLE =
  /^(?:text\/|application\/(?:json|manifest\+json|wasm|xml)|image\/svg\+xml|text\/javascript)/;

/** The best encoding that the Accept-Encoding header allows; `q=0` forbids one. */
export const chooseEncoding = (header: string | undefined, type: string, size: number): Encoding => {
  if (size < WORTHWHILE_BYTES || !COMPRESSIBLE.test(type)) return 'identity';
  const accepted = new Set(
    (header ?? '')
      .split(',')
      .map((part) => part.trim().toLowerCase())
      .filter((part) => !/;\s*q=0(?:\.0*)?$/.test(part))
      .map((part) => part.split(';')[0]?.trim()),
  );
  return accepted.has('br') ? 'br' : accepted.has('gzip') ? 'gzip' : 'identity';
};

/** `bytes` in that encoding. */
export const encodeBody = async (bytes: Buffer, encoding: Encoding): Promise<Buffer> => {
  switch (encoding) {
    case 'br':
      return await brotli(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 9,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      });
    case 'gzip':
      return await zip(bytes, { level: 9 });
    case 'identity':
      return bytes;
  }
};

import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import type { PrivateKey } from '@libp2p/interface';
import { RelayFault, reasonOf } from './fault.ts';

const FILE = 'identity.key';

const existing = async (file: string): Promise<PrivateKey | undefined> => {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    if (reasonOf(cause) === 'ENOENT') return undefined;
    throw new RelayFault(`The relay's key in ${file} could not be read (${reasonOf(cause)}).`);
  }
  try {
    const key = privateKeyFromProtobuf(bytes);
    if (key.type === 'Ed25519') return key;
  } catch {
    // Told below, with what to do: a new key would silently change the address that circles know.
  }
  throw new RelayFault(
    `${file} is damaged. Put a copy of it back; or remove it, and the relay gets a new address that your circles must learn.`,
  );
};

/**
 * The relay's Ed25519 key: kept in `dir`, so its address stays the same; without `dir` a new one each time.
 * Throws RelayFault when the folder can't be used or the file is damaged.
 */
export const loadIdentity = async (dir: string | undefined): Promise<PrivateKey> => {
  if (dir === undefined) return await generateKeyPair('Ed25519');
  const file = join(dir, FILE);
  const kept = await existing(file);
  if (kept !== undefined) return kept;
  const fresh = await generateKeyPair('Ed25519');
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    // 'wx': of two relays that start at once, one makes the key and the other reads it.
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(privateKeyToProtobuf(fresh));
      await handle.sync();
    } finally {
      await handle.close();
    }
    return fresh;
  } catch (cause) {
    const other = reasonOf(cause) === 'EEXIST' ? await existing(file).catch(() => undefined) : undefined;
    if (other !== undefined) return other;
    throw new RelayFault(
      `The relay's key could not be kept in ${dir} (${reasonOf(cause)}). Choose a folder with --data.`,
    );
  }
};

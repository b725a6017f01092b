import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { RelayFault, reasonOf } from './fault.ts';

/** PEM texts, checked to belong together. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const read = async (file: string, flag: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new RelayFault(`The file given with ${flag}, ${file}, could not be read (${reasonOf(cause)}).`);
  }
};

/** Reads a certificate and its key. Throws RelayFault with the culprit's name. */
export const loadCertificate = async (certFile: string, keyFile: string): Promise<Certificate> => {
  const cert = await read(certFile, '--cert');
  const key = await read(keyFile, '--key');
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new RelayFault(
      `${certFile} and ${keyFile} are no certificate and key that belong together (${reasonOf(cause)}). Both must be in PEM form.`,
    );
  }
  return { cert, key };
};

export * from './cipher.ts';
export * from './createPeer.ts';
export * from './memoryDisk.ts';
export * from './memoryStore.ts';
export * from './ports.ts';
export * from './signatureChecker.ts';
export * from './view.ts';
export { createWebCipher } from './webCipher.ts';

export { openIdbStore } from './idbStore.ts';
export { becomeWriter } from './oneWriter.ts';
export { createSha256 } from './sha256.ts';
export { wipeWindow } from './wipe.ts';

export { openIdbStore } from './idbStore.ts';
export { becomeWriter } from './oneWriter.ts';
export { createSha256 } from './sha256.ts';
export { wipeOrigin } from './wipeOrigin.ts';

export { DataDirInUse } from './dataDir.ts';
export { createNodeCipher } from './nodeCipher.ts';
export { createSha256 } from './sha256.ts';
export { openSqliteStore } from './sqliteStore.ts';

export { createNodeCipher } from './nodeCipher.ts';
export { createSha256 } from './sha256.ts';

/**
 * Who may import whom. Arrows point downwards only: ledger ← sync ← peer ← web; ledger ← community ← web.
 * The relay stands alone, but for the words of the rendezvous that it shares with peers.
 */

/**
 * @typedef {object} LayerRule
 * @property {readonly string[]} own project modules its `src` may name
 * @property {readonly string[] | null} others third-party packages its `src` may name; null: any in its package.json
 */

/** @type {Readonly<Record<string, LayerRule>>} */
export const LAYERS = {
  'packages/ledger': { own: [], others: ['@noble/ed25519', '@noble/hashes'] },
  'packages/sync': { own: ['@corridor/ledger'], others: ['@noble/hashes'] },
  'packages/community': { own: ['@corridor/ledger'], others: [] },
  'packages/peer': { own: ['@corridor/ledger', '@corridor/sync', '@corridor/sync/rendezvous'], others: null },
  'packages/testing': {
    own: [
      '@corridor/ledger',
      '@corridor/sync',
      '@corridor/sync/rendezvous',
      '@corridor/community',
      '@corridor/peer',
      '@corridor/peer/browser',
      '@corridor/peer/node',
      '@corridor/peer/transport',
      '@corridor/peer/transport/memory',
      '@corridor/peer/transport/node',
    ],
    others: null,
  },
  web: {
    own: [
      '@corridor/community',
      '@corridor/peer',
      '@corridor/peer/browser',
      '@corridor/peer/transport',
      '@corridor/peer/transport/port',
    ],
    others: null,
  },
  relay: { own: ['@corridor/sync/rendezvous'], others: null },
};

/** Layers that may name no clock, no socket, no Node and no DOM. */
export const PURE_LAYERS = ['packages/ledger', 'packages/sync', 'packages/community'];

/** The one layer inside the browser's half of the peer or the app that runs on Node. */
export const NODE_FOLDERS = ['packages/peer/src/node/', 'packages/testing/', 'relay/'];

/** The most direct runtime dependencies the product may have, all packages together. */
export const MAX_RUNTIME_DEPENDENCIES = 25;

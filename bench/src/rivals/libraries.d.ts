/** As much of the compared libraries' types as is used here: they are installed only where somebody measures. */
declare module '@orbitdb/core' {
  export interface OrbitDatabase {
    readonly address: string;
    readonly log: { has(hash: string): Promise<boolean> };
    readonly events: { on(event: 'update', listener: () => void): void };
    add(value: string): Promise<string>;
    iterator(): AsyncIterable<unknown>;
  }
  interface Storage {
    readonly put: unknown;
  }
  interface Keys {
    readonly getKey: unknown;
  }
  interface OrbitIdentities {
    readonly keystore: Keys;
  }
  export function MemoryStorage(): Promise<Storage>;
  export function KeyStore(options: { readonly storage: Storage }): Promise<Keys>;
  export function Identities(options: {
    readonly keystore: Keys;
    readonly ipfs: object;
  }): Promise<OrbitIdentities>;
  export function createOrbitDB(options: {
    readonly ipfs: object;
    readonly identities: OrbitIdentities;
  }): Promise<{
    open(
      address: string,
      options?: {
        readonly type?: 'events';
        readonly headsStorage?: Storage;
        readonly indexStorage?: Storage;
      },
    ): Promise<OrbitDatabase>;
  }>;
}
declare module '@helia/block-brokers' {
  export function bitswap(): object;
}
declare module '@helia/utils' {
  export class Helia {
    constructor(options: {
      readonly libp2p: object;
      readonly blockstore: object;
      readonly datastore: object;
      readonly blockBrokers: readonly object[];
      readonly routers: readonly object[];
    });
    start(): Promise<void>;
  }
}
declare module '@libp2p/gossipsub' {
  export function gossipsub(options: { readonly allowPublishToZeroTopicPeers: boolean }): () => object;
}
declare module '@libp2p/tcp' {
  import type { Libp2pOptions } from 'libp2p';
  export function tcp(): NonNullable<Libp2pOptions['transports']>[number];
}
declare module 'blockstore-core' {
  export class MemoryBlockstore {}
}
declare module 'datastore-core' {
  export class MemoryDatastore {}
}
declare module 'random-access-memory' {
  export default class RAM {}
}
declare module 'hypercore' {
  interface Replication {
    pipe(other: Replication): Replication;
  }
  export default class Hypercore {
    constructor(
      storage: (file: string) => object,
      key?: Uint8Array | null,
      options?: { readonly encryptionKey?: Uint8Array | null },
    );
    readonly key: Uint8Array | null;
    readonly length: number;
    readonly contiguousLength: number;
    ready(): Promise<void>;
    get(index: number): Promise<Uint8Array>;
    append(block: Uint8Array): Promise<unknown>;
    replicate(initiator: boolean, options: { readonly live: boolean }): Replication;
    update(options: { readonly wait: boolean }): Promise<boolean>;
    download(range: { readonly start: number; readonly end: number }): { done(): Promise<unknown> };
  }
}
declare module 'cojson/crypto/NapiCrypto' {
  export interface Crypto {
    readonly newRandomAgentSecret: unknown;
  }
  export const NapiCrypto: { create(): Promise<Crypto> };
}
declare module 'cojson/crypto/WasmCrypto' {
  import type { Crypto } from 'cojson/crypto/NapiCrypto';
  export const WasmCrypto: { create(): Promise<Crypto> };
}
declare module 'cojson' {
  import type { Crypto } from 'cojson/crypto/NapiCrypto';
  interface Peer {
    readonly id: string;
  }
  interface Stream {
    readonly id: string;
    readonly items: Readonly<Record<string, readonly unknown[] | undefined>>;
    push(item: string, privacy: 'private' | 'trusting'): void;
    subscribe(listener: (stream: Stream) => void): () => void;
  }
  interface Node {
    readonly syncManager: { addPeer(peer: Peer): void };
    createGroup(): { addMember(who: 'everyone', role: 'reader'): void; createStream(): Stream };
    load(id: string): Promise<Stream | 'unavailable'>;
  }
  export const LocalNode: {
    withNewlyCreatedAccount(options: {
      readonly creationProps: { readonly name: string };
      readonly crypto: Crypto;
      readonly peers: readonly Peer[];
    }): Promise<{ readonly node: Node }>;
  };
  export const cojsonInternals: {
    connectedPeers(
      first: string,
      second: string,
      roles: { readonly peer1role: 'server' | 'client'; readonly peer2role: 'server' | 'client' },
    ): [Peer, Peer];
  };
}

import { fileURLToPath } from 'node:url';
import { DEFAULT_LIMITS, type RelayLimits } from './limits.ts';

/** How one relay is run. Port 0 takes any free one. */
export interface RelayConfig {
  /** One local address to listen at; undefined: all of them, both families. */
  readonly host: string | undefined;
  readonly httpPort: number;
  readonly stunPort: number | 'off';
  /** Where STUN listens; undefined: as `host`. */
  readonly stunAddress: string | undefined;
  /** Where browsers reach the STUN responder; '' for the host at which they reached the relay. */
  readonly stunHost: string;
  /** Loopback only. */
  readonly statusPort: number | 'off';
  /** Folder of the built app. */
  readonly webDir: string;
  /** Folder of the relay's key; undefined: a new key, and so a new address, at each start. */
  readonly dataDir: string | undefined;
  /** Files in PEM form; both or neither. */
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  /** The address that people type when a proxy stands in front, such as https://relay.example.org. */
  readonly publicUrl: string | undefined;
  /** Believe the last entry of X-Forwarded-For. Only right behind one's own reverse proxy. */
  readonly trustProxy: boolean;
  /** Multiaddrs (with peer id) of further relays that the app may use. */
  readonly otherRelays: readonly string[];
  readonly limits: RelayLimits;
}

export const DEFAULT_CONFIG: RelayConfig = {
  host: undefined,
  httpPort: 4700,
  stunPort: 3478,
  stunAddress: undefined,
  stunHost: '',
  statusPort: 4701,
  webDir: fileURLToPath(new URL('../../web/dist', import.meta.url)),
  dataDir: undefined,
  certFile: undefined,
  keyFile: undefined,
  publicUrl: undefined,
  trustProxy: false,
  otherRelays: [],
  limits: DEFAULT_LIMITS,
};

export { createRelay, type Relay, type RelayWish, type RelayWorld } from './createRelay.ts';
export { type RelayConfig } from './config.ts';
export { RelayFault } from './fault.ts';
export { type RelayLimits } from './limits.ts';

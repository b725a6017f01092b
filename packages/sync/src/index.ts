export * from './faults.ts';
export { sessionSecret } from './greetingKeys.ts';
export * from './limits.ts';
export * from './messageCodec.ts';
export * from './messages.ts';
export * from './pushPeers.ts';
export * from './session.ts';
export * from './shelf.ts';

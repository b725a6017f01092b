import type { Presence, TransportEvent } from '../ports.ts';

/** What the worker asks of the window. */
export type ToWindow =
  | { readonly type: 'listen' }
  | { readonly type: 'presence'; readonly presence: readonly Presence[] }
  | { readonly type: 'send'; readonly link: string; readonly bytes: Uint8Array }
  /** The worker has dealt with so many bytes of messages from this link. */
  | { readonly type: 'read'; readonly link: string; readonly bytes: number }
  | { readonly type: 'close'; readonly link: string; readonly reason: string }
  | { readonly type: 'ban'; readonly remote: string; readonly seconds: number }
  | { readonly type: 'relayOnly'; readonly relayOnly: boolean }
  | { readonly type: 'stop' };

/** What the window tells the worker. */
export type ToWorker =
  | { readonly type: 'self'; readonly self: string }
  | { readonly type: 'event'; readonly event: TransportEvent }
  /** The window has taken so many bytes of `send` in all on this link, and this much of them still waits. */
  | { readonly type: 'sent'; readonly link: string; readonly taken: number; readonly queued: number }
  | { readonly type: 'stopped' };

type Shape = Readonly<Record<string, unknown>>;

const isShape = (value: unknown): value is Shape => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isBytes = (value: unknown): boolean => value instanceof Uint8Array;
const isProtocol = (value: unknown): boolean => value === 'sync' || value === 'join';
const isPath = (value: unknown): boolean => value === 'direct' || value === 'relayed';

const isPresence = (value: unknown): boolean =>
  isShape(value) &&
  isText(value['circle']) &&
  isTexts(value['register']) &&
  isTexts(value['meet']) &&
  isProtocol(value['protocol']);

const isRelayState = (value: unknown): boolean =>
  isShape(value) &&
  isText(value['address']) &&
  (value['state'] === 'connecting' || value['state'] === 'ready' || value['state'] === 'down') &&
  (value['day'] === undefined || isCount(value['day']));

const isEvent = (value: unknown): boolean => {
  if (!isShape(value)) return false;
  const { link } = value;
  switch (value['type']) {
    case 'open':
      return (
        isShape(link) &&
        isText(link['id']) &&
        isText(link['remote']) &&
        isPath(link['path']) &&
        isProtocol(link['protocol']) &&
        typeof link['outgoing'] === 'boolean'
      );
    case 'message':
      return isText(link) && isBytes(value['bytes']);
    case 'path':
      return isText(link) && isPath(value['path']);
    case 'close':
      return isText(link);
    case 'relays':
      return Array.isArray(value['relays']) && value['relays'].every(isRelayState);
    default:
      return false;
  }
};

/** Whether a message from the other side of the port is one that the window understands. */
export function isToWindow(value: unknown): value is ToWindow {
  if (!isShape(value)) return false;
  switch (value['type']) {
    case 'listen':
    case 'stop':
      return true;
    case 'presence':
      return Array.isArray(value['presence']) && value['presence'].every(isPresence);
    case 'send':
      return isText(value['link']) && isBytes(value['bytes']);
    case 'read':
      return isText(value['link']) && isCount(value['bytes']);
    case 'close':
      return isText(value['link']) && isText(value['reason']);
    case 'ban':
      return isText(value['remote']) && isCount(value['seconds']);
    case 'relayOnly':
      return typeof value['relayOnly'] === 'boolean';
    default:
      return false;
  }
}

/** Whether a message from the other side of the port is one that the worker understands. */
export function isToWorker(value: unknown): value is ToWorker {
  if (!isShape(value)) return false;
  switch (value['type']) {
    case 'self':
      return isText(value['self']);
    case 'event':
      return isEvent(value['event']);
    case 'sent':
      return isText(value['link']) && isCount(value['taken']) && isCount(value['queued']);
    case 'stopped':
      return true;
    default:
      return false;
  }
}

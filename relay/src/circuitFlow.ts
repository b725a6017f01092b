/**
 * Back-pressure for circuits. libp2p's relay copies from one stream to the other through a queue without a
 * bound, so a fast sender with a slow receiver would fill the relay's memory [I18]. Its metrics hook shows
 * us every stream before it carries data: from there we see a chunk arrive at one stream (`dispatchEvent`)
 * and the very same chunk leave by another (`send`), and stop reading the first while too much lies between.
 */
import { RELAY_V2_HOP_CODEC, RELAY_V2_STOP_CODEC } from '@libp2p/circuit-relay-v2';
import { StreamMessageEvent } from '@libp2p/interface';
import type { Metrics, Stream } from '@libp2p/interface';
import { MAX_CIRCUIT_BACKLOG } from './limits.ts';

export interface CircuitFlow {
  /** For createLibp2p's `metrics`; measures nothing else. */
  readonly metrics: Metrics;
  /** Payload bytes carried over circuits since the start, both directions. */
  readonly relayedBytes: number;
  /** Circuits that are open now: each has one stream to the peer who was called. */
  readonly circuits: number;
  /** Bytes taken from senders and not yet handed to receivers. */
  readonly backlog: number;
}

const ignore = (): void => undefined;
const ignoreTimer = (): (() => void) => ignore;
const MEASURE = { update: ignore, increment: ignore, decrement: ignore, reset: ignore, timer: ignoreTimer };
const OBSERVE = { observe: ignore, reset: ignore, timer: ignoreTimer };

export const createCircuitFlow = (): CircuitFlow => {
  /** Where a chunk that is under way came from. */
  const origins = new WeakMap<object, Stream>();
  const waiting = new Map<Stream, number>();
  const called = new Set<Stream>();
  let relayedBytes = 0;

  const arrived = (stream: Stream, chunk: { readonly byteLength: number }): void => {
    const bytes = (waiting.get(stream) ?? 0) + chunk.byteLength;
    origins.set(chunk, stream);
    waiting.set(stream, bytes);
    if (bytes > MAX_CIRCUIT_BACKLOG && stream.readStatus === 'readable') stream.pause();
  };
  const left = (chunk: { readonly byteLength: number }): void => {
    const stream = origins.get(chunk);
    const before = stream === undefined ? undefined : waiting.get(stream);
    if (stream === undefined || before === undefined) return;
    origins.delete(chunk);
    relayedBytes += chunk.byteLength;
    const bytes = before - chunk.byteLength;
    waiting.set(stream, bytes);
    if (bytes <= MAX_CIRCUIT_BACKLOG / 2 && stream.readStatus === 'paused') stream.resume();
  };

  const track = (stream: Stream): void => {
    if (stream.protocol !== RELAY_V2_HOP_CODEC && stream.protocol !== RELAY_V2_STOP_CODEC) return;
    const dispatchEvent = stream.dispatchEvent.bind(stream);
    const send = stream.send.bind(stream);
    waiting.set(stream, 0);
    if (stream.protocol === RELAY_V2_STOP_CODEC) called.add(stream);
    stream.dispatchEvent = (event) => {
      if (event instanceof StreamMessageEvent) arrived(stream, event.data);
      return dispatchEvent(event);
    };
    stream.send = (data) => {
      left(data);
      return send(data);
    };
    stream.addEventListener('close', () => {
      waiting.delete(stream);
      called.delete(stream);
    });
  };

  const metrics: Metrics = {
    trackMultiaddrConnection: ignore,
    trackProtocolStream: track,
    registerMetric: () => MEASURE,
    registerMetricGroup: () => MEASURE,
    registerCounter: () => MEASURE,
    registerCounterGroup: () => MEASURE,
    registerHistogram: () => OBSERVE,
    registerHistogramGroup: () => OBSERVE,
    registerSummary: () => OBSERVE,
    registerSummaryGroup: () => OBSERVE,
    traceFunction: (_name: string, traced: never) => traced,
    createTrace: ignore,
  };
  return {
    metrics,
    get relayedBytes() {
      return relayedBytes;
    },
    get circuits() {
      return called.size;
    },
    get backlog() {
      let bytes = 0;
      for (const own of waiting.values()) bytes += own;
      return bytes;
    },
  };
};

import { MAX_WEBSOCKET_FRAGMENTS, MAX_WEBSOCKET_MESSAGE } from './limits.ts';

/** False once the client has sent what no honest one sends: the connection must be cut. */
export type FrameGuard = (chunk: Uint8Array) => boolean;

const CONTROL_OPCODE = 8;
const MASK_BYTES = 4;

/**
 * Reads only the frame headers of a WebSocket (RFC 6455 §5.2) going by. The WebSocket library behind us
 * gathers a message of up to 100 MiB before anybody has said who they are; this bounds it [I18].
 */
export const createFrameGuard = (): FrameGuard => {
  const header = new Uint8Array(14);
  let have = 0;
  /** Header bytes of this frame, known from its second byte on. */
  let need = 2;
  let payloadLeft = 0;
  let messageBytes = 0;
  let fragments = 0;

  /** The frame's header is whole: false if the message grows too large. */
  const frameBegins = (): boolean => {
    const view = new DataView(header.buffer);
    const short = view.getUint8(1) & 127;
    const length = short < 126 ? short : short === 126 ? view.getUint16(2) : Number(view.getBigUint64(2));
    payloadLeft = length;
    have = 0;
    need = 2;
    if ((view.getUint8(0) & 15) >= CONTROL_OPCODE) return length < 126;
    messageBytes += length;
    fragments++;
    const fine = messageBytes <= MAX_WEBSOCKET_MESSAGE && fragments <= MAX_WEBSOCKET_FRAGMENTS;
    if ((view.getUint8(0) & 128) !== 0) {
      messageBytes = 0;
      fragments = 0;
    }
    return fine;
  };

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (payloadLeft > 0) {
        const skipped = Math.min(payloadLeft, chunk.length - at);
        payloadLeft -= skipped;
        at += skipped;
        continue;
      }
      header[have++] = chunk[at++] ?? 0;
      if (have === 2) {
        const second = header[1] ?? 0;
        const short = second & 127;
        need = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (second >= 128 ? MASK_BYTES : 0);
      }
      if (have === need && !frameBegins()) return false;
    }
    return true;
  };
};

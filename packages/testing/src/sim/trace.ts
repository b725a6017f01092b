/** What happened in a simulated world: a running hash that two runs of one seed must share, and the last lines to read. */
export interface Trace {
  note(line: string): void;
  /** Hex of 64 bits over all lines. */
  hash(): string;
  tail(): readonly string[];
}
const LINES_KEPT = 60;

export function createTrace(now: () => number): Trace {
  let high = 0x811c9dc5;
  let low = 0x1b873593;
  const lines: string[] = [];
  return {
    note(line) {
      const text = `${now().toFixed(3)} ${line}`;
      for (let i = 0; i < text.length; i++) {
        high = Math.imul(high ^ text.charCodeAt(i), 0x01000193);
        low = Math.imul(low ^ (high >>> 13) ^ text.charCodeAt(i), 0x85ebca6b);
      }
      lines.push(text);
      if (lines.length > 2 * LINES_KEPT) lines.splice(0, LINES_KEPT);
    },
    hash: () => [high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(''),
    tail: () => lines.slice(-LINES_KEPT),
  };
}

/**
 * The ledger's encoding as a tree that can be bent: nodes remember what their heads claim, so that a tree can be
 * written in ways that the one writer never would [E1].
 */

/** How many bytes after the head's first hold its number; absent: as few as can be. */
type Width = 0 | 1 | 2 | 4 | 8;
interface Head {
  readonly width?: Width;
  /** Items or bytes that the head says there are; absent: as many as there are. */
  readonly claims?: number;
}
export type CborNode =
  | (Head & { readonly type: 'integer'; readonly isNegative: boolean; readonly number: number })
  | (Head & { readonly type: 'bytes' | 'text'; readonly bytes: Uint8Array })
  | (Head & { readonly type: 'array'; readonly items: readonly CborNode[] })
  /** Null, and whatever else the writer never writes. */
  | { readonly type: 'raw'; readonly bytes: Uint8Array };

const MAJOR = { integer: 0, negative: 1, bytes: 2, text: 3, array: 4 } as const;
const NULL = 0xf6;
const WIDTHS = [1, 2, 4, 8] as const;

const numberAt = (bytes: Uint8Array, at: number, width: number): number => {
  let number = 0;
  for (let i = 0; i < width; i++) number = number * 256 + (bytes[at + i] ?? 0);
  return number;
};

/** The tree of bytes that the one writer wrote; anything else throws. */
export function readTree(bytes: Uint8Array): CborNode {
  let at = 0;
  const read = (): CborNode => {
    const first = bytes[at++] ?? 0;
    if (first === NULL) return { type: 'raw', bytes: Uint8Array.of(NULL) };
    const info = first & 31;
    const width = info < 24 ? 0 : (WIDTHS[info - 24] ?? 0);
    const number = width === 0 ? info : numberAt(bytes, at, width);
    at += width;
    switch (first >> 5) {
      case MAJOR.integer:
      case MAJOR.negative:
        return { type: 'integer', isNegative: first >> 5 === MAJOR.negative, number };
      case MAJOR.bytes:
      case MAJOR.text:
        at += number;
        if (at > bytes.length) throw new Error('a sample that is cut');
        return { type: first >> 5 === MAJOR.bytes ? 'bytes' : 'text', bytes: bytes.slice(at - number, at) };
      case MAJOR.array:
        return { type: 'array', items: Array.from({ length: number }, read) };
      default:
        throw new Error('a sample that our writer did not write');
    }
  };
  const tree = read();
  if (at !== bytes.length) throw new Error('a sample with something after it');
  return tree;
}

const leastWidth = (number: number): Width =>
  number < 24 ? 0 : number < 0x100 ? 1 : number < 0x10000 ? 2 : number < 0x100000000 ? 4 : 8;
const head = (major: number, number: number, width: Width = leastWidth(number)): Uint8Array => {
  const bytes = new Uint8Array(1 + width);
  bytes[0] = (major << 5) | (width === 0 ? number & 31 : 24 + WIDTHS.indexOf(width));
  let rest = number;
  for (let i = width; i > 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
};

/** The bytes of a tree, as its heads will have it. */
export function writeTree(tree: CborNode): Uint8Array {
  const parts: Uint8Array[] = [];
  const write = (node: CborNode): void => {
    switch (node.type) {
      case 'integer':
        parts.push(head(node.isNegative ? MAJOR.negative : MAJOR.integer, node.number, node.width));
        return;
      case 'bytes':
      case 'text':
        parts.push(head(MAJOR[node.type], node.claims ?? node.bytes.length, node.width), node.bytes);
        return;
      case 'array':
        parts.push(head(MAJOR.array, node.claims ?? node.items.length, node.width));
        node.items.forEach(write);
        return;
      case 'raw':
        parts.push(node.bytes);
    }
  };
  write(tree);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** All nodes of a tree, itself first. */
export function nodesOf(tree: CborNode): readonly CborNode[] {
  const nodes: CborNode[] = [];
  const collect = (node: CborNode): void => {
    nodes.push(node);
    if (node.type === 'array') node.items.forEach(collect);
  };
  collect(tree);
  return nodes;
}

/** The tree with `place` (counted as {@link nodesOf} lists them) changed. */
export function changedAt(tree: CborNode, place: number, change: (node: CborNode) => CborNode): CborNode {
  let next = 0;
  const walk = (node: CborNode): CborNode => {
    if (next++ === place) return change(node);
    return node.type === 'array' && next <= place ? { ...node, items: node.items.map(walk) } : node;
  };
  return walk(tree);
}

/** An entry, a code or an invite changed by somebody who knows the encoding [E1]: well formed but for what is wrong. */
import { concatBytes } from '@corridor/ledger';
import type { Rng } from '../sim/rng.ts';
import { borderNumber, nearNumber } from './borders.ts';
import { changedAt, nodesOf, readTree, writeTree, type CborNode } from './cborTree.ts';
import { hostileUtf8 } from './hostileText.ts';
import { mutateBytes } from './mutateBytes.ts';

/** What nothing of ours may contain: floats, simple values, tags, maps, lengths that are open or reserved, a break. */
const FOREIGN: readonly (readonly number[])[] = [
  ...[
    [0xf9, 0x3c, 0x00],
    [0xfa, 0x47, 0xc3, 0x50, 0x00],
    [0xfb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0],
  ],
  ...[[0xf4], [0xf5], [0xf6], [0xf7], [0xe0], [0xf8, 0x20], [0xc0, 0x01], [0xd9, 0xd9, 0xf7, 0x80]],
  ...[[0xa0], [0xa1, 0x01, 0x02], [0x5f, 0x41, 0x00, 0xff], [0x7f, 0x61, 0x61, 0xff], [0x9f, 0x01, 0xff]],
  ...[[0x1c], [0x1f], [0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xff]],
  ...[
    [0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0x1b, 0, 0x20, 0, 0, 0, 0, 0, 1],
  ],
  ...[
    [0x9b, 0, 0, 0, 1, 0, 0, 0, 0],
    [0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  ],
];
const LENGTHS = [2, 5, 10, 11, 16, 17, 32, 33, 64, 65] as const;
/** Rare, because long inputs take long. */
const LONG = [200, 1100] as const;
const DEPTHS = [1, 2, 7, 8, 9, 64, 2000] as const;

export interface CborCorpus {
  readonly samples: readonly Uint8Array[];
  readonly trees: readonly CborNode[];
  /** Every node of every sample, to be put in another's place. */
  readonly nodes: readonly CborNode[];
}
export function cborCorpus(samples: readonly Uint8Array[]): CborCorpus {
  const trees = samples.map(readTree);
  return { samples, trees, nodes: trees.flatMap((tree) => nodesOf(tree)) };
}

const swapped = <T>(values: readonly T[], a: number, b: number): readonly T[] =>
  values.map((value, i) => values[i === a ? b : i === b ? a : i] ?? value);
const wrapped = (node: CborNode, times: number): CborNode => {
  let outer = node;
  for (let i = 0; i < times; i++) outer = { type: 'array', items: [outer] };
  return outer;
};

function changeItems(rng: Rng, items: readonly CborNode[], nodes: readonly CborNode[]): readonly CborNode[] {
  const at = rng.below(Math.max(1, items.length));
  const one = items[at] ?? rng.pick(nodes);
  switch (rng.below(7)) {
    case 0:
      return items.toSpliced(at, 1);
    case 1:
      return items.toSpliced(at, 0, one);
    case 2:
      return swapped(items, at, rng.below(Math.max(1, items.length)));
    case 3:
      return items.toReversed();
    case 4:
      return items.toSpliced(at, rng.below(2), rng.pick(nodes));
    case 5:
      return [];
    default:
      return Array.from({ length: rng.pick(rng.chance(0.03) ? LONG : LENGTHS) }, () =>
        rng.chance(0.9) ? one : rng.pick(nodes),
      );
  }
}
function changeNode(rng: Rng, node: CborNode, nodes: readonly CborNode[]): CborNode {
  // The same kind of thing from another place: another's id, another's amount, another's list.
  if (rng.chance(0.2)) {
    const other = rng.pick(nodes);
    if (other.type === node.type || rng.chance(0.2)) return other;
  }
  if (rng.chance(0.05)) return { type: 'raw', bytes: Uint8Array.from(rng.pick(FOREIGN)) };
  if (rng.chance(0.02)) return wrapped(node, rng.pick(DEPTHS));
  if (node.type !== 'raw' && rng.chance(0.06)) return { ...node, width: rng.pick([0, 1, 2, 4, 8]) };
  switch (node.type) {
    case 'integer':
      return rng.chance(0.15)
        ? { ...node, isNegative: !node.isNegative }
        : { ...node, number: nearNumber(rng, node.number) };
    case 'bytes':
      if (rng.chance(0.1)) return { ...node, type: 'text' };
      if (rng.chance(0.1)) return { ...node, claims: borderNumber(rng) };
      return { ...node, bytes: mutateBytes(rng, node.bytes).subarray(0, 5000) };
    case 'text':
      if (rng.chance(0.1)) return { ...node, type: 'bytes' };
      if (rng.chance(0.1)) return { ...node, claims: borderNumber(rng) };
      return {
        ...node,
        bytes: rng.chance(0.6)
          ? concatBytes(node.bytes.subarray(0, rng.below(node.bytes.length + 1)), hostileUtf8(rng))
          : mutateBytes(rng, node.bytes).subarray(0, 5000),
      };
    case 'array':
      return rng.chance(0.12)
        ? { ...node, claims: nearNumber(rng, node.items.length) }
        : { ...node, items: changeItems(rng, node.items, nodes) };
    case 'raw':
      return rng.pick(nodes);
  }
}

/** One of the samples, changed in one place, or a few; now and then the bytes are damaged as well. */
export function mutateCbor(rng: Rng, { samples, trees, nodes }: CborCorpus): Uint8Array {
  let tree = rng.pick(trees);
  do tree = changedAt(tree, rng.below(nodesOf(tree).length), (node) => changeNode(rng, node, nodes));
  while (rng.chance(0.35));
  const bytes = writeTree(tree);
  return rng.chance(0.12) ? mutateBytes(rng, bytes, samples) : bytes;
}

/** What one witness said at one height, as a word that the explorer can compare: two letters for each round. */
import type { Id, Statement } from '@corridor/ledger';

/** `x` and `y` are two lawful decisions, `u` an unlawful one, `0` stands for nothing, `-` for not said. */
export type Letter = 'x' | 'y' | 'u' | '0' | '-';
/** A letter for each layer: prevote and precommit of round 0, of round 1 and so on. Proposals are left out. */
export type Lane = string;

export const idOf = (letter: Letter): Id | null => (letter === '0' ? null : (letter as string as Id));
export const letterOf = (id: Id | null): Letter => (id === null ? '0' : (id as string as Letter));
export const layerOf = ({ round, step }: Statement): number => 2 * round + (step === 'precommit' ? 1 : 0);
export const roundOf = (layer: number): number => layer >> 1;
export const stepOf = (layer: number): 'prevote' | 'precommit' => (layer % 2 === 0 ? 'prevote' : 'precommit');
export const letterAt = (lane: Lane, layer: number): Letter => (lane[layer] ?? '-') as Letter;
export const write = (lane: Lane, layer: number, letter: Letter): Lane =>
  lane.slice(0, layer) + letter + lane.slice(layer + 1);
/** The last layer in which something was said; -1: nothing was. */
export function lastOf(lane: Lane): number {
  for (let layer = lane.length - 1; layer >= 0; layer--) if (letterAt(lane, layer) !== '-') return layer;
  return -1;
}
/** As it was before its last word, or before that layer. */
export const before = (lane: Lane, layer: number = lastOf(lane)): Lane =>
  lane.slice(0, layer) + '-'.repeat(lane.length - layer);

import type { VNode } from 'preact';
import { DRAWINGS } from './drawings.ts';
import type { DrawingName } from './drawings.ts';

interface Props {
  readonly name: DrawingName;
  readonly size?: number;
  /** Arrows that point along the line of writing turn with it. */
  readonly turns?: boolean;
}
/** One of the app's drawings. Never alone: a word stands beside it, so it is hidden from screen readers. */
export function Drawing({ name, size = 22, turns = false }: Props): VNode {
  return (
    <svg
      class={turns ? 'flip' : undefined}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={DRAWINGS[name]} />
    </svg>
  );
}

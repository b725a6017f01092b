import { useId, useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import { TILE, weave } from './weave.ts';

/** The strip of the circle, as wide as its place. It always stands with the circle's name, so it is hidden to ears. */
export function Weave({ circle }: { readonly circle: string }): VNode {
  const id = useId();
  const bricks = useMemo(() => weave(circle), [circle]);
  return (
    <svg class="weave" aria-hidden="true" data-weave={circle.slice(0, 8)}>
      <pattern id={id} width={TILE.width} height={TILE.height} patternUnits="userSpaceOnUse">
        {bricks.map(({ x, y, width, height, tone }) => (
          <rect class={`w${tone}`} x={x} y={y} width={width} height={height} />
        ))}
      </pattern>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}

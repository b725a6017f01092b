import { useId, useMemo } from 'preact/hooks';
import type { VNode } from 'preact';
import { TILE, weave } from './weave.ts';

interface Props {
  readonly circle: string;
  /** One whole tile, as wide as its place: for comparing. Otherwise a strip that repeats it. */
  readonly whole?: boolean;
}
/** The strip of the circle, as wide as its place. It always stands with the circle's name, so it is hidden to ears. */
export function Weave({ circle, whole = false }: Props): VNode {
  const id = useId();
  const bricks = useMemo(() => weave(circle), [circle]);
  return (
    <svg
      class={whole ? 'weave whole' : 'weave'}
      viewBox={whole ? `0 0 ${TILE.width} ${TILE.height}` : undefined}
      aria-hidden="true"
      data-weave={circle.slice(0, 8)}
    >
      <pattern id={id} width={TILE.width} height={TILE.height} patternUnits="userSpaceOnUse">
        {bricks.map(({ x, y, width, height, tone }) => (
          <rect class={`w${tone}`} x={x} y={y} width={width} height={height} />
        ))}
      </pattern>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}

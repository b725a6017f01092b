import type { ComponentChildren, VNode } from 'preact';

/** Pictures of what a hand does on an iPhone, in the app's own strokes. The words beside them say it too. */
function Picture({ children }: { readonly children: ComponentChildren }): VNode {
  return (
    <svg class="install-picture" viewBox="0 0 72 72" aria-hidden="true">
      {children}
    </svg>
  );
}

/** The lower end of a phone. */
const PHONE = 'M12 4v52a10 10 0 0 0 10 10h28a10 10 0 0 0 10-10V4';

/** A link, twice: here and on the way. */
export const CopyPicture = (): VNode => (
  <Picture>
    <path class="paper" d="M12 10h30a4 4 0 0 1 4 4v32a4 4 0 0 1-4 4H12a4 4 0 0 1-4-4V14a4 4 0 0 1 4-4z" />
    <path class="sought" d="M30 22h30a4 4 0 0 1 4 4v32a4 4 0 0 1-4 4H30a4 4 0 0 1-4-4V26a4 4 0 0 1 4-4z" />
    <path
      class="on-sought"
      d="M43 45l4-6M41 41l-3 4a4.6 4.6 0 0 0 7 6l3-4M49 43l3-4a4.6 4.6 0 0 0-7-6l-3 4"
    />
  </Picture>
);

/** Safari's bar at the bottom, with Share in its middle. */
export const SharePicture = (): VNode => (
  <Picture>
    <path class="paper" d={PHONE} />
    <path class="line" d="M12 40h48M22 53h4M46 53h4" />
    <circle class="sought" cx="36" cy="48" r="14" />
    <path class="on-sought" d="M32 46h-3v10h14V46h-3M36 51V38M32 42l4-4 4 4" />
  </Picture>
);

/** The list that Share opens, with the line that is meant. */
export const AddPicture = (): VNode => (
  <Picture>
    <path class="paper" d={PHONE} />
    <path class="line" d="M20 12h20M20 54h16" />
    <path class="sought" d="M8 22h56a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4V26a4 4 0 0 1 4-4z" />
    <path
      class="on-sought"
      d="M12 33h24M50 26h8a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2V28a2 2 0 0 1 2-2zM54 30v6M51 33h6"
    />
  </Picture>
);

const OTHER_ICONS = [
  [19, 6],
  [43, 6],
  [19, 53],
  [43, 53],
] as const;
/** The app's own sign, as in `icons/mark.svg`, on a field of 24. */
const BRICKS = [
  ['#fff', 4.5, 5.8, 6.2, 3],
  ['#f2b233', 11.5, 5.2, 2.4, 4.2],
  ['#fff', 14.6, 5.8, 4.9, 3],
  ['#f2b233', 4.5, 10, 2.4, 4.1],
  ['#9ad1bd', 7.7, 10.5, 6.2, 3],
  ['#fff', 14.6, 10, 2.4, 4.1],
  ['#fff', 4.5, 15.2, 4.9, 3],
  ['#9ad1bd', 10.1, 14.6, 2.4, 4.2],
  ['#f2b233', 13.3, 15.2, 6.2, 3],
] as const;

/** The home screen, with the app's sign among the others. */
export const OpenPicture = (): VNode => (
  <Picture>
    <path class="paper" d={PHONE} />
    {OTHER_ICONS.map(([x, y]) => (
      <rect class="faint" key={`${x} ${y}`} x={x} y={y} width="10" height="10" rx="3" />
    ))}
    <rect class="sought" x="19" y="18" width="34" height="34" rx="9" />
    <g transform="translate(24 23)">
      <rect fill="#155e4b" width="24" height="24" rx="5" />
      {BRICKS.map(([fill, x, y, width, height]) => (
        <rect key={`${x} ${y}`} fill={fill} x={x} y={y} width={width} height={height} />
      ))}
    </g>
  </Picture>
);

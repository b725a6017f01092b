import type { ComponentChildren, VNode } from 'preact';
import { Drawing } from './Drawing.tsx';
import type { DrawingName } from './drawings.ts';

interface Props {
  readonly drawing: DrawingName;
  readonly href: string;
  readonly title: string;
  readonly fact?: ComponentChildren;
}
/** A ruled row that leads somewhere, with one fact at its side. */
export function FactRow({ drawing, href, title, fact }: Props): VNode {
  return (
    <li>
      <a class="row" href={href}>
        <Drawing name={drawing} />
        <span class="what">{title}</span>
        {fact !== undefined && <span class="side sub">{fact}</span>}
        <Drawing name="forward" size={18} turns />
      </a>
    </li>
  );
}

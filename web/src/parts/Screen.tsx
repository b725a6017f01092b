import { useEffect, useRef } from 'preact/hooks';
import type { ComponentChildren, VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { Drawing } from './Drawing.tsx';
import { NavigationBar } from './NavigationBar.tsx';
import { Ribbons } from './Ribbons.tsx';
import { WeaveTap } from './WeaveTap.tsx';

interface Props {
  readonly title: string;
  /** Where the arrow leads; none on the three main screens. */
  readonly back?: string;
  readonly aside?: ComponentChildren;
  /** A person's tile before the title. */
  readonly face?: ComponentChildren;
  /** The bottom bar: not while a person is in the middle of paying. From 960 px the rail is always there. */
  readonly bar?: boolean;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}
/** The frame of every screen: weave, heading, content, navigation. Takes the focus when it replaces another. */
export function Screen({ title, back, aside, face, bar = true, wide = false, children }: Props): VNode {
  const app = useApp();
  const m = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const view = app.engine.value.view.value;
  const circle = view.stage === 'circle' ? view.view : null;
  useEffect(() => {
    document.title = title === circle?.name ? title : `${title} · ${circle?.name ?? 'Corridor'}`;
  }, [title, circle?.name]);
  useEffect(() => {
    const inside = document.activeElement;
    const taken =
      inside !== null && inside !== document.body && document.querySelector('main')?.contains(inside);
    if (app.moved.peek() && !taken) heading.current?.focus({ preventScroll: true });
    app.moved.value = true;
  }, [app]);
  return (
    <div class={circle ? (bar ? 'frame with-bar' : 'frame with-bar flow') : 'frame'}>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {m.skip_to_content()}
      </a>
      {circle && <WeaveTap circle={circle.circle} name={circle.name} />}
      <Ribbons />
      <main id="main" tabIndex={-1} class={wide ? 'home-grid' : undefined}>
        <div class="head">
          <div class="titled">
            {back !== undefined && (
              <a class="back" href={back} aria-label={m.back()}>
                <Drawing name="back" size={24} turns />
              </a>
            )}
            {face}
            <h1 ref={heading} tabIndex={-1}>
              <bdi>{title}</bdi>
            </h1>
          </div>
          {aside !== undefined && <div class="aside">{aside}</div>}
        </div>
        {children}
      </main>
      {circle && <NavigationBar />}
    </div>
  );
}

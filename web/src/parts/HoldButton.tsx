import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren, VNode } from 'preact';
import { useWords } from '../app/app.ts';

interface Props {
  readonly children: ComponentChildren;
  /** The words of the second button, for whoever does not hold: "Yes, pay 120 dors". */
  readonly yes: string;
  readonly disabled: boolean;
  /** For a form whose Enter key stands for a short press. */
  readonly id?: string;
  readonly onDone: () => void;
}
/** As long as LOOK asks: a thumb that rests by accident is gone before. */
const HOLD_MS = 800;
/** A finger that moves further wants to scroll, CSS pixels. */
const MOVED_PX = 12;

/** Holding pays; a short press, a keyboard or a switch gets a second button instead, so nothing needs holding. */
export function HoldButton({ children, yes, disabled, id, onDone }: Props): VNode {
  const m = useWords();
  const [held, setHeld] = useState(false);
  const [asking, setAsking] = useState(false);
  const timer = useRef<number | undefined>(undefined);
  const done = useRef(false);
  const from = useRef({ x: 0, y: 0 });
  const second = useRef<HTMLButtonElement>(null);
  const release = (): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setHeld(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (asking) second.current?.focus();
  }, [asking]);
  return (
    <>
      <p class="small quiet center" id="hold-hint">
        {m.hold_hint()}
      </p>
      <button
        type="button"
        id={id}
        class={held ? 'button wide hold held' : 'button wide hold'}
        aria-describedby="hold-hint"
        disabled={disabled}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          setHeld(true);
          from.current = { x: event.clientX, y: event.clientY };
          timer.current = window.setTimeout(() => {
            timer.current = undefined;
            setHeld(false);
            done.current = true;
            onDone();
          }, HOLD_MS);
        }}
        onPointerMove={({ clientX, clientY }) => {
          // a finger stays with the button it began on, however far it goes
          if (Math.hypot(clientX - from.current.x, clientY - from.current.y) > MOVED_PX) release();
        }}
        onPointerUp={release}
        onPointerLeave={release}
        onPointerCancel={release}
        onContextMenu={(event) => event.preventDefault()}
        onClick={() => {
          // letting go after a full hold is a click too
          if (done.current) done.current = false;
          else setAsking(true);
        }}
      >
        <span class="fill" aria-hidden="true" />
        <span class="label">{children}</span>
      </button>
      {asking && (
        <button type="button" class="button second wide" ref={second} disabled={disabled} onClick={onDone}>
          {yes}
        </button>
      )}
    </>
  );
}

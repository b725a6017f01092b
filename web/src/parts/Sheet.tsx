import { useEffect, useId, useRef } from 'preact/hooks';
import type { ComponentChildren, VNode } from 'preact';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  /** More to read than to do: it opens at its heading, not at its first button, which may be far below. */
  readonly toRead?: boolean;
  readonly children: ComponentChildren;
}
/** A dialog, the browser's own: it traps the focus, closes on Escape and gives the focus back to its opener. */
export function Sheet({ title, onClose, toRead = false, children }: Props): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    if (toRead) heading.current?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <h2 id={id} ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import { useApp, useWords } from '../app/app.ts';
import { Drawing } from './Drawing.tsx';

const SHOWN_MS = 8000;

/** The line at the bottom: a new version, or a short word on what was done. */
export function Toasts(): VNode | null {
  const app = useApp();
  const m = useWords();
  const update = app.update.value;
  const toast = app.toast.value;
  useEffect(() => {
    if (!toast) return;
    const timer = setTimeout(() => {
      app.toast.value = null;
    }, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [app, toast]);
  if (toast) {
    const { action } = toast;
    return (
      <div class="toast" role="status">
        <span>{toast.text}</span>
        {action && (
          <button
            type="button"
            onClick={() => {
              app.toast.value = null;
              action.run();
            }}
          >
            {action.label}
          </button>
        )}
        <button
          type="button"
          aria-label={m.close()}
          onClick={() => {
            app.toast.value = null;
          }}
        >
          <Drawing name="close" />
        </button>
      </div>
    );
  }
  if (!update) return null;
  return (
    <div class="toast" role="status">
      <span>{m.update_ready()}</span>
      <button type="button" onClick={update}>
        {m.update_now()}
      </button>
      <button
        type="button"
        onClick={() => {
          app.update.value = null;
        }}
      >
        {m.update_later()}
      </button>
    </div>
  );
}

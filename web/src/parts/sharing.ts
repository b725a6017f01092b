import type { App } from '../app/app.ts';

/** Puts text on the clipboard and says so; where that is refused, says that too. */
export const copyText = async (app: App, text: string): Promise<void> => {
  const m = app.words.peek();
  try {
    await navigator.clipboard.writeText(text);
    app.toast.value = { text: m.copied() };
  } catch {
    app.toast.value = { text: m.copy_refused() };
  }
};

/** The phone's own share sheet; without one, the text is copied. */
export const shareText = async (app: App, title: string, text: string, url?: string): Promise<void> => {
  if (typeof navigator.share !== 'function') {
    await copyText(app, url === undefined ? text : `${text} ${url}`);
    return;
  }
  try {
    await navigator.share(url === undefined ? { title, text } : { title, text, url });
  } catch (fault) {
    // closing the sheet is no fault
    if (!(fault instanceof DOMException && fault.name === 'AbortError')) {
      await copyText(app, url === undefined ? text : `${text} ${url}`);
    }
  }
};

/** Hands a file to the browser's downloads. */
export const saveFile = (name: string, bytes: Uint8Array, type: string): void => {
  const address = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // the download has begun when click returns; a minute is for slow disks
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

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

/** Closing the share sheet is no fault. */
const isClosing = (fault: unknown): boolean => fault instanceof DOMException && fault.name === 'AbortError';

/** The phone's own share sheet; without one, the text is copied. */
export const shareText = async (app: App, title: string, text: string, url?: string): Promise<void> => {
  if (typeof navigator.share !== 'function') {
    await copyText(app, url === undefined ? text : `${text} ${url}`);
    return;
  }
  try {
    await navigator.share(url === undefined ? { title, text } : { title, text, url });
  } catch (fault) {
    if (!isClosing(fault)) await copyText(app, url === undefined ? text : `${text} ${url}`);
  }
};

/** Hands a file to the browser's downloads. */
export const saveFile = (name: string, bytes: Uint8Array, type: string): void =>
  download(name, new Blob([new Uint8Array(bytes)], { type }));

/** The phone's own share sheet with a file in it; where it takes none, the file goes to the downloads. */
export const shareFile = async (app: App, file: File): Promise<void> => {
  const content = { files: [file] };
  if (typeof navigator.canShare === 'function' && navigator.canShare(content)) {
    try {
      await navigator.share(content);
      return;
    } catch (fault) {
      if (isClosing(fault)) return;
    }
  }
  download(file.name, file);
  app.toast.value = { text: app.words.peek().in_downloads() };
};

const download = (name: string, content: Blob): void => {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // the download has begun when click returns; a minute is for slow disks
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

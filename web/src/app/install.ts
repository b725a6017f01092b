import type { App } from './app.ts';

/** Chromium's event; no library has its type. */
interface InstallEvent extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}
const isInstallEvent = (event: Event): event is InstallEvent => 'prompt' in event;

/** Keeps the browser's own question back until a person asks for it. */
export const watchInstall = (app: App): void => {
  addEventListener('beforeinstallprompt', (event) => {
    if (!isInstallEvent(event)) return;
    event.preventDefault();
    app.install.value = async () => {
      const { outcome } = await event.prompt();
      app.install.value = null;
      return outcome === 'accepted';
    };
  });
  addEventListener('appinstalled', () => {
    app.install.value = null;
  });
};

import { deleteCaches, wipeDatabases, type Remains } from './wipe.ts';

/** The service worker would bring back what it keeps, and hand out the app without being asked. */
const endServiceWorkers = async (): Promise<boolean> => {
  try {
    const { serviceWorker } = navigator;
    const registrations = await serviceWorker.getRegistrations();
    await Promise.all(registrations.map((one) => one.unregister()));
    return (await serviceWorker.getRegistrations()).length === 0;
  } catch {
    return true; // none in this browser, or none for this page
  }
};
const forgetChoices = (): boolean => {
  try {
    localStorage.clear();
    sessionStorage.clear();
    return localStorage.length + sessionStorage.length === 0;
  } catch {
    return true; // where they are refused nothing is kept either
  }
};

/**
 * One gesture takes everything off this browser [S4]: what signs, then the book, the app and the choices, at once. Runs
 * in the window, which needs nobody for it: end the worker before. The answer is what is left; nothing, if all went well.
 */
export const wipeOrigin = async (database = 'corridor'): Promise<readonly Remains[]> => {
  const erasing = wipeDatabases(database, []);
  const choices = forgetChoices();
  const [remains, caches, workers] = await Promise.all([erasing, deleteCaches(), endServiceWorkers()]);
  return [
    ...remains,
    ...(caches && workers ? [] : ['app' as const]),
    ...(choices ? [] : ['choices' as const]),
  ];
};

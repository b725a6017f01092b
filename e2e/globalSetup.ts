import { fileURLToPath } from 'node:url';
import { buildApp } from '../scripts/buildApp.mjs';

/** The tests drive what is built: when a source is newer, it is built again. */
export default async function globalSetup(): Promise<void> {
  const built = await buildApp(fileURLToPath(new URL('..', import.meta.url)));
  if (!built) throw new Error('The app could not be built.');
}

import type { ComponentType } from 'preact';
import { lazy } from 'preact-iso';
import { Unfetched } from '../screens/Unfetched.tsx';

/**
 * A screen whose code comes when it is wanted. Where it can't be fetched (no network yet, or a newer version has
 * replaced the files) a sentence stands in its place.
 */
export const screen = (
  load: () => Promise<{ default: ComponentType }>,
): ComponentType & { preload(): Promise<unknown> } =>
  lazy(() => load().catch(() => ({ default: Unfetched })));

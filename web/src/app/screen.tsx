import type { ComponentType, VNode } from 'preact';
import { lazy } from 'preact-iso';
import { useApp } from './app.ts';
import { Unfetched } from '../screens/Unfetched.tsx';

/**
 * A screen whose code comes when it is wanted. Where it can't be fetched (no network yet, or a newer version has
 * replaced the files) a sentence stands in its place.
 */
export const screen = (
  load: () => Promise<{ default: ComponentType }>,
): ComponentType & { preload(): Promise<unknown> } =>
  lazy(() => load().catch(() => ({ default: Unfetched })));

/** A screen that also has sentences beyond those of the first load: it is drawn when both are there. */
export const laterScreen = (
  load: () => Promise<{ default: ComponentType }>,
): ComponentType & { preload(): Promise<unknown> } => {
  const Loaded = screen(load);
  const WithItsWords = (): VNode => {
    const { WithAllWords } = useApp();
    return (
      <WithAllWords>
        <Loaded />
      </WithAllWords>
    );
  };
  return Object.assign(WithItsWords, { preload: () => Loaded.preload() });
};

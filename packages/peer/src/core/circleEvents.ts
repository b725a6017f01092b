import type { Change } from '@corridor/ledger';
import type { Run } from '@corridor/sync';

/** Runs from replica to sessions and screens: what changed, and whom it concerns. */
export interface CircleEvents {
  onChange(changes: readonly Change[], runs: readonly Run[], source: string | null): void;
  /** Another book is open, or has texts that it lacks. */
  onShelf(): void;
  /** Work that nobody waits for broke. */
  onFailure(error: unknown): void;
}

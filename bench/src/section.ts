/** What the table is made of. */
import type { Row } from './row.ts';

export interface Settings {
  /** Small sizes, to see that everything runs; its numbers say nothing. */
  readonly quick: boolean;
  /** The project's root folder. */
  readonly root: string;
}
export interface Section {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  readonly run: (settings: Settings) => Promise<readonly Row[]>;
}

import type { Section } from './section.ts';
import { wireSection } from './sections/wire.ts';

/** Everything that can be measured, in the table's order. */
export const SECTIONS: readonly Section[] = [wireSection];

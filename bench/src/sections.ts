import type { Section } from './section.ts';
import { appendSection } from './sections/append.ts';
import { bundleSection } from './sections/bundle.ts';
import { coldOpenSection } from './sections/coldOpen.ts';
import { decidesSection } from './sections/decides.ts';
import { latencySection } from './sections/latency.ts';
import { pressSection } from './sections/press.ts';
import { memorySection } from './sections/memory.ts';
import { rivalsSection } from './sections/rivals.ts';
import { wireSection } from './sections/wire.ts';

/** Everything that can be measured, in the table's order. */
export const SECTIONS: readonly Section[] = [
  coldOpenSection,
  appendSection,
  wireSection,
  latencySection,
  pressSection,
  bundleSection,
  memorySection,
  decidesSection,
  rivalsSection,
];

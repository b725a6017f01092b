import type { OwnDeviceView } from '@corridor/peer';
import type { AllWords } from '../words/language.ts';

/** What one of my phones is called: the first one was given my own name, which tells nobody which phone it is. */
export const deviceName = (m: AllWords, { label, isThis }: OwnDeviceView, myName: string): string => {
  if (label !== '' && label !== myName) return label;
  return isThis ? m.device_this() : m.device_unnamed();
};

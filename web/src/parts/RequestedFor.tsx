import type { VNode } from 'preact';
import type { Need } from '@corridor/peer';
import { useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { needText } from '../words/needs.ts';

interface Props {
  readonly memo: string;
  readonly need: Need | null;
}
/** What a request is for, as the payee wrote it. */
export function RequestedFor({ memo, need }: Props): VNode | null {
  const m = useWords();
  const format = useFormat();
  if (memo === '' && need === null) return null;
  return (
    <p class="center">
      <bdi>{memo}</bdi>
      {memo !== '' && need && ' · '}
      {need && needText(m, format, need)}
    </p>
  );
}

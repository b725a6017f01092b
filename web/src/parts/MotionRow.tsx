import type { MotionView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useAllWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { actSentence } from '../words/actSentence.ts';
import { listed, named } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';
import { Drawing } from './Drawing.tsx';

/** Something that is proposed, in a list: what, by whom, why, and how far it has come. */
export function MotionRow({ motion }: { readonly motion: MotionView }): VNode {
  const m = useAllWords();
  const format = useFormat();
  const { act, by, reason, yes, no, need, state } = motion;
  const count = { yes: format.number(yes.length), need: format.number(need) };
  return (
    <li>
      <a class="row" href={`/circle/changes/${motion.id}`}>
        <span class="what">
          <span>{actSentence(m, format, act, by)}</span>
          {reason !== '' && (
            <span class="sub">
              <bdi>“{reason}”</bdi>
            </span>
          )}
          <span class="sub">
            <strong>{state === 'agreed' ? m.motion_agreed_short() : m.motion_count(count)}</strong>
            {' · '}
            {rich(m.motion_by_short, { name: named(m, by) })}
            {yes.length > 0 && (
              <>
                {' · '}
                {m.motion_yes()}: {listed(m, format, yes)}
              </>
            )}
            {no.length > 0 && (
              <>
                {' · '}
                {m.motion_no()}: {listed(m, format, no)}
              </>
            )}
          </span>
        </span>
        <Drawing name="forward" size={18} turns />
      </a>
    </li>
  );
}

import type { VNode } from 'preact';
import { useAllWords, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { named } from '../words/inSentence.tsx';
import { rich } from '../words/rich.ts';
import QrCode from './QrCode.tsx';
import { Weave } from './Weave.tsx';
import '../style/weave.css';
import '../style/recovery.css';
import '../style/poster.css';

interface Props {
  readonly link: string;
  readonly expiresAt: number;
}
/** What hangs on the wall: which circle, who answers for those who come by it, and what to know before [S2]. */
export function PosterSheet({ link, expiresAt }: Props): VNode {
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  return (
    <article class="sheet-paper poster">
      <Weave circle={circle.circle} />
      <h2>{rich(m.poster_join, { circle: named(m, circle.name) })}</h2>
      <QrCode text={link} label={m.qr_invite()} />
      <p class="lead">{rich(m.poster_answers, { name: named(m, circle.me.name) })}</p>
      <ul class="stack tight points">
        <li>{m.join_rule_seen()}</li>
        <li>{m.join_rule_leave()}</li>
        <li>{m.join_rule_money()}</li>
      </ul>
      <p class="small quiet">
        {m.poster_expires({
          count: format.number(circle.governing.posterNewcomers),
          when: format.dayAndTime(expiresAt),
        })}
      </p>
    </article>
  );
}

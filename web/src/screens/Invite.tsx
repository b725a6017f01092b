import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { PublicKey } from '@corridor/peer';
import { useAllWords, useApp, useCircle } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { useAsk } from '../app/useAsk.ts';
import { Drawing } from '../parts/Drawing.tsx';
import { lazySheet } from '../parts/lazySheet.tsx';
import { PosterSheet } from '../parts/PosterSheet.tsx';
import { printPaper } from '../parts/printPaper.ts';
import QrCode from '../parts/QrCode.tsx';
import { Refused } from '../parts/Refused.tsx';
import { Screen } from '../parts/Screen.tsx';
import { copyText, shareText } from '../parts/sharing.ts';
import '../style/scan.css';

const LinkWords = lazySheet(() => import('../parts/LinkWords.tsx'));

interface Made {
  readonly link: string;
  readonly expiresAt: number;
  /** Its public half, for the words that both phones show. */
  readonly invite: PublicKey | null;
}
/**
 * A link and code for one newcomer, for a wall, for another phone of mine, or for the new phone of somebody who lost theirs.
 * Whoever has it can join: it is shown, not kept.
 */
export default function Invite(): VNode {
  const { query } = useLocation();
  const kind = { as: query['as'] ?? '', of: query['of'] ?? '', from: query['from'] ?? '' };
  // another kind of invite is another screen: no code may stay on it
  return <InviteFor key={`${kind.as} ${kind.of}`} {...kind} />;
}

interface Kind {
  readonly as: string;
  /** Whose new phone it is for. */
  readonly of: string;
  /** The screen that led here. */
  readonly from: string;
}
function InviteFor({ as: wanted, of, from }: Kind): VNode {
  const app = useApp();
  const m = useAllWords();
  const circle = useCircle();
  const format = useFormat();
  const lost = circle.people.find(({ member, isMe }) => member === of && !isMe);
  const as =
    wanted === 'device' || wanted === 'poster' ? wanted : wanted === 'recover' && lost ? 'recover' : 'member';
  const [made, setMade] = useState<Made | null>(null);
  const { busy, refusal, ask } = useAsk();
  const make = async (): Promise<void> => {
    const answer = await ask((intents) =>
      lost && as === 'recover'
        ? intents.helpBack(lost.member)
        : intents.createInvite(as === 'recover' ? 'member' : as),
    );
    if (!answer.ok) return;
    const { intents } = app.engine.peek();
    const read = as === 'device' ? await intents.readInvite(answer.value.link) : null;
    setMade({ ...answer.value, invite: read?.ok === true ? read.value.invite : null });
    app.said.value = m.invite_made();
  };
  const name = lost?.name || m.someone();
  const { title, back, show } = {
    member: {
      title: m.invite_someone(),
      back: '/circle',
      show: m.invite_show({ circle: circle.name }),
    },
    device: {
      title: m.invite_my_device(),
      back: from === 'book' ? '/circle/book' : '/me/devices',
      show: m.invite_show_device(),
    },
    poster: { title: m.poster_title(), back: '/invite', show: '' },
    recover: {
      title: m.help_new_phone_of({ name }),
      back: `/people/${lost?.member ?? ''}`,
      show: m.invite_recover_show({ name }),
    },
  }[as];
  return (
    <Screen title={title} back={back} bar={false}>
      {made && as === 'poster' ? (
        <PosterSheet link={made.link} expiresAt={made.expiresAt} />
      ) : made ? (
        <>
          <p class="center lead">{show}</p>
          <QrCode text={made.link} label={m.qr_invite()} />
          {made.invite !== null && isSecureContext && <LinkWords invite={made.invite} />}
          <p class="center quiet">{m.invite_expires({ when: format.dayAndTime(made.expiresAt) })}</p>
          <div class="field push">
            <label for="invite-link">{m.invite_link()}</label>
            <input
              id="invite-link"
              readOnly
              value={made.link}
              onFocus={(event) => event.currentTarget.select()}
            />
          </div>
        </>
      ) : (
        <ul class="stack tight points">
          {as === 'device' ? (
            <>
              <li>{m.invite_device_point_1()}</li>
              <li>{m.invite_device_point_2()}</li>
            </>
          ) : as === 'poster' ? (
            <PosterPoints />
          ) : as === 'recover' ? (
            <>
              <li>{m.invite_recover_point_1()}</li>
              <li>{m.invite_recover_point_2()}</li>
              <li>{m.invite_recover_point_3()}</li>
            </>
          ) : (
            <>
              <li>{m.invite_point_once()}</li>
              <li>
                {m.invite_point_limit({ amount: format.full(-circle.policy.firstGrant.lowestBalance) })}
              </li>
              <li>{m.join_rule_leave()}</li>
            </>
          )}
        </ul>
      )}
      <Refused refusal={refusal} />
      <div class="foot">
        {made ? (
          <div class="pair">
            <button
              class="button broad"
              type="button"
              onClick={() => void shareText(app, title, m.invite_text({ circle: circle.name }), made.link)}
            >
              <Drawing name="share" />
              {m.share()}
            </button>
            <button class="button second" type="button" onClick={() => void copyText(app, made.link)}>
              <Drawing name="copy" />
              {m.copy_link()}
            </button>
          </div>
        ) : (
          <button
            class="button wide"
            type="button"
            disabled={busy}
            aria-busy={busy}
            onClick={() => void make()}
          >
            {as === 'recover' ? m.show_code() : as === 'poster' ? m.poster_make() : m.make_invite()}
          </button>
        )}
        {made && as === 'poster' && (
          <button class="button second wide" type="button" onClick={() => printPaper('a4')}>
            <Drawing name="print" />
            {m.poster_print()}
          </button>
        )}
        {!made && as === 'member' && (
          <a class="button plain wide" href="/invite?as=poster">
            {m.poster_link()}
          </a>
        )}
        {made && as === 'member' && (
          <button class="button plain wide" type="button" disabled={busy} onClick={() => void make()}>
            {m.invite_another()}
          </button>
        )}
      </div>
    </Screen>
  );
}

/** What making a poster means: for how many, and who answers for them. */
function PosterPoints(): VNode {
  const m = useAllWords();
  const { governing, policy } = useCircle();
  const format = useFormat();
  const together = -policy.firstGrant.lowestBalance * governing.rules.newcomersShare;
  return (
    <>
      <li>{m.poster_point_many({ count: format.number(governing.posterNewcomers) })}</li>
      {governing.rules.admission === 'stewards' ? (
        <li>{m.poster_point_first()}</li>
      ) : (
        <li>{m.poster_point_answer({ amount: format.full(together) })}</li>
      )}
      <li>{m.join_rule_leave()}</li>
    </>
  );
}

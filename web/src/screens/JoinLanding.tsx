import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso';
import type { InviteView, Refusal } from '@corridor/peer';
import { useApp, useWords } from '../app/app.ts';
import { useFormatOf } from '../app/format.ts';
import { InAppNotice } from '../parts/InAppNotice.tsx';
import { InstallSteps } from '../parts/InstallSteps.tsx';
import { LanguageSwitch } from '../parts/LanguageSwitch.tsx';
import { lazySheet } from '../parts/lazySheet.tsx';
import { Refused } from '../parts/Refused.tsx';
import { isSafariTab, thisBrowser } from '../parts/safariTab.ts';
import { Screen } from '../parts/Screen.tsx';
import { WeaveTap } from '../parts/WeaveTap.tsx';
import { JoinForm } from '../parts/JoinForm.tsx';

/** With its list of words: only another phone of the same person shows them. */
const LinkWords = lazySheet(() => import('../parts/LinkWords.tsx'));

/** What an invite says, before anybody is asked anything [S2]. */
export default function JoinLanding(): VNode {
  const app = useApp();
  const m = useWords();
  const { route } = useLocation();
  const link = app.arrival.value?.kind === 'j' ? app.arrival.value.link : null;
  const [invite, setInvite] = useState<InviteView | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  useEffect(() => {
    if (link === null) {
      route('/', true);
      return;
    }
    let current = true;
    app.own.intents.readInvite(link).then(
      (answer) => {
        if (!current) return;
        // a sheet's link asks for its words: there is a screen for that
        if (answer.ok && answer.value.as === 'recover') route('/recover', true);
        else if (answer.ok) setInvite(answer.value);
        else setRefusal(answer.refusal);
      },
      () => current && setRefusal({ code: 'internal', values: {} }),
    );
    return () => {
      current = false;
    };
  }, [app, link, route]);
  if (invite === null || link === null) {
    return (
      <Screen title={m.invite_title()} back="/" aside={<LanguageSwitch />}>
        {refusal ? <Refused refusal={refusal} /> : <p role="status">{m.invite_reading()}</p>}
      </Screen>
    );
  }
  return <InviteFacts invite={invite} link={link} />;
}

/** Who invites to what, and then either how to join or, on an iPhone, how to install first. */
function InviteFacts({ invite, link }: { readonly invite: InviteView; readonly link: string }): VNode {
  const app = useApp();
  const m = useWords();
  const [here, setHere] = useState(false);
  const inviter = invite.inviterName || m.someone();
  const installFirst = !here && app.own.view.value.stage === 'none' && isSafariTab(thisBrowser());
  return (
    <Screen title={m.invite_title()} aside={<LanguageSwitch />} bar={false}>
      <WeaveTap circle={invite.circle} name={invite.circleName} />
      <p class="push lead">
        {invite.as === 'device'
          ? m.invite_device({ name: inviter })
          : invite.as === 'vouch'
            ? m.join_recover({ name: inviter })
            : invite.as === 'poster'
              ? m.invites_you_poster({ name: inviter })
              : m.invites_you({ name: inviter })}
      </p>
      <p class="headline">
        <bdi>{invite.circleName}</bdi>
      </p>
      {installFirst ? (
        <InstallSteps
          link={link}
          onGoOn={() => {
            setHere(true);
            // the button that had the focus is gone
            document.getElementById('main')?.focus({ preventScroll: true });
            window.scrollTo(0, 0);
          }}
        />
      ) : (
        <Joins invite={invite} link={link} />
      )}
    </Screen>
  );
}

/** What one should know first, and the way in. */
function Joins({ invite, link }: { readonly invite: InviteView; readonly link: string }): VNode {
  const app = useApp();
  const m = useWords();
  const { route } = useLocation();
  const format = useFormatOf({ name: invite.unitName, decimals: invite.decimals });
  const [joining, setJoining] = useState(false);
  return (
    <>
      <dl class="facts push">
        <div>
          <dt>{m.fact_members()}</dt>
          <dd>{m.people_count({ count: invite.members, shown: format.number(invite.members) })}</dd>
        </div>
        <div>
          <dt>{m.fact_unit()}</dt>
          <dd>
            <bdi>{format.unit}</bdi>
          </dd>
        </div>
        {invite.as === 'member' && (
          <div>
            <dt>{m.fact_first_limit()}</dt>
            <dd>{format.full(-invite.firstGrant.lowestBalance)}</dd>
          </div>
        )}
        <div>
          <dt>{m.fact_expires()}</dt>
          <dd>{format.dayAndTime(invite.expiresAt)}</dd>
        </div>
      </dl>
      {invite.as === 'device' && isSecureContext && <LinkWords invite={invite.invite} />}
      {invite.as === 'vouch' ? (
        <p class="push">{m.joining_recover_hint()}</p>
      ) : (
        <ul class="stack tight points push">
          <li>{m.join_rule_seen()}</li>
          <li>{m.join_rule_leave()}</li>
          <li>{m.join_rule_money()}</li>
        </ul>
      )}
      <InAppNotice />
      <div class="foot">
        {joining ? (
          <JoinForm invite={invite} link={link} />
        ) : (
          <>
            <button class="button wide" type="button" onClick={() => setJoining(true)}>
              {invite.as === 'device'
                ? m.join_as_device()
                : invite.as === 'vouch'
                  ? m.join_as_recover()
                  : m.join()}
            </button>
            {app.engine.value.view.value.stage === 'none' && (
              <button
                class="button plain wide"
                type="button"
                onClick={() => void app.openDemo().then(() => route('/', true))}
              >
                {m.look_around()}
              </button>
            )}
          </>
        )}
        <p class="small quiet center">{m.no_account()}</p>
      </div>
    </>
  );
}

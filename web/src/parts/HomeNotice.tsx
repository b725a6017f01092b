import type { VNode } from 'preact';
import { useApp, useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { isBookReachable, isKeptTogether, isLongGone, stewardsHere } from './keeping.ts';
import { Notice } from './Notice.tsx';

/** At most one notice on the first screen: the one that matters most. */
export function HomeNotice(): VNode | null {
  const app = useApp();
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const toShow = circle.lines.find((line) => line.handOver === 'to-show');
  const noRoom = circle.lines.find((line) => line.waitsForRoom);
  const install = app.install.value;
  const { myStanding, isReplaced, stewards, book, motions } = circle.governing;
  const replacing = motions.find(
    ({ act, myAnswer }) =>
      act.type === 'replace' && act.isNew && act.member === circle.me.member && myAnswer !== 'no',
  );
  if (circle.storageTrouble !== null) {
    return (
      <Notice
        drawing="storage"
        tone="trouble"
        role="alert"
        does={<a href="/me/storage">{m.see_storage()}</a>}
      >
        <p>{m.notice_storage({ reason: circle.storageTrouble })}</p>
      </Notice>
    );
  }
  if (isReplaced) {
    return (
      <Notice drawing="phone" tone="trouble">
        <p>{m.notice_replaced()}</p>
      </Notice>
    );
  }
  if (replacing) {
    return (
      <Notice
        drawing="attention"
        tone="trouble"
        role="alert"
        does={<a href={`/circle/changes/${replacing.id}`}>{m.see_it()}</a>}
      >
        <p>{m.notice_replacing()}</p>
      </Notice>
    );
  }
  if (myStanding !== 'active') {
    return (
      <Notice drawing="waiting" does={<a href={`/people/${circle.me.member}`}>{m.see_why()}</a>}>
        <p>{myStanding === 'suspended' ? m.notice_paused() : m.notice_left()}</p>
      </Notice>
    );
  }
  const [begun] = circle.anew.offers;
  if (begun) {
    return (
      <Notice drawing="book" does={<a href="/circle/go-on">{m.see_it()}</a>}>
        <p>{m.notice_begun_anew({ name: begun.founder || m.someone() })}</p>
      </Notice>
    );
  }
  if (circle.faults.length > 0) {
    return (
      <Notice drawing="fork" does={<a href="/circle/talk">{m.see_both()}</a>}>
        <p>{m.notice_talk()}</p>
      </Notice>
    );
  }
  if (toShow) {
    return (
      <Notice
        drawing="scan"
        does={<a href={`/hand-over/${toShow.id}`}>{m.show_to({ name: toShow.otherName || m.someone() })}</a>}
      >
        <p>
          {m.notice_hand_over({ amount: format.full(toShow.amount), name: toShow.otherName || m.someone() })}
        </p>
      </Notice>
    );
  }
  if (noRoom) {
    return (
      <Notice drawing="waiting" tone="calm">
        <p>
          {m.notice_no_room({
            amount: format.full(noRoom.amount),
            highest: format.short(circle.balance.highestBalance),
          })}
        </p>
      </Notice>
    );
  }
  if (book.isClosing) {
    return (
      <Notice drawing="book" tone="calm">
        <p>{m.notice_closing()}</p>
      </Notice>
    );
  }
  if (!isBookReachable(circle) && circle.freshness.state !== 'offline') {
    return (
      <Notice
        drawing="book"
        tone="calm"
        does={isLongGone(circle) && <a href="/circle/go-on">{m.notice_keeper_lost()}</a>}
      >
        <p>
          {isKeptTogether(circle)
            ? m.notice_stewards_away({
                here: format.number(stewardsHere(circle)),
                quorum: format.number(stewards.quorum),
              })
            : m.notice_keeper_away({ name: circle.keeper.name || m.someone() })}
        </p>
      </Notice>
    );
  }
  if (stewards.suggested !== null && stewards.iAm) {
    return (
      <Notice drawing="ticks" does={<a href="/circle/stewards">{m.see_stewards()}</a>}>
        <p>{m.notice_suggested()}</p>
      </Notice>
    );
  }
  if (install && !app.isDemo.value) {
    return (
      <Notice
        drawing="phone"
        tone="calm"
        does={
          <button type="button" onClick={() => void install()}>
            {m.install()}
          </button>
        }
      >
        <p>{m.notice_install()}</p>
      </Notice>
    );
  }
  return null;
}

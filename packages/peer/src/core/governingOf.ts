/** How the circle governs itself, for the screens, from the state of the moment. */
import {
  bringsMember,
  balanceOf,
  countConsents,
  countNeeded,
  currentTerm,
  enoughFor,
  isConsented,
  isSealed,
  KIND,
  newestGrant,
  openDevicesOf,
  openMotions,
  approvalsOf,
  quorum,
  safetyFigures,
  POSTER_NEWCOMERS,
  standingOf,
  stewardsOf,
  type DeviceKey,
  type MemberId,
  type Motion,
} from '@corridor/ledger';
import type {
  CommentView,
  DecisionView,
  GoverningView,
  JoinWishView,
  MotionView,
  OwnDeviceView,
  StewardsView,
} from '../view.ts';
import { actView, namesOf, type Names } from './acts.ts';
import type { Circle } from './circle.ts';
import type { PeerSettings } from './circleRecord.ts';
import { endedMotions } from './endedMotions.ts';
import { closesThisDevice, mayAnswer, waysFor } from './proposing.ts';

export function governingOf(
  circle: Circle,
  connected: ReadonlySet<DeviceKey>,
  { keptBooks }: PeerSettings,
): GoverningView {
  const { ledger } = circle.replica;
  const { log } = ledger;
  const names = namesOf(circle);
  return {
    rules: log.policy,
    myStanding: standingOf(log, circle.member),
    isReplaced: (log.devices.get(circle.record.device)?.heir ?? null) !== null,
    standings: [...log.standings].map(([member, standing]) => ({ member, standing })),
    limits: [...log.members.keys()].map((member) => limitsOf(circle, member)),
    motions: openMotions(ledger)
      .map((motion) => motionView(circle, names, motion))
      .reverse(),
    endedMotions: endedMotions(circle, names),
    joinWishes: joinWishesOf(circle, names),
    posterNewcomers: POSTER_NEWCOMERS,
    stewards: stewardsView(circle, names, connected),
    devices: ownDevices(circle, connected),
    recovery: circle.recovery.view(names),
    book: {
      number: ledger.book,
      isClosing: ledger.promisedAll !== 0,
      days: log.policy.bookDays,
      since: circle.calendar.since(),
      entries: ledger.entries.size,
      olderKept: circle.closed.kept().length,
      keeps: keptBooks,
      fetching: circle.fetching.book(),
    },
    commons: [...ledger.commons.values()].reduce((sum, amount) => sum + amount, 0),
    charter: circle.sharedTexts.charter.text(),
    meetings: circle.sharedTexts.meetings.text(),
  };
}
function limitsOf(circle: Circle, member: MemberId): GoverningView['limits'][number] {
  const records = openDevicesOf(circle.replica.ledger.log, member);
  const grants = records.map((record) => newestGrant(record).grant);
  return {
    member,
    lowestBalance: grants.reduce((sum, grant) => sum + grant.lowestBalance, 0),
    highestBalance: Math.max(0, ...grants.map((grant) => grant.highestBalance)),
    isNew: records.some((record) => !record.confirmed),
  };
}

function motionView(circle: Circle, names: Names, motion: Motion): MotionView {
  const { ledger } = circle.replica;
  const { act, carrier } = motion;
  const body = carrier?.entry.body;
  if (act === undefined || carrier === undefined) throw new Error('an open motion without its proposal');
  const ways = waysFor(circle, act);
  const approvals = approvalsOf(motion);
  // Of several ways the one that is nearest, and of two that are as near the later named: it is the closer one's.
  const way = [...ways].reverse().sort((a, b) => missing(a) - missing(b))[0];
  function missing(one: (typeof ways)[number]): number {
    return countNeeded(one) - countConsents(ledger.log, one, approvals);
  }
  const mine = [...motion.answers].filter(([device]) => circle.isOwn(device)).at(-1)?.[1];
  const reason = 'reason' in act && act.reason !== null ? (circle.texts.read(act.reason) ?? '') : '';
  const isAgreed =
    act.type === 'close-book'
      ? isConsented(ledger.log, ways, approvals)
      : enoughFor(ledger, motion) !== undefined;
  const who = (isYes: boolean): readonly string[] => [
    ...new Set(
      [...motion.answers].flatMap(([device, { signature }]) =>
        (signature !== null) === isYes ? [names.ofDevice(device)] : [],
      ),
    ),
  ];
  return {
    id: motion.id,
    act: actView(circle, names, act, true, ledger.log.policy),
    by: names.ofDevice(carrier.entry.device),
    byMe: circle.isOwn(carrier.entry.device),
    at: body?.kind === KIND.motion ? body.at : 0,
    reason,
    yes: who(true),
    no: who(false),
    need: way === undefined ? 0 : countNeeded(way),
    who: way?.by === 'helpers' ? 'helpers' : way?.by === 'device' ? 'own-device' : 'stewards',
    mayAnswer: mayAnswer(circle, act) || closesThisDevice(circle, act),
    myAnswer: mine === undefined ? null : mine.signature === null ? 'no' : 'yes',
    state: isAgreed ? 'agreed' : 'open',
    comments: (circle.comments.get(motion.id) ?? []).map(({ device, text, at }): CommentView => ({
      who: names.ofDevice(device),
      text: circle.texts.read(text) ?? '',
      at,
    })),
  };
}

function joinWishesOf(circle: Circle, names: Names): readonly JoinWishView[] {
  const { ledger } = circle.replica;
  if (ledger.log.policy.admission !== 'stewards') return [];
  return circle.keeping.waitingJoins().flatMap((request): readonly JoinWishView[] => {
    if (!bringsMember(request)) return [];
    const motion = openMotions(ledger).find(
      ({ act }) => act?.type === 'admit' && act.request.device === request.device,
    );
    return [
      {
        device: request.device,
        byPoster: request.as === 'poster',
        motion: motion?.id ?? null,
        name: circle.texts.read(request.name) ?? '',
        inviter: names.ofDevice(request.inviter),
      },
    ];
  });
}

function stewardsView(circle: Circle, names: Names, connected: ReadonlySet<DeviceKey>): StewardsView {
  const { ledger } = circle.replica;
  const { log } = ledger;
  const members = stewardsOf(log);
  const reachable = (member: MemberId): boolean =>
    log.terms.some(
      ({ device, toSeq }) =>
        toSeq === null &&
        log.devices.get(device)?.member === member &&
        (device === circle.record.device || connected.has(device)),
    );
  const offering = new Map<MemberId, string>();
  for (const [device, { consent }] of circle.offers) {
    const record = log.devices.get(device);
    if (consent === null || record === undefined || isSealed(record)) continue;
    if (standingOf(log, record.member) === 'active')
      offering.set(record.member, names.ofMember(record.member));
  }
  return {
    stewards: [...members].map((member) => ({
      member,
      name: names.ofMember(member),
      isMe: member === circle.member,
      reachable: reachable(member),
    })),
    ...safetyFigures(ledger.n),
    quorum: quorum(ledger.n),
    iAm: members.has(circle.member),
    next: log.nextWitnesses?.map(({ device }) => names.ofDevice(device)) ?? null,
    offers: [...offering].map(([member, name]) => ({ member, name })),
    iOffer: offering.has(circle.member),
    suggested: suggestedCount(circle),
  };
}
/** At the fourth member four, also where a steward was removed and nobody may be away any more [P7]. */
function suggestedCount({ replica: { ledger } }: Circle): StewardsView['suggested'] {
  if (ledger.log.nextWitnesses !== null) return null;
  const active = [...ledger.log.members.keys()].filter((m) => openDevicesOf(ledger.log, m).length > 0).length;
  return safetyFigures(ledger.n).mayBeAway === 0 && active >= 4 ? 4 : null;
}

function ownDevices(circle: Circle, connected: ReadonlySet<DeviceKey>): readonly OwnDeviceView[] {
  const { ledger } = circle.replica;
  const { log } = ledger;
  return (log.members.get(circle.member) ?? []).flatMap((device): readonly OwnDeviceView[] => {
    const record = log.devices.get(device);
    if (record === undefined) return [];
    const { shown, spendable } = balanceOf(ledger, device);
    const isThis = device === circle.record.device;
    return [
      {
        device,
        label: circle.texts.read(record.name) ?? '',
        isThis,
        connected: isThis || connected.has(device),
        balance: shown,
        spendable,
        keepsBook: currentTerm(log, device) !== undefined,
        isClosed: isSealed(record),
      },
    ];
  });
}

/** The circle's log as sentences' data, oldest first. */
export function decisionsOf(circle: Circle): readonly DecisionView[] {
  const { ledger } = circle.replica;
  const { log } = ledger;
  const names = namesOf(circle);
  return log.decided.map(({ height, act, by, id }): DecisionView => {
    const author = names.ofDevice(by);
    if (act === null) return { height, act: { type: 'found' }, by: author, reason: '', approvedBy: [] };
    const before = log.policies.findLast((p) => p.height < height)?.policy ?? log.policy;
    const carrier = ledger.proposals.get(id)?.entry.body;
    const approvals = carrier?.kind === KIND.propose ? carrier.decision.approvals : [];
    const reason = 'reason' in act && act.reason !== null ? (circle.texts.read(act.reason) ?? '') : '';
    return {
      height,
      act: actView(circle, names, act, false, before),
      by: author,
      reason,
      approvedBy: approvals.map(({ device }) => names.ofDevice(device)),
    };
  });
}

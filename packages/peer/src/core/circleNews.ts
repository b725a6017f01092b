/** What every entry and decision that comes means for the parts of an open circle. */
import {
  decidedAt,
  KIND,
  standingOf,
  type DeviceKey,
  type Id,
  type Ledger,
  type OfferKeepingBody,
  type Stored,
  type TextHash,
} from '@corridor/ledger';
import type { Standing, TextAnswer } from '@corridor/sync';
import type { ReplicaNews } from './bookWriting.ts';
import type { Circle } from './circle.ts';
import type { CircleEvents } from './circleEvents.ts';
import { MAX_COMMENTS_SHOWN } from './limits.ts';
import { createOvertakings } from './overtaking.ts';

export type KeepingOffer = Pick<OfferKeepingBody, 'witness' | 'consent'>;
export interface CommentSaid {
  readonly device: DeviceKey;
  readonly text: TextHash;
  readonly at: number;
}

/**
 * Who was expelled, and what was given up or replaced, is told that and nothing more [S1]. `books`: ascending; a device
 * that the newest one left behind [B1] is known from those before.
 */
export function standingIn(books: readonly { readonly ledger: Ledger }[], device: DeviceKey): Standing {
  const newest = books.at(-1)?.ledger.log;
  const record = newest?.devices.get(device);
  if (newest === undefined || record === undefined)
    return books.some(({ ledger }) => ledger.log.devices.has(device)) ? 'removed' : 'unknown';
  return record.heir !== null || standingOf(newest, record.member) === 'expelled' ? 'removed' : 'member';
}
/** Which of the lines another one stands for since a closing left them out [C2]. */
export function noteSuperseded({ superseded, mine, replica: { ledger }, closed }: Circle): void {
  const overtakings = createOvertakings([ledger, ...closed.ledgers()]);
  superseded.clear();
  for (const id of mine.ids) {
    const stored = ledger.entries.get(id);
    if (stored !== undefined && overtakings.of(stored).type === 'signed-again') superseded.add(id);
  }
}

export interface Said {
  readonly offers: Map<DeviceKey, KeepingOffer>;
  readonly comments: Map<Id, CommentSaid[]>;
}
/** Offers, comments and steps of shared texts, as voices bring them. */
export function noteSaid(circle: Circle, { offers, comments }: Said, stored: Stored): void {
  const { device, body } = stored.entry;
  if (body.kind === KIND.offerKeeping) offers.set(device, body);
  else if (body.kind === KIND.sharedText)
    for (const text of Object.values(circle.sharedTexts)) text.hear(stored);
  else if (body.kind === KIND.foundAnew || body.kind === KIND.goAlong) circle.anew.hear(stored);
  else if (body.kind === KIND.comment) {
    const { motion, text, at } = body;
    const known = comments.get(motion) ?? [];
    if (known.length < MAX_COMMENTS_SHOWN) comments.set(motion, [...known, { device, text, at }]);
  }
}

/** What every entry that enters means for the parts of the circle. */
export function hear(circle: Circle, said: Said, news: ReplicaNews, events: CircleEvents): void {
  const { ledger } = circle.replica;
  for (const change of news.changes) {
    if (change.type === 'kept') {
      const { entry } = change.stored;
      circle.texts.noteEntry(change.stored);
      if (entry.body.kind === KIND.pay) {
        circle.mine.add(change.stored);
        if (change.stored.feed.side.size > 0) noteSuperseded(circle);
        if (circle.closed.isMoving()) circle.closed.touch();
      } else if (entry.body.kind === KIND.joinRequest) {
        circle.keeping.hear(entry.body.request);
        const { request } = entry.body;
        const help = (): Promise<boolean> => circle.helping.hear(circle, request);
        circle.trouble.until(`help ${request.invite}`, help).catch(events.onFailure);
      } else noteSaid(circle, said, change.stored);
      if (entry.body.kind === KIND.sharedText) circle.carrying.work().catch(events.onFailure);
      if (entry.body.kind === KIND.bookKeys) circle.turning.hear(change.stored);
      if (entry.body.kind === KIND.askRoom) circle.answerAsk(change.stored).catch(events.onFailure);
    } else if (change.type === 'decided') {
      noteSuperseded(circle);
      const act = decidedAt(ledger.log, change.height)?.act;
      const request = act?.type === 'admit' || act?.type === 'replace' ? act.request : null;
      if (request === null) continue;
      circle.texts.noteDevice(request.name);
      // Once let in, we stay so over a power cut, with nobody near to ask.
      if (request.device === circle.record.device) void circle.replica.flush();
    }
  }
  circle.acknowledging.note(news.changes);
  events.onChange(news.changes, news.runs, news.source);
}

/** Texts that the book in use lacks, and those that older open ones do. */
export const wantedTextsOf = ({ texts, closed }: Circle): readonly TextHash[] => [
  ...new Set([texts, ...closed.texts()].flatMap((some) => some.wanted())),
];
/** Each book takes what it lacks, and of what it has nothing is changed. Whether any did. */
export async function takeTexts({ texts, closed }: Circle, answers: readonly TextAnswer[]): Promise<boolean> {
  let isTaken = false;
  for (const some of [texts, ...closed.texts()]) {
    const lacking = new Set(some.wanted());
    if (await some.take(answers.filter(({ hash }) => lacking.has(hash)))) isTaken = true;
  }
  if (isTaken) closed.touch();
  return isTaken;
}

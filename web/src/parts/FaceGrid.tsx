import type { PersonView } from '@corridor/peer';
import type { VNode } from 'preact';
import { useWords } from '../app/app.ts';
import { Face } from './Face.tsx';

/** Others in the circle, those traded with last first. */
export const recentFirst = (people: readonly PersonView[]): readonly PersonView[] =>
  people
    .filter((person) => !person.isMe)
    .toSorted((a, b) => (b.lastTradedAt ?? 0) - (a.lastTradedAt ?? 0) || a.name.localeCompare(b.name));

/** Faces to pay with one tap. */
export function FaceGrid({
  people,
  most = 8,
}: {
  readonly people: readonly PersonView[];
  readonly most?: number;
}): VNode {
  const m = useWords();
  return (
    <ul class="faces">
      {recentFirst(people)
        .slice(0, most)
        .map((person) => (
          <li key={person.member}>
            <a href={`/pay/${person.device}`}>
              <Face name={person.name} member={person.member} />
              <bdi>{person.name || m.someone()}</bdi>
            </a>
          </li>
        ))}
    </ul>
  );
}

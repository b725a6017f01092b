import type { VNode } from 'preact';
import { useCircle, useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import { PersonRow } from '../parts/PersonRow.tsx';
import { Screen } from '../parts/Screen.tsx';

/** Everyone in the circle, with what the book says of them: it is open to all members. */
export default function People(): VNode {
  const m = useWords();
  const circle = useCircle();
  const format = useFormat();
  const people = circle.people.toSorted(
    (a, b) => Number(b.isMe) - Number(a.isMe) || a.name.localeCompare(b.name),
  );
  return (
    <Screen
      title={m.people()}
      back="/circle"
      aside={m.people_count({ count: people.length, shown: format.number(people.length) })}
    >
      <ul class="rows">
        {people.map((person) => (
          <PersonRow key={person.member} person={person} href={`/people/${person.member}`} withBalance />
        ))}
      </ul>
      <p class="small quiet push">{m.people_hint({ unit: format.unit })}</p>
      <div class="foot">
        <a class="button second wide" href="/invite">
          {m.invite_someone()}
        </a>
      </div>
    </Screen>
  );
}

import type { VNode } from 'preact';
import { useAllWords, useCircle } from '../app/app.ts';
import { Screen } from '../parts/Screen.tsx';
import '../style/governing.css';

/** What the circle agreed on in its own words. */
export default function Charter(): VNode {
  const m = useAllWords();
  const { charter } = useCircle().governing;
  const paragraphs = charter.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== '');
  return (
    <Screen title={m.charter()} back="/circle">
      {paragraphs.length === 0 ? (
        <p class="quiet">{m.charter_empty()}</p>
      ) : (
        <div class="stack charter">
          {paragraphs.map((paragraph, at) => (
            <p key={at}>
              <bdi>{paragraph}</bdi>
            </p>
          ))}
        </div>
      )}
      <div class="foot">
        <a class="button second wide" href="/circle/charter/write">
          {paragraphs.length === 0 ? m.charter_write() : m.charter_edit()}
        </a>
      </div>
    </Screen>
  );
}

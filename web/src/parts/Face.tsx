import type { VNode } from 'preact';

/** Up to two letters of a name: "Ana Moreno" → "AM"; a dot where there is no name yet. */
export const initials = (name: string): string => {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  );
  return letters.join('').toLocaleUpperCase() || '·';
};

/** A person's tile. The name always stands beside it. */
export function Face({ name, member }: { readonly name: string; readonly member: string }): VNode {
  const tone = Number.parseInt(member.slice(0, 2), 16) % 4;
  return (
    <span class={`face f${Number.isNaN(tone) ? 0 : tone}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/**
 * A message as a value, changed by somebody who has the encoder: fields of other messages in its place, lists with
 * something twice, missing, turned round or a thousand times, numbers at their borders.
 */
import type { Rng } from '../sim/rng.ts';
import { nearNumber } from './borders.ts';
import { mutateText } from './hostileText.ts';
import { mutateBytes } from './mutateBytes.ts';

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** What the values of a corpus hold, by the name of the field. */
export interface ValueCorpus<V> {
  readonly values: readonly V[];
  readonly byField: ReadonlyMap<string, readonly unknown[]>;
}
export function valueCorpus<V>(values: readonly V[]): ValueCorpus<V> {
  const byField = new Map<string, unknown[]>();
  const collect = (value: unknown, field: string): void => {
    const list = byField.get(field);
    if (list === undefined) byField.set(field, [value]);
    else list.push(value);
    if (Array.isArray(value)) for (const item of value as readonly unknown[]) collect(item, `${field}[]`);
    else if (isFields(value)) for (const [name, inner] of Object.entries(value)) collect(inner, name);
  };
  for (const value of values) collect(value, '');
  return { values, byField };
}

/** How far a change may go: `typed` keeps every field of its type, so that an encoder can still write it. */
export type Wildness = 'typed' | 'wild';
const STRANGE: readonly unknown[] = [
  ...[undefined, null, true, false, '', 'x', -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 10n],
  ...[[], {}, [[]], new Uint8Array(0), new ArrayBuffer(3), new Uint16Array(2), new Date(0), new Map()],
];
const HEX = /^(?:[0-9a-f]{2}){8,}$/;
const COUNTS = [2, 3, 17, 65, 257, 1025, 4097, 7000] as const;

/** `value` counted up: one number in it, chosen by `path`, is `by` more. A list of such is in order. */
const countedUp = (value: unknown, path: readonly string[], by: number): unknown => {
  const [field, ...rest] = path;
  if (field === undefined) return typeof value === 'number' ? value + by : value;
  return isFields(value) ? { ...value, [field]: countedUp(value[field], rest, by) } : value;
};
const numberPaths = (value: unknown): readonly (readonly string[])[] => {
  if (typeof value === 'number') return [[]];
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    numberPaths(inner).map((path) => [field, ...path]),
  );
};

/** A changer of values like those of the corpus. */
export function createValueMutator<V>(
  { values, byField }: ValueCorpus<V>,
  wildness: Wildness = 'typed',
): (rng: Rng, value?: V) => V {
  const texts = values.flatMap((value) => (typeof value === 'string' ? [value] : []));

  const changeList = (rng: Rng, list: readonly unknown[], field: string): readonly unknown[] => {
    const at = rng.below(Math.max(1, list.length));
    const others = byField.get(`${field}[]`) ?? [];
    const one = list[at] ?? (others.length === 0 ? undefined : rng.pick(others));
    if (one === undefined) return list;
    switch (rng.below(8)) {
      case 0:
        return list.toSpliced(at, 1);
      case 1:
        return list.toSpliced(at, 0, one);
      case 2:
        return list.toReversed();
      case 3:
      case 4:
        return list.toSpliced(at, rng.below(2), others.length === 0 ? one : rng.pick(others));
      case 5:
        return [...list.slice(at), ...list.slice(0, at)];
      case 6:
        return list.toSpliced(at, 1, change(rng, one, `${field}[]`));
      default: {
        const paths = numberPaths(one);
        const path = paths.length === 0 ? undefined : rng.pick(paths);
        const count = rng.chance(0.8) ? rng.pick([2, 3, 17]) : rng.pick(COUNTS);
        const step = rng.pick([1, 1, 1, 2, 64]);
        return Array.from({ length: count }, (_, i) =>
          path === undefined ? one : countedUp(one, path, i * step),
        );
      }
    }
  };
  /** Ids, keys and signatures are hex, and stay hex of that length, or hardly any would be written. */
  const changeText = (rng: Rng, text: string): string => {
    const at = rng.below(text.length);
    return HEX.test(text) && rng.chance(0.95)
      ? `${text.slice(0, at)}${rng.below(16).toString(16)}${text.slice(at + 1)}`
      : mutateText(rng, text, texts);
  };
  const change = (rng: Rng, value: unknown, field: string): unknown => {
    if (wildness === 'wild' && rng.chance(0.08)) return rng.pick(STRANGE);
    if (Array.isArray(value) && rng.chance(0.6)) return changeList(rng, value, field);
    const others = byField.get(field) ?? [];
    if (field !== '' && others.length > 1 && rng.chance(0.25)) return rng.pick(others);
    if (Array.isArray(value)) {
      const at = rng.below(Math.max(1, value.length));
      return value.length === 0 ? value : (value as unknown[]).with(at, change(rng, value[at], `${field}[]`));
    }
    if (value instanceof Uint8Array) return mutateBytes(rng, value);
    if (isFields(value)) {
      const names = Object.keys(value);
      if (names.length === 0) return value;
      const name = rng.pick(names);
      if (wildness === 'wild' && rng.chance(0.05)) {
        const { [name]: _, ...rest } = value;
        return rest;
      }
      return { ...value, [name]: change(rng, value[name], name) };
    }
    if (typeof value === 'number') return nearNumber(rng, value);
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'string') return changeText(rng, value);
    return others.length === 0 ? value : rng.pick(others);
  };
  return (rng, value = rng.pick(values)) => {
    let changed: unknown = value;
    do changed = change(rng, changed, '');
    while (rng.chance(0.4));
    return changed as V;
  };
}

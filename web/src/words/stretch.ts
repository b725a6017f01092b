/** The pseudo-language: accents on every letter and 40 % more of them, so tests see what a long language would do. */
const ACCENTS: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  n: 'ñ',
  c: 'ç',
  y: 'ý',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú',
  N: 'Ñ',
  C: 'Ç',
  Y: 'Ý',
};

/** `text` accented, lengthened by 40 % and between brackets. */
export const stretchText = (text: string): string => {
  const accented = [...text].map((letter) => ACCENTS[letter] ?? letter).join('');
  const more = Math.ceil(text.length * 0.4);
  return `[${accented}${more > 0 ? ` ${'~'.repeat(more - 1)}` : ''}]`;
};

type Sentence = (inputs: unknown) => string;
const isSentence = (value: unknown): value is Sentence => typeof value === 'function';

/** Every sentence of a language, stretched. Names and amounts inside are stretched with it. */
export const stretch = <W extends object>(words: W): W =>
  new Proxy(Object.create(null) as W, {
    get: (_, name) => {
      const sentence: unknown = Reflect.get(words, name);
      return isSentence(sentence) ? (inputs: unknown): string => stretchText(sentence(inputs)) : sentence;
    },
  });

import { describe, expect, test } from 'vitest';
import type { ActView, MemberId, PolicyChange } from '@corridor/peer';
import { createFormat } from '../src/app/format.ts';
import { actSentence, beforeSentences } from '../src/words/actSentence.ts';
import { plainText } from '../src/words/rich.ts';
import { RULE_FIELDS } from '../src/words/ruleField.ts';
import { plainWords } from './plainWords.ts';

const NOW = 1_795_000_000;
const speak = (language: 'en' | 'es'): ((act: ActView, by?: string) => string) => {
  const unit = { name: language === 'en' ? 'dor/dors' : 'dor/dores', decimals: 2 };
  const format = createFormat(unit, language, NOW);
  return (act, by = 'Carol') => plainText(actSentence(plainWords(language), format, act, by));
};
const en = speak('en');
const es = speak('es');
const ben = { who: 'Ben', member: 'b0'.repeat(32) as MemberId };
const limits = { lowestBalance: -20_000, highestBalance: 15_050, before: null };
const policy = (...changes: readonly PolicyChange[]): ActView => ({ type: 'policy', changes });

/** One of each, in every way it can be said; the type makes a new one a compile error here. */
const ACTS: Readonly<Record<ActView['type'], readonly (readonly [ActView, string, string])[]>> = {
  found: [[{ type: 'found' }, 'Carol founded the circle.', 'Carol fundó el círculo.']],
  'admit-member': [
    [
      { type: 'admit-member', who: 'Ben', inviter: 'Ana' },
      'Ben comes in, invited by Ana.',
      'Entra Ben, por invitación de Ana.',
    ],
  ],
  'admit-device': [
    [{ type: 'admit-device', who: 'Ben' }, 'Ben has one more phone.', 'Ben tiene un teléfono más.'],
  ],
  keeper: [[{ type: 'keeper', who: 'Ben' }, 'Ben keeps the book.', 'Ben lleva el libro.']],
  limits: [
    [
      { type: 'limits', ...ben, ...limits },
      'Ben may go down to −200 dors and up to +150.50 dors.',
      'Ben puede bajar hasta −200 dores y subir hasta +150,50 dores.',
    ],
    [
      { type: 'limits', ...ben, ...limits, lowestBalance: 0 },
      'Ben may go down to 0 dors and up to +150.50 dors.',
      'Ben puede bajar hasta 0 dores y subir hasta +150,50 dores.',
    ],
  ],
  standing: [
    [{ type: 'standing', ...ben, standing: 'suspended' }, 'Ben is on a pause.', 'Ben queda en pausa.'],
    [{ type: 'standing', ...ben, standing: 'expelled' }, 'Ben leaves the circle.', 'Ben deja el círculo.'],
    [{ type: 'standing', ...ben, standing: 'active' }, 'Ben takes part again.', 'Ben vuelve a participar.'],
  ],
  replace: [
    [
      { type: 'replace', ...ben, gone: 1, isNew: true },
      'A new phone of Ben takes the place of the lost one.',
      'Un teléfono nuevo de Ben ocupa el lugar del perdido.',
    ],
    [
      { type: 'replace', ...ben, gone: 2, isNew: true },
      'A new phone of Ben takes the place of 2 lost ones.',
      'Un teléfono nuevo de Ben ocupa el lugar de 2 perdidos.',
    ],
    [
      { type: 'replace', ...ben, gone: 1, isNew: false },
      'Ben removed a phone; what was on it went to another of theirs.',
      'Ben dio de baja un teléfono; lo que tenía pasó a otro suyo.',
    ],
  ],
  stewards: [
    [
      { type: 'stewards', names: ['Ana'] },
      'From the next book on Ana keeps it.',
      'Desde el próximo libro lo lleva Ana.',
    ],
    [
      { type: 'stewards', names: ['Ana', 'Ben', '', 'Isabel'] },
      'From the next book on Ana, Ben, someone, and Isabel keep it.',
      'Desde el próximo libro lo llevan Ana, Ben, alguien e Isabel.',
    ],
  ],
  policy: [
    [policy(), 'The rules stay as they are.', 'Las reglas se quedan como están.'],
    [
      policy({ field: 'bookDays', from: 31, to: 0 }, { field: 'levyPermille', from: 0, to: 5 }),
      'A book is closed when somebody asks for it. When a book is closed, 0.5% of each payment goes to the common pot.',
      'El libro se cierra cuando alguien lo pide. Al cerrar el libro, el 0,5\u00a0% de cada pago va al fondo común.',
    ],
    [
      policy({ field: 'policy', from: '1 2/3', to: '1 1/1' }),
      'Changing a rule takes all stewards.',
      'Para cambiar una regla hace falta el sí de todas las personas responsables.',
    ],
  ],
  payout: [
    [
      { type: 'payout', who: 'Ben', amount: 100 },
      'Ben gets 1 dor from the common pot.',
      'Ben recibe 1 dor del fondo común.',
    ],
  ],
  helpers: [
    [
      { type: 'helpers', who: 'Ben', helpers: ['Ana', 'Carol'], need: 2 },
      'Ben chose Ana and Carol: 2 of them together can vouch for a new phone.',
      'Ben eligió a Ana y Carol: 2 de esas personas juntas responden por un teléfono nuevo.',
    ],
    [
      { type: 'helpers', who: 'Ben', helpers: [], need: 0 },
      'Ben has nobody chosen to vouch for a new phone.',
      'Ben no tiene a nadie elegido para responder por un teléfono nuevo.',
    ],
  ],
  unlock: [
    [
      { type: 'unlock', who: '' },
      'The account of someone goes on as before: a change was begun and not finished.',
      'La cuenta de alguien sigue como antes: se empezó un cambio y no se terminó.',
    ],
  ],
  'close-book': [
    [
      { type: 'close-book', book: 0 },
      'Book 1 is closed and the next one begins.',
      'Se cierra el libro 1 y empieza el siguiente.',
    ],
  ],
};

describe('[L2] what a circle decides is said in a sentence', () => {
  test.each(Object.entries(ACTS))('%s', (_, cases) => {
    for (const [act, english, spanish] of cases) {
      expect(en(act)).toBe(english);
      expect(es(act)).toBe(spanish);
    }
  });

  test('every rule has a sentence for what it is set to, and another when it is set otherwise', () => {
    const values = (field: (typeof RULE_FIELDS)[number]): readonly [string | number, string | number] => {
      if (field === 'admission') return ['inviter', 'stewards'];
      if (field === 'belowLowest') return ['refuse', 'warn'];
      return typeof RULES[field] === 'string' ? ['1 1/2', '2 3/7'] : [0, 1000];
    };
    for (const field of RULE_FIELDS)
      for (const say of [en, es]) {
        const [from, to] = values(field).map((value) => say(policy({ field, from: '', to: value })));
        expect(from, field).not.toBe(to);
        expect(`${from} ${to}`, field).not.toMatch(/undefined|NaN|null|\{|\/\d/);
      }
  });

  test('a change says how it was until now', () => {
    const format = createFormat({ name: 'dor/dors', decimals: 2 }, 'en', NOW);
    const before = { lowestBalance: -15_000, highestBalance: 15_000 };
    const said = (act: ActView): readonly string[] =>
      beforeSentences(plainWords('en'), format, act).map((sentence) => plainText(sentence));
    expect(said({ type: 'limits', ...ben, ...limits, before })).toEqual([
      'Until now −150 dors and +150 dors.',
    ]);
    expect(said({ type: 'limits', ...ben, ...limits })).toEqual([]);
    expect(said(policy({ field: 'bookDays', from: 31, to: 7 }))).toEqual([
      'Until now: A book is closed after 31 days, and the next one begins.',
    ]);
    expect(said({ type: 'keeper', who: 'Ben' })).toEqual([]);
  });
});

/** Which rules are shares, choices, and figures. */
const RULES: Readonly<Record<(typeof RULE_FIELDS)[number], string | number>> = {
  admission: 'inviter',
  firstLowest: 0,
  firstHighest: 0,
  newcomersShare: 0,
  belowLowest: 'refuse',
  smallAmount: 0,
  offlineAmount: 0,
  levyPermille: 0,
  demurragePermille: 0,
  bookDays: 0,
  admit: '1 1/2',
  limits: '1 1/2',
  expel: '1 1/2',
  stewards: '1 1/2',
  policy: '1 1/2',
  payout: '1 1/2',
};

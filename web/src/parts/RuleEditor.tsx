import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { useAllWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import type { Format } from '../app/format.ts';
import { amountText, parseAmount } from '../words/amount.ts';
import type { AllWords } from '../words/language.ts';
import { isConsent, shareFromText } from '../words/ruleField.ts';
import type { RuleField } from '../words/ruleField.ts';
import { shareText } from '../words/ruleSentence.ts';
import { SumField } from './SumField.tsx';

type Value = string | number;
interface Props {
  readonly field: RuleField;
  readonly start: Value;
  /** null: what is written is no value of this rule. */
  readonly onValue: (value: Value | null) => void;
}
/** The ledger's bounds: thousandths, days of a book, and newcomers that share. */
const MAX_PERMILLE = 100;
const MAX_DAYS = 366;
const MAX_NEWCOMERS = 1000;
/** The shares that people speak of. */
const SHARES = ['1 0/1', '2 0/1', '1 1/2', '1 2/3', '1 3/4', '1 1/1'];

interface Choice {
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
}
interface Figure {
  readonly label: string;
  readonly hint: string;
  readonly inputMode: 'decimal' | 'numeric';
  readonly text: (value: number) => string;
  readonly read: (text: string) => number | null;
}

const choiceOf = (m: AllWords, format: Format, field: RuleField, start: Value): Choice | null => {
  if (field === 'admission')
    return {
      legend: m.rule_legend_admission(),
      options: [
        { value: 'inviter', label: m.rule_choice_inviter() },
        { value: 'stewards', label: m.rule_choice_stewards() },
      ],
    };
  if (field === 'belowLowest')
    return {
      legend: m.rule_legend_below(),
      options: [
        { value: 'refuse', label: m.rule_choice_refuse() },
        { value: 'warn', label: m.rule_choice_warn() },
      ],
    };
  if (!isConsent(field)) return null;
  const shares = SHARES.includes(String(start)) ? SHARES : [String(start), ...SHARES];
  return {
    legend: m.rule_legend_share(),
    options: shares.map((value) => {
      const share = shareFromText(value);
      return { value, label: share === null ? value : shareText(m, format, share) };
    }),
  };
};

const wholeUpTo =
  (most: number) =>
  (text: string): number | null =>
    /^\d{1,4}$/.test(text.trim()) && Number(text) <= most ? Number(text) : null;
const tenths = (text: string): number | null => {
  const value = /^\d{1,2}(?:[.,]\d)?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) * 10 : NaN;
  return Math.round(value) <= MAX_PERMILLE ? Math.round(value) : null;
};

const figureOf = (m: AllWords, format: Format, field: RuleField): Figure => {
  switch (field) {
    case 'newcomersShare':
      return {
        label: m.rule_field_newcomers(),
        hint: m.rule_field_newcomers_hint(),
        inputMode: 'numeric',
        text: String,
        read: wholeUpTo(MAX_NEWCOMERS),
      };
    case 'bookDays':
      return {
        label: m.rule_field_days(),
        hint: m.rule_field_days_hint(),
        inputMode: 'numeric',
        text: String,
        read: wholeUpTo(MAX_DAYS),
      };
    case 'levyPermille':
    case 'demurragePermille':
      return {
        label: m.rule_field_percent(),
        hint: m.rule_field_percent_hint(),
        inputMode: 'decimal',
        text: (value) => format.number(value / 10),
        read: tenths,
      };
    default: {
      // how far down is written without its sign
      const sign = field === 'firstLowest' ? -1 : 1;
      return {
        label: m.rule_field_amount({ unit: format.unit }),
        hint: '',
        inputMode: 'decimal',
        text: (value) => amountText(Math.abs(value), format.style),
        read: (text) => {
          const minor = parseAmount(text, format.style.decimals);
          return minor === null || minor === 0 ? minor : sign * minor;
        },
      };
    }
  }
};

/** The one control with which a rule is set otherwise: a choice, or a figure. */
export function RuleEditor({ field, start, onValue }: Props): VNode {
  const m = useAllWords();
  const format = useFormat();
  const choice = choiceOf(m, format, field, start);
  const figure = figureOf(m, format, field);
  const [value, setValue] = useState<Value>(choice ? start : figure.text(Number(start)));
  if (choice) {
    return (
      <fieldset class="field">
        <legend>{choice.legend}</legend>
        <div class="chips">
          {choice.options.map((option) => (
            <label class="chip" key={option.value}>
              <input
                type="radio"
                name="value"
                checked={option.value === value}
                onChange={() => {
                  setValue(option.value);
                  onValue(option.value);
                }}
              />
              {option.label}
            </label>
          ))}
        </div>
      </fieldset>
    );
  }
  return (
    <SumField
      id="value"
      label={figure.label}
      hint={figure.hint}
      inputMode={figure.inputMode}
      value={String(value)}
      isWrong={value !== '' && figure.read(String(value)) === null}
      onValue={(text) => {
        setValue(text);
        onValue(figure.read(text));
      }}
    />
  );
}

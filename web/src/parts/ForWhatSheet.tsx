import { useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Need } from '@corridor/peer';
import { useWords } from '../app/app.ts';
import { useFormat } from '../app/format.ts';
import {
  FOODS,
  foodName,
  foodText,
  NEEDS,
  needName,
  needText,
  quantityText,
  THOUSANDTHS,
} from '../words/needs.ts';
import type { FoodName, NeedName } from '../words/needs.ts';
import { Drawing } from './Drawing.tsx';
import { Sheet } from './Sheet.tsx';

interface Props {
  readonly memo: string;
  readonly need: Need | null;
  readonly onDone: (content: { memo: string; need: Need | null }) => void;
  readonly onClose: () => void;
}
/** Longest note; the entry's own bound is 1,024 bytes and a letter may take four. */
const MAX_NOTE = 140;
/** Thousandths in a need stay far below what an entry can hold. */
const MAX_QUANTITY = 1_000_000;

const parseQuantity = (text: string): number | null => {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && value > 0 && value <= MAX_QUANTITY ? value : null;
};

/** A note in own words, and what need the trade met: a category and a quantity. */
export default function ForWhatSheet({ memo, need, onDone, onClose }: Props): VNode {
  const m = useWords();
  const format = useFormat();
  const [note, setNote] = useState(memo);
  const [written, setWritten] = useState(memo !== '');
  const [name, setName] = useState<NeedName | null>(
    NEEDS.find(({ category }) => category === need?.category)?.name ?? null,
  );
  const [food, setFood] = useState<FoodName | null>(need === null ? 'bread' : null);
  const [quantity, setQuantity] = useState(need === null ? '' : String(need.quantity / THOUSANDTHS));
  const value = parseQuantity(quantity);
  const chosen = NEEDS.find((candidate) => candidate.name === name);
  const pieces = name === 'food' ? FOODS.find((candidate) => candidate.name === food) : undefined;
  const made: Need | null =
    chosen === undefined || value === null
      ? null
      : { category: chosen.category, quantity: Math.round(value * (pieces?.kcal ?? 1) * THOUSANDTHS) };
  const proposal =
    value === null || name === null
      ? ''
      : pieces
        ? foodText(m, pieces.name, value, format.number(value))
        : name === 'food'
          ? ''
          : quantityText(m, name, value, format.number(value));
  const finalNote = written ? note : proposal;
  return (
    <Sheet title={m.what_for()} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onDone({ memo: finalNote.trim(), need: made });
        }}
      >
        <fieldset class="field">
          <legend>{m.need_question()}</legend>
          <p class="hint">{m.need_hint()}</p>
          <div class="chips">
            {NEEDS.map((candidate) => (
              <label class="chip" key={candidate.name}>
                <input
                  type="radio"
                  name="need"
                  checked={candidate.name === name}
                  onChange={() => setName(candidate.name)}
                />
                <Drawing name={candidate.drawing} size={20} />
                {needName(m, candidate.name)}
              </label>
            ))}
            <label class="chip">
              <input type="radio" name="need" checked={name === null} onChange={() => setName(null)} />
              {m.need_none()}
            </label>
          </div>
        </fieldset>
        {name === 'food' && (
          <div class="field">
            <label for="food">{m.food_which()}</label>
            <select
              id="food"
              value={food ?? 'kcal'}
              onChange={(event) =>
                setFood(FOODS.find((candidate) => candidate.name === event.currentTarget.value)?.name ?? null)
              }
            >
              {FOODS.map((candidate) => (
                <option key={candidate.name} value={candidate.name}>
                  {foodName(m, candidate.name)}
                </option>
              ))}
              <option value="kcal">{m.food_by_kcal()}</option>
            </select>
          </div>
        )}
        {name !== null && (
          <div class="field">
            <label for="quantity">{m.how_many()}</label>
            <input
              id="quantity"
              inputMode="decimal"
              autoComplete="off"
              value={quantity}
              aria-describedby="made"
              aria-invalid={quantity !== '' && value === null}
              onInput={(event) => setQuantity(event.currentTarget.value)}
            />
            <p class="hint" id="made" role="status">
              {made ? needText(m, format, made) : m.quantity_hint()}
            </p>
          </div>
        )}
        <div class="field">
          <label for="note">{m.note()}</label>
          <input
            id="note"
            maxLength={MAX_NOTE}
            autoComplete="off"
            value={finalNote}
            onInput={(event) => {
              setWritten(true);
              setNote(event.currentTarget.value);
            }}
          />
          <p class="hint">{m.note_hint()}</p>
        </div>
        <div class="pair">
          <button class="button broad" type="submit">
            {m.done()}
          </button>
          <button class="button second" type="button" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </form>
    </Sheet>
  );
}

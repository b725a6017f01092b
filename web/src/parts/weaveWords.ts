/**
 * The words of a weave: what the strip is to the eye, these are to the ear. Two people who read them to each other
 * learn whether their phones are in one circle.
 */
import { WORD_LIST } from './wordList.ts';

/** Eight bits each, from a list short enough to hold easy words only. */
export const WORD_COUNT = 6;
/**
 * Whoever makes a circle can make it again and again until its words are another's, so each try costs this many
 * rounds. For four words a graphics card would need a day, for six it needs two centuries; a phone, which does it
 * once, needs a fraction of a second.
 */
const ROUNDS = 2 ** 18;
/** Each names a use, so that its bits say nothing about any others made from the same id. */
const WEAVE = 'corridor weave words 1';
const LINK = 'corridor link words 1';

const sixWords = async (purpose: string, id: string): Promise<readonly string[]> => {
  const encoder = new TextEncoder();
  const from = await crypto.subtle.importKey('raw', encoder.encode(id), 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt: encoder.encode(purpose), iterations: ROUNDS },
    from,
    8 * WORD_COUNT,
  );
  return [...new Uint8Array(bits)].map((byte) => WORD_LIST[byte] ?? '');
};

/** The same six words on every phone, today and in every later version. Needs a secure context. */
export const weaveWords = (circle: string): Promise<readonly string[]> => sixWords(WEAVE, circle);
/** The words of an invite by its public half: the phone that made it and the one that read it say the same. */
export const linkWords = (invite: string): Promise<readonly string[]> => sixWords(LINK, invite);

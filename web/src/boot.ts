/**
 * Runs before anything else: takes the fragment out of the address bar, because an invite's fragment is a secret
 * [S2] and must reach neither history, nor a crash report, nor another script. Nothing may be imported here.
 */
/** What a link brought along: the letter before "=" says what it is (j join, p request, r receipt). */
export interface Arrival {
  readonly kind: string;
  /** The whole link, fragment included, as it was opened. */
  readonly link: string;
}

const FRAGMENT = /^#([a-z])=.+/s;

const take = (): Arrival | null => {
  const { hash, pathname, search, href } = location;
  const found = FRAGMENT.exec(hash);
  if (hash !== '') history.replaceState(null, '', pathname + search);
  return found?.[1] === undefined ? null : { kind: found[1], link: href };
};

/** The fragment this page was opened with. */
export const arrival: Arrival | null = take();

/** Links opened later in the same tab. Returns the function that stops listening. */
export const onArrival = (handler: (arrival: Arrival) => void): (() => void) => {
  const listener = (): void => {
    const found = take();
    if (found) handler(found);
  };
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

/** What was chosen on this phone, before the first picture: nothing may flash in the wrong light or letters. */
const chosen = (name: string): string | null => {
  try {
    return localStorage.getItem(`corridor.${name}`);
  } catch {
    return null; // a browser that keeps nothing still shows the app
  }
};
const { dataset } = document.documentElement;
const theme = chosen('theme');
if (theme === 'light' || theme === 'dark') dataset['theme'] = theme;
if (chosen('letters') === 'easy') dataset['letters'] = 'easy';

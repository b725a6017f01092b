/**
 * The browser's own formatters, kept: making one takes a hundred times as long as using it, and a list of payments
 * uses several in every row, each time a payment comes in.
 */

/** More than the app ever uses; somebody who changes languages all day starts over. */
const MAX_KEPT = 64;

const kept = <Options, Formatter>(
  make: (tag: string, options: Options) => Formatter,
  about: () => string = () => '',
): ((tag: string, options: Options) => Formatter) => {
  const made = new Map<string, Formatter>();
  return (tag, options) => {
    const name = `${tag} ${about()} ${JSON.stringify(options)}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    if (made.size >= MAX_KEPT) made.clear();
    const fresh = make(tag, options);
    made.set(name, fresh);
    return fresh;
  };
};
/** A formatter of dates stays in the time zone it was made in; a phone may travel. */
const zone = (): string => String(new Date().getTimezoneOffset());

export const numberFormat = kept(
  (tag, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(tag, options),
);
export const dateFormat = kept(
  (tag, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, options),
  zone,
);
export const relativeFormat = kept(
  (tag, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(tag, options),
);
export const pluralRules = kept(
  (tag, options: Intl.PluralRulesOptions) => new Intl.PluralRules(tag, options),
);
export const listFormat = kept((tag, options: Intl.ListFormatOptions) => new Intl.ListFormat(tag, options));

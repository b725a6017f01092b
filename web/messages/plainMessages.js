/**
 * Reads web/messages/{locale}.json (the first load's) and web/messages/later/{locale}.json for Paraglide without fetching anything: the project's own format plugin.
 * A message is a sentence with {names}; or, where a number bends the sentence,
 * { "by": "count", "one": "…", "other": "…" } with the plural categories of the language.
 */
const PLACE = /\{(\w+)\}/g;

const patternOf = (sentence) => {
  const parts = [];
  let end = 0;
  for (const match of sentence.matchAll(PLACE)) {
    if (match.index > end) parts.push({ type: 'text', value: sentence.slice(end, match.index) });
    parts.push({ type: 'expression', arg: { type: 'variable-reference', name: match[1] } });
    end = match.index + match[0].length;
  }
  if (end < sentence.length) parts.push({ type: 'text', value: sentence.slice(end) });
  return parts;
};
const namesOf = (sentence) => [...sentence.matchAll(PLACE)].map((match) => match[1]);

const read = (bundleId, locale, message) => {
  if (typeof message === 'string') {
    return {
      inputs: namesOf(message),
      plural: null,
      selectors: [],
      variants: [
        { messageBundleId: bundleId, messageLocale: locale, matches: [], pattern: patternOf(message) },
      ],
    };
  }
  const { by, ...forms } = message;
  const key = `${by}Plural`;
  const variants = Object.entries(forms).map(([form, sentence]) => ({
    messageBundleId: bundleId,
    messageLocale: locale,
    matches: [
      form === 'other' ? { type: 'catchall-match', key } : { type: 'literal-match', key, value: form },
    ],
    pattern: patternOf(sentence),
  }));
  return {
    inputs: [by, ...Object.values(forms).flatMap(namesOf)],
    plural: by,
    selectors: [{ type: 'variable-reference', name: key }],
    variants,
  };
};

const declarationsOf = (inputs, plural) => [
  ...[...new Set(inputs)].sort().map((name) => ({ type: 'input-variable', name })),
  ...(plural === null
    ? []
    : [
        {
          type: 'local-variable',
          name: `${plural}Plural`,
          value: {
            type: 'expression',
            arg: { type: 'variable-reference', name: plural },
            annotation: { type: 'function-reference', name: 'plural', options: [] },
          },
        },
      ]),
];

export default {
  key: 'plugin.corridor.plainMessages',
  toBeImportedFiles: ({ settings }) =>
    settings.locales.flatMap((locale) => [
      { path: `./messages/${locale}.json`, locale },
      { path: `./messages/later/${locale}.json`, locale },
    ]),
  importFiles: ({ files }) => {
    const found = new Map();
    const messages = [];
    const variants = [];
    for (const file of files) {
      for (const [id, value] of Object.entries(JSON.parse(new TextDecoder().decode(file.content)))) {
        const message = read(id, file.locale, value);
        const known = found.get(id) ?? { inputs: [], plural: null };
        found.set(id, {
          inputs: [...known.inputs, ...message.inputs],
          plural: known.plural ?? message.plural,
        });
        messages.push({ bundleId: id, locale: file.locale, selectors: message.selectors });
        variants.push(...message.variants);
      }
    }
    const bundles = [...found].map(([id, { inputs, plural }]) => ({
      id,
      declarations: declarationsOf(inputs, plural),
    }));
    return { bundles, messages, variants };
  },
};

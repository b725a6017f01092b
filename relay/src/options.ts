import { homedir } from 'node:os';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_CONFIG, type RelayConfig } from './config.ts';
import { DEFAULT_LIMITS, type RelayLimits } from './limits.ts';

export type Options =
  | { readonly kind: 'run'; readonly config: RelayConfig; readonly json: boolean }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly sentence: string };

interface Flag {
  /** How its value is called in the help; undefined: a flag without one. */
  readonly value?: string;
  readonly many?: true;
  readonly help: string;
}

/** Each is also an environment variable: --stun-port is CORRIDOR_RELAY_STUN_PORT. The command line wins. */
const FLAGS: Readonly<Record<string, Flag>> = {
  port: { value: 'PORT', help: `web port: the app and its WebSocket (default ${DEFAULT_CONFIG.httpPort})` },
  host: { value: 'ADDRESS', help: 'listen at this local address only (default: all)' },
  'stun-port': {
    value: 'PORT',
    help: `UDP port of the STUN responder, or "off" (default ${DEFAULT_CONFIG.stunPort})`,
  },
  'stun-address': { value: 'ADDRESS', help: 'listen for STUN at this local address (default: as --host)' },
  'stun-host': { value: 'HOST', help: 'where browsers reach the STUN responder, if not at the same host' },
  'status-port': {
    value: 'PORT',
    help: `loopback port for health and counters, or "off" (default ${DEFAULT_CONFIG.statusPort})`,
  },
  web: { value: 'DIR', help: 'folder of the built app (default web/dist)' },
  data: {
    value: 'DIR',
    help: "folder of the relay's key, which fixes its address (default ~/.local/share/corridor-relay)",
  },
  ephemeral: { help: 'keep no key: a new address at each start' },
  cert: { value: 'FILE', help: 'certificate (PEM): the relay serves https itself; needs --key' },
  key: { value: 'FILE', help: "the certificate's private key (PEM)" },
  'public-url': { value: 'URL', help: 'the address people type when a proxy stands in front' },
  'trust-proxy': { help: 'count clients by X-Forwarded-For; only behind your own proxy' },
  'other-relay': {
    value: 'MULTIADDR',
    many: true,
    help: 'a further relay that the app may use, also when this one is gone; can be repeated',
  },
  'max-connections': { value: 'N', help: `connections at once (default ${DEFAULT_LIMITS.connections})` },
  'connections-per-address': {
    value: 'N',
    help: `of these from one address (default ${DEFAULT_LIMITS.connectionsPerAddress})`,
  },
  'connection-rate': {
    value: 'N',
    help: `new ones per second and address (default ${DEFAULT_LIMITS.connectionsPerSecond})`,
  },
  'max-reservations': {
    value: 'N',
    help: `peers that can be reached through this relay (default ${DEFAULT_LIMITS.reservations})`,
  },
  'reservations-per-address': {
    value: 'N',
    help: `of these from one address (default ${DEFAULT_LIMITS.reservationsPerAddress})`,
  },
  'max-circuits': { value: 'N', help: `relayed connections at once (default ${DEFAULT_LIMITS.circuits})` },
  'circuits-per-address': {
    value: 'N',
    help: `of these from one address (default ${DEFAULT_LIMITS.circuitsPerAddress})`,
  },
  'circuit-mib': {
    value: 'N',
    help: `MiB over one circuit, both directions together (default ${DEFAULT_LIMITS.circuitBytes / 2 ** 20})`,
  },
  'circuit-minutes': {
    value: 'N',
    help: `how long one circuit may last (default ${DEFAULT_LIMITS.circuitSeconds / 60})`,
  },
  'lookups-per-minute': {
    value: 'N',
    help: `look-ups and registrations of one peer (default ${DEFAULT_LIMITS.lookupsPerMinute})`,
  },
  json: { help: 'print one line of JSON instead of sentences, for programs that start the relay' },
  help: { help: 'this text' },
};

const envName = (flag: string): string => `CORRIDOR_RELAY_${flag.toUpperCase().replaceAll('-', '_')}`;

const helpText = (): string => {
  const rows = Object.entries(FLAGS).map(([name, flag]) => [
    `--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`,
    flag.help,
  ]);
  const width = Math.max(...rows.map(([left]) => left?.length ?? 0));
  return [
    'corridor relay: lets the browsers of a group find and reach each other, and serves them the app.',
    '',
    'Usage: npm run relay -- [options]',
    '',
    ...rows.map(([left = '', right]) => `  ${left.padEnd(width)}  ${right}`),
    '',
    'Each option can also be set in the environment: --stun-port as CORRIDOR_RELAY_STUN_PORT, a flag',
    'without a value as "1". What the command line says wins. More in docs/RELAY.md.',
    '',
  ].join('\n');
};

type Given = ReadonlyMap<string, readonly string[]>;
class Wrong extends Error {}

const fromEnvironment = (
  env: Readonly<Record<string, string | undefined>>,
): Map<string, readonly string[]> => {
  const given = new Map<string, readonly string[]>();
  const names = new Map(Object.keys(FLAGS).map((flag) => [envName(flag), flag]));
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('CORRIDOR_RELAY_') || value === undefined || value === '') continue;
    const flag = names.get(name);
    if (flag === undefined) throw new Wrong(`The environment variable ${name} is not known.`);
    if (FLAGS[flag]?.value !== undefined) given.set(flag, FLAGS[flag].many ? value.split(/[\s,]+/) : [value]);
    else if (['1', 'true', 'yes'].includes(value)) given.set(flag, ['']);
    else if (!['0', 'false', 'no'].includes(value))
      throw new Wrong(`${name} is either 1 or 0, not "${value}".`);
  }
  return given;
};

const fromArguments = (args: readonly string[]): Map<string, readonly string[]> => {
  const options = Object.fromEntries(
    Object.entries(FLAGS).map(([name, flag]) => [
      name,
      { type: flag.value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  const given = new Map<string, readonly string[]>();
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional') throw new Wrong(`"${token.value}" is not an option. See --help.`);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(FLAGS, token.name) ? FLAGS[token.name] : undefined;
    if (flag === undefined) throw new Wrong(`${token.rawName} is not an option. See --help.`);
    if (flag.value === undefined && token.value !== undefined)
      throw new Wrong(`--${token.name} takes no value.`);
    if (flag.value !== undefined && (token.value === undefined || token.value === ''))
      throw new Wrong(`--${token.name} needs a value: ${flag.value}.`);
    const earlier = given.get(token.name);
    if (earlier !== undefined && flag.many !== true) throw new Wrong(`--${token.name} is given twice.`);
    given.set(token.name, [...(earlier ?? []), token.value ?? '']);
  }
  return given;
};

const wholeNumber = (
  given: Given,
  flag: string,
  smallest: number,
  largest: number,
  fallback: number,
): number => {
  const text = given.get(flag)?.[0];
  if (text === undefined) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= smallest && value <= largest) return value;
  throw new Wrong(`--${flag} is a whole number from ${smallest} to ${largest}, not "${text}".`);
};

const portOrOff = (given: Given, flag: string, fallback: number | 'off'): number | 'off' =>
  given.get(flag)?.[0] === 'off'
    ? 'off'
    : fallback === 'off'
      ? 'off'
      : wholeNumber(given, flag, 0, 65_535, fallback);

const limitsOf = (given: Given): RelayLimits => {
  const count = (flag: string, fallback: number): number => wholeNumber(given, flag, 1, 100_000, fallback);
  const share = (flag: string, total: number, fallback: number): number =>
    Math.min(total, wholeNumber(given, flag, 1, 100_000, fallback));
  const connections = count('max-connections', DEFAULT_LIMITS.connections);
  const reservations = count('max-reservations', DEFAULT_LIMITS.reservations);
  const circuits = count('max-circuits', DEFAULT_LIMITS.circuits);
  return {
    connections,
    connectionsPerAddress: share(
      'connections-per-address',
      connections,
      DEFAULT_LIMITS.connectionsPerAddress,
    ),
    connectionsPerSecond: count('connection-rate', DEFAULT_LIMITS.connectionsPerSecond),
    reservations,
    reservationsPerAddress: share(
      'reservations-per-address',
      reservations,
      DEFAULT_LIMITS.reservationsPerAddress,
    ),
    circuits,
    circuitsPerAddress: share('circuits-per-address', circuits, DEFAULT_LIMITS.circuitsPerAddress),
    circuitBytes:
      wholeNumber(given, 'circuit-mib', 1, 65_536, DEFAULT_LIMITS.circuitBytes / 2 ** 20) * 2 ** 20,
    circuitSeconds: wholeNumber(given, 'circuit-minutes', 1, 1440, DEFAULT_LIMITS.circuitSeconds / 60) * 60,
    lookupsPerMinute: count('lookups-per-minute', DEFAULT_LIMITS.lookupsPerMinute),
  };
};

const configOf = (given: Given, env: Readonly<Record<string, string | undefined>>): RelayConfig => {
  const one = (flag: string): string | undefined => given.get(flag)?.[0];
  const local = (flag: string): string | undefined => {
    const address = one(flag);
    if (address === undefined || isIP(address) !== 0) return address;
    throw new Wrong(`--${flag} is an IP address of this machine, not "${address}".`);
  };
  if (given.has('ephemeral') && given.has('data'))
    throw new Wrong('Give either --data or --ephemeral, not both.');
  if (given.has('cert') !== given.has('key')) throw new Wrong('--cert and --key belong together: give both.');
  const stunHost = one('stun-host') ?? '';
  if (!/^[0-9A-Za-z.:_-]{0,253}$/.test(stunHost))
    throw new Wrong(`--stun-host is a host name, not "${stunHost}".`);
  const home = join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'corridor-relay');
  return {
    host: local('host'),
    httpPort: wholeNumber(given, 'port', 0, 65_535, DEFAULT_CONFIG.httpPort),
    stunPort: portOrOff(given, 'stun-port', DEFAULT_CONFIG.stunPort),
    stunAddress: local('stun-address'),
    stunHost,
    statusPort: portOrOff(given, 'status-port', DEFAULT_CONFIG.statusPort),
    webDir: one('web') ?? DEFAULT_CONFIG.webDir,
    dataDir: given.has('ephemeral') ? undefined : (one('data') ?? home),
    certFile: one('cert'),
    keyFile: one('key'),
    publicUrl: one('public-url'),
    trustProxy: given.has('trust-proxy'),
    otherRelays: given.get('other-relay') ?? [],
    limits: limitsOf(given),
  };
};

/** What the command line and the environment ask for, or a sentence saying what is wrong with it. */
export const readOptions = (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Options => {
  try {
    const given = new Map([...fromEnvironment(env), ...fromArguments(args)]);
    if (given.has('help')) return { kind: 'help', text: helpText() };
    return { kind: 'run', config: configOf(given, env), json: given.has('json') };
  } catch (cause) {
    if (cause instanceof Wrong) return { kind: 'wrong', sentence: cause.message };
    throw cause;
  }
};

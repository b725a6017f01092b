/** What the always-on peer is told on the command line or by the environment. */
import { parseArgs } from 'node:util';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface AlwaysOnOptions {
  /** An invite link; needed the first time only. */
  readonly invite: string | null;
  readonly dataDir: string;
  readonly name: string | null;
  /** 0: any free port; null: no page. */
  readonly statusPort: number | null;
  /** Where the app is served, if not where the invite points. */
  readonly app: string | null;
  readonly offersToKeep: boolean;
  readonly json: boolean;
}
export const HELP = `corridor peer: a phone of the circle that is always on. It keeps a full copy of the book,
passes payments on to those who were away, and can keep the book if the circle hands it over.

Usage: npm run peer -- --invite LINK [options]

  --invite LINK        an invite from a member's phone: Circle, then Invite. Needed the first time only
  --data DIR           folder of its book and its private names (default ~/.local/share/corridor-peer)
  --name NAME          what the circle calls it (default: after who invited it)
  --status-port PORT   status page on this machine, or "off" (default 4702)
  --app URL            where the app is served now, if not where the invite points
  --no-keeping         do not offer to keep the book
  --json               print one line of JSON when it runs, for programs that start it
  --help               this text

Each option can also be set in the environment: --data as CORRIDOR_PEER_DATA, and so on.
It is a process of its own, never part of the relay. Its folder is as private as your phone:
a machine without a screen has no place to hide a key better than in a file only you can read.
`;
export type ReadOptions =
  | { readonly type: 'run'; readonly options: AlwaysOnOptions }
  | { readonly type: 'help' }
  | { readonly type: 'wrong'; readonly sentence: string };

export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ReadOptions {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        invite: text,
        data: text,
        name: text,
        'status-port': text,
        app: text,
        'no-keeping': flag,
        json: flag,
        help: flag,
      },
    });
    if (values.help === true) return { type: 'help' };
    const given = (name: 'invite' | 'data' | 'name' | 'status-port' | 'app'): string | undefined =>
      values[name] ?? env[`CORRIDOR_PEER_${name.toUpperCase().replace('-', '_')}`];
    const port = given('status-port') ?? '4702';
    if (port !== 'off' && !/^\d{1,5}$/.test(port))
      return { type: 'wrong', sentence: `--status-port takes a number or "off", not ${port}.` };
    return {
      type: 'run',
      options: {
        invite: given('invite') ?? null,
        dataDir: given('data') ?? join(homedir(), '.local/share/corridor-peer'),
        name: given('name') ?? null,
        statusPort: port === 'off' ? null : Number(port),
        app: given('app') ?? null,
        offersToKeep: values['no-keeping'] !== true && env['CORRIDOR_PEER_NO_KEEPING'] === undefined,
        json: values.json === true,
      },
    };
  } catch (error) {
    return {
      type: 'wrong',
      sentence: error instanceof Error ? error.message : 'These options cannot be read.',
    };
  }
}

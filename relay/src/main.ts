/** `npm run relay`: reads the options, runs one relay until it is told to stop. */
import process from 'node:process';
import { createRelay, type Relay } from './createRelay.ts';
import { RelayFault, reasonOf } from './fault.ts';
import { SHUTDOWN_MS } from './limits.ts';
import { readOptions } from './options.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

const announce = (relay: Relay, secure: boolean): void => {
  say(`The app is at ${relay.appUrl}`);
  for (const url of relay.lanUrls) say(`On other devices of this network: ${url}`);
  if (!secure && relay.lanUrls.length > 0)
    say(
      'Phones need https for the camera and for their keys: see docs/RELAY.md for how to give the relay a certificate.',
    );
  say(relay.stunPort === 0 ? 'No STUN responder.' : `STUN answers at UDP port ${relay.stunPort}.`);
  if (relay.statusPort !== 0) say(`Health and counters: http://127.0.0.1:${relay.statusPort}/`);
  say('Other groups name this relay as:');
  for (const address of relay.multiaddrs) say(`  ${address}`);
  say('Stop it with Ctrl-C.');
};

const run = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), process.env);
  switch (options.kind) {
    case 'help':
      process.stdout.write(options.text);
      return;
    case 'wrong':
      complain(options.sentence);
      process.exitCode = 2;
      return;
    case 'run':
      break;
  }
  // A peer that breaks off in the middle of something is an everyday event, not the end of everybody's relay.
  process.on('unhandledRejection', (cause) =>
    complain(`A connection failed oddly (${reasonOf(cause)}); the relay goes on.`),
  );
  let relay: Relay | undefined;
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), SHUTDOWN_MS).unref();
    void (relay?.stop() ?? Promise.resolve()).then(() => process.exit(0));
  };
  // Before the first line is printed: whoever reads it may stop us at once.
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    relay = await createRelay(options.config);
  } catch (cause) {
    if (!(cause instanceof RelayFault)) throw cause;
    complain(cause.message);
    process.exitCode = 2;
    return;
  }
  const { appUrl, lanUrls, httpPort, stunPort, statusPort, peerId, multiaddrs } = relay;
  if (options.json)
    say(JSON.stringify({ appUrl, lanUrls, httpPort, stunPort, statusPort, peerId, multiaddrs }));
  else announce(relay, appUrl.startsWith('https:'));
};

run().catch((cause: unknown) => {
  complain(
    `The relay could not go on (${reasonOf(cause)}). Nothing of anybody's ledger is kept here, so nothing is lost.`,
  );
  process.exit(1);
});

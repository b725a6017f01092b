/** `npm run peer`: see HELP in options.ts. */
import { startAlwaysOn } from './alwaysOn.ts';
import { HELP, readOptions } from './options.ts';

const read = readOptions(process.argv.slice(2), process.env);
if (read.type === 'help') process.stdout.write(HELP);
else if (read.type === 'wrong') {
  process.stderr.write(`${read.sentence} See --help.\n`);
  process.exitCode = 2;
} else {
  try {
    const running = await startAlwaysOn(read.options);
    const page = running.status === null ? null : `http://127.0.0.1:${running.status.port}/`;
    if (read.options.json) process.stdout.write(`${JSON.stringify({ status: page })}\n`);
    else {
      const view = running.peer.view();
      const where = page === null ? '' : ` How it is doing: ${page}`;
      process.stdout.write(
        `${view.stage === 'circle' ? `In ${view.view.name}.` : 'Asking to be let in.'}${where}\nStop with Ctrl+C.\n`,
      );
    }
    const stop = (): void => {
      running.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}

/** Measurements that need a process of their own: nobody else's garbage, heap or warm code. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Longest a job may take, in milliseconds. */
const JOB_MS = 20 * 60 * 1000;

/** Runs `jobs/<name>.ts` (or a path below src) in a fresh process and gives back what it answers. Rejects if it fails. */
export function runJob<Answer>(path: string, question: object, heapMegabytes = 4096): Promise<Answer> {
  const script = fileURLToPath(new URL(`./${path}.ts`, import.meta.url));
  const child = fork(script, [], {
    execArgv: [
      '--expose-gc',
      `--max-old-space-size=${heapMegabytes}`,
      '--disable-warning=ExperimentalWarning',
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  return new Promise((resolve, reject) => {
    let complaint = '';
    let answered: { readonly value: Answer } | undefined;
    const timer = setTimeout(() => child.kill('SIGKILL'), JOB_MS);
    child.stderr?.on('data', (part: Buffer) => {
      complaint = (complaint + part.toString('utf8')).slice(-2000);
    });
    child.on('message', (value) => {
      answered = { value: value as Answer };
      // Some of what is measured keeps timers and sockets open: the answer is all that was wanted.
      child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (answered !== undefined) resolve(answered.value);
      else reject(new Error(`${path} ended with ${signal ?? code}: ${complaint.trim()}`));
    });
    child.send(question);
  });
}
/** The child's half: waits for the question, answers once. */
export function answerJob<Question, Answer>(work: (question: Question) => Promise<Answer>): void {
  process.once('message', (question) => {
    work(question as Question).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

/** What the numbers were made on. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryMegabytes: number;
  readonly node: string;
  readonly v8: string;
  readonly openssl: string;
  readonly platform: string;
  /** Processes that wanted a core in the minute before: anything above 1 and the numbers are of a busy machine. */
  readonly load: number;
}
export const machineFacts = (): Machine => ({
  cores: availableParallelism(),
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryMegabytes: Math.round(totalmem() / 2 ** 20),
  node: process.version,
  v8: process.versions.v8,
  openssl: process.versions['openssl'] ?? 'unknown',
  platform: `${process.platform} ${process.arch}`,
  load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
});

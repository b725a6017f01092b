/** Where an account chain ends by what witnesses reported when they stopped [C1] [C2], read a second time. */
import {
  KIND,
  LANE,
  type DeviceKey,
  type Id,
  type Ledger,
  type StopReport,
  type Stored,
} from '@corridor/ledger';

/** An account as it stood before the closing. */
export interface OpenChain {
  readonly device: DeviceKey;
  readonly incarnation: number;
  /** Places that earlier incarnations fixed. */
  readonly start: number;
}
export interface ChainEnd {
  /** How many places are its own from now on. */
  readonly length: number;
  readonly isVoid: boolean;
  /** How many witnesses have stopped there. */
  readonly speakers: number;
}
/** `last`: the stop entries that the decision names. `isBook`: each of them stands for the series that ends with it [B1]. */
export function endOf(ledger: Ledger, chain: OpenChain, stops: readonly Id[], isBook: boolean): ChainEnd {
  const ordinal = ledger.log.devices.get(chain.device)?.ordinal;
  const isAbout = ({ ordinal: of, incarnation }: StopReport): boolean =>
    of === ordinal && incarnation === chain.incarnation;
  const reports: StopReport[] = [];
  const speakers = new Set<DeviceKey>();
  for (const id of stops) {
    const stop = ledger.entries.get(id);
    const said = stop === undefined ? [] : isBook ? seriesOf(stop) : reportsIn(stop);
    const report = said.find(isAbout);
    if (report !== undefined) reports.push(report);
    // In a book's series silence about an account says that nothing was seen there.
    if (stop !== undefined && (report !== undefined || isBook)) speakers.add(stop.entry.device);
  }
  return { ...read(ledger, chain, reports), speakers: speakers.size };
}
const reportsIn = ({ entry: { body } }: Stored): readonly StopReport[] =>
  body.kind === KIND.stop ? body.reports : [];
/** All reports of a series in their order; its last entry says how long it is. */
function seriesOf(last: Stored): readonly StopReport[] {
  const { body } = last.entry;
  const reports: StopReport[] = [];
  let at: Stored | undefined = last;
  for (let part = body.kind === KIND.stop ? body.parts : 0; part > 0; part--, at = at?.prev)
    reports.unshift(...(at === undefined ? [] : reportsIn(at)));
  return reports;
}

/** The highest certified head wins; one valid vote after it is carried, two void the place. */
function read(
  ledger: Ledger,
  { device, incarnation, start }: OpenChain,
  reports: readonly StopReport[],
): Pick<ChainEnd, 'length' | 'isVoid'> {
  const lengthOf = ({ head }: StopReport): number => Math.max(start, head === null ? 0 : head.seq + 1);
  const length = Math.max(start, ...reports.map(lengthOf));
  const before = ledger.feeds.get(device)?.[LANE.account].main[length - 1];
  const votes = new Set<Stored>();
  for (const report of reports) {
    const stored = report.vote === null ? undefined : ledger.entries.get(report.vote);
    if (stored === undefined || lengthOf(report) !== length) continue;
    const { entry, prev, verdict } = stored;
    if (entry.device !== device || entry.seq !== length || entry.incarnation !== incarnation) continue;
    if (prev === before && verdict.type === 'valid') votes.add(stored);
  }
  return { length: votes.size === 1 ? length + 1 : length, isVoid: votes.size > 1 };
}

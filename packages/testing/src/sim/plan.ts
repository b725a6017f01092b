/** What a seed lets happen: how many devices, how bad the weather, who is hostile, and how often what goes wrong. */
import type { CircleShape } from './firstCircles.ts';
import type { Rng } from './rng.ts';
import type { Weather } from './simNetwork.ts';

/**
 * twin: one device key in two hands, each signing a history of its own. rogue: signs what the rules forbid. forger:
 * sends entries in others' names. noise: breaks frames, repeats them, floods. liar: a steward who says as a witness what
 * its rules forbid; only in worlds that ask for it.
 */
export type Hostility = 'twin' | 'rogue' | 'forger' | 'noise' | 'liar';
export interface Plan {
  readonly shape: CircleShape;
  readonly hostility: Hostility | null;
  /** Virtual milliseconds during which things go wrong. */
  readonly span: number;
  readonly weather: Weather;
  /** Mean milliseconds of a disk access; 0: at once. */
  readonly diskLatency: number;
  readonly payments: number;
  readonly handOvers: number;
  readonly crashes: number;
  readonly restarts: number;
  readonly refusals: number;
  readonly clockJumps: number;
  readonly partitions: number;
  /** A second tab that believes to be the only one, on the same disk, for a moment. */
  readonly secondTabs: number;
  /** Things that somebody proposes: limits, pauses, payouts, a device removed. */
  readonly motions: number;
  /** Payments into the commons. */
  readonly commons: number;
  /** Somebody proposes to close the book. */
  readonly closesBook: boolean;
  /** Those who keep the book are never all up together. */
  readonly inTurns: boolean;
  readonly handsBook: boolean;
  readonly newcomer: boolean;
  /** When all is calm again, somebody's disk falls back to what it was at some moment before [W2]. */
  readonly forgets: boolean;
  /** Which forbidden thing a rogue does; null: any. */
  readonly roguery: string | null;
  /** Whether others pay the hostile device much. */
  readonly feedsHostile: boolean;
}

/** A world costs the square of its size: most are small, and some are not. */
const SIZES = [2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 6] as const;
/** With four stewards. */
const COUNCIL_SIZES = [4, 4, 4, 4, 4, 5, 5, 5, 6] as const;
/** Of all worlds, so many in a hundred have four stewards: each costs as much as several of the others. */
const COUNCILS = 0.1;

export function drawPlan(rng: Rng, fixed: Partial<Plan> = {}): Plan {
  const hostility = rng.chance(0.3) ? rng.pick<Hostility>(['twin', 'rogue', 'forger', 'noise']) : null;
  const hostile = fixed.hostility === undefined ? hostility : fixed.hostility;
  const isCouncil = fixed.shape === undefined ? rng.chance(COUNCILS) : fixed.shape.stewards > 1;
  const devices = isCouncil
    ? Math.max(hostile === null ? 4 : 5, rng.pick(COUNCIL_SIZES))
    : Math.max(hostile === null ? 2 : 3, rng.pick(SIZES));
  const few = (most: number): number => Math.floor(rng.next() * rng.next() * (most + 1));
  return {
    shape: {
      devices,
      second: hostile === null && devices > (isCouncil ? 4 : 2) && rng.chance(0.3),
      stewards: isCouncil ? 4 : 1,
    },
    hostility: hostile,
    span: rng.between(5_000, 40_000),
    weather: {
      latency: rng.pick([5, 40, 40, 300]),
      stall: rng.pick([0, 0, 0.002, 0.02]),
      linkLife: rng.pick([4_000, 15_000, 60_000]),
      double: rng.pick([0, 0, 0.05]),
    },
    diskLatency: rng.pick([0, 3, 3, 30, 200]),
    payments: rng.between(2, 7),
    handOvers: few(3),
    crashes: few(5),
    restarts: few(2),
    refusals: few(2),
    clockJumps: few(3),
    partitions: few(2),
    secondTabs: rng.chance(0.1) ? 1 : 0,
    motions: isCouncil ? few(4) : rng.chance(0.1) ? few(3) : 0,
    commons: isCouncil ? few(2) : 0,
    closesBook: isCouncil ? rng.chance(0.3) : rng.chance(0.03),
    inTurns: isCouncil && rng.chance(0.2),
    handsBook: !isCouncil && rng.chance(0.15),
    newcomer: rng.chance(0.06),
    roguery: null,
    feedsHostile: false,
    // Who lies would be the first to answer.
    forgets: hostile === null && rng.chance(0.2),
    ...fixed,
  };
}

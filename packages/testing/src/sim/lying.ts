/** A steward who lies: keeps votes and receipts back, reports less than it knows, contradicts itself in the rounds. */
import { KIND, type Body } from '@corridor/ledger';
import type { Twist } from './careless.ts';
import type { Rng } from './rng.ts';

/** What it says in place of what it should: something else about half of the time. */
export const createLies =
  (rng: Rng): Twist =>
  (_ledger, bodies) =>
    bodies.flatMap((body): readonly Body[] => (rng.chance(0.5) ? [body] : lieFor(body, rng)));

function lieFor(body: Body, rng: Rng): readonly Body[] {
  switch (body.kind) {
    case KIND.votes:
      return body.votes.length > 0 && rng.chance(0.5) ? [{ ...body, receipts: [] }] : [];
    case KIND.stop:
      return [{ ...body, reports: body.reports.map((report) => ({ ...report, head: null, vote: null })) }];
    case KIND.prevote:
    case KIND.precommit: {
      const other: Body = { ...body, decision: null };
      return rng.chance(0.5) ? [other] : [body, other];
    }
    default:
      return [body];
  }
}

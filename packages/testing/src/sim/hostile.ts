/** What a hostile member's device does with the real peer it runs: signs what it must not, speaks for others, breaks frames. */
import {
  COMMONS_END,
  draftNext,
  draftPayment,
  encodeEntry,
  feedOf,
  headOf,
  KIND,
  LANE,
  openCredits,
  type Body,
  type ClaimBody,
  type Claim,
  type DeviceKey,
  type Id,
  type Ledger,
  type PayBody,
  type Signature,
} from '@corridor/ledger';
import type { Peer } from '@corridor/peer';
import type { Planted } from './device.ts';
import type { Rng } from './rng.ts';
import type { Tamper } from './simNetwork.ts';

/** A hostile device believes everything that suits it. */
export const BELIEVES_ALL: Planted = {
  options: {
    rules: { accountRules: [], isOrdinaryKey: () => true },
    checker: { check: (checks) => Promise.resolve(checks.map(() => 'valid' as const)) },
    onFailure: () => undefined,
  },
};

type Forbidden = (
  ledger: Ledger,
  device: DeviceKey,
  victim: DeviceKey,
  rng: Rng,
) => readonly Body[] | undefined;
export const plainPayment = (
  ledger: Ledger,
  device: DeviceKey,
  to: DeviceKey,
  amount: number,
): PayBody | undefined => {
  const drafted = draftPayment(ledger, device, {
    to,
    amount,
    need: null,
    invoice: null,
    memo: null,
    attachment: null,
    at: 1_700_000_000,
    claims: 'oldest',
  });
  return drafted.ok && drafted.value.claimsFirst.length === 0 ? drafted.value.payment : undefined;
};
/** A body with `claims` besides, and the balance that follows. */
const claiming = <B extends PayBody | ClaimBody>(body: B, claims: readonly Claim[]): B => {
  const before = body.claims.reduce((sum, claim) => sum + claim.amount, 0);
  const after = claims.reduce((sum, claim) => sum + claim.amount, 0);
  return { ...body, claims, balanceAfter: body.balanceAfter - before + after };
};
const claimOnly = ({ limitRef, logHeight, balanceAfter, amount, claims }: PayBody): ClaimBody => ({
  kind: KIND.claim,
  limitRef,
  logHeight,
  balanceAfter: balanceAfter + amount,
  claims,
});
const withBody = (
  body: PayBody | undefined,
  change: (body: PayBody) => Body | undefined,
): readonly Body[] | undefined => {
  const changed = body && change(body);
  return changed && [changed];
};

/** By the account rule that forbids it. Each gives undefined while it has nothing to do it with. */
export const FORBIDDEN: Readonly<Record<string, Forbidden>> = {
  logHeightNeverFalls(ledger, device, victim) {
    const gift = plainPayment(ledger, device, victim, 0);
    const admitted = ledger.log.devices.get(device)?.admittedAt ?? 0;
    // Below its own admission another rule stands as well.
    if (gift === undefined || gift.logHeight === admitted) return undefined;
    const first = claiming(gift, []);
    return [first, { ...first, logHeight: first.logHeight - 1 }];
  },
  limitRefIsNewestGrant: (ledger, device, victim) =>
    withBody(plainPayment(ledger, device, victim, 100), (body) => ({ ...body, limitRef: 0 })),
  counterpartyIsAdmitted: (ledger, device, victim) =>
    withBody(plainPayment(ledger, device, victim, 100), (body) => ({
      ...body,
      to: { type: 'commons', commons: COMMONS_END },
    })),
  counterpartyIsAnother: (ledger, device, victim) =>
    withBody(plainPayment(ledger, device, victim, 100), (body) => ({
      ...body,
      to: { type: 'device', device },
    })),
  invoiceStandsOnce(ledger, device, victim) {
    const invoice = ledger.circle;
    const first = plainPayment(ledger, device, victim, 100);
    if (first === undefined) return undefined;
    const second = { ...claiming(first, []), invoice, balanceAfter: first.balanceAfter - 100 };
    return [{ ...first, invoice }, second];
  },
  claimEntryClaims: (ledger, device, victim) =>
    withBody(plainPayment(ledger, device, victim, 0), (body) => claimOnly(claiming(body, []))),
  claimedOnce: (ledger, device, victim) =>
    withBody(plainPayment(ledger, device, victim, 0), (body) => {
      const [credit] = openCredits(ledger, device);
      return credit && claiming(body, [credit, credit]);
    }),
  claimsAreCreditsOfOwner: (ledger, device, victim) =>
    withBody(plainPayment(ledger, device, victim, 0), (body) => {
      for (const { entry, settled } of ledger.entries.values()) {
        if (!settled || entry.body.kind !== KIND.pay || entry.body.to.type !== 'device') continue;
        const { to, amount } = entry.body;
        if (amount > 0 && to.device !== device) return claiming(body, [{ debit: entry.id, amount }]);
      }
      return undefined;
    }),
  balanceIsInTheChain: (ledger, device, victim) =>
    withBody(plainPayment(ledger, device, victim, 100), (body) => ({
      ...body,
      balanceAfter: body.balanceAfter + 5000,
    })),
  debitKeepsLowestBalance: (ledger, device, victim) =>
    withBody(plainPayment(ledger, device, victim, 0), (body) => ({
      ...body,
      amount: 40_000,
      balanceAfter: body.balanceAfter - 40_000,
    })),
  claimsKeepHighestBalance: (ledger, device, victim) =>
    withBody(plainPayment(ledger, device, victim, 0), (body) => {
      const all = claiming(body, openCredits(ledger, device));
      const highest = ledger.log.policy.firstGrant.highestBalance;
      return all.balanceAfter > highest ? claimOnly(all) : undefined;
    }),
};

/** Signs and spreads something forbidden; false while it can't. */
export async function actForbidden(peer: Peer, victim: DeviceKey, what: string, rng: Rng): Promise<boolean> {
  const circle = peer.circle();
  if (circle === undefined) return false;
  const { replica, record } = circle;
  const done = await replica.append(LANE.account, () => {
    const bodies = FORBIDDEN[what]?.(replica.ledger, record.device, victim, rng);
    return { ok: true, value: bodies ?? [] };
  });
  return done.ok && done.value.length > 0;
}
/** Spreads a payment to itself in a victim's name, with a signature out of thin air. */
export async function forge(peer: Peer, victim: DeviceKey): Promise<Id | undefined> {
  const circle = peer.circle();
  if (circle === undefined) return undefined;
  const { replica, record } = circle;
  const { ledger } = replica;
  const body = plainPayment(ledger, victim, record.device, 700);
  if (body === undefined) return undefined;
  const entry = encodeEntry(draftNext(ledger, victim, LANE.account, body), ledger.sha256);
  const signatures = new Map([[entry.id, 'ab'.repeat(64) as Signature]]);
  await replica.takeOpen([{ entries: [entry], signatures, sealed: new Map() }], { left: 1 });
  const feed = feedOf(ledger, victim, LANE.account);
  return feed && headOf(feed)?.entry.id;
}

/** Frames broken, repeated, replayed, invented, left out. */
export function createTamper(rng: Rng): Tamper {
  const said: Uint8Array[] = [];
  return (bytes) => {
    if (said.length < 50) said.push(bytes.slice());
    switch (rng.below(40)) {
      case 0: {
        const broken = bytes.slice();
        const at = rng.below(broken.length);
        broken[at] = (broken[at] ?? 0) ^ (1 << rng.below(8));
        return [broken];
      }
      case 1:
        return [bytes, bytes];
      case 2:
        return [bytes, rng.pick(said)];
      case 3:
        return [rng.bytes(rng.between(1, 300)), bytes];
      case 4:
        return [];
      case 5:
        return Array.from({ length: 40 }, () => bytes);
      default:
        return [bytes];
    }
  };
}

/** Whether a decided act had the consent that it needs [L3], counted a second time from the rules that every circle starts with. */
import type { Act, Approval, DeviceKey, Ledger, MemberId } from '@corridor/ledger';
import type { ToldLog } from './retelling.ts';

/** How many of the others must agree: at least so many, and so many thirds or halves of them. */
const NEEDED = {
  limits: [1, 2],
  standing: [2, 3],
  stewards: [2, 3],
  policy: [2, 3],
  payout: [1, 2],
} as const;

/** undefined: it had. `told`: the log before the act. */
export function lacksConsent(
  ledger: Ledger,
  told: ToldLog,
  act: Act,
  height: number,
  approvals: readonly Approval[],
): string | undefined {
  const memberOf = (device: DeviceKey): MemberId | undefined => told.devices.get(device)?.member;
  const isActive = (member: MemberId): boolean => !told.standings.has(member);
  const isOpen = (device: DeviceKey): boolean => told.devices.get(device)?.grants.at(-1)?.sealed === false;
  const stewards = new Set<MemberId>();
  for (const { device, fromHeight, toHeight } of ledger.log.terms) {
    const member =
      fromHeight < height && (toHeight === null || toHeight >= height) ? memberOf(device) : undefined;
    if (member !== undefined && isActive(member)) stewards.add(member);
  }
  const yes = new Set<MemberId>();
  for (const { device } of approvals) {
    const member = memberOf(device);
    if (member !== undefined && isOpen(device) && isActive(member)) yes.add(member);
  }
  const stewardsAgree = (kind: keyof typeof NEEDED, about: MemberId | undefined): boolean => {
    const others = [...stewards].filter((member) => member !== about);
    const asked = others.length > 0 ? others : [...stewards];
    const [parts, of] = NEEDED[kind];
    return (
      asked.filter((member) => yes.has(member)).length >= Math.max(1, Math.ceil((asked.length * parts) / of))
    );
  };
  const needs = (isThere: boolean): string | undefined =>
    isThere ? undefined : `[L3] ${act.type} at ${height} without consent`;
  switch (act.type) {
    case 'admit':
    case 'keeper':
    case 'unlock':
    case 'close-book':
      return needs(approvals.length === 0);
    case 'limits':
      return needs(stewardsAgree('limits', memberOf(act.device)));
    case 'standing':
      return needs(stewardsAgree('standing', act.member));
    case 'stewards':
    case 'policy':
      return needs(stewardsAgree(act.type, undefined));
    case 'payout':
      return needs(stewardsAgree('payout', memberOf(act.to)));
    case 'helpers':
      return needs(approvals.some(({ device }) => device === act.device));
    case 'replace': {
      const [first] = act.closings;
      const member = first && memberOf(first.device);
      if (member === undefined) return needs(false);
      if (act.request?.as === 'recover' && memberOf(act.request.inviter) === member) return undefined;
      const stays = approvals.some(
        ({ device }) =>
          memberOf(device) === member &&
          isOpen(device) &&
          !act.closings.some((closing) => closing.device === device),
      );
      const helpers = ledger.log.helpers.get(member);
      const vouched =
        helpers !== undefined && helpers.members.filter((m) => yes.has(m)).length >= helpers.need;
      return needs((act.request === null && stays) || vouched || stewardsAgree('standing', member));
    }
  }
}

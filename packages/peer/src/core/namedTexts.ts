/** The detachable texts that an entry names [E6]. */
import { KIND, type Body, type TextHash } from '@corridor/ledger';

const NONE: readonly TextHash[] = [];
const one = (hash: TextHash | null): readonly TextHash[] => (hash === null ? NONE : [hash]);

export function textsNamedBy(body: Body): readonly TextHash[] {
  switch (body.kind) {
    case KIND.pay:
      return one(body.memo);
    case KIND.found:
      return [body.memberName];
    case KIND.motion:
      return 'reason' in body.act ? one(body.act.reason) : NONE;
    case KIND.comment:
      return [body.text];
    default:
      return NONE;
  }
}

/**
 * The shell's one checker of signatures [E5]. A fast engine may say yes; every no of it is decided by the
 * reference, at the expense of the peer who sent the signature. So all engines give one verdict [I17].
 */
import { referenceVerify } from '@corridor/ledger';
import type { CheckBudget, SignatureCheck, SignatureChecker, SignatureVerdict } from './ports.ts';
import { passesSelfTest } from './signatureSelfTest.ts';
import { platformAccelerator } from './webCryptoVerify.ts';

/** True: the engine accepts. False or a rejection: it does not, which decides nothing. */
export type Accelerator = (check: SignatureCheck) => Promise<boolean>;

/** Asked of the accelerator at a time: enough to keep every core at work, little enough to stop soon. */
const CHECKS_IN_FLIGHT = 64;
/** Reference checks (about 3 ms each) between two turns of the event loop. */
const CHECKS_PER_TURN = 16;

export interface CheckerChoice {
  /** Absent: the platform's WebCrypto where there is one. Null: none. */
  readonly accelerator?: Accelerator | null | undefined;
}
export interface AdmittedChecker extends SignatureChecker {
  /** Whether an accelerator passed the self-test; otherwise the reference decides alone. */
  readonly accelerated: boolean;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const accepts = async (accelerator: Accelerator, check: SignatureCheck): Promise<boolean> => {
  try {
    return (await accelerator(check)) === true;
  } catch {
    return false;
  }
};

/**
 * A checker, with the accelerator if that proves itself on the hard vectors first. Never rejects.
 *
 * With an accelerator, each check the reference must decide costs one of `budget.left`. Without one the
 * reference decides everything, and then only what proves invalid is charged: an honest peer must not be
 * dropped because this device is slow.
 *
 * `check` rejects with the signal's reason when aborted, and never otherwise.
 */
export const createSignatureChecker = async (choice: CheckerChoice = {}): Promise<AdmittedChecker> => {
  const offered = choice.accelerator === undefined ? platformAccelerator() : choice.accelerator;
  const accelerator = offered && (await passesSelfTest(offered)) ? offered : undefined;

  const decide = (check: SignatureCheck, budget: CheckBudget): SignatureVerdict => {
    if (budget.left < 1) return 'undecided';
    const valid = referenceVerify(check.key, check.message, check.signature);
    if (!valid || accelerator !== undefined) budget.left -= 1;
    return valid ? 'valid' : 'invalid';
  };

  return {
    accelerated: accelerator !== undefined,
    async check(checks, budget, signal) {
      const verdicts: SignatureVerdict[] = [];
      let decided = 0;
      for (let from = 0; from < checks.length; from += CHECKS_IN_FLIGHT) {
        signal?.throwIfAborted();
        const batch = checks.slice(from, from + CHECKS_IN_FLIGHT);
        const accepted =
          accelerator && (await Promise.all(batch.map((check) => accepts(accelerator, check))));
        for (const [i, check] of batch.entries()) {
          if (accepted?.[i] === true) {
            verdicts.push('valid');
            continue;
          }
          if (decided++ % CHECKS_PER_TURN === CHECKS_PER_TURN - 1) await nextTurn();
          signal?.throwIfAborted();
          verdicts.push(decide(check, budget));
        }
      }
      return verdicts;
    },
  };
};

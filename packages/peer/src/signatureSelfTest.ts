/** What an accelerator must get right before it is believed [E5]. */
import { fromHex, type PublicKey, type Signature } from '@corridor/ledger';
import type { SignatureCheck } from './ports.ts';
import { ACCEPTED, REFUSED, type SelfTestVector } from './selfTestVectors.ts';
import type { Accelerator } from './signatureChecker.ts';

const checkOf = ([key, message, signature]: SelfTestVector): SignatureCheck => ({
  key: key as PublicKey,
  message: fromHex(message) ?? new Uint8Array(),
  signature: signature as Signature,
});

/**
 * Whether the engine accepts ordinary signatures and none that E5 refuses. What it says of the ones E5 alone
 * accepts is no matter: its no decides nothing. All are asked at once, as they will be later, so an engine
 * that mixes up its answers fails too. A rejection counts as a no.
 */
export const passesSelfTest = async (accelerator: Accelerator): Promise<boolean> => {
  const ask = async (vector: SelfTestVector): Promise<boolean> => {
    try {
      return await accelerator(checkOf(vector));
    } catch {
      return false;
    }
  };
  const [accepted, refused] = await Promise.all([
    Promise.all(ACCEPTED.map(ask)),
    Promise.all(REFUSED.map(ask)),
  ]);
  return accepted.every((answer) => answer === true) && refused.every((answer) => answer === false);
};

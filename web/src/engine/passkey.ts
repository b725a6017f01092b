/**
 * The phone's own lock as a second way to unlock [S4]: a passkey of this phone computes 32 bytes (WebAuthn's PRF)
 * whenever it has looked at its owner. WebAuthn lives in the window; what opens the circle's record lives in the worker
 * and gets those bytes alone. No server is asked, nothing is attested, and no signature made here is ever looked at.
 */
import type { NewPasskey, PasskeyHint } from '@corridor/peer';

/** Whether the choice can be offered here, or why not. */
export type PasskeySupport = 'offered' | 'no-prf' | 'no-screen-lock' | 'no-name';
/** 'cancelled': also when the phone has no such passkey any more; a page may not learn which. */
export type PasskeyTrouble = 'cancelled' | 'no-prf' | 'other-host' | 'refused';
export type PasskeyAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: PasskeyTrouble };

/** As the phone lists it. Neither circle nor member: that list is seen while the app is locked. */
const LISTED_AS = 'Corridor';
const TIMEOUT_MS = 60_000;
const SALT_BYTES = 32;
/** Ed25519, ECDSA, RSA: whichever the phone makes, only the PRF is used. */
const ALGORITHMS = [-8, -7, -257];

const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));
/** A copy over plain memory, as WebAuthn takes it. */
const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
/** A passkey belongs to a name; browsers give none to an address of numbers. */
const isName = (host: string): boolean => host !== '' && !/^[\d.]+$|^\[/.test(host);

/** Asks the browser, never the owner. An engine that cannot say what it can do is not trusted to do it. */
export async function passkeySupport(): Promise<PasskeySupport> {
  if (!('PublicKeyCredential' in globalThis)) return 'no-prf';
  if (!isName(location.hostname)) return 'no-name';
  try {
    const [can, hasScreenLock] = await Promise.all([
      PublicKeyCredential.getClientCapabilities(),
      PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable(),
    ]);
    if (can['extension:prf'] !== true) return 'no-prf';
    return hasScreenLock ? 'offered' : 'no-screen-lock';
  } catch {
    return 'no-prf'; // an older engine
  }
}

/** Makes a passkey on this phone, bound to this host, and asks it once. What did not work out is taken back. */
export const makePasskey = (signal: AbortSignal): Promise<PasskeyAnswer<NewPasskey>> =>
  asking(async () => {
    const salt = random(SALT_BYTES);
    const made = await navigator.credentials.create({
      signal,
      publicKey: {
        rp: { id: location.hostname, name: LISTED_AS },
        // Another each time: a second phone of the same person must not replace the first one's.
        user: { id: random(16), name: LISTED_AS, displayName: LISTED_AS },
        challenge: random(32),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: {
          authenticatorAttachment: 'platform',
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: 'required',
        },
        attestation: 'none',
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: salt } } },
      },
    });
    if (!(made instanceof PublicKeyCredential)) return fail('refused');
    const hint: PasskeyHint = { credential: new Uint8Array(made.rawId), salt };
    const computed = prfOf(made);
    if (computed !== undefined) return { ok: true, value: { ...hint, prf: computed } };
    // Some phones make it first and compute later, others never.
    const asked =
      made.getClientExtensionResults().prf?.enabled === true ? await ask(hint, signal) : fail('no-prf');
    if (!asked.ok) {
      dropPasskey(hint);
      return asked;
    }
    return { ok: true, value: { ...hint, prf: asked.value } };
  });

/** Lets the phone look at its owner and compute. The caller overwrites what comes of it. */
export const askPasskey = (hint: PasskeyHint, signal: AbortSignal): Promise<PasskeyAnswer<Uint8Array>> =>
  asking(() => ask(hint, signal));

/** Tells the phone that this passkey opens nothing any more, where it can be told. Nothing hangs on it. */
export function dropPasskey({ credential }: PasskeyHint): void {
  try {
    const credentialId = btoa(String.fromCharCode(...credential))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '');
    PublicKeyCredential.signalUnknownCredential({ rpId: location.hostname, credentialId }).catch(
      () => undefined,
    );
  } catch {
    // Then it stays in the phone's list until its owner takes it out.
  }
}

async function ask(
  { credential, salt }: PasskeyHint,
  signal: AbortSignal,
): Promise<PasskeyAnswer<Uint8Array>> {
  const found = await navigator.credentials.get({
    signal,
    publicKey: {
      rpId: location.hostname,
      challenge: random(32),
      allowCredentials: [{ type: 'public-key', id: plain(credential), transports: ['internal'] }],
      userVerification: 'required',
      timeout: TIMEOUT_MS,
      extensions: { prf: { eval: { first: plain(salt) } } },
    },
  });
  const computed = found instanceof PublicKeyCredential ? prfOf(found) : undefined;
  return computed === undefined ? fail('no-prf') : { ok: true, value: computed };
}
function prfOf(credential: PublicKeyCredential): Uint8Array | undefined {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return undefined;
  return first instanceof ArrayBuffer
    ? new Uint8Array(first)
    : new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
}

/** What the browser throws is one of few things that happened to its owner. */
async function asking<T>(work: () => Promise<PasskeyAnswer<T>>): Promise<PasskeyAnswer<T>> {
  try {
    return await work();
  } catch (fault) {
    return fail(troubleOf(fault));
  }
}
const fail = (trouble: PasskeyTrouble): { readonly ok: false; readonly trouble: PasskeyTrouble } => ({
  ok: false,
  trouble,
});
function troubleOf(fault: unknown): PasskeyTrouble {
  switch (fault instanceof DOMException ? fault.name : '') {
    case 'NotAllowedError':
    case 'AbortError':
      return 'cancelled';
    case 'SecurityError':
      return 'other-host';
    case 'NotSupportedError':
      return 'no-prf';
    default:
      return 'refused';
  }
}

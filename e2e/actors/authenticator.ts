import type { Page } from '@playwright/test';

/** The phone's own lock, as Chromium imitates it: a platform authenticator that has looked at its owner. */
export interface Authenticator {
  /** What the phone has in its list, by the names it shows. */
  listed(): Promise<readonly string[]>;
  /** From now on its owner is who looks at it, or is not. */
  ownerLooks(isOwner: boolean): Promise<void>;
  /** The phone is set up anew: nothing is in its list. */
  forget(): Promise<void>;
  /** There is none any more. */
  remove(): Promise<void>;
}

/** `hasPrf` false: one that says who looks, and computes nothing. */
export const plugIn = async (page: Page, { hasPrf = true } = {}): Promise<Authenticator> => {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  });
  return {
    async listed() {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
      return credentials.map(({ userName = '', rpId = '' }) => `${userName} at ${rpId}`);
    },
    async ownerLooks(isUserVerified) {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    async forget() {
      await session.send('WebAuthn.clearCredentials', { authenticatorId });
    },
    async remove() {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
      await session.detach();
    },
  };
};

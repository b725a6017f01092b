/** Why the relay could not start, as a sentence for the person who started it. */
export class RelayFault extends Error {
  override readonly name = 'RelayFault';
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';

/** The sentence for a port that could not be opened. `what` is as in "The web port". */
export const portFault = (what: string, flag: string, port: number, cause: unknown): RelayFault => {
  switch (codeOf(cause)) {
    case 'EADDRINUSE':
      return new RelayFault(
        `${what} ${port} is in use by another program. Stop that one, or choose another port with ${flag}.`,
      );
    case 'EACCES':
      return new RelayFault(
        `${what} ${port} may not be opened by this user. Choose one above 1023 with ${flag}.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new RelayFault(
        `This machine does not have the address given with --host or --stun-address, so ${what.toLowerCase()} can't open.`,
      );
    default:
      return new RelayFault(`${what} ${port} could not be opened (${reasonOf(cause)}).`);
  }
};

/** Short words for a cause: the system's code if there is one. */
export const reasonOf = (cause: unknown): string =>
  codeOf(cause) || (cause instanceof Error ? cause.message : String(cause));

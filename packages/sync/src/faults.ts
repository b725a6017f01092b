/** Why a session or a join ended early. `remote` broke the protocol; `nobody` means meet again later. */
export type SessionFaultCode =
  /** No tag under a book key we know: another circle, another epoch, or nobody we know. */
  | 'stranger'
  /** The membership proof does not hold. */
  | 'bad-proof'
  /** The device proved itself, and whether it is a member has just changed, or it was removed and nothing is told it. */
  | 'not-a-member'
  /** The budget for checking this peer's signatures is spent [E5]. */
  | 'undecided'
  /** A message longer than any may be. */
  | 'oversize'
  /** Bytes that are no message. */
  | 'garbage'
  /** A message of a version that we cannot read: we should be updated. */
  | 'newer-version'
  /** The other side speaks a version that we no longer do. */
  | 'older-version'
  /** A known message at a time when it cannot come. */
  | 'out-of-order'
  | 'overran-credit'
  /** Something we never asked for. */
  | 'unasked'
  | 'too-many-requests'
  /** The host could not accept what was delivered; `detail` is its reason. */
  | 'bad-batch'
  /** Nothing came for a minute although something was owed. */
  | 'stalled'
  /** Our own key did not sign. */
  | 'not-signed';

export interface SessionFault {
  readonly code: SessionFaultCode;
  /** Who is to blame: a host may ban `remote`, tries `nobody` again later, and mends `self`. */
  readonly blame: 'remote' | 'nobody' | 'self';
  readonly detail: string;
}

const BLAME: Readonly<Record<SessionFaultCode, SessionFault['blame']>> = {
  stranger: 'nobody',
  'bad-proof': 'remote',
  // Who was removed need not have heard of it.
  'not-a-member': 'nobody',
  undecided: 'nobody',
  oversize: 'remote',
  garbage: 'remote',
  'newer-version': 'nobody',
  'older-version': 'nobody',
  'out-of-order': 'remote',
  'overran-credit': 'remote',
  unasked: 'remote',
  'too-many-requests': 'remote',
  'bad-batch': 'remote',
  stalled: 'nobody',
  'not-signed': 'self',
};

/** A fault with the blame its code implies. `detail` is for logs and tests, never for a screen. */
export const sessionFault = (code: SessionFaultCode, detail = ''): SessionFault => ({
  code,
  blame: BLAME[code],
  detail,
});

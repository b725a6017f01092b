/** The disk refused (quota, read-only, gone). Nothing was changed. Thrown where a port has no value to say so. */
export class StorageRefused extends Error {
  override readonly name = 'StorageRefused';
  readonly reason: string;

  constructor(reason: string) {
    super(`storage refused: ${reason}`);
    this.reason = reason;
  }
}

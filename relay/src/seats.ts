/** Counts what is taken, in all and by each address. */
export interface Seats {
  /** True if one was free, which is then taken. */
  take(key: string): boolean;
  give(key: string): void;
  readonly taken: number;
}

/** Seats of which one address can never take more than `perAddress` [I18]. */
export const createSeats = (total: number, perAddress: number): Seats => {
  const byKey = new Map<string, number>();
  let taken = 0;
  return {
    take: (key) => {
      const own = byKey.get(key) ?? 0;
      if (taken >= total || own >= perAddress) return false;
      byKey.set(key, own + 1);
      taken++;
      return true;
    },
    give: (key) => {
      const own = byKey.get(key);
      if (own === undefined) throw new Error('a seat was given back that nobody had');
      if (own === 1) byKey.delete(key);
      else byKey.set(key, own - 1);
      taken--;
    },
    get taken() {
      return taken;
    },
  };
};

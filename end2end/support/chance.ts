// Random numbers that a seed repeats.

export type Chance = ReturnType<typeof chanceFrom>;

/** Tommy Ettinger's Mulberry32. */
export function chanceFrom(seed: number) {
  let state = seed >>> 0;
  /** 0 to 1, without 1. */
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    /** A whole number, both ends among them. */
    between: (least: number, most: number): number => least + below(most - least + 1),
    isLikely: (share: number): boolean => next() < share,
    pick: <T>(from: readonly T[]): T => from[below(from.length)],
    /** The same things in another order. */
    shuffled: <T>(things: readonly T[]): T[] => {
      const rest = [...things];
      return things.map(() => rest.splice(below(rest.length), 1)[0]);
    },
  };
}

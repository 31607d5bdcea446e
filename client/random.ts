/** Pseudorandom numbers from 0 to 1, the same in every run (Lehmer's generator). */
export function generator(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

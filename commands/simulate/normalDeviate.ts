/** A number from the standard normal distribution, by Box and Muller. */
export function normalDeviate(random: () => number): number {
  return Math.sqrt(-2 * Math.log(Math.max(random(), Number.MIN_VALUE))) * Math.cos(2 * Math.PI * random());
}

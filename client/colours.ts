/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** Mutant as likely as the wild type. */
const NEUTRAL: Colour = [245, 245, 245];
/** Mutant less likely than the wild type. */
const WORST: Colour = [178, 24, 43];
/** Mutant more likely than the wild type. */
const BEST: Colour = [33, 102, 172];

/** Largest share of cells, by magnitude, that the scale tells apart; one outlier must not fade the rest. */
const SCALED_SHARE = 0.98;

/** Smallest bound of a scale, so that noise is not drawn in full colour. */
const SMALLEST_BOUND = 0.1;

/**
 * The colour of a score: red below 0, blue above, which colour-blind people can tell apart.
 *
 * @param bound the llr with full colour, see {@link scaleBound}
 * @see https://colorbrewer2.org/#type=diverging&scheme=RdBu&n=11 ("colorblind safe")
 */
export function colourOf(llr: number, bound: number): Colour {
  const end = llr < 0 ? WORST : BEST;
  const strength = Math.min(Math.abs(llr) / bound, 1);
  const mixed = (channel: 0 | 1 | 2): number =>
    Math.round(NEUTRAL[channel] + (end[channel] - NEUTRAL[channel]) * strength);
  return [mixed(0), mixed(1), mixed(2)];
}

/** A colour as CSS and SVG write it: `#b2182b`. */
export function hexOf(colour: Colour): string {
  return `#${colour.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** The llr with full colour: the 98th percentile of the magnitudes. */
export function scaleBound(heatmap: readonly (readonly (number | null)[])[]): number {
  const magnitudes = heatmap
    .flat()
    .filter((value) => value !== null && value !== 0)
    .map((value) => Math.abs(value ?? 0))
    .sort((a, b) => a - b);
  return Math.max(magnitudes[Math.floor(magnitudes.length * SCALED_SHARE)] ?? magnitudes.at(-1) ?? 1, SMALLEST_BOUND);
}

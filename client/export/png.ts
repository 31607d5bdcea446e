import { DataError } from "../dataError.js";

/** Pixels for each pixel of the picture: sharp on a slide. */
const SCALE = 2;

/** Largest side in pixels; a longer protein is drawn smaller. */
const LARGEST_SIDE = 16_384;

/** A text that any font draws. */
const SAMPLE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text y="15" font-family="sans-serif">A</text></svg>';

/**
 * A picture as PNG.
 *
 * @param svg see `picture`
 * @throws DataError where the system has no font: the labels would be missing
 */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  if (new Resvg(SAMPLE).getBBox() === undefined) {
    throw new DataError(
      "the system has no font for a PNG (Debian: apt-get install fonts-dejavu-core); use --format svg.",
    );
  }
  const { width, height } = new Resvg(svg);
  const zoom = Math.min(SCALE, LARGEST_SIDE / Math.max(width, height));
  return new Resvg(svg, { fitTo: { mode: "zoom", value: zoom } }).render().asPng();
}

import { escapeMarkup } from "../../contract/markup.js";
import type { Comparison } from "./comparePolicies.js";
import type { Sample } from "./simulateEndpoint.js";

/** Sizes in pixels. */
const WIDTH = 900;
const LEFT = 70;
const PANEL = 150;
const GAP = 46;
const TITLE = 40;

/** Points of a line at most: more cannot be seen. */
const MOST_POINTS = 1_200;

/** Colours that people with a colour vision deficiency can tell apart, in the order of the policies. */
const COLOURS = ["#0072b2", "#d55e00", "#999999"];

/** Instances and backlog over time for each policy, as SVG: two panels for each trace. */
export function simulationPicture(comparisons: readonly Comparison[]): string {
  const block = TITLE + 2 * (PANEL + GAP);
  const height = comparisons.length * block + 20;
  const blocks = comparisons.map((comparison, index) => traceBlock(comparison, index * block));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...blocks,
    "</svg>",
  ].join("\n");
}

function traceBlock({ trace, results }: Comparison, top: number): string {
  const series = [...results].map(([name, { samples }], index) => ({
    name,
    samples,
    colour: COLOURS[index] ?? "#000",
  }));
  const end = Math.max(...series.map(({ samples }) => samples.at(-1)?.at ?? 0), 1);
  const legend = series.map(
    ({ name, colour }, index) =>
      `<rect x="${620 + index * 90}" y="${top + 14}" width="14" height="4" fill="${colour}"/>` +
      `<text x="${638 + index * 90}" y="${top + 20}">${escapeMarkup(name)}</text>`,
  );
  return [
    `<text x="${LEFT}" y="${top + 20}" font-size="14" font-weight="bold">${escapeMarkup(`${trace.name}: ${trace.description}`)}</text>`,
    ...legend,
    panel("instances", series, ({ instances }) => instances, top + TITLE, end),
    panel("jobs without an end", series, ({ backlog }) => backlog, top + TITLE + PANEL + GAP, end),
  ].join("\n");
}

interface Line {
  readonly samples: readonly Sample[];
  readonly colour: string;
}

function panel(
  label: string,
  lines: readonly Line[],
  value: (sample: Sample) => number,
  top: number,
  end: number,
): string {
  const most = Math.max(1, ...lines.flatMap(({ samples }) => samples.map(value)));
  const x = (at: number): number => LEFT + (at / end) * (WIDTH - LEFT - 20);
  const y = (count: number): number => top + PANEL - (count / most) * PANEL;
  const hours = end / 3_600;
  const step = [1, 2, 4, 6, 12, 24, 48, 96].find((one) => hours / one <= 14) ?? 168;
  const ticks = Array.from({ length: Math.floor(hours / step) + 1 }, (_, index) => index * step);
  return [
    `<rect x="${LEFT}" y="${top}" width="${WIDTH - LEFT - 20}" height="${PANEL}" fill="none" stroke="#cccccc"/>`,
    `<text x="${LEFT}" y="${top - 5}" fill="#555555">${label}</text>`,
    `<text x="${LEFT - 6}" y="${top + 10}" text-anchor="end">${most.toLocaleString("en-US")}</text>`,
    `<text x="${LEFT - 6}" y="${top + PANEL}" text-anchor="end">0</text>`,
    ...ticks.map(
      (hour) =>
        `<text x="${x(hour * 3_600).toFixed(1)}" y="${top + PANEL + 16}" text-anchor="middle" fill="#555555">${hour} h</text>`,
    ),
    // The first policy is drawn last, on top of the others.
    ...[...lines].reverse().map(({ samples, colour }) => {
      const points = thinned(samples, value).map(
        (sample) => `${x(sample.at).toFixed(1)},${y(value(sample)).toFixed(1)}`,
      );
      return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.join(" ")}"/>`;
    }),
  ].join("\n");
}

/** Of each group of samples the one with the largest value, so that no peak is lost; and of equal ones the first and last. */
function thinned(samples: readonly Sample[], value: (sample: Sample) => number): Sample[] {
  const size = Math.ceil(samples.length / MOST_POINTS);
  const peaks = Array.from({ length: Math.ceil(samples.length / size) }, (_, index) =>
    samples
      .slice(index * size, (index + 1) * size)
      .reduce((best, sample) => (value(sample) > value(best) ? sample : best)),
  );
  return peaks.filter((sample, index) => {
    const [before, after] = [peaks[index - 1], peaks[index + 1]];
    return !before || !after || value(before) !== value(sample) || value(after) !== value(sample);
  });
}

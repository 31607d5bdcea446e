/** A shell script that prints the size of the whole image, then of each installed Python package and library, in KiB. */
export const MEASURE =
  "du -xsk / 2>/dev/null; cd /opt/amplify/venv/lib/python3.*/site-packages; " +
  "du -xsk /opt/amplify/model nvidia/* $(ls -d * | grep -v '^nvidia$')";

const PARTS = 8;

/**
 * The size of the image and of its largest parts, one line each.
 *
 * @param output of {@link MEASURE}
 */
export function largestParts(output: string): string[] {
  const [whole, ...parts] = output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"))
    .map(([kib, folder = ""]) => ({ bytes: Number(kib) * 1024, folder }));
  const largest = parts.sort((a, b) => b.bytes - a.bytes).slice(0, PARTS);
  return [
    `${gigabytes(whole?.bytes ?? 0)} in the image (uncompressed)`,
    ...largest.map(({ bytes, folder }) => `  ${gigabytes(bytes)} ${folder}`),
  ];
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

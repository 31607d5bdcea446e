import { writeFileSync } from "node:fs";
import { picture } from "../../client/report/picture.js";
import { reportData, type ReportData } from "../../client/report/reportData.js";
import { csvOf } from "../../client/report/table.js";
import { ranked } from "../../client/substitutions.js";
import { readResult } from "./readResult.js";
import type { TargetOptions } from "./target.js";

const BY_POSITION = (one: { position: number; row: number }, other: { position: number; row: number }): number =>
  one.position - other.position || one.row - other.row;

const FORMATS: Readonly<Record<string, (data: ReportData) => string>> = {
  csv: (data) => csvOf(ranked(data).toSorted(BY_POSITION)),
  "mave-hgvs": maveScores,
  svg: (data) => `${picture(data)}\n`,
};

/** Writes a result in another format. */
export async function exportResult(
  text: string,
  options: TargetOptions & { readonly format: string; readonly out?: string },
): Promise<number> {
  const { name, result } = await readResult(text, options);
  const write = FORMATS[options.format];
  const content = write ? write(reportData(result, name)) : `${JSON.stringify(result)}\n`;
  if (options.out === undefined) process.stdout.write(content);
  else writeFileSync(options.out, content);
  return 0;
}

/**
 * A score table as MaveDB takes it: the columns hgvs_pro and score.
 *
 * @see https://mavedb.org/docs/mavedb/data-formats.html
 */
function maveScores(data: ReportData): string {
  const rows = ranked(data)
    .toSorted(BY_POSITION)
    .map(({ hgvs, llr }) => `${hgvs},${llr}`);
  return ["hgvs_pro,score", ...rows, ""].join("\n");
}

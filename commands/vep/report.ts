import { writeFileSync } from "node:fs";
import path from "node:path";
import { resultFiles } from "../../client/files.js";
import { renderReport } from "../../client/report/renderReport.js";
import { reportData } from "../../client/report/reportData.js";
import { readResult } from "./readResult.js";
import type { TargetOptions } from "./target.js";

/** Writes the heatmap of a result as an HTML page. */
export async function writeReport(
  text: string,
  options: TargetOptions & { readonly out?: string; readonly name?: string; readonly json?: boolean },
): Promise<number> {
  const { name, result } = await readResult(text, options);
  const title = options.name ?? name;
  const file =
    options.out ??
    resultFiles([title], ".")
      .map((json) => json.replace(/\.json$/, ".html"))
      .join("");
  writeFileSync(file, await renderReport(reportData(result, title)));
  console.log(options.json ? JSON.stringify({ file }) : `Report: ${path.resolve(file)}`);
  return 0;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { resultFiles } from "../../client/files.js";
import { renderReport } from "../../client/report/renderReport.js";
import { reportData } from "../../client/report/reportData.js";
import { readResult } from "./readResult.js";
import type { TargetOptions } from "./target.js";

/** Options of `vep report` and `vep open`. */
export interface ReportOptions extends TargetOptions {
  /** The page. Default: named after the protein, in the folder of this process. */
  readonly out?: string;
  /** Title of the page. */
  readonly name?: string;
  readonly json?: boolean;
}

/** Writes the heatmap of a result as an HTML page. */
export async function writeReport(text: string, options: ReportOptions): Promise<number> {
  const file = await reportFile(text, options);
  console.log(options.json ? JSON.stringify({ file }) : `Report: ${path.resolve(file)}`);
  return 0;
}

/**
 * Writes a page, and opens it in the browser.
 *
 * @throws Error where no browser can be started; the page is there nevertheless
 */
export async function openReport(text: string, options: ReportOptions): Promise<number> {
  const folder = options.out === undefined ? mkdtempSync(path.join(tmpdir(), "vep-")) : ".";
  const file = path.resolve(await reportFile(text, options, folder));
  const [program, ...args] = browser();
  try {
    const child = spawn(program, [...args, file], { detached: true, stdio: "ignore" });
    await once(child, "spawn");
    child.unref();
  } catch {
    throw new Error(`no browser could be started (${program}); set BROWSER to its program. The page is ${file}`);
  }
  console.log(options.json ? JSON.stringify({ file }) : `Opened: ${file}`);
  return 0;
}

/** The program that opens pages, as the user or the system names it. */
function browser(): readonly [string, ...string[]] {
  const { BROWSER: own = "" } = process.env;
  if (own !== "") return [own];
  if (process.platform === "darwin") return ["open"];
  return process.platform === "win32" ? ["explorer.exe"] : ["xdg-open"];
}

async function reportFile(text: string, options: ReportOptions, folder = "."): Promise<string> {
  const { name, result } = await readResult(text, options);
  const title = options.name ?? name;
  const file =
    options.out ??
    resultFiles([title], folder)
      .map((json) => json.replace(/\.json$/, ".html"))
      .join("");
  writeFileSync(file, await renderReport(reportData(result, title)));
  return file;
}

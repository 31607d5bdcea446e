import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { picture } from "../../client/report/picture.js";
import { reportData, type ReportData } from "../../client/report/reportData.js";
import { csvOf } from "../../client/report/table.js";
import { byPosition, ranked } from "../../client/substitutions.js";
import type { VariantEffects } from "../../contract/result.js";
import { UsageError } from "../command.js";
import type { FORMATS } from "./exportFormats.js";
import { readResult } from "./readResult.js";
import type { TargetOptions } from "./target.js";

/** Options of `vep export`. */
export interface ExportOptions extends TargetOptions {
  readonly format: (typeof FORMATS)[number];
  readonly out?: string;
  /** PDB or mmCIF file, for the format `pdb`. */
  readonly structure?: string;
  /** The one chain of the structure. */
  readonly chain?: string;
}

/** Formats that are no text. */
const BINARY: readonly string[] = ["png", "parquet"];

/** Residues of a structure that differ, as far as they are listed. */
const LISTED = 10;

/** Writes a result in another format. */
export async function exportResult(text: string, options: ExportOptions): Promise<number> {
  const { format, out, structure, chain } = options;
  if ((format === "pdb") !== (structure !== undefined)) {
    throw new UsageError("option '--structure' and --format pdb go together: the structure is written with B-factors.");
  }
  if (chain !== undefined && format !== "pdb") throw new UsageError("option '--chain' goes with --format pdb.");
  if (out === undefined && BINARY.includes(format) && process.stdout.isTTY) {
    throw new UsageError(`--format ${format} is no text: write it to a file with --out.`);
  }
  const { name, result } = await readResult(text, options);
  const content = await contentOf(result, name, options);
  if (out === undefined) process.stdout.write(content);
  else writeFileSync(out, content);
  return 0;
}

async function contentOf(result: VariantEffects, name: string, options: ExportOptions): Promise<string | Uint8Array> {
  switch (options.format) {
    case "json":
      return `${JSON.stringify(result)}\n`;
    case "csv":
      return csvOf(ranked(reportData(result, name)).toSorted(byPosition));
    case "mave-hgvs":
      return maveScores(reportData(result, name));
    case "svg":
      return `${picture(reportData(result, name))}\n`;
    case "png": {
      const { pngOf } = await import("../../client/export/png.js");
      return pngOf(picture(reportData(result, name)));
    }
    case "parquet": {
      const { parquetOf } = await import("../../client/export/parquet.js");
      return parquetOf(reportData(result, name));
    }
    case "pdb":
      return coloured(result, options);
  }
}

/**
 * A score table as MaveDB takes it: the columns hgvs_pro and score.
 *
 * @see https://mavedb.org/docs/mavedb/data-formats.html
 */
function maveScores(data: ReportData): string {
  const rows = ranked(data)
    .toSorted(byPosition)
    .map(({ hgvs, llr }) => `${hgvs},${llr}`);
  return ["hgvs_pro,score", ...rows, ""].join("\n");
}

/** The structure with B-factors; says on standard error what was mapped, and how to colour it. */
async function coloured(
  result: VariantEffects,
  { structure: file = "", chain, out = "structure.pdb" }: ExportOptions,
): Promise<string> {
  if (!existsSync(file)) throw new UsageError(`there is no file '${file}'.`);
  const [{ readStructure }, { withBFactors }] = await Promise.all([
    import("../../client/structure/structure.js"),
    import("../../client/structure/bFactors.js"),
  ]);
  const { text, chains, bound } = withBFactors(readStructure(readFileSync(file, "utf8")), result, chain);
  for (const { chain: id, residues, aligned, mismatches } of chains) {
    console.error(
      `Chain ${id}: ${aligned} of ${residues} residues mapped, ${mismatches.length} differ from the protein.`,
    );
    for (const mismatch of mismatches.slice(0, LISTED)) console.error(`  ${mismatch}`);
    if (mismatches.length > LISTED) console.error(`  and ${mismatches.length - LISTED} more`);
  }
  const ids = chains.map(({ chain: id }) => id);
  const end = Math.max(bound, 0.1).toFixed(1);
  console.error("The B-factor is the mean llr of the position (red: substitutions are unlikely); other atoms have 0.");
  console.error(
    `PyMOL:    load ${out}; spectrum b, red_white_blue, polymer and chain ${ids.join("+")}, minimum=-${end}, maximum=${end}`,
  );
  console.error(
    `ChimeraX: open ${out}; color byattribute bfactor /${ids.join(",")} & protein palette red:white:blue range -${end},${end}`,
  );
  return text;
}

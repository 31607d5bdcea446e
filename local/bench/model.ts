import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import type { Figure } from "./figure.js";

const AMPLIFY_VEP = fileURLToPath(new URL("../../.venv/bin/amplify-vep", import.meta.url));

const report = z.object({
  figures: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      unit: z.string(),
      goal: z.string().nullable(),
      holds: z.boolean().nullable(),
    }),
  ),
});

/** The model's own figures, as the container's package measures them. */
export async function modelFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
  const file = path.join(folder, "figures.json");
  try {
    await promisify(execFile)(AMPLIFY_VEP, ["bench", "--json", file]);
    return report.parse(JSON.parse(readFileSync(file, "utf8"))).figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

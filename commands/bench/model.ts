import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import type { Figure } from "./figure.js";
import { runModelBench } from "./modelBench.js";

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

/**
 * The model's figures on both published shapes, measured by the Python program `model_bench`. It prints each as soon as it
 * is known: all of them take half an hour on two cores.
 */
export async function modelFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
  const file = path.join(folder, "figures.json");
  const options = ["--figures", "full", "--shape", "350M", "--shape", "120M", "--json", file];
  try {
    const code = await runModelBench(["bench", ...options]);
    if (code !== 0) throw new Error(`model_bench ended with exit code ${code}; its last lines say why.`);
    return report.parse(JSON.parse(readFileSync(file, "utf8"))).figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

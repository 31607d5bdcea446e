import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Figure } from "./figure.js";

const PYTHON = fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));

/** The folder that holds the Python package `model_bench`. */
const BENCH = fileURLToPath(new URL(".", import.meta.url));

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
 * Measures the model's figures on both published shapes with the Python package `model_bench`. Each figure is printed as
 * soon as it is known, because all of them take half an hour on two cores.
 */
export async function modelFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
  const file = path.join(folder, "figures.json");
  const options = ["--figures", "full", "--shape", "350M", "--shape", "120M", "--json", file];
  try {
    const child = spawn(PYTHON, ["-m", "model_bench", "bench", ...options], {
      cwd: BENCH,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new Error(`model_bench ended with exit code ${code}; its last lines say why.`);
    return report.parse(JSON.parse(readFileSync(file, "utf8"))).figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import { freePort } from "../../local/twin/processes/ports.js";
import { Processes } from "../../local/twin/processes/processes.js";
import { MODELS_FOLDER, PROGRAMS } from "../../local/twin/processes/programs.js";
import { untilReady } from "../../local/twin/processes/ready.js";
import { UsageError } from "../command.js";
import { largestParts, MEASURE } from "./size.js";
import { TOOLS, type ContainerTool, type ToolName } from "./tools.js";

/** What is built and tried. */
export interface CheckImageOptions {
  /** Default: the first that works. */
  readonly tool?: ToolName;
  /** Model of the hub in the image. Default: none. */
  readonly modelId?: string;
  /** Folder of a model that is mounted if none is in the image. Default: a synthetic one of the 350M shape. */
  readonly model?: string;
  readonly tag: string;
  /** Options for the build of the tool. */
  readonly buildOption: readonly string[];
}

const CONTEXT = fileURLToPath(new URL("../../image", import.meta.url));
const PROTEIN = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG";

const run = promisify(execFile);

/**
 * Builds the image, starts it, and scores a protein.
 *
 * @param print called with each line of the report
 * @throws UsageError where no tool works; Error where a step fails
 */
export async function checkImage(options: CheckImageOptions, print: (line: string) => void): Promise<void> {
  const { modelId = "", tag, buildOption } = options;
  const program = options.tool ?? (await firstThatWorks());
  const tool: ContainerTool = TOOLS[program];
  const model = modelId === "" ? await mounted(options.model) : undefined;
  const [verb = "build", ...build] = tool.build(tag, CONTEXT, { MODEL_ID: modelId });
  await shown(program, [verb, ...buildOption, ...build]);
  const name = tool.create ? (await run(program, tool.create(tag))).stdout.trim() : tag;
  try {
    const { stdout } = await run(program, tool.shell(name, MEASURE), { maxBuffer: 2 ** 24 });
    for (const line of largestParts(stdout)) print(line);
    await tryServer(program, (port) => tool.serve(name, { port, ...(model === undefined ? {} : { model }) }), print);
  } finally {
    if (tool.remove) await run(program, tool.remove(name));
  }
}

async function firstThatWorks(): Promise<ToolName> {
  for (const name of Object.keys(TOOLS) as ToolName[]) {
    const works = await run(name, TOOLS[name].probe).then(
      () => true,
      () => false,
    );
    if (works) return name;
  }
  throw new UsageError(`none of ${Object.keys(TOOLS).join(", ")} can build here: install one, or start its engine.`);
}

async function mounted(folder: string | undefined): Promise<string> {
  if (folder !== undefined) return path.resolve(folder);
  const synthetic = path.join(MODELS_FOLDER, "synthetic-350M");
  if (!existsSync(synthetic)) await run(PROGRAMS.amplifyVep, ["synthesize", synthetic, "--shape", "350M"]);
  return synthetic;
}

async function shown(program: string, args: readonly string[]): Promise<void> {
  const [code] = (await once(spawn(program, args, { stdio: "inherit" }), "close")) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args[0] ?? ""} ended with exit code ${code ?? "none"}.`);
}

async function tryServer(
  program: string,
  serve: (port: number) => string[],
  print: (line: string) => void,
): Promise<void> {
  const processes = new Processes();
  try {
    const port = await freePort();
    const started = performance.now();
    const child = processes.spawn(program, serve(port), { env: process.env });
    const url = `http://127.0.0.1:${port}`;
    await untilReady(child, `${url}/ping`, "The container");
    print(`${seconds(started)} s from the start to the first answer 200 of /ping`);
    const asked = performance.now();
    await score(url);
    print(`${seconds(asked)} s to score a protein of ${PROTEIN.length} residues`);
  } finally {
    await processes.stop();
  }
}

async function score(url: string): Promise<void> {
  const answer = await fetch(`${url}/invocations`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ sequence: PROTEIN }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The container answered ${answer.status}: ${text}`);
  checkScores((JSON.parse(text) as { heatmap: (number | null)[][] }).heatmap);
}

/**
 * Checks the matrix of {@link PROTEIN}.
 *
 * @throws Error where it has another size, a cell is not a number, or a wild-type cell is not 0
 */
export function checkScores(heatmap: readonly (readonly (number | null)[])[], protein = PROTEIN): void {
  const sound =
    heatmap.length === AMINO_ACIDS.length &&
    heatmap.every(
      (row, index) =>
        row.length === protein.length &&
        row.every((cell, column) => Number.isFinite(cell) && (AMINO_ACIDS[index] !== protein[column] || cell === 0)),
    );
  if (!sound) throw new Error("The scores are not a number in every cell, with 0 for the wild type.");
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { describeModel } from "./twin/describe.js";
import { TwinError } from "./twin/errors.js";
import { Processes } from "./twin/processes/processes.js";
import { MODELS_FOLDER, PROGRAMS } from "./twin/processes/programs.js";

/** Model of the twin and the demo if none is given: the smallest published one. */
export const DEFAULT_MODEL = "chandar-lab/AMPLIFY_120M";

/** How long an unreachable hub is not tried again, in ms. */
const HUB_RETRY_MS = 10 * 60_000;

/** Exit code of `amplify-vep` if the hub does not answer (sysexits.h: EX_UNAVAILABLE). */
const HUB_UNREACHABLE = 69;

const HUB_ID = /^\w[\w.-]*\/\w[\w.-]*$/;

/** A checkpoint on this machine. */
export interface PreparedModel {
  readonly dir: string;
  readonly id: string;
  readonly weights: "pretrained" | "synthetic";
  /** A warning for the user, if the weights are not those of the requested model. */
  readonly notice?: string;
}

export interface PrepareOptions {
  /**
   * Folder of downloaded and synthetic checkpoints.
   *
   * @default ".cache/models"
   */
  readonly folder?: string;
  /**
   * Path of the program `amplify-vep`.
   *
   * @default the installed one
   */
  readonly command?: string;
  /**
   * Seed of the synthetic checkpoint that is used if the hub does not answer: versions must differ.
   *
   * @default 0
   */
  readonly seed?: number;
  /**
   * The current time in milliseconds since 1970.
   *
   * @default Date.now
   */
  readonly now?: () => number;
}

type Settings = Required<PrepareOptions>;

const DEFAULTS: Settings = { folder: MODELS_FOLDER, command: PROGRAMS.amplifyVep, now: Date.now, seed: 0 };

type Report = (message: string) => void;

/**
 * Finds a model on this machine or downloads it. If the hub does not answer, a synthetic checkpoint is used instead.
 *
 * @param model a folder, or the id of a model on the Hugging Face hub
 * @default model {@link DEFAULT_MODEL}
 * @param report called with one sentence before each step that takes long
 * @throws TwinError `MODEL_UNAVAILABLE` if the folder holds no checkpoint, or the hub does not have the model
 */
export async function prepareModel(
  model: string | undefined,
  report: Report,
  options: PrepareOptions = {},
): Promise<PreparedModel> {
  const settings = { ...DEFAULTS, ...options };
  const wanted = model ?? DEFAULT_MODEL;
  if (existsSync(wanted) && statSync(wanted).isDirectory()) return existing(path.resolve(wanted), settings);
  if (!HUB_ID.test(wanted)) {
    throw new TwinError(
      "MODEL_UNAVAILABLE",
      `'${wanted}' is neither a folder nor the id of a model on the hub; give one of them with --model, such as ${DEFAULT_MODEL}.`,
    );
  }
  mkdirSync(settings.folder, { recursive: true });
  const dir = path.join(settings.folder, wanted.replace("/", "--"));
  if (existsSync(dir)) return existing(dir, settings);
  if (!(await download(wanted, dir, report, settings))) return synthetic(wanted, report, settings);
  return existing(dir, settings);
}

async function existing(dir: string, { command }: Settings): Promise<PreparedModel> {
  const { model_id: id, weights } = await describeModel(dir, command);
  return { dir, id, weights };
}

/** Downloads a model; false if the hub does not answer now, or did not within the last {@link HUB_RETRY_MS}. */
async function download(id: string, dir: string, report: Report, { command, folder, now }: Settings): Promise<boolean> {
  const unreachableSince = path.join(folder, "hub-unreachable-since");
  if (existsSync(unreachableSince) && now() - Number(readFileSync(unreachableSince, "utf8")) < HUB_RETRY_MS)
    return false;
  report(`Downloading ${id} from the Hugging Face hub; the first time this takes minutes.`);
  // The folder gets its name only once it is complete; the next download continues an interrupted one.
  const partial = `${dir}.partial`;
  const { code, lastLines } = await runDownload(command, id, partial);
  if (code === HUB_UNREACHABLE) {
    writeFileSync(unreachableSince, String(now()));
    return false;
  }
  if (code !== 0) throw new TwinError("MODEL_UNAVAILABLE", lastLines || `${id} could not be downloaded.`);
  rmSync(unreachableSince, { force: true });
  renameSync(partial, dir);
  return true;
}

/** Runs the download as a process that ends with this one, even if this one is killed. */
async function runDownload(
  command: string,
  id: string,
  folder: string,
): Promise<{ code: number | null; lastLines: string }> {
  const processes = new Processes();
  try {
    const child = processes.spawn(command, ["download", "--model", id, folder], { env: process.env });
    const { code } = await child.exited;
    return { code, lastLines: child.lastLines() };
  } finally {
    await processes.stop();
  }
}

/**
 * Writes the small synthetic checkpoint, unless this machine has it.
 *
 * @param report called with one sentence before it is written. Default: not at all
 * @returns its folder
 */
export async function syntheticCheckpoint(
  report: Report = () => undefined,
  options: Pick<PrepareOptions, "folder" | "command" | "seed"> = {},
): Promise<string> {
  const { folder, command, seed } = { ...DEFAULTS, ...options };
  const dir = path.join(folder, seed === 0 ? "synthetic" : `synthetic-${seed}`);
  if (!existsSync(dir)) {
    report("Writing a synthetic checkpoint.");
    const own = `${dir}.${process.pid}`;
    await promisify(execFile)(command, ["synthesize", own, "--seed", String(seed)]);
    // Another command may have written the same checkpoint meanwhile.
    if (existsSync(dir)) rmSync(own, { recursive: true });
    else renameSync(own, dir);
  }
  return dir;
}

async function synthetic(wanted: string, report: Report, settings: Settings): Promise<PreparedModel> {
  const dir = await syntheticCheckpoint(report, settings);
  const minutes = HUB_RETRY_MS / 60_000;
  return {
    ...(await existing(dir, settings)),
    notice:
      `${wanted} could not be downloaded: the Hugging Face hub does not answer. A SYNTHETIC checkpoint is used instead: ` +
      "its scores mean nothing for any protein, and every result has weights: synthetic. The hub is tried again after " +
      `${minutes} minutes. To use a model that is on this machine, give its folder with --model.`,
  };
}

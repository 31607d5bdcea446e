import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { describeModel } from "./twin/describe.js";
import { TwinError } from "./twin/errors.js";
import { Processes } from "./twin/processes/processes.js";
import { MODELS_FOLDER, PROGRAMS } from "./twin/processes/programs.js";

/** The model that the laptop uses where none is named: the smallest published one. */
export const DEFAULT_MODEL = "chandar-lab/AMPLIFY_120M";

/** How long an unreachable hub is not asked again, in ms. */
const REMEMBERED_MS = 10 * 60_000;

/** Exit code of `amplify-vep` where the hub does not answer (sysexits.h: EX_UNAVAILABLE). */
const HUB_UNREACHABLE = 69;

const HUB_ID = /^\w[\w.-]*\/\w[\w.-]*$/;

/** A checkpoint on this machine. */
export interface PreparedModel {
  readonly dir: string;
  readonly id: string;
  readonly weights: "pretrained" | "synthetic";
  /** What the user must know about the results, where these are not the weights that were asked for. */
  readonly notice?: string;
}

export interface PrepareOptions {
  /** Where checkpoints are kept. Default: `.cache/models`. */
  readonly folder?: string;
  /** The program `amplify-vep`. Default: the installed one. */
  readonly command?: string;
  /** Milliseconds since 1970. Default: the machine's clock. */
  readonly now?: () => number;
}

type Settings = Required<PrepareOptions>;

/**
 * Finds a model, fetches it from the hub, or makes up a synthetic one where the hub does not answer.
 *
 * @param model a folder, or a model's id on the Hugging Face hub; undefined for {@link DEFAULT_MODEL}
 * @param tell called with what takes time, in a sentence
 * @throws TwinError `MODEL_UNAVAILABLE` where a folder holds no checkpoint, or the hub has no such model
 */
export async function prepareModel(
  model: string | undefined,
  tell: (message: string) => void,
  options: PrepareOptions = {},
): Promise<PreparedModel> {
  const settings = { folder: MODELS_FOLDER, command: PROGRAMS.amplifyVep, now: Date.now, ...options };
  const wanted = model ?? DEFAULT_MODEL;
  if (existsSync(wanted) && statSync(wanted).isDirectory()) return existing(path.resolve(wanted), settings);
  if (!HUB_ID.test(wanted)) {
    throw new TwinError(
      "MODEL_UNAVAILABLE",
      `'${wanted}' is neither a folder nor a hub id such as ${DEFAULT_MODEL}; name one of the two with --model.`,
    );
  }
  mkdirSync(settings.folder, { recursive: true });
  const dir = path.join(settings.folder, wanted.replace("/", "--"));
  if (existsSync(dir)) return existing(dir, settings);
  if (!(await fetched(wanted, dir, tell, settings))) return synthetic(wanted, tell, settings);
  return existing(dir, settings);
}

async function existing(dir: string, { command }: Settings): Promise<PreparedModel> {
  const { model_id: id, weights } = await describeModel(dir, command);
  return { dir, id, weights };
}

/** Whether the hub gave the model; false where it does not answer, or did not some minutes ago. */
async function fetched(
  id: string,
  dir: string,
  tell: (message: string) => void,
  { command, folder, now }: Settings,
): Promise<boolean> {
  const memory = path.join(folder, "hub-unreachable-since");
  if (existsSync(memory) && now() - Number(readFileSync(memory, "utf8")) < REMEMBERED_MS) return false;
  tell(`Fetching ${id} from the Hugging Face hub; the first time this takes minutes.`);
  // Under its name only once it is whole: what an interrupted download left is taken up by the next.
  const partial = `${dir}.partial`;
  const { code, said } = await runDownload(command, id, partial);
  if (code === HUB_UNREACHABLE) {
    writeFileSync(memory, String(now()));
    return false;
  }
  if (code !== 0) throw new TwinError("MODEL_UNAVAILABLE", said || `${id} could not be fetched.`);
  rmSync(memory, { force: true });
  renameSync(partial, dir);
  return true;
}

/** A download may take long: it ends with this process, however that ends. */
async function runDownload(
  command: string,
  id: string,
  folder: string,
): Promise<{ code: number | null; said: string }> {
  const processes = new Processes();
  try {
    const child = processes.spawn(command, ["download", "--model", id, folder], { env: process.env });
    const { code } = await child.exited;
    return { code, said: child.lastLines() };
  } finally {
    await processes.stop();
  }
}

async function synthetic(wanted: string, tell: (message: string) => void, settings: Settings): Promise<PreparedModel> {
  const dir = path.join(settings.folder, "synthetic");
  if (!existsSync(dir)) {
    tell("Writing a synthetic checkpoint.");
    const own = `${dir}.${process.pid}`;
    await promisify(execFile)(settings.command, ["synthesize", own]);
    // Two commands may do this at once; both checkpoints are the same.
    if (existsSync(dir)) rmSync(own, { recursive: true });
    else renameSync(own, dir);
  }
  const minutes = REMEMBERED_MS / 60_000;
  return {
    ...(await existing(dir, settings)),
    notice:
      `${wanted} could not be fetched: the Hugging Face hub does not answer from here. A SYNTHETIC checkpoint stands ` +
      "in for it: its scores mean nothing about any protein, and every result says weights: synthetic. The hub is " +
      `asked again in ${minutes} minutes; or name a folder that holds the model with --model.`,
  };
}

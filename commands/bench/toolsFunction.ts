import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { runProgram } from "../../local/program/runProgram.js";
import { DEFAULT_REGION, stackConfig } from "../../local/program/stackConfig.js";
import { clientEnvironment } from "../../local/twin/account.js";
import { writeArchive } from "../../local/twin/resources/archive.js";

const CALL_ONCE = fileURLToPath(new URL("callOnce.mjs", import.meta.url));

/** The tools' function as the program deploys it, unpacked on this machine. */
export interface UnpackedTools {
  /** The folder that holds the bundle. */
  readonly folder: string;
  /** The bundle. */
  readonly file: string;
  /** Environment variables of the function, as the program sets them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Deletes the folder. */
  remove(): void;
}

/** The answer of a Lambda function. */
export type FunctionAnswer = Readonly<Record<string, unknown>>;

/** Plans the program and unpacks its tools' function. */
export async function unpackTools(): Promise<UnpackedTools> {
  const config = stackConfig({ stack: "default", region: DEFAULT_REGION });
  const handlers = plannedHandlers({ region: DEFAULT_REGION });
  const { resources } = await runProgram({ stack: "default", config, handlers });
  const planned = resources.find(({ type, name }) => type === "aws:lambda/function:Function" && name.includes("tools"));
  if (!planned) throw new Error("The program plans no tools function.");
  const folder = mkdtempSync(path.join(tmpdir(), "bench-tools-"));
  await writeArchive(planned.inputs["code"], folder);
  const { variables } = planned.inputs["environment"] as { variables: Record<string, string> };
  return {
    folder,
    file: path.join(folder, "index.js"),
    variables,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Calls a bundle of the tools' function once, in a new process, with the environment variables of Lambda.
 *
 * @param file the bundle
 * @param endpointUrl address of AWS
 * @returns the answer
 * @throws Error where the answer is not a success
 */
export async function callOnce(
  { folder, variables }: UnpackedTools,
  file: string,
  event: object,
  endpointUrl: string,
): Promise<FunctionAnswer> {
  const env = {
    ...variables,
    ...clientEnvironment(endpointUrl),
    // Lambda's own credentials have a session token, which a download link carries.
    AWS_SESSION_TOKEN: "t".repeat(900),
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
    AWS_LAMBDA_FUNCTION_NAME: "bench",
    // The X-Ray SDK traces only where it finds Lambda's variables, and only sampled requests; its datagrams are lost.
    LAMBDA_TASK_ROOT: folder,
    AWS_XRAY_DAEMON_ADDRESS: new URL(endpointUrl).host,
    _X_AMZN_TRACE_ID: "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    PATH: process.env["PATH"],
  };
  const call = [CALL_ONCE, file, JSON.stringify(event)];
  const { stdout } = await promisify(execFile)(process.execPath, call, { env, maxBuffer: 64e6 });
  const answer = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as FunctionAnswer;
  if (answer["success"] !== true) throw new Error(`The tools' function failed: ${JSON.stringify(answer)}`);
  return answer;
}

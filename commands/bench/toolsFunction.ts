import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { runProgram } from "../../local/program/runProgram.js";
import { DEFAULT_REGION, stackConfig } from "../../local/program/stackConfig.js";
import { clientEnvironment } from "../../local/twin/account.js";
import { writeArchive } from "../../local/twin/resources/archive.js";

/** The tools' function as the program deploys it, unpacked on this machine. */
export interface UnpackedFunction {
  /** Path of the bundle. */
  readonly file: string;
  /** What the function's process gets: the program's variables, Lambda's own, and an address for AWS. */
  environment(endpointUrl: string): NodeJS.ProcessEnv;
  /** Removes the files. */
  remove(): void;
}

/** Plans the program and unpacks its tools' function. */
export async function unpackToolsFunction(): Promise<UnpackedFunction> {
  const config = stackConfig({ stack: "default", region: DEFAULT_REGION });
  const handlers = plannedHandlers({ region: DEFAULT_REGION });
  const { resources } = await runProgram({ stack: "default", config, handlers });
  const planned = resources.find(({ type, name }) => type === "aws:lambda/function:Function" && name.includes("tools"));
  if (!planned) throw new Error("The program plans no tools function.");
  const folder = mkdtempSync(path.join(tmpdir(), "bench-tools-"));
  await writeArchive(planned.inputs["code"], folder);
  const { variables } = planned.inputs["environment"] as { variables: Record<string, string> };
  return {
    file: path.join(folder, "index.js"),
    environment: (endpointUrl) => ({
      ...variables,
      ...clientEnvironment(endpointUrl),
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      AWS_LAMBDA_FUNCTION_NAME: "bench",
      // What tells the X-Ray SDK that it runs in Lambda.
      LAMBDA_TASK_ROOT: folder,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      // Sampled, so that tracing does its work; the daemon's datagrams go nowhere.
      AWS_XRAY_DAEMON_ADDRESS: new URL(endpointUrl).host,
      _X_AMZN_TRACE_ID: "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1",
      PATH: process.env["PATH"],
    }),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

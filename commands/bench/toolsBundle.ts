import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PROGRAMS } from "../../local/twin/processes/programs.js";
import { figure, median, type Figure } from "./figure.js";
import { startStandIn, type StandIn } from "./cannedAws.js";
import { unpackToolsFunction, type UnpackedFunction } from "./toolsFunction.js";

const PAIRS = 9;
const FOLDER = fileURLToPath(new URL(".", import.meta.url));
/** The Python of the environment that the commands install. */
const PYTHON = PROGRAMS.python;
const TOOLS_ONCE = fileURLToPath(new URL("toolsOnce.mjs", import.meta.url));

const EVENT = JSON.stringify({
  tool_name: "invoke_endpoint",
  sequence: "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG",
});

/** The same measurement in Python: import to answer, in a fresh process. */
const BOTO3_ONCE = `
import json, sys, time
started = time.perf_counter()
import boto3_handler
answer = boto3_handler.handler(json.loads(sys.argv[1]), None)
print(json.dumps({"milliseconds": (time.perf_counter() - started) * 1000, "answer": answer}))
`;

interface ColdStart {
  readonly milliseconds: number;
  readonly answer: { readonly success: boolean; readonly message?: string };
}

/**
 * Size of the tools' bundle, and its cold start (import to first answer against a stand-in for AWS) over that of a
 * handler in Python and boto3 that makes the same calls. Both run in fresh processes, alternating.
 */
export async function toolsBundleFigures(): Promise<Figure[]> {
  const standIn = await startStandIn();
  const tools = await unpackToolsFunction();
  try {
    await startTools(tools, standIn);
    const toolsCalls = standIn.calls.splice(0).sort();
    await startBoto3(tools, standIn);
    const boto3Calls = standIn.calls.splice(0).sort();
    if (toolsCalls.join() !== boto3Calls.join()) {
      throw new Error(`The handlers make other calls: ${toolsCalls.join()} and ${boto3Calls.join()}.`);
    }
    const pairs: { tools: number; boto3: number }[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      pairs.push({ tools: await startTools(tools, standIn), boto3: await startBoto3(tools, standIn) });
    }
    return [
      figure("the tools' bundle, minified, without its source map", statSync(tools.file).size / 1e6, "MB", null),
      figure("cold start of the tools", median(pairs.map((pair) => pair.tools)), "ms", null),
      figure("cold start of Python + boto3", median(pairs.map((pair) => pair.boto3)), "ms", null),
      figure(
        "cold start of the tools / Python + boto3",
        median(pairs.map((pair) => pair.tools / pair.boto3)),
        "x",
        "<= 0.6",
      ),
    ];
  } finally {
    tools.remove();
    await standIn.stop();
  }
}

async function startTools(tools: UnpackedFunction, { endpointUrl }: StandIn): Promise<number> {
  return coldStart(process.execPath, [TOOLS_ONCE, tools.file, EVENT], tools.environment(endpointUrl));
}

async function startBoto3(tools: UnpackedFunction, { endpointUrl }: StandIn): Promise<number> {
  const environment = { ...tools.environment(endpointUrl), PYTHONPATH: FOLDER };
  return coldStart(PYTHON, ["-c", BOTO3_ONCE, EVENT], environment);
}

/** Milliseconds of one cold start; throws where it did not answer as it should. */
async function coldStart(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { stdout } = await promisify(execFile)(program, args, { env });
  const { milliseconds, answer } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as ColdStart;
  if (!answer.success) throw new Error(`A cold start failed: ${answer.message ?? "no message"}`);
  return milliseconds;
}

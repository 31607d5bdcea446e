import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { clientOptions } from "../../local/twin/account.js";
import { familyOf, untilGone } from "../local/twin/support/alive.js";
import { MODEL_DIR, prepareCheckpoint } from "../local/twin/support/sharedTwin.js";
import { ToolCalls } from "../local/twin/support/toolCalls.js";
import { until } from "../local/twin/support/until.js";

const SERVE = fileURLToPath(new URL("../../commands/local.ts", import.meta.url));

interface Ready {
  readonly endpoint_url: string;
  readonly env: Record<string, string>;
  readonly outputs: Record<string, unknown>;
}

interface Served extends Ready {
  readonly process: ChildProcess;
  /** Everything on standard output. */
  readonly output: string[];
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--import=tsx", SERVE, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

function linesOf(stream: NodeJS.ReadableStream | null): string[] {
  const lines: string[] = [];
  if (stream) createInterface({ input: stream }).on("line", (line) => lines.push(line));
  return lines;
}

/** Starts `npm run local -- --json` and waits for its line. */
async function serve(args: readonly string[] = []): Promise<Served> {
  const child = start(["--json", "--model", MODEL_DIR, ...args]);
  linesOf(child.stderr);
  const output = linesOf(child.stdout);
  if (child.stdout) await once(createInterface({ input: child.stdout }), "line");
  return { ...(JSON.parse(output[0] ?? "") as Ready), process: child, output };
}

/** Runs to the end, and gives the exit code and what was said on standard error. */
async function runToEnd(args: readonly string[]): Promise<{ code: number; said: string; output: string[] }> {
  const child = start(args);
  const said = linesOf(child.stderr);
  const output = linesOf(child.stdout);
  const [code] = (await once(child, "close")) as [number];
  return { code, said: said.join("\n"), output };
}

describe("the twin in the foreground", () => {
  const running: Served[] = [];

  before(async () => {
    prepareCheckpoint();
    running.push(...(await Promise.all([serve(), serve()])));
  });

  after(() => {
    for (const { process: child } of running) child.kill("SIGKILL");
  });

  it("runs twice at the same time, each with its own address and state", async () => {
    const [first, second] = running;
    expect(first?.endpoint_url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(first?.endpoint_url).to.not.equal(second?.endpoint_url);
    const answers = running.map(({ endpoint_url, outputs }) =>
      new ToolCalls({ clientConfig: clientOptions(endpoint_url), outputs }).submit({ sequence: "MAKLVVDNRAKLEWT" }),
    );
    for (const answer of await Promise.all(answers)) expect(answer.cached).to.be.false;
  });

  it("prints one line of JSON, and nothing else, on standard output", () => {
    for (const { output, env, endpoint_url, outputs } of running) {
      expect(output).to.have.lengthOf(1);
      expect(env).to.include({ AWS_ENDPOINT_URL: endpoint_url, AWS_REGION: "us-east-1" });
      expect(env).to.include.all.keys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
      expect(outputs).to.include.all.keys("lambdaFunctionName", "endpointName", "s3BucketName", "jobTableName");
    }
  });

  it("reports a port that is in use, and starts nothing", async () => {
    const { port } = new URL(running[0]?.endpoint_url ?? "");
    const { code, said, output } = await runToEnd(["--json", "--model", MODEL_DIR, "--port", port]);
    expect(code).to.equal(1);
    expect(said).to.contain(`Port ${port}`).and.to.contain("--port");
    expect(output).to.be.empty;
  });

  it("ends every process at Ctrl-C", async () => {
    const [served] = running;
    const family = familyOf(served?.process.pid ?? 0);
    expect(family.length).to.be.greaterThan(3);
    const ended = served ? once(served.process, "exit") : undefined;
    served?.process.kill("SIGINT");
    expect(await ended).to.deep.equal([0, null]);
    await untilGone(family);
  });

  it("ends every process at Ctrl-C while it is still starting", async () => {
    const child = start(["--model", MODEL_DIR]);
    const said = linesOf(child.stderr);
    await until("its first steps", () => said.find((line) => line.startsWith("aws:")));
    const family = familyOf(child.pid ?? 0);
    expect(family.length).to.be.greaterThan(2);
    const ended = once(child, "exit");
    child.kill("SIGINT");
    expect(await ended).to.deep.equal([130, null]);
    await untilGone(family);
  });

  it("leaves no process when it is killed", async () => {
    const [, served] = running;
    const family = familyOf(served?.process.pid ?? 0);
    served?.process.kill("SIGKILL");
    await untilGone(family);
  });
});

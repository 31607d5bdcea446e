import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { writeContext } from "../../../../components/evidence/alignerContext.js";
import type { PlannedStack } from "../../../support/plannedStack.js";
import { TaskError, type Services } from "./runStates.js";

/** What an aligner does that has enough memory: both sequences are equally long. */
export const ALIGNS = '/bin/cat "$5"';
/** What it does that has too little. */
export const TOO_LARGE = "kill -KILL $$";
export const FAILS = "echo no such residue >&2; exit 1";

/** How `mafft` ends in the function and in the job. */
export interface Aligners {
  readonly inFunction: string;
  readonly inJob: string;
}

const FUNCTION = "aws:lambda/function:Function";
const DEFINITION = "aws:batch/jobDefinition:JobDefinition";
const TIME_OUT_MS = 20_000;

/** Objects of S3 on the loopback address, by path. */
export class Objects {
  readonly texts = new Map<string, string>();
  private readonly server: Server = createServer((request, response) => {
    const key = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
    const parts: Buffer[] = [];
    request
      .on("data", (part: Buffer) => parts.push(part))
      .on("end", () => {
        const text = this.texts.get(key);
        if (request.method === "PUT") this.texts.set(key, Buffer.concat(parts).toString());
        else if (text === undefined) response.writeHead(404).write("<Error><Code>NoSuchKey</Code></Error>");
        else response.write(text);
        response.end();
      });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }
}

/**
 * The services that the alignment of a workflow calls, modelled: both run the program of the container as the stack plans it,
 * the function by its handler, a job of AWS Batch by its command, each with its own `mafft`.
 */
export async function alignmentServices(
  stack: PlannedStack,
  endpoint: string,
  { inFunction, inJob }: Aligners,
): Promise<Services> {
  const { location } = await writeContext();
  const environment = stack.one(FUNCTION, "-alignment-function").inputs["environment"] as {
    readonly variables: Readonly<Record<string, string>>;
  };
  const [definition] = stack.all(DEFINITION);
  const container = JSON.parse(definition ? String(definition.inputs["containerProperties"]) : "{}") as {
    readonly command: readonly string[];
    readonly environment: readonly { readonly name: string; readonly value: string }[];
  };
  const run = async (command: readonly string[], mafft: string, more: NodeJS.ProcessEnv): Promise<Ended> => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "programs-"));
    writeFileSync(path.join(folder, "mafft"), `#!/bin/sh\n${mafft}\n`, { mode: 0o755 });
    const own = { PATH: folder, AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
    try {
      return await ended(command, { cwd: location, env: { AWS_REGION: "eu-west-1", ...more, ...own } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  return {
    "lambda:invoke": async ({ Payload }) => {
      const { output } = await run(["-e", INVOKE, JSON.stringify(Payload)], inFunction, environment.variables);
      const { answer, error } = JSON.parse(output.trim().split("\n").at(-1) ?? "") as Invoked;
      if (error) throw new TaskError(error.errorType, JSON.stringify(error));
      return { Payload: answer };
    },
    "batch:submitJob.sync": async ({ JobName, Parameters }) => {
      const { task } = Parameters as { readonly task: string };
      const command = container.command.map((word) => (word === "Ref::task" ? task : word));
      const more = Object.fromEntries(container.environment.map(({ name, value }) => [name, value]));
      const { code } = await run(command, inJob, more);
      const detail = { JobId: "11111111-2222", JobName, Status: code === 0 ? "SUCCEEDED" : "FAILED" };
      if (code === 0) return detail;
      throw new TaskError(
        "States.TaskFailed",
        JSON.stringify({ ...detail, StatusReason: "Essential container exited" }),
      );
    },
  };
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

interface Invoked {
  readonly answer?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
}

/** Calls the handler as Lambda does: its answer, or name and message of its error, is the last line. */
const INVOKE = `
  require("./index.js").handler(JSON.parse(process.argv[1]), { getRemainingTimeInMillis: () => 60000 }).then(
    (answer) => console.log(JSON.stringify({ answer })),
    ({ name, message }) => console.log(JSON.stringify({ error: { errorType: name, errorMessage: message } })),
  );`;

function ended(command: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { ...options, timeout: TIME_OUT_MS });
    let output = "";
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.on("error", reject).on("close", (code) => {
      resolve({ code, output });
    });
  });
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { json, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { PROGRAMS } from "../../../local/twin/processes/programs.js";

const VEP = fileURLToPath(new URL("../../../commands/vep.ts", import.meta.url));
const TSX = import.meta.resolve("tsx");
const ID = "00000000-0000-8000-8000-000000000001";
const JOB = {
  output_id: ID,
  status: "in_progress",
  phase: "warming",
  cached: false,
  retry_after_seconds: 60,
  results: null,
};

/** What a command gave whose user pressed Ctrl-C at the first look at its job. */
interface Interrupted {
  readonly code: number;
  readonly output: string;
  readonly said: string;
  /** The tools that it called. */
  readonly called: readonly string[];
}

/** Runs a program in a terminal: what is written to its standard input is typed. */
const IN_TERMINAL = ["-c", "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"];

/**
 * Runs `vep` until its user presses Ctrl-C.
 *
 * @param terminal whether it runs in a terminal: standard error is then part of the output
 */
async function interrupted(args: readonly string[], terminal = false): Promise<Interrupted> {
  const folder = mkdtempSync(path.join(tmpdir(), "vep-"));
  writeFileSync(path.join(folder, "two.fasta"), ">one\nMKT\n>two\nMKV\n");
  const called: string[] = [];
  // Stands for Lambda: the job never ends.
  const lambda = createServer((request, response) => {
    void json(request).then((input) => {
      const { tool_name: tool } = input as { tool_name: string };
      called.push(tool);
      response.end(JSON.stringify({ success: true, data: JOB }));
      if (tool === "get_results" && terminal) child.stdin.write("\u0003");
      else if (tool === "get_results") child.kill("SIGINT");
    });
  });
  await new Promise<void>((listening) => {
    lambda.listen(0, "127.0.0.1", listening);
  });
  const { port } = lambda.address() as AddressInfo;
  const vep = [process.execPath, `--import=${TSX}`, VEP, ...args, "--lambda-function", "tools"];
  const [program = "", ...words] = terminal ? [PROGRAMS.python, ...IN_TERMINAL, ...vep] : vep;
  const child = spawn(program, words, {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
    },
    stdio: "pipe",
  });
  const closed = once(child, "close") as Promise<[number]>;
  const [[code], output, said] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  lambda.close();
  lambda.closeAllConnections();
  rmSync(folder, { recursive: true });
  return { code, output, said, called };
}

describe("Ctrl-C", () => {
  it("in vep predict ends the waiting, submits nothing more, says how to come back, and shows the cursor again", async () => {
    const { code, output, called } = await interrupted(["predict", "two.fasta", "--at-a-time", "1"], true);

    expect(code).to.equal(1);
    expect(output).to.include("Interrupted: submitted jobs go on").and.to.include(`one: still running: vep get ${ID}`);
    expect(output).to.include("two: not submitted");
    expect(output.lastIndexOf("\u001b[?25h")).to.be.greaterThan(output.lastIndexOf("\u001b[?25l"));
    expect(called).to.deep.equal(["invoke_endpoint", "get_results"]);
  });

  it("in vep score ends the waiting, and says how to come back", async () => {
    const { code, output, said } = await interrupted(["score", "MKT", "K2A"]);

    expect(code).to.equal(1);
    expect(output).to.equal("");
    expect(said).to.match(
      new RegExp(`^amplify-vep: Interrupted: submitted jobs go on\\. The same command .*; vep get ${ID} shows`, "m"),
    );
  });
});

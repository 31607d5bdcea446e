import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Time limit of one process, in milliseconds: help and usage errors take under a second, planning a stack a few. */
const LIMIT_MS = 30_000;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(name: string, ...args: readonly string[]): Promise<Ended> {
  return ended(["--import=tsx", `commands/${name}.ts`, ...args]);
}

function ended(command: readonly string[], env: NodeJS.ProcessEnv = {}, program = process.execPath): Promise<Ended> {
  const options = { cwd: ROOT, timeout: LIMIT_MS, env: { ...process.env, ...env } };
  return new Promise((resolve) => {
    execFile(program, command, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** Every command: what the user types, and arguments that it refuses with the reason. */
const COMMANDS: Readonly<Record<string, { typed: string; refused: readonly (readonly [string[], RegExp])[] }>> = {
  bench: {
    typed: "npm run bench",
    refused: [[["--only", "nothing"], /--only.*'nothing'.*Allowed choices are plan, tools/]],
  },
  check: { typed: "npm run check", refused: [[["eslint"], /unexpected argument 'eslint'/]] },
  demo: {
    typed: "npm run demo",
    refused: [
      [["--scoring", "best"], /--scoring.*'best'.*Allowed choices are masked-marginals, wt-marginals/],
      [["--sequence", ""], /--sequence.*is empty/],
      [["--sequence", "MK1"], /--sequence.*'1' at position 3/],
      [["--sequence", "MK", "--fasta", "f"], /--fasta.*cannot be used with.*--sequence/],
      [["MKTVRQ"], /unexpected argument 'MKTVRQ'; options follow a double hyphen/],
    ],
  },
  faults: { typed: "npm run faults", refused: [[["--seed", "one"], /--seed.*'one'.*from 1/]] },
  fastaProof: { typed: "npm run fasta-proof", refused: [[["--records", "0"], /--records.*'0'.*from 1/]] },
  docs: {
    typed: "npm run docs",
    refused: [
      [["--check=yes"], /--check/],
      [["--check", "--upgrade"], /--upgrade.*cannot be used with.*--check/],
    ],
  },
  kills: { typed: "npm run kills", refused: [[["all"], /unexpected argument 'all'/]] },
  image: {
    typed: "npm run image",
    refused: [
      [["--tool", "kaniko"], /--tool.*'kaniko'.*docker, podman, buildah/],
      [["--model-id", "a/b", "--model", "m"], /--model-id.*cannot be used with.*--model/],
    ],
  },
  local: {
    typed: "npm run local",
    refused: [
      [["--port", "http"], /--port.*'http'.*0 .* to 65535/],
      [["--port", "65536"], /--port.*'65536'/],
      [["--config", "minCapacity"], /--config.*'minCapacity'.*--config minCapacity=0/],
      [["--config", "x=1"], /x is '1': there is no such key[^]*pulumi config rm x/],
      [["--config", "minCapacity=0", "--config", "instanceType=ml.c5.xlarge"], /ml\.c5\.xlarge[^]*pulumi config set/],
      [["--config", "modelDataUrl=s3://weights/1/"], /its S3 is empty[^]*--config modelDataUrl= --model FOLDER/],
      [["--stack", "my_stack"], /stack is 'my_stack'[^]*pulumi stack rename my-stack/],
    ],
  },
  modelsProof: { typed: "npm run models-proof", refused: [[["--proteins", "0"], /--proteins.*'0'.*from 1/]] },
  plan: { typed: "npm run plan", refused: [[["--stack", ""], /--stack.*is empty/]] },
  preflight: { typed: "npm run preflight", refused: [[["--stack"], /--stack.*argument missing/]] },
  recover: { typed: "npm run recover", refused: [[["--stack", ""], /--stack.*is empty/]] },
  scanProof: { typed: "npm run scan-proof", refused: [[["--proteins", "0"], /--proteins.*'0'.*from 1/]] },
  soak: { typed: "npm run soak", refused: [[["--requests", "0"], /--requests.*'0'.*from 1/]] },
  test: { typed: "npm test", refused: [[["mocka"], /'mocka'.*Allowed choices are .*mocha, .*engine/]] },
};

describe("every command", function () {
  // Each test starts a process, which takes seconds on a busy machine.
  this.timeout(60_000);

  for (const [name, { typed, refused }] of Object.entries(COMMANDS)) {
    describe(typed, () => {
      it("prints its usage with --help", async () => {
        const { code, stdout, stderr } = await run(name, "--help");

        expect([code, stderr]).to.deep.equal([0, ""]);
        expect(stdout).to.match(new RegExp(`^Usage: ${typed} -- \\[options\\]`));
      });

      for (const [args, reason] of [[["--unknwon"], /unknown option '--unknwon'/] as const, ...refused]) {
        it(`refuses ${args.join(" ")} with exit code 2, the reason and a pointer to --help`, async () => {
          const { code, stdout, stderr } = await run(name, ...args);

          expect([code, stdout], stderr).to.deep.equal([2, ""]);
          expect(stderr)
            .to.match(/^amplify-vep: /)
            .and.match(reason);
          expect(stderr.endsWith(`See: ${typed} -- --help\n`), stderr).to.equal(true);
        });
      }
    });
  }
});

describe("a command that fails", function () {
  this.timeout(60_000);

  const failing = (thrown: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> => {
    const module = new URL("../../commands/command.ts", import.meta.url).href;
    const script =
      `import { commandLine, runCommand } from "${module}";` +
      `await runCommand(commandLine("npm run x", "Fails."), () => { throw ${thrown}; });`;
    return ended(["--import=tsx", "--input-type=module", "--eval", script], env);
  };

  it("prints one line and ends with exit code 1", async () => {
    const { code, stderr } = await failing(`new Error("no disk")`);
    expect([code, stderr]).to.deep.equal([1, "amplify-vep: no disk\n"]);
  });

  it("says what to do where AWS cannot be called", async () => {
    const error = `Object.assign(new Error("no credentials"), { name: "CredentialsProviderError" })`;
    const { code, stderr } = await failing(error);
    expect([code, stderr]).to.deep.equal([
      1,
      "amplify-vep: no credentials. Sign in to AWS: aws sso login, or aws configure.\n",
    ]);
  });

  it("prints the stack with DEBUG=1", async () => {
    const { code, stderr } = await failing(`new Error("no disk")`, { DEBUG: "1" });
    expect(code).to.equal(1);
    expect(stderr).to.match(/^amplify-vep: Error: no disk\n {4}at /);
  });

  for (const thrown of [`new TypeError("x is undefined")`, `new AggregateError([new TypeError("x is undefined")])`]) {
    it(`prints the stack of a fault in the code: ${thrown}`, async () => {
      const { code, stderr } = await failing(thrown);
      expect(code).to.equal(1);
      expect(stderr).to.match(/^amplify-vep: TypeError: x is undefined\n {4}at /);
    });
  }
});

describe("the output of every command", () => {
  /** A command that writes, run as the commands are. */
  const writes = (action: string): string[] => [
    ...["--import=tsx", "--input-type=module", "-e"],
    `import chalk from "chalk";
     import { commandLine, runCommand } from "./commands/command.ts";
     await runCommand(commandLine("npm run test", "Writes."), async () => { ${action}; return 0; });`,
  ];

  it("has no colours where NO_COLOR is set", async () => {
    const red = writes('console.log(chalk.red("text"))');
    expect((await ended(red, { FORCE_COLOR: "1", NO_COLOR: "1" })).stdout).to.equal("text\n");
  });

  it("is not lost in silence: a full disk is a failure, a reader that has seen enough is none", async function () {
    if (!existsSync("/dev/full")) this.skip();
    const long = writes('console.log("line\\n".repeat(100_000))');
    const command = (end: string): string[] => ["-c", `"$0" "$@" ${end}`, process.execPath, ...long];
    const full = await ended(command("> /dev/full"), {}, "bash");
    expect(full.code).to.equal(1);
    expect(full.stderr)
      .to.match(/^amplify-vep: .*ENOSPC[^\n]*\n$/m)
      .and.to.not.include("    at ");
    const head = await ended(command('| head -1; exit "${PIPESTATUS[0]}"'), {}, "bash");
    expect(head).to.deep.equal({ code: 0, stdout: "line\n", stderr: "" });
  });
});

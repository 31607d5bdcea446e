import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { completionScript, SHELLS } from "../../../commands/vep/completion.js";
import { vepProgram } from "../../../commands/vep/program.js";
import { parsedBy } from "./support/parsedBy.js";

const NAMES = vepProgram()
  .commands.map((command) => command.name())
  .sort();

/** The help of a command as a user sees it, examples included. */
function helpOf(name?: string): string {
  const vep = vepProgram();
  const command = vep.commands.find((one) => one.name() === name) ?? vep;
  let shown = "";
  command.configureOutput({ writeOut: (text) => (shown += text) });
  command.outputHelp();
  return shown;
}

describe("the help of vep", () => {
  it("lists every subcommand", () => {
    expect(NAMES).to.include.members(["predict", "score", "validate", "open", "query", "completion", "mcp", "export"]);
    for (const name of NAMES) expect(helpOf()).to.match(new RegExp(`^ {2}${name} `, "m"));
  });

  for (const name of [undefined, ...NAMES]) {
    it(`has examples that the command line takes: ${name ?? "vep"}`, () => {
      const help = helpOf(name);
      const examples = [...help.matchAll(/^ {2}vep (.+)$/gm)].map(([, text = ""]) => text);
      expect(help).to.include("Examples:").and.to.include("show this help");
      expect(examples).to.not.have.length(0);
      for (const example of examples) {
        const words = [...example.replace(/ >.*/, "").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
          ([, double, single, plain]) => double ?? single ?? plain ?? "",
        );
        expect(parsedBy(words), example).to.deep.equal([words[0]]);
      }
    });
  }
});

describe("the completion of vep", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "vep-"));
    writeFileSync(path.join(folder, "proteins.fasta"), "");
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** What bash offers after these words. */
  function offered(...words: string[]): string[] {
    const script = `${completionScript(vepProgram(), "bash")}
COMP_WORDS=(${["vep", ...words].map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _vep; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" }).trim().split("\n").sort();
  }

  it("offers subcommands, options, their values, and files in bash", () => {
    expect(offered("")).to.deep.equal(["--help", ...NAMES].sort());
    expect(offered("expo")).to.deep.equal(["export"]);
    expect(offered("export", "--st")).to.deep.equal(["--stack", "--structure"]);
    expect(offered("export", "x.json", "--format", "p")).to.deep.equal(["parquet", "pdb", "png"]);
    expect(offered("completion", "z")).to.deep.equal(["zsh"]);
    expect(offered("predict", "prot")).to.deep.equal(["proteins.fasta"]);
  });

  for (const shell of SHELLS) {
    it(`names every subcommand and option in ${shell}, and is a script that ${shell} reads`, function () {
      const script = completionScript(vepProgram(), shell);
      for (const command of vepProgram().commands) {
        expect(script).to.include(command.name());
        for (const { long } of command.options) expect(script).to.include((long ?? "").replace(/^--/, ""));
      }
      const checked = spawnSync(shell, ["-n"], { input: script, encoding: "utf8" });
      if (checked.error) this.skip();
      expect([checked.status, checked.stderr]).to.deep.equal([0, ""]);
    });
  }
});

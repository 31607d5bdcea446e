import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const SETUP = fileURLToPath(new URL("../../commands/setup.mjs", import.meta.url));

/** A checkout with only the files that the set-up reads, whose Node packages are installed. */
function makeCheckout(): string {
  const root = mkdtempSync(path.join(tmpdir(), "setup-"));
  for (const folder of ["commands", "image", "node_modules", "bin"]) mkdirSync(path.join(root, folder));
  cpSync(SETUP, path.join(root, "commands", "setup.mjs"));
  for (const file of ["requirements-dev.txt", "requirements-uv.txt", "pyproject.toml"]) {
    writeFileSync(path.join(root, "image", file), "");
  }
  writeLock(root, "package-lock.json", "1.0.0");
  writeLock(root, "node_modules/.package-lock.json", "1.0.0");
  return root;
}

function writeLock(root: string, file: string, version: string): void {
  const packages = { "": {}, "node_modules/a": { version }, "node_modules/other-os": { version, optional: true } };
  if (file.startsWith("node_modules")) Reflect.deleteProperty(packages, "node_modules/other-os");
  writeFileSync(path.join(root, file), JSON.stringify({ packages }));
}

function writeProgram(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** Runs the set-up on a Node that says it is of a version; 22.12.0 where none is given. */
function setUp(root: string, options: { args?: string[]; node?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { args = [], node = "22.12.0", env = {} } = options;
  const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'${node}'}})`;
  const done = spawnSync(process.execPath, [`--import=${pretend}`, path.join(root, "commands/setup.mjs"), ...args], {
    encoding: "utf8",
    env: { PATH: path.join(root, "bin"), ...env },
  });
  return { status: done.status, stdout: done.stdout, lines: done.stderr.trim().split("\n") };
}

describe("the set-up", () => {
  let root: string;
  beforeEach(() => (root = makeCheckout()));
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("installs nothing and prints nothing where nothing changed", () => {
    const done = setUp(root, { args: ["--only=node"] });
    expect(done).to.deep.equal({ status: 0, stdout: "", lines: [""] });
  });

  it("leaves the packages of an installed package, which has no lock, to npm", () => {
    rmSync(path.join(root, "package-lock.json"));
    rmSync(path.join(root, "node_modules"), { recursive: true });
    expect(setUp(root, { args: ["--only=node"] })).to.deep.equal({ status: 0, stdout: "", lines: [""] });
  });

  it("refuses a Node that is too old, in one line", () => {
    const { status, lines } = setUp(root, { node: "20.18.3" });
    expect(status).to.equal(1);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain("Node 20.19 or newer").and.to.contain("20.18.3");
  });

  for (const node of ["20.19.0", "21.7.3"]) {
    it(`warns of Node ${node} in one line, and goes on`, () => {
      const { status, lines } = setUp(root, { node, args: ["--only=node"] });
      expect([status, lines]).to.deep.equal([
        0,
        [`Node ${node} is past its end of life; amplify-vep supports Node 22 or newer: https://nodejs.org`],
      ]);
    });
  }

  it("reports a missing Python in one line", () => {
    const { status, lines } = setUp(root);
    expect(status).to.equal(1);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain("Python 3.10 or newer").and.to.contain("no python3");
  });

  it("reports a Python that is too old", () => {
    writeProgram(path.join(root, "bin/python3"), "echo 3 9");
    expect(setUp(root).lines[0]).to.contain("found python3 3.9");
  });

  it("reports in one line that Python lacks its venv module, and how to install it", () => {
    writeProgram(path.join(root, "bin/python3"), 'case "$2" in *version_info*) echo 3 11;; *) exit 1;; esac');
    const { status, lines } = setUp(root);
    expect(status).to.equal(1);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain("python3 has no venv module").and.to.contain("python3-venv");
    expect(existsSync(path.join(root, ".venv"))).to.be.false;
  });

  it("installs node_modules where the lock has another version, and stops if npm fails", () => {
    writeLock(root, "package-lock.json", "2.0.0");
    const npm = path.join(root, "npm.mjs");
    writeFileSync(npm, "console.log(process.argv[2]); process.exit(7)");
    const { status, stdout, lines } = setUp(root, { args: ["--only=node"], env: { npm_execpath: npm } });
    expect(status).to.equal(1);
    expect(stdout).to.equal("");
    expect(lines).to.include("ci");
    expect(lines.at(-1)).to.contain("`npm ci` failed").and.to.contain("npm registry");
  });
});

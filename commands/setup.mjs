// Installs what the project needs where its locks have changed: node_modules from package-lock.json, .venv from the hashed
// Python lock. Runs before anything is installed, so it uses only Node's own modules and syntax that an old Node reads.
// Writes to standard error only: standard output belongs to the command that follows.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** The oldest version that works. */
const OLDEST_NODE = [20, 19];
/** The oldest version that is supported. */
const SUPPORTED_NODE = [22, 0];
const OLDEST_PYTHON = [3, 10];
const PYTHON_NAMES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const LOCK = "image/requirements-dev.txt";
const INSTALLER_LOCK = "image/requirements-uv.txt";
const VENV = path.join(ROOT, ".venv");
const VENV_PYTHON = path.join(VENV, "bin", "python");
const STAMP = path.join(VENV, "installed-from");

/** A prerequisite is missing, or an installation failed: one line that says what to do. */
class SetupError extends Error {}

function isOlder(version, oldest) {
  return version[0] !== oldest[0] ? version[0] < oldest[0] : version[1] < oldest[1];
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function run(command, args, failure, env) {
  const done = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ["ignore", 2, 2],
    env: Object.assign({}, process.env, env),
  });
  if (done.error || done.status !== 0) throw new SetupError(failure);
}

function checkNode() {
  const version = process.versions.node.split(".").map(Number);
  if (isOlder(version, OLDEST_NODE)) {
    throw new SetupError(
      `Node ${OLDEST_NODE.join(".")} or newer is needed, this is ${process.versions.node}: install Node 22 or newer from https://nodejs.org`,
    );
  }
  if (isOlder(version, SUPPORTED_NODE)) {
    say(
      `Node ${process.versions.node} is past its end of life; amplify-vep supports Node 22 or newer: https://nodejs.org`,
    );
  }
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** Whether node_modules holds the versions of the lock; npm records what it installed in a hidden lock file. */
function nodeModulesMatchLock() {
  const installed = readJson(path.join(ROOT, "node_modules", ".package-lock.json"));
  const locked = readJson(path.join(ROOT, "package-lock.json"));
  if (!installed) return false;
  return Object.keys(locked.packages).every((name) => {
    const wanted = locked.packages[name];
    const found = installed.packages[name];
    return name === "" || (found ? found.version === wanted.version : wanted.optional || wanted.peer);
  });
}

function installNodeModules() {
  // An installed package has no lock: npm has installed what it depends on.
  if (!existsSync(path.join(ROOT, "package-lock.json")) || nodeModulesMatchLock()) return;
  say("Installing node_modules from package-lock.json ...");
  const npm = process.env.npm_execpath;
  const command = npm ? [process.execPath, npm] : ["npm"];
  run(
    command[0],
    command.slice(1).concat(["ci", "--no-audit", "--no-fund", "--loglevel=error"]),
    "`npm ci` failed (see above): check the connection to the npm registry, then run the command again.",
  );
}

function pythonVersion(command) {
  const asked = spawnSync(command, ["-c", "import sys; print(*sys.version_info[:2])"], { encoding: "utf8" });
  return asked.status === 0 ? asked.stdout.trim().split(" ").map(Number) : undefined;
}

function findPython() {
  const versions = PYTHON_NAMES.map((name) => ({ name: name, version: pythonVersion(name) })).filter((p) => p.version);
  const usable = versions.find((python) => !isOlder(python.version, OLDEST_PYTHON));
  if (usable) return usable.name;
  const found = versions.map((python) => `${python.name} ${python.version.join(".")}`).join(", ") || "no python3";
  throw new SetupError(
    `Python ${OLDEST_PYTHON.join(".")} or newer is needed, found ${found}: install one and put it on the PATH.`,
  );
}

function createEnvironment() {
  const python = findPython();
  if (spawnSync(python, ["-c", "import venv, ensurepip"]).status !== 0) {
    throw new SetupError(
      `${python} has no venv module: install it (Debian and Ubuntu: \`apt-get install python3-venv\`).`,
    );
  }
  run(
    python,
    ["-m", "venv", "--clear", VENV],
    `${python} could not create .venv (see above): free disk space, or delete .venv and try again.`,
  );
}

/** Hash of the files that .venv is made from: when it changes, .venv is updated. */
function fingerprint() {
  const hash = createHash("sha256");
  [LOCK, INSTALLER_LOCK, "image/pyproject.toml"].forEach((file) => hash.update(readFileSync(path.join(ROOT, file))));
  return hash.digest("hex");
}

function installPython() {
  const wanted = fingerprint();
  if (existsSync(VENV_PYTHON) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  if (spawnSync(VENV_PYTHON, ["-m", "pip", "--version"]).status !== 0) createEnvironment();
  say("Installing the Python environment .venv from its lock (about 3 GB to download the first time) ...");
  const failure =
    "Installing the Python requirements failed (see above): check the connection and the free disk space, then run the command again.";
  const installer = path.join(ROOT, ".cache", "uv");
  mkdirSync(installer, { recursive: true });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--upgrade"];
  run(VENV_PYTHON, pip.concat(["--target", installer, "-r", INSTALLER_LOCK]), failure);
  const uv = path.join(installer, "bin", "uv");
  const env = { VIRTUAL_ENV: VENV, UV_NO_CONFIG: "1" };
  const index = pipIndex();
  if (index && !process.env.UV_DEFAULT_INDEX) env.UV_DEFAULT_INDEX = index;
  run(uv, ["pip", "install", "--quiet", "--require-hashes", "-r", LOCK], failure, env);
  run(uv, ["pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", "image"], failure, env);
  writeFileSync(STAMP, wanted);
}

/** The package index of pip's configuration, such as a company's own, which uv does not read. */
function pipIndex() {
  const asked = spawnSync(VENV_PYTHON, ["-m", "pip", "config", "get", "global.index-url"], { encoding: "utf8" });
  return process.env.PIP_INDEX_URL || (asked.status === 0 ? asked.stdout.trim() : "");
}

try {
  checkNode();
  installNodeModules();
  if (process.argv.indexOf("--only=node") === -1) installPython();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`amplify-vep: ${error.message}`);
  process.exitCode = 1;
}

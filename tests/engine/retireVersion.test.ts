import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { removalArguments } from "../../commands/models/retireVersion.js";
import { engineMissing } from "./support/cli.js";

/** The real CLI takes a version out of a configuration. */
(engineMissing() === undefined ? describe : describe.skip)("the arguments that retire a version", () => {
  let dir: string;

  before(() => {
    dir = mkdtempSync(path.join(tmpdir(), "retire-"));
    copyFileSync("Pulumi.yaml", path.join(dir, "Pulumi.yaml"));
    pulumi("stack", "init", "dev");
  });

  after(() => {
    rmSync(dir, { recursive: true });
  });

  function pulumi(...words: string[]): string {
    const backend = { PULUMI_BACKEND_URL: `file://${dir}`, PULUMI_CONFIG_PASSPHRASE: "test" };
    const env = { ...process.env, ...backend, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { status, stdout, stderr } = spawnSync("pulumi", words, { cwd: dir, env, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  for (const [what, models, left] of [
    ["a list", "[{name: v2}, {name: v3}]", "name: v3"],
    ["a text", `'[{"name":"v2"},{"name":"v3"}]'`, `'[{"name":"v3"}]'`],
  ] as const) {
    it(`take it out of ${what}`, () => {
      const file = path.join(dir, "Pulumi.dev.yaml");
      const [salt = ""] = readFileSync(file, "utf8").split("\n");
      writeFileSync(file, `${salt}\nconfig:\n  amplify-vep:models: ${models}\n`);

      pulumi(...(removalArguments("v2", pulumi("config", "get", "models", "--json")) ?? []));

      expect(readFileSync(file, "utf8")).to.include(left).and.not.include("v2");
    });
  }
});

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { build } from "esbuild";
import { expect } from "chai";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  bin: Record<string, string>;
  dependencies: Record<string, string>;
};

describe("the npm package", function () {
  this.timeout(60_000);
  let packed: string[];
  let read: string[];
  let packages: Set<string>;

  before(async () => {
    const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"], {
      encoding: "utf8",
    });
    packed = (JSON.parse(output) as { files: { path: string }[] }[]).flatMap(({ files }) =>
      files.map((file) => file.path),
    );
    // What the command loads, at once or when a subcommand is called.
    const { metafile } = await build({
      entryPoints: ["commands/vep.ts"],
      bundle: true,
      write: false,
      outdir: "out",
      metafile: true,
      platform: "node",
      format: "esm",
      splitting: true,
      packages: "external",
      logLevel: "silent",
    });
    read = Object.keys(metafile.inputs);
    const external = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter((one) => one.external));
    packages = new Set(
      external
        .map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path)
        .filter((name) => !name.startsWith("node:") && !builtinModules.includes(name)),
    );
  });

  it("has the command and every file that it loads", () => {
    expect(packed).to.include(manifest.bin["vep"]);
    expect(packed).to.include.members(read);
    expect(packed).to.include.members(["commands/setup.mjs", "index.ts", "Pulumi.yaml", "image/Dockerfile", "LICENSE"]);
  });

  it("depends on every package that they load", () => {
    expect([...packages].filter((name) => !(name in manifest.dependencies))).to.deep.equal([]);
  });

  it("has nothing of the tests, the caches or the results of a clone", () => {
    const unwanted = packed.filter(
      (file) => /^(tests|out|\.|image\/tests|node_modules)/.test(file) || file.includes("__pycache__"),
    );
    expect(unwanted).to.deep.equal([]);
  });
});

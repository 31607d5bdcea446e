import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { CONFIG_KEYS } from "../../../components/config/keys.js";
import {
  DEFAULT_REGION,
  ENCRYPTED,
  encryptedKeys,
  stackConfig,
  StackConfigError,
} from "../../../local/program/stackConfig.js";

describe("stackConfig", () => {
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "stack-"));
    write("Pulumi.yaml", "name: proteins\nconfig:\n  size: {type: integer, default: 3}\n  label: {type: string}\n");
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, text: string): void {
    writeFileSync(path.join(folder, name), text);
  }

  function read(options: { stack?: string; overrides?: Record<string, string> } = {}): Record<string, string> {
    return stackConfig({ ...options, folder: pathToFileURL(`${folder}/`) });
  }

  it("has only the defaults if the stack has no file", () => {
    expect(read()).to.deep.equal({ "aws:region": DEFAULT_REGION, "proteins:size": "3" });
  });

  it("prefers the stack file to the defaults, and overrides to both", () => {
    write("Pulumi.dev.yaml", "config:\n  proteins:size: 4\n  proteins:label: a\n  aws:region: eu-west-1\n");

    expect(read({ stack: "dev", overrides: { label: "b" } })).to.deep.equal({
      "aws:region": "eu-west-1",
      "proteins:size": "4",
      "proteins:label": "b",
    });
  });

  it("accepts an empty stack file", () => {
    write("Pulumi.dev.yaml", "config:\n");

    expect(read({ stack: "dev" })).to.have.property("proteins:size", "3");
  });

  it("leaves an encrypted value encrypted, and says which it is", () => {
    write("Pulumi.dev.yaml", "encryptionsalt: v1:a\nconfig:\n  proteins:token:\n    secure: v1:b\n");

    const config = read({ stack: "dev" });

    expect(config).to.have.property("proteins:token", ENCRYPTED);
    expect(encryptedKeys(config)).to.deep.equal(["proteins:token"]);
  });

  it("refuses a stack file with a value that is neither a scalar nor a list, and names the file", () => {
    write("Pulumi.dev.yaml", "config:\n  proteins:size: {a: 1}\n");

    expect(() => read({ stack: "dev" })).to.throw(StackConfigError, /Pulumi\.dev\.yaml/);
  });

  it("gives a list as JSON, as the Pulumi CLI does", () => {
    write("Pulumi.dev.yaml", "config:\n  proteins:models:\n    - name: v2\n      minCapacity: 1\n");

    expect(read({ stack: "dev" })).to.have.property("proteins:models", '[{"name":"v2","minCapacity":1}]');
  });

  it("refuses a folder without Pulumi.yaml", () => {
    rmSync(path.join(folder, "Pulumi.yaml"));

    expect(() => read()).to.throw(StackConfigError, /no Pulumi\.yaml/);
  });
});

describe("Pulumi.yaml", () => {
  const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, Record<string, unknown>> };

  it("has exactly the keys that the program reads, each with type, default and description", () => {
    expect(Object.keys(config)).to.have.members(Object.keys(CONFIG_KEYS));
    for (const { items, ...key } of Object.values(config)) {
      expect(key).to.have.all.keys("type", "default", "description");
      expect(items).to.deep.equal(key["type"] === "array" ? { type: "object" } : undefined);
    }
  });

  it("has defaults that the program accepts", () => {
    for (const [name, { schema }] of Object.entries(CONFIG_KEYS)) {
      const initial = config[name]?.["default"];
      const text = Array.isArray(initial) ? JSON.stringify(initial) : String(initial);
      expect(schema.safeParse(text), name).to.include({ success: true });
    }
  });
});

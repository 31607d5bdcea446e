import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Stands in for the Pulumi CLI on the PATH: one stack with a function and `models`. */
export class FakePulumi {
  readonly #dir = mkdtempSync(path.join(tmpdir(), "pulumi-"));
  readonly #path = process.env["PATH"];

  /** @param models what `pulumi config get models --json` prints */
  constructor(functionName: string, models: string) {
    const answers = { "stack output": functionName, "config get": models };
    const cases = Object.entries(answers).map(([words, answer]) => `"${words}") echo '${answer}';;`);
    const script = `#!/bin/sh\ncase "$1 $2" in\n${cases.join("\n")}\n*) echo "$*" >> "${this.#dir}/changes";;\nesac\n`;
    writeFileSync(path.join(this.#dir, "pulumi"), script, { mode: 0o755 });
    writeFileSync(path.join(this.#dir, "changes"), "");
    process.env["PATH"] = `${this.#dir}${path.delimiter}${this.#path ?? ""}`;
  }

  /** The commands that were to change something. */
  get changes(): string[] {
    return readFileSync(path.join(this.#dir, "changes"), "utf8").split("\n").filter(Boolean);
  }

  remove(): void {
    process.env["PATH"] = this.#path;
    rmSync(this.#dir, { recursive: true });
  }
}

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { prepareModel, type PrepareOptions } from "../../local/model.js";
import { TwinError } from "../../local/twin/errors.js";
import { rejection } from "./twin/support/until.js";

/** Replaces `amplify-vep`: records each call, and `download` exits with the code that the test chose. */
const PROGRAM = (downloadCode: number): string => `#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
case "$1" in
  download) echo "the reason of the hub" >&2; [ ${downloadCode} = 0 ] && mkdir -p "$4"; exit ${downloadCode} ;;
  synthesize) mkdir -p "$2" ;;
  describe)
    weights=pretrained; case "$3" in *synthetic*) weights=synthetic ;; esac
    [ -e "$3/broken" ] && { echo "amplify-vep: CHECKPOINT_INVALID: decoder.bias is missing" >&2; exit 78; }
    printf '{"model_id":"%s","revision":"main","weights":"%s","model_version":"sha256:${"0".repeat(64)}"}' "$(basename "$3")" "$weights" ;;
esac
`;

describe("preparing a model", () => {
  let folder: string;
  let time = 0;
  const said: string[] = [];

  function settings(downloadCode: number): PrepareOptions {
    const command = path.join(folder, "program");
    writeFileSync(command, PROGRAM(downloadCode));
    chmodSync(command, 0o755);
    return { folder: path.join(folder, "models"), command, now: () => time };
  }

  function calls(verb: string): number {
    const file = path.join(folder, "calls");
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    return lines.filter((line) => line.startsWith(verb)).length;
  }

  const prepare = (model: string | undefined, options: PrepareOptions) =>
    prepareModel(model, (message) => said.push(message), options);

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "models-"));
    time = 0;
    said.length = 0;
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("downloads the smallest published one by default, and only once", async () => {
    const options = settings(0);
    const first = await prepare(undefined, options);
    const second = await prepare(undefined, options);
    expect(first).to.include({ id: "chandar-lab--AMPLIFY_120M", weights: "pretrained" });
    expect(first).to.not.have.property("notice");
    expect(second.dir).to.equal(first.dir);
    expect(calls("download")).to.equal(1);
    expect(said).to.have.lengthOf(1);
  });

  it("uses a synthetic one with a clear notice if the hub does not answer", async () => {
    const model = await prepare("chandar-lab/AMPLIFY_350M", settings(69));
    expect(model.weights).to.equal("synthetic");
    expect(model.notice).to.contain("AMPLIFY_350M").and.to.contain("SYNTHETIC").and.to.contain("weights: synthetic");
  });

  it("tries a hub that did not answer again after ten minutes, not earlier", async () => {
    const options = settings(69);
    await prepare(undefined, options);
    time = 9 * 60_000;
    await prepare(undefined, options);
    expect(calls("download")).to.equal(1);
    expect(calls("synthesize")).to.equal(1);

    time = 10 * 60_000;
    const model = await prepare(undefined, settings(0));
    expect(calls("download")).to.equal(2);
    expect(model.weights).to.equal("pretrained");
  });

  it("fails with the reason of the hub if the hub does not have the model, and uses no other", async () => {
    const error = await rejection(prepare("chandar-lab/AMPLIFY_1M", settings(78)));
    expect(error).to.be.instanceOf(TwinError).and.to.have.property("code", "MODEL_UNAVAILABLE");
    expect(error.message).to.equal("the reason of the hub");
    expect(calls("synthesize")).to.equal(0);
  });

  it("uses a folder without asking the hub", async () => {
    const model = await prepare(folder, settings(69));
    expect(model.dir).to.equal(folder);
    expect(calls("download")).to.equal(0);
  });

  it("refuses a folder without a complete checkpoint, and names what is missing", async () => {
    const options = settings(69);
    writeFileSync(path.join(folder, "broken"), "");
    const error = await rejection(prepare(folder, options));
    expect(error).to.have.property("code", "MODEL_UNAVAILABLE");
    expect(error.message).to.contain("decoder.bias is missing").and.to.contain(folder);
  });

  it("refuses a value that is neither a folder nor an id", async () => {
    const error = await rejection(prepare("./no/such/folder", settings(69)));
    expect(error.message).to.contain("./no/such/folder");
    expect(calls("")).to.equal(0);
  });
});

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { contextFiles, contextHash } from "../../../components/endpoint/imageContext.js";

describe("contextHash", () => {
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "context-"));
    mkdirSync(path.join(folder, "src"));
    writeFileSync(path.join(folder, "src", "model.py"), "x = 1\n", { mode: 0o644 });
    writeFileSync(path.join(folder, "Dockerfile"), "FROM scratch\n", { mode: 0o644 });
    writeFileSync(path.join(folder, ".dockerignore"), "*\n!src\n**/*.pyc\n", { mode: 0o644 });
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is the same for the same content", () => {
    expect(contextHash(folder, { A: "1", B: "2" })).to.equal(contextHash(folder, { B: "2", A: "1" }));
  });

  it("changes with a file's content, its name, its permissions, and a build argument", () => {
    const hashes = [contextHash(folder, {}), contextHash(folder, { MODEL_ID: "other" })];
    writeFileSync(path.join(folder, "src", "model.py"), "x = 2\n");
    hashes.push(contextHash(folder, {}));
    chmodSync(path.join(folder, "src", "model.py"), 0o755);
    hashes.push(contextHash(folder, {}));
    writeFileSync(path.join(folder, "src", "other.py"), "");
    hashes.push(contextHash(folder, {}));

    expect(new Set(hashes)).to.have.property("size", hashes.length);
  });

  it("does not change with what .dockerignore keeps out", () => {
    const before = contextHash(folder, {});
    writeFileSync(path.join(folder, "src", "model.pyc"), "cache");
    writeFileSync(path.join(folder, "notes.md"), "notes");

    expect(contextHash(folder, {})).to.equal(before);
    expect(contextFiles(folder)).to.deep.equal([".dockerignore", "Dockerfile", "src/model.py"]);
  });

  it("changes with the Dockerfile, which the builder reads though .dockerignore keeps it out", () => {
    const before = contextHash(folder, {});
    writeFileSync(path.join(folder, "Dockerfile"), "FROM another\n");

    expect(contextHash(folder, {})).to.not.equal(before);
  });

  it("holds what this project's image is made of, and neither tests nor caches", () => {
    const files = contextFiles("image");

    expect(files).to.include.members([
      "Dockerfile",
      "pyproject.toml",
      "requirements.txt",
      "src/amplify_vep/__init__.py",
    ]);
    expect(files.filter((file) => /test|cache|\.venv|egg-info/.test(file))).to.deep.equal([]);
  });

  it("takes every file where there is no .dockerignore", () => {
    rmSync(path.join(folder, ".dockerignore"));

    expect(contextFiles(folder)).to.deep.equal(["Dockerfile", "src/model.py"]);
  });
});

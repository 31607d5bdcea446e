import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { asset } from "@pulumi/pulumi";
import { expect } from "chai";
import { summarised } from "../../../local/program/json.js";

describe("a resource as JSON", () => {
  it("shows the files and texts of an archive as hash and size", async () => {
    const licence = readFileSync("LICENSE");
    const archive = new asset.AssetArchive({
      LICENSE: new asset.FileAsset("./LICENSE"),
      "a.txt": new asset.StringAsset("é"),
    });

    expect(await summarised({ source: archive })).to.deep.equal({
      source: {
        archive: {
          LICENSE: { sha256: createHash("sha256").update(licence).digest("hex"), bytes: licence.length },
          "a.txt": { sha256: createHash("sha256").update("é").digest("hex"), bytes: 2 },
        },
      },
    });
  });
});

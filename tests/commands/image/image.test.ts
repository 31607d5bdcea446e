import { expect } from "chai";
import { checkScores } from "../../../commands/image/checkImage.js";
import { largestParts } from "../../../commands/image/size.js";
import { TOOLS } from "../../../commands/image/tools.js";
import { effectsOf } from "../../support/effects.js";

describe("npm run image", () => {
  it("publishes the port of a container on this machine only, and mounts the model to read", () => {
    const docker = TOOLS.docker.serve("image:1", { port: 1234, model: "/models/m" });
    const buildah = TOOLS.buildah.serve("container", { port: 1234, model: "/models/m" });

    expect(docker.slice(-2)).to.deep.equal(["image:1", "serve"]);
    expect(docker).to.include.members(["--publish=127.0.0.1:1234:8080", "--volume=/models/m:/mnt/model:ro"]);
    expect(buildah).to.include.members(["--env=AMPLIFY_HOST=127.0.0.1", "--volume=/models/m:/mnt/model:ro"]);
    expect(TOOLS.docker.serve("image:1", { port: 1234 }).join(" ")).to.not.contain("AMPLIFY_MODEL_DIR");
  });

  it("builds without a model where none is named", () => {
    for (const tool of Object.values(TOOLS)) {
      expect(tool.build("image:1", "image", { MODEL_ID: "" })).to.include("--build-arg=MODEL_ID=");
    }
  });

  it("prints the size of the image, then its largest parts", () => {
    const printed = largestParts("4000000\t/\n100\t/a\n3000000\t/opt/torch\n");

    expect(printed).to.deep.equal(["4.10 GB in the image (uncompressed)", "  3.07 GB /opt/torch", "  0.00 GB /a"]);
  });

  it("refuses scores that are not a whole matrix with 0 for the wild type", () => {
    const { heatmap } = effectsOf("MKT");

    checkScores(heatmap, "MKT");

    expect(() => {
      checkScores(heatmap, "MKV");
    }).to.throw("wild type");
    expect(() => {
      checkScores(heatmap.slice(1), "MKT");
    }).to.throw("every cell");
    expect(() => {
      checkScores(effectsOf("MKT", { A: [null, -1, -1] }).heatmap, "MKT");
    }).to.throw("every cell");
  });
});

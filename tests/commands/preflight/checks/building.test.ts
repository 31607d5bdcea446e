import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import {
  BUILD_GIB,
  builder as builderOf,
  MIRROR_GIB,
  type Machine,
} from "../../../../commands/preflight/checks/builder.js";
import { hub } from "../../../../commands/preflight/checks/hub.js";
import { prebuilt } from "../../../../commands/preflight/checks/prebuilt.js";
import { ecrImage } from "../../../../components/shared/imageReference.js";
import { awsError, BUILDING, expectAmong, expectFinding, hubWith, machineWith, MODEL } from "../support/answers.js";

const builder = (machine: Machine) => builderOf(machine, BUILD_GIB);

const ENGINE = { status: 0, stdout: "28.2.2 linux/amd64\n" };
const NO_ENGINE = {
  status: 1,
  stderr: "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?\n",
};
const NO_BUILDX = { status: 1, stderr: "unknown command" };
const ROOT_DIR = { status: 0, stdout: "/var/lib/docker\n" };

describe("preflight: image builder", () => {
  it("is the Docker engine with enough disk space", async () => {
    const findings = await builder(BUILDING);

    expectAmong(findings, "ok", /Docker 28\.2\.2 builds for linux\/amd64/);
    expectAmong(findings, "ok", /64 GiB are free in \/var\/lib\/docker; the image needs 20 GiB/);
  });

  it("is an engine without buildx", async () => {
    const findings = await builder(machineWith({ version: ENGINE, buildx: NO_BUILDX, info: ROOT_DIR }, 64));

    expectAmong(findings, "ok", /Docker 28\.2\.2 builds/);
  });

  it("is a BuildKit builder without an engine", async () => {
    const buildx = { status: 0, stdout: "Driver: remote\nStatus: running\nPlatforms: linux/amd64\n" };

    expectFinding(
      await builder(machineWith({ version: NO_ENGINE, buildx, info: NO_ENGINE })),
      "ok",
      /A BuildKit builder builds/,
    );
  });

  it("is missing where docker is not installed", async () => {
    const machine = machineWith({ version: {}, buildx: {}, info: {} });

    expectFinding(await builder(machine), "fault", /there is no docker on the PATH/, /set imageUri/);
  });

  it("is missing where the engine does not answer and no builder runs", async () => {
    const buildx = { status: 0, stdout: "Status: inactive\nPlatforms: linux/amd64\n" };
    const machine = machineWith({ version: NO_ENGINE, buildx, info: NO_ENGINE });

    expectFinding(
      await builder(machine),
      "fault",
      /: Cannot connect to the Docker daemon at unix:\/\/\/x\.$/,
      /DOCKER_HOST/,
    );
  });

  it("must build for the hosts of SageMaker", async () => {
    const buildx = { status: 0, stdout: "Status: running\nPlatforms: linux/arm64\n" };
    const machine = machineWith({ version: { status: 0, stdout: "28 linux/arm64" }, buildx, info: ROOT_DIR }, 64);

    expectFinding(await builder(machine), "fault", /builds for linux\/arm64, not for linux\/amd64/, /binfmt/);
  });

  it("needs free disk space", async () => {
    const findings = await builder(machineWith({ version: ENGINE, buildx: NO_BUILDX, info: ROOT_DIR }, 19.9));

    expectAmong(findings, "fault", /19 GiB are free/, /docker system prune/);
  });

  it("needs less room to mirror an image than to build one", async () => {
    const machine = machineWith({ version: ENGINE, buildx: NO_BUILDX, info: ROOT_DIR }, 12);

    expectAmong(await builderOf(machine, MIRROR_GIB), "ok", /12 GiB are free/);
    expectAmong(await builderOf(machine, BUILD_GIB), "fault", /12 GiB are free/, /prune/);
  });

  it("reports that the disk of a remote engine cannot be checked", async () => {
    const findings = await builder(machineWith({ version: ENGINE, buildx: NO_BUILDX, info: ROOT_DIR }));

    expectAmong(findings, "unknown", /engine's disk is not on this machine/, /df -h/);
  });
});

describe("preflight: model on the hub", () => {
  const model = { modelId: "chandar-lab/AMPLIFY_350M", modelRevision: "refs/pr/1" };

  it("exists, and its commit is reported", async () => {
    const get = hubWith(200, MODEL);

    expectFinding(await hub(get, model), "ok", /AMPLIFY_350M at 'refs\/pr\/1' is commit 0123456789ab\.$/);
    expect(get.asked).to.deep.equal([
      "https://huggingface.co/api/models/chandar-lab/AMPLIFY_350M/revision/refs%2Fpr%2F1",
    ]);
  });

  for (const status of [401, 403, 404]) {
    it(`is not public where the hub answers ${status}`, async () => {
      expectFinding(
        await hub(hubWith(status), model),
        "fault",
        new RegExp(`that is public \\(${status}\\)`),
        /modelId/,
      );
    });
  }

  it("is gated", async () => {
    expectFinding(await hub(hubWith(200, { ...MODEL, gated: "manual" }), model), "fault", /is gated/, /not gated/);
  });

  it("lacks the weights", async () => {
    const body = { ...MODEL, siblings: [{ rfilename: "config.json" }, { rfilename: "pytorch_model.bin" }] };

    expectFinding(await hub(hubWith(200, body), model), "fault", /lacks model\.safetensors\.$/, /safetensors/);
  });

  it("cannot be checked where the hub fails", async () => {
    expectFinding(await hub(hubWith(503), model), "unknown", /answered 503/, /again later/);
  });

  it("cannot be reached", async () => {
    const get = () => Promise.reject(new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND") }));

    expectFinding(
      await hub(get, model),
      "fault",
      /cannot be reached.*fetch failed \(getaddrinfo ENOTFOUND\)/,
      /curl -I/,
    );
  });
});

describe("preflight: prebuilt image", () => {
  const ecr = mockClient(ECRClient);
  const REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/vep";
  const ask = (imageUri: string, region = "us-east-1") => {
    const image = ecrImage(imageUri);
    if (!image) throw new Error(`${imageUri} is not in ECR.`);
    return prebuilt(new ECRClient({}), { imageUri, image, region });
  };

  beforeEach(() => {
    ecr.reset();
  });

  it("exists by its tag, and its digest is reported", async () => {
    ecr
      .on(DescribeImagesCommand, { registryId: "123456789012", repositoryName: "vep", imageIds: [{ imageTag: "v1" }] })
      .resolves({ imageDetails: [{ imageDigest: "sha256:0a" }] });

    expectFinding(await ask(`${REPOSITORY}:v1`), "ok", /vep:v1 is sha256:0a\.$/);
  });

  it("exists by its digest", async () => {
    const imageDigest = `sha256:${"0a".repeat(32)}`;
    ecr.on(DescribeImagesCommand, { imageIds: [{ imageDigest }] }).resolves({ imageDetails: [{ imageDigest }] });

    expectFinding(await ask(`${REPOSITORY}@${imageDigest}`), "ok", /is sha256:0a/);
  });

  for (const name of ["ImageNotFoundException", "RepositoryNotFoundException"]) {
    it(`does not exist (${name})`, async () => {
      ecr.on(DescribeImagesCommand).rejects(awsError(name));

      expectFinding(
        await ask(`${REPOSITORY}:v1`),
        "fault",
        new RegExp(`vep:v1 does not exist\\. ${name}`),
        /describe-images/,
      );
    });
  }

  it("is in another region, from which SageMaker does not pull", async () => {
    expectFinding(await ask(`${REPOSITORY}:v1`, "eu-west-1"), "fault", /not in eu-west-1/, /Push the image/);
    expect(ecr.calls()).to.have.lengthOf(0);
  });
});

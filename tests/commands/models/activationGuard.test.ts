import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { CreateModelPackageCommand, DescribeEndpointCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { alarmFaults, endpointFacts, figureFaults, servingFaults } from "../../../commands/models/activationGuard.js";
import type { DeployedVersion } from "../../../commands/models/modelRegistry.js";
import { registerPackage } from "../../../commands/models/registerPackage.js";
import { retirementFaults } from "../../../commands/models/retireVersion.js";
import { FIRST_POINTER, type VersionFigures } from "../../../contract/models.js";

const FIGURES: VersionFigures = {
  model_version: `sha256:${"2".repeat(64)}`,
  measured_at: "2026-03-01T12:00:00.000Z",
  resolved_revision: "0123456789abcdef",
  weights: "pretrained",
  weights_sha256: "3".repeat(64),
  precision: "bfloat16",
  bench: { gpu_seconds_per_1000_residues: 1.5, residues: 1_000 },
  validation: { mean_spearman: 0.4, assays: [{ name: "BLAT", spearman: 0.4, variants: 4_996 }] },
};

/** A version with these figures. */
function version(name: string, figures?: Partial<VersionFigures>): DeployedVersion {
  return {
    name,
    image_digest: FIGURES.model_version,
    model_version: FIGURES.model_version,
    image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}@${FIGURES.model_version}`,
    model_id: "chandar-lab/AMPLIFY_120M",
    revision: "main",
    endpoint: `${name}-endpoint`,
    instance_type: "ml.g6.2xlarge",
    min_capacity: 0,
    max_capacity: 2,
    deployed_at: null,
    figures: figures && { ...FIGURES, ...figures },
  };
}

/** Figures of one assay. */
function assay(spearman: number, name = "BLAT"): Partial<VersionFigures> {
  return { validation: { mean_spearman: spearman, assays: [{ name, spearman, variants: 100 }] } };
}

describe("the guard of an activation", () => {
  const sageMaker = mockClient(SageMakerClient);
  const ecr = mockClient(ECRClient);
  const cloudWatch = mockClient(CloudWatchClient);
  const clients = {
    sageMaker: new SageMakerClient({ region: "us-east-1" }),
    ecr: new ECRClient({ region: "us-east-1" }),
    cloudWatch: new CloudWatchClient({ region: "us-east-1" }),
  };

  beforeEach(() => {
    sageMaker.reset();
    ecr.reset();
    ecr.on(DescribeImagesCommand).resolves({});
    cloudWatch.reset();
    cloudWatch.on(DescribeAlarmsCommand).resolves({});
  });

  async function faultsWith(status: string): Promise<string[]> {
    sageMaker.on(DescribeEndpointCommand).resolves({ EndpointStatus: status } as never);
    return servingFaults(version("v2"), await endpointFacts("v2-endpoint", clients), clients);
  }

  it("finds nothing wrong with an endpoint in service", async () => {
    expect(await faultsWith("InService")).to.deep.equal([]);
  });

  it("refuses a version during an update of its endpoint", async () => {
    for (const status of ["Updating", "RollingBack"]) {
      expect(await faultsWith(status)).to.deep.equal([
        `the endpoint v2-endpoint is ${status}, not InService: wait until it is InService`,
      ]);
    }
  });

  it("refuses a version whose endpoint failed, or does not exist", async () => {
    expect(await faultsWith("Failed")).to.have.length(1);
    sageMaker.on(DescribeEndpointCommand).rejects(Object.assign(new Error("none"), { name: "ValidationException" }));
    expect(await endpointFacts("v2-endpoint", clients)).to.deep.equal({ status: "missing", instances: 0 });
  });

  it("refuses a version whose image is gone: no instance could start", async () => {
    ecr.on(DescribeImagesCommand).rejects(Object.assign(new Error("none"), { name: "ImageNotFoundException" }));

    const [fault] = await faultsWith("InService");

    expect(fault).to.match(/^the image .*v2@sha256:2+ is gone from its repository/);
  });

  it("refuses a version with an alarm that is on: the guard would not hear of it", async () => {
    const AlarmNames = ["v2-endpoint-failing", "v2-endpoint-slow"];
    cloudWatch
      .on(DescribeAlarmsCommand, { AlarmNames, StateValue: "ALARM" })
      .resolves({ MetricAlarms: [{ AlarmName: "v2-endpoint-failing" }] });

    expect(await alarmFaults(version("v2"), clients)).to.deep.equal([
      "the alarm v2-endpoint-failing is on, so modelGuard could not roll v2 back: wait until it is off",
    ]);
  });

  it("refuses a version whose image it may not ask for, which --force can overrule", async () => {
    ecr.on(DescribeImagesCommand).rejects(new Error("not authorized to perform: ecr:DescribeImages"));

    expect(await faultsWith("InService")).to.deep.equal([
      `whether the image ${version("v2").image} is still there could not be asked: not authorized to perform: ecr:DescribeImages`,
    ]);
  });

  for (const [what, one, other, fault] of [
    ["nothing was measured", undefined, undefined, undefined],
    ["only the other was measured", undefined, {}, /base was measured and v2 was not/],
    ["it is as good", assay(0.4), assay(0.4), undefined],
    ["it is worse within the margin", assay(0.385), assay(0.4), undefined],
    ["it is worse than the margin", assay(0.37), assay(0.4), /0\.030 below that of base; the margin is 0\.02/],
    ["it is better", assay(0.5), assay(0.4), undefined],
    ["it has no validation", { validation: null }, assay(0.4), /no validation figures/],
    ["the assays differ", assay(0.4, "A"), assay(0.4, "B"), /different assays/],
    ["its gate let only float32 pass", { precision: "float32" }, {}, /only float32/],
    ["both run float32", { precision: "float32" }, { precision: "float32" }, undefined],
  ] as const) {
    it(`${fault ? "refuses" : "lets pass"} a version where ${what}`, () => {
      const faults = figureFaults(version("v2", one), version("base", other), 0.02);

      if (fault) expect(faults.join()).to.match(fault);
      else expect(faults).to.deep.equal([]);
    });
  }
});

describe("the retirement of a version", () => {
  const facts = { pointer: FIRST_POINTER, modelB: undefined, unfinished: [] };

  it("is refused for no other version", () => {
    expect(retirementFaults(version("v3"), facts)).to.deep.equal([]);
  });

  for (const [what, name, change, fault] of [
    ["base", "base", { pointer: { ...FIRST_POINTER, version: "v2" } }, /version of the keys modelId/],
    ["the active version", "v2", { pointer: { ...FIRST_POINTER, version: "v2" } }, /v2 is active/],
    ["modelB", "v2", { modelB: "v2" }, /v2 is modelB/],
    [
      "a version with jobs",
      "v2",
      { unfinished: [{ model_version: "v2" }, {}, { model_version: "v3" }] },
      /^1 job\(s\) of v2/,
    ],
  ] as const) {
    it(`is refused for ${what}`, () => {
      expect(retirementFaults(version(name), { ...facts, ...change }).join()).to.match(fault);
    });
  }
});

describe("the registration of a version as a model package", () => {
  const client = new SageMakerClient({ region: "us-east-1" });
  const sageMaker = mockClient(client);

  it("has image, approval and figures", async () => {
    sageMaker.on(CreateModelPackageCommand).resolves({ ModelPackageArn: "arn:package/1" });

    const arn = await registerPackage(version("v2", {}), true, "protein-models", client);

    expect(arn).to.equal("arn:package/1");
    const [call] = sageMaker.commandCalls(CreateModelPackageCommand);
    expect(call?.args[0].input).to.deep.include({
      ModelPackageGroupName: "protein-models",
      ModelApprovalStatus: "Approved",
    });
    expect(call?.args[0].input.CustomerMetadataProperties).to.include({
      version: "v2",
      weights_sha256: "3".repeat(64),
      mean_spearman: "0.4",
    });
  });

  it("says how to make the group where there is none", async () => {
    sageMaker.on(CreateModelPackageCommand).rejects(new Error("Model Package Group protein-models does not exist."));

    let reason = "";
    await registerPackage(version("v2"), false, "protein-models", client).catch((error: unknown) => {
      reason = String(error);
    });

    expect(reason).to.include("pulumi config set modelGovernance true");
  });
});

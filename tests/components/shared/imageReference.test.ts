import { expect } from "chai";
import { ecrImage, isImageReference, registryHost } from "../../../components/shared/imageReference.js";
import { ACCOUNT, REGION } from "../../support/plannedStack.js";

describe("ecrImage", () => {
  it("splits a repository from the registry whose words it repeats", () => {
    const registry = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

    expect(ecrImage(`${registry}/ecr:v1`)).to.deep.equal({
      registryId: ACCOUNT,
      region: REGION,
      repositoryName: "ecr",
      repositoryUrl: `${registry}/ecr`,
      tag: "v1",
    });
    expect(ecrImage(`${registry}/ecr`)).to.equal(undefined);
  });

  it("knows no image of another registry", () => {
    expect(ecrImage("ghcr.io/owner/model:v1")).to.equal(undefined);
    expect(ecrImage("public.ecr.aws/owner/model:v1")).to.equal(undefined);
  });
});

describe("registryHost", () => {
  for (const [reference, host] of [
    ["python:3.13", "docker.io"],
    ["owner/model:v1", "docker.io"],
    ["docker.io/owner/model:v1", "docker.io"],
    ["localhost/model:v1", "localhost"],
    ["registry:5000/model:v1", "registry:5000"],
    ["quay.io/owner/group/model:v1", "quay.io"],
  ] as const) {
    it(`of ${reference} is ${host}`, () => {
      expect(registryHost(reference)).to.equal(host);
    });
  }
});

describe("isImageReference", () => {
  it("refuses a long text that is no reference, without delay", () => {
    const started = performance.now();

    expect(isImageReference(`${"a-".repeat(20_000)}!`)).to.equal(false);

    expect(performance.now() - started).to.be.lessThan(1000);
  });
});

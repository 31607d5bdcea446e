import { expect } from "chai";
import { ENCRYPTED } from "../../../local/program/stackConfig.js";
import { configError, faults, given } from "./support/configuration.js";

describe("Images and the credentials of their registry", () => {
  for (const imageUri of [
    "python:3.13",
    "docker.io/library/python:3.13-slim",
    "localhost:5000/model:v1",
    "public.ecr.aws/owner/model:v1",
    `ghcr.io/owner/a_b__c-d.e/model@sha256:${"0a".repeat(32)}`,
    `ghcr.io/owner/model:v1@sha256:${"0a".repeat(32)}`,
  ]) {
    it(`takes the image ${imageUri.slice(0, 60)}`, async () => {
      await given({ imageUri, registryUsername: "robot$name", registryPassword: ENCRYPTED });

      expect(faults()).to.deep.equal([]);
    });
  }

  it("recommends the digest where an image is refused", async () => {
    await given({ imageUri: "ghcr.io/owner/model" });

    expect(faults()[0]?.problem).to.match(/name@sha256:.*digest is better/);
  });

  it("refuses a user name without a password, and the other way round", async () => {
    await given({ imageUri: "ghcr.io/owner/model:v1", registryUsername: "lab" });
    expect(faults().map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["registryPassword", "pulumi config set --secret registryPassword TOKEN"],
    ]);

    await given({ imageUri: "ghcr.io/owner/model:v1", registryPassword: ENCRYPTED });
    expect(faults().map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["registryUsername", "pulumi config set registryUsername NAME"],
    ]);
  });

  for (const imageUri of ["", "123456789012.dkr.ecr.us-east-1.amazonaws.com/model:v1"]) {
    it(`refuses credentials of a registry for the image '${imageUri}'`, async () => {
      await given({ imageUri, registryUsername: "lab", registryPassword: ENCRYPTED });

      expect(faults().map(({ key, value, fix }) => [key, value, fix])).to.deep.equal([
        ["registryUsername", "lab", "pulumi config rm registryUsername"],
        ["registryPassword", "[secret]", "pulumi config rm registryPassword"],
      ]);
    });
  }

  it("refuses credentials with CodeBuild, which would have to store them in the account", async () => {
    const imageUri = "ghcr.io/owner/model:v1";
    await given({ imageUri, imageBuild: "codebuild", registryUsername: "lab", registryPassword: ENCRYPTED });

    expect(faults().map(({ key, value, fix }) => [key, value, fix])).to.deep.equal([
      ["imageBuild", "codebuild", "pulumi config set imageBuild local"],
    ]);
  });

  for (const [title, values, key] of [
    ["in plain text", { registryPassword: "hunter2" }, "registryPassword"],
    ["with white space around it", { registryPassword: "hunter2\n" }, "registryPassword"],
    ["under a mistyped key", { registryPasword: "hunter2" }, "registryPasword"],
  ] as const) {
    it(`refuses a password ${title}, and does not show it`, async () => {
      await given({ ...values, imageUri: "ghcr.io/owner/model:v1", registryUsername: "lab" });

      const { faults: found, message } = configError();

      expect(found[0]).to.deep.include({ key, value: "[secret]" });
      expect(found[0]?.fix).to.match(/pulumi config set --secret registryPassword TOKEN$/);
      expect(message).to.not.include("hunter2");
    });
  }
});

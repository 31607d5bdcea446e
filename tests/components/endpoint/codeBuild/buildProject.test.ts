import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { asset } from "@pulumi/pulumi";
import { expect } from "chai";
import { contextFiles } from "../../../../components/endpoint/imageContext.js";
import { isAllowed, isAssumable } from "../../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../../support/plannedStack.js";

const PROJECT = "aws:codebuild/project:Project";
const CONTEXT = "aws:s3/bucketObjectv2:BucketObjectv2";
const ROLE = "-image-build-role";
const IN_ACCOUNT = { imageBuild: "codebuild" };

interface Environment {
  readonly environmentVariables: readonly { readonly name: string; readonly value: string }[];
}

function variablesOf({ one }: PlannedStack): Record<string, string> {
  const { environmentVariables } = one(PROJECT).inputs["environment"] as Environment;
  return Object.fromEntries(environmentVariables.map(({ name, value }) => [name, value]));
}

describe("BuildProject", () => {
  it("does not exist where Docker builds the image, nor for an image in ECR", async () => {
    const prebuilt = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/images:v1`;
    for (const overrides of [{}, { ...IN_ACCOUNT, imageUri: prebuilt }]) {
      const { resources } = await planned("default", overrides);

      expect(
        resources.filter(({ type, name }) => type.includes("codebuild") || name.includes("image-build-")),
      ).to.deep.equal([]);
    }
  });

  it("builds the image with the tag that Docker on this machine gives it, from the same files", async () => {
    const local = await planned();
    const stack = await planned("default", IN_ACCOUNT);
    const tag = String(local.one("docker-build:index:Image").inputs["tags"]).split(":").at(-1);

    const { inputs } = stack.one(CONTEXT);
    const assets = (await (inputs["source"] as asset.AssetArchive).assets) as Record<string, asset.FileAsset>;

    expect(stack.all("docker-build:index:Image")).to.deep.equal([]);
    expect(inputs["key"]).to.equal(`image-context/${tag ?? ""}.zip`);
    expect(variablesOf(stack)["IMAGE"]).to.match(new RegExp(`image-repository-[0-9a-f]{7}:${tag ?? ""}$`));
    expect(Object.keys(assets)).to.deep.equal(contextFiles("image"));
    const paths = await Promise.all(Object.values(assets).map(({ path }) => path));
    expect(paths).to.deep.equal(contextFiles("image").map((file) => `./image/${file}`));
  });

  it("gets the same build arguments", async () => {
    const settings = { modelId: "chandar-lab/AMPLIFY_120M", modelRevision: "v1" };
    const local = (await planned("default", settings)).one("docker-build:index:Image").inputs["buildArgs"];

    expect(variablesOf(await planned("default", { ...settings, ...IN_ACCOUNT }))).to.deep.include(local);
  });

  it("mirrors a public image of another registry", async () => {
    const imageUri = "ghcr.io/owner/model:v1";
    const stack = await planned("default", { ...IN_ACCOUNT, imageUri });

    const source = stack.one(CONTEXT).inputs["source"] as asset.AssetArchive;
    const { Dockerfile, ...others } = (await source.assets) as Record<string, asset.StringAsset>;

    expect(await Dockerfile?.text).to.equal(`FROM ${imageUri}\n`);
    expect(others).to.deep.equal({});
    expect(Object.keys(variablesOf(stack))).to.deep.equal(["CONTEXT", "IMAGE"]);
  });

  it("logs to a group of the stack, with its retention and its key", async () => {
    const stack = await planned("prod", IN_ACCOUNT);

    const { inputs } = stack.one("aws:cloudwatch/logGroup:LogGroup", "-image-build-logs");

    expect(stack.one(PROJECT).inputs).to.have.nested.property("logsConfig.cloudwatchLogs.groupName", inputs["name"]);
    expect(inputs["retentionInDays"]).to.equal(30);
    const keyArn = String(inputs["kmsKeyId"]);
    expect(
      await isAllowed(stack, {
        principal: `logs.${REGION}.amazonaws.com`,
        action: "kms:GenerateDataKey",
        resource: keyArn,
        context: {
          "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${String(inputs["name"])}`,
        },
      }),
    ).to.equal(true);
  });

  it("stores the context with the key of S3: neither the build nor who deploys needs the stack's key", async () => {
    const stack = await planned("default", { ...IN_ACCOUNT, encryption: "kms" });

    expect(stack.one(CONTEXT).inputs).to.include({ serverSideEncryption: "AES256" });
    expect(JSON.stringify(stack.one("aws:iam/rolePolicy:RolePolicy", "-image-build-policy").inputs)).not.to.include(
      "kms",
    );
  });
});

describe("The role of a build", () => {
  const arnOf = (stack: PlannedStack): string =>
    `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${/\/([^@]+)@/.exec(String(stack.outputs["imageUri"]))?.[1] ?? ""}`;

  for (const [action, resource, expected] of [
    ["s3:GetObject", "{bucket}/image-context/0a.zip", true],
    ["s3:GetObject", "{bucket}/async-inference-output/a.out", false],
    ["s3:GetObject", "{bucket}/async-inference-input/a.json", false],
    ["s3:PutObject", "{bucket}/image-context/0a.zip", false],
    ["s3:ListBucket", "{bucket}", false],
    ["ecr:GetAuthorizationToken", "*", true],
    ["ecr:InitiateLayerUpload", "{repository}", true],
    ["ecr:UploadLayerPart", "{repository}", true],
    ["ecr:CompleteLayerUpload", "{repository}", true],
    ["ecr:BatchCheckLayerAvailability", "{repository}", true],
    ["ecr:BatchGetImage", "{repository}", true],
    ["ecr:PutImage", "{repository}", true],
    ["ecr:PutImage", "{repository}-2", false],
    ["ecr:BatchDeleteImage", "{repository}", false],
    ["ecr:PutImageTagMutability", "{repository}", false],
    ["logs:PutLogEvents", "{logs}:log-stream:a", true],
    ["logs:CreateLogGroup", "{logs}", false],
    ["codebuild:StartBuild", `arn:aws:codebuild:${REGION}:${ACCOUNT}:project/protein-agent-default-image-build`, false],
  ] as const) {
    it(`${expected ? "may" : "may not"} ${action} on ${resource}`, async () => {
      const stack = await planned("default", IN_ACCOUNT);
      const named = resource
        .replace("{bucket}", String(stack.outputs["s3BucketArn"]))
        .replace("{repository}", arnOf(stack))
        .replace(
          "{logs}",
          `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/codebuild/protein-agent-default-image-build`,
        );

      expect(await isAllowed(stack, { principal: ROLE, action, resource: named })).to.equal(expected);
    });
  }

  for (const [project, sourceAccount, expected] of [
    ["protein-agent-default-image-build", ACCOUNT, true],
    ["another", ACCOUNT, false],
    ["protein-agent-default-image-build", "999999999999", false],
  ] as const) {
    it(`is ${expected ? "" : "not "}assumed for the project ${project} of the account ${sourceAccount}`, async () => {
      const stack = await planned("default", IN_ACCOUNT);
      const sourceArn = `arn:aws:codebuild:${REGION}:${sourceAccount}:project/${project}`;

      const request = { role: ROLE, service: "codebuild.amazonaws.com", sourceAccount, sourceArn };

      expect(await isAssumable(stack, request)).to.equal(expected);
    });
  }
});

/** Prints its name and its arguments, and makes what the next command needs. */
const STAND_IN = `#!/bin/bash
echo "$(basename "$0") $*" >> calls
case "$(basename "$0")" in
  aws) [ "$1" = ecr ] && echo token ;;
  unzip) mkdir -p context/src && umask 0077 && touch context/src/a.py ;;
  docker) [ "$1" = login ] && cat > password ;;
esac
exit 0
`;

describe("The commands of a build", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "amplify-vep-build-"));
    for (const program of ["aws", "docker", "unzip"]) {
      writeFileSync(path.join(folder, program), STAND_IN);
      chmodSync(path.join(folder, program), 0o755);
    }
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(variables: Readonly<Record<string, string>>): Promise<string[]> {
    const { buildspec } = (await planned("default", IN_ACCOUNT)).one(PROJECT).inputs["source"] as { buildspec: string };
    const { phases } = JSON.parse(buildspec) as { phases: Record<string, { commands: string[] }> };
    const script = Object.values(phases).flatMap(({ commands }) => commands);
    const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}`, ...variables };
    const { status, stderr } = spawnSync("bash", ["-ec", script.join("\n")], { cwd: folder, env, encoding: "utf8" });
    expect(status, stderr).to.equal(0);
    return readFileSync(path.join(folder, "calls"), "utf8").trim().split("\n");
  }

  it("read the context, log in to the registry, and push the image with Docker's media types", async () => {
    const registry = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

    const calls = await run({ CONTEXT: "data/image-context/0a.zip", IMAGE: `${registry}/images:0a` });

    expect(calls).to.have.members([
      "aws s3 cp --only-show-errors s3://data/image-context/0a.zip context.zip",
      "unzip -q context.zip -d context",
      "aws ecr get-login-password",
      `docker login --username AWS --password-stdin ${registry}`,
      "docker buildx build --platform linux/amd64 --progress plain --provenance=false --sbom=false " +
        "--build-arg MODEL_ID --build-arg MODEL_REVISION " +
        `--output type=image,name=${registry}/images:0a,oci-mediatypes=false,push=true context`,
    ]);
    expect(readFileSync(path.join(folder, "password"), "utf8")).to.equal("token\n");
  });

  it("give the files the permissions that the image needs, whatever the archive had", async () => {
    await run({ CONTEXT: "data/a.zip", IMAGE: "registry/images:0a" });

    const modes = ["context/src", "context/src/a.py"].map((file) => statSync(path.join(folder, file)).mode & 0o777);

    expect(modes).to.deep.equal([0o755, 0o644]);
  });

  it("never read a value as a command", async () => {
    const calls = await run({
      CONTEXT: "data/$(touch owned).zip",
      IMAGE: "registry/images:`touch owned`; touch owned",
    });

    expect(calls[0]).to.equal("aws s3 cp --only-show-errors s3://data/$(touch owned).zip context.zip");
    expect(existsSync(path.join(folder, "owned"))).to.equal(false);
  });
});

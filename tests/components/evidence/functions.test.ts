import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { LONGEST_PREFIX } from "../../../components/config/names.js";
import { isAllowed, isAssumable } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const ON = { evidence: "true", genomeSources: "s3://our-genomes/fasta/,https://genomes.example.org/fasta/" };
const FUNCTION = "aws:lambda/function:Function";
const RETRIEVAL = "-retrieval-role";
const ALIGNMENT = "-alignment-role";

function bucketOf({ outputs }: PlannedStack): string {
  return String(outputs["s3BucketArn"]);
}

describe("The functions of evidence", () => {
  it("are not there by default: no resource, no image, no output", async () => {
    const { resources, outputs } = await planned();

    expect(resources.filter(({ name }) => /retrieval|align/.test(name))).to.deep.equal([]);
    expect(resources.filter(({ type }) => type.startsWith("awsx:"))).to.deep.equal([]);
    expect(outputs).to.not.have.any.keys("retrievalFunctionName", "alignmentFunctionName");
  });

  it("are a bundle and a container image, with 15 minutes, logs and traces", async () => {
    const { one } = await planned("default", ON);
    const retrieval = one(FUNCTION, "-retrieval-function").inputs;
    const alignment = one(FUNCTION, "-alignment-function").inputs;

    expect(retrieval).to.deep.include({ runtime: "nodejs22.x", timeout: 900, memorySize: 1024 });
    expect(retrieval["environment"]).to.have.nested.property("variables.GENOME_SOURCES", ON.genomeSources);
    expect(alignment).to.deep.include({
      packageType: "Image",
      timeout: 900,
      memorySize: 10_240,
      architectures: ["x86_64"],
      tracingConfig: { mode: "Active" },
    });
    expect(alignment).to.not.have.any.keys("handler", "runtime", "code");
    expect(alignment["imageUri"]).to.match(
      /^\d{12}\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/.*-aligner-\w{7}@sha256:[0-9a-f]{64}$/,
    );
    expect(alignment["loggingConfig"]).to.have.property("logGroup", "/aws/lambda/protein-agent-default-alignment");
  });

  it("have an image of a context that holds the bundle and what is locked, with its hash as tag", async () => {
    const { one } = await planned("default", ON);
    const { context, imageTag, platform } = one("awsx:ecr:Image").inputs as Record<string, string>;
    const repository = one("awsx:ecr:Repository").inputs;

    expect(context).to.equal(`.cache/aligner-image/${imageTag}`);
    expect(platform).to.equal("linux/amd64");
    for (const file of ["Dockerfile", "index.js", "index.js.map", "package.json", "package-lock.json"]) {
      expect(existsSync(`${context}/${file}`), file).to.equal(true);
    }
    expect(readFileSync(`${context}/package-lock.json`, "utf8")).to.match(/"integrity": "sha512-/);
    expect(repository).to.deep.include({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: false,
    });
  });

  it("keep the image and its repository where data is kept, and delete them where it is not", async () => {
    const kept = await planned("default", ON);
    const dropped = await planned("default", { ...ON, retainData: "false" });

    expect(kept.one("awsx:ecr:Repository").options.retainOnDelete).to.equal(true);
    expect(dropped.one("awsx:ecr:Repository").options.retainOnDelete).to.equal(false);
    expect(dropped.one("awsx:ecr:Repository").inputs["forceDelete"]).to.equal(true);
  });

  it("have names that fit into what AWS allows", () => {
    for (const end of ["-retrieval", "-alignment", "-aligner"]) {
      // IAM takes 64 characters, of which Pulumi adds 8 after `-role`.
      expect(`${"x".repeat(LONGEST_PREFIX)}${end}-role-1234567`.length).to.be.at.most(64);
    }
  });

  for (const [role, action, resource, allowed] of [
    [RETRIEVAL, "s3:GetObject", "{bucket}/evidence/w/regions.json", true],
    [RETRIEVAL, "s3:GetObject", "{bucket}/genomes/WBcel235.fna.gz", true],
    [RETRIEVAL, "s3:PutObject", "{bucket}/evidence/w/sequences.fa", true],
    [RETRIEVAL, "s3:GetObject", "arn:aws:s3:::our-genomes/fasta/x.fa.gz", true],
    [RETRIEVAL, "s3:GetObject", "arn:aws:s3:::our-genomes/private/x.fa.gz", false],
    [RETRIEVAL, "s3:GetObject", "arn:aws:s3:::other-genomes/fasta/x.fa.gz", false],
    [RETRIEVAL, "s3:PutObject", "{bucket}/genomes/WBcel235.fna.gz", false],
    [RETRIEVAL, "s3:PutObject", "arn:aws:s3:::our-genomes/fasta/x.fa.gz", false],
    [RETRIEVAL, "s3:GetObject", "{bucket}/async-inference-output/x.json", false],
    [RETRIEVAL, "s3:DeleteObject", "{bucket}/evidence/w/sequences.fa", false],
    [RETRIEVAL, "lambda:InvokeFunction", "arn:aws:lambda:{region}:{account}:function:x", false],
    [RETRIEVAL, "dynamodb:GetItem", "arn:aws:dynamodb:{region}:{account}:table/x", false],
    [ALIGNMENT, "s3:GetObject", "{bucket}/evidence/w/sequences.fa", true],
    [ALIGNMENT, "s3:PutObject", "{bucket}/evidence/w/alignment-output.aln", true],
    [ALIGNMENT, "s3:GetObject", "{bucket}/genomes/WBcel235.fna.gz", false],
    [ALIGNMENT, "s3:GetObject", "arn:aws:s3:::our-genomes/fasta/x.fa.gz", false],
    [ALIGNMENT, "s3:PutObject", "{bucket}/async-inference-input/x.json", false],
    [ALIGNMENT, "ecr:GetAuthorizationToken", "*", false],
  ] as const) {
    it(`${allowed ? "let" : "do not let"} ${role} do ${action} on ${resource}`, async () => {
      const stack = await planned("default", ON);
      const on = resource
        .replace("{bucket}", bucketOf(stack))
        .replace("{region}", REGION)
        .replace("{account}", ACCOUNT);

      expect(await isAllowed(stack, { principal: role, action, resource: on })).to.equal(allowed);
    });
  }

  it("find only their own files", async () => {
    const stack = await planned("default", ON);
    const list = (principal: string, prefix: string): Promise<boolean> =>
      isAllowed(stack, {
        principal,
        action: "s3:ListBucket",
        resource: bucketOf(stack),
        context: { "s3:prefix": prefix },
      });

    expect(await list(RETRIEVAL, "evidence/a")).to.equal(true);
    expect(await list(RETRIEVAL, "genomes/a")).to.equal(true);
    expect(await list(ALIGNMENT, "genomes/a")).to.equal(false);
    expect(await list(ALIGNMENT, "async-inference-output/a")).to.equal(false);
  });

  it("have roles that Lambda assumes for them alone", async () => {
    const stack = await planned("default", ON);
    const source = (name: string): string =>
      `arn:aws:lambda:${REGION}:${ACCOUNT}:function:protein-agent-default-${name}`;
    const assumed = (role: string, name: string): Promise<boolean> =>
      isAssumable(stack, {
        role,
        service: "lambda.amazonaws.com",
        sourceAccount: ACCOUNT,
        sourceArn: source(name),
      });

    expect(await assumed(ALIGNMENT, "alignment")).to.equal(true);
    expect(await assumed(ALIGNMENT, "retrieval")).to.equal(false);
    expect(await assumed(RETRIEVAL, "retrieval")).to.equal(true);
  });

  it("run in the isolated network, whose way to S3 leads to the genomes too, and to no other bucket", async () => {
    const stack = await planned("default", {
      evidence: "true",
      network: "isolated",
      genomeSources: "s3://our-genomes/fasta/",
    });
    for (const end of ["-retrieval-function", "-alignment-function"]) {
      expect(stack.one(FUNCTION, end).inputs["vpcConfig"]).to.have.property("subnetIds").with.length(2);
    }
    const read = (resource: string): Promise<boolean> =>
      isAllowed(stack, { principal: RETRIEVAL, action: "s3:GetObject", resource, through: "-s3" });

    expect(await read("arn:aws:s3:::our-genomes/fasta/x.fa.gz")).to.equal(true);
    expect(await read("arn:aws:s3:::our-genomes/private/x.fa.gz")).to.equal(false);
    expect(await read(`${bucketOf(stack)}/genomes/x.fa.gz`)).to.equal(true);
  });

  it("use the customer key through the services of evidence, and through no other", async () => {
    const stack = await planned("default", { ...ON, encryption: "kms" });
    const policy = String(stack.one("aws:kms/key:Key").inputs["policy"]);
    const { Statement } = JSON.parse(policy) as { Statement: { Sid: string; Condition?: object }[] };
    const [use, ...others] = Statement.filter(({ Sid }) => Sid === "UseByEvidence");

    expect(others).to.deep.equal([]);
    expect(JSON.stringify(use)).to.match(/-retrieval-role-\*.*-alignment-role-\*/);
    expect(JSON.stringify(use)).to.match(/"kms:ViaService":\["dynamodb\.[^"]+","s3\.[^"]+","states\.[^"]+"\]/);
    expect(policy).to.match(/log-group:\/aws\/lambda\/protein-agent-default-alignment/);
  });
});

import { expect } from "chai";
import { isAllowed } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION } from "../../support/plannedStack.js";

const ON = { evidence: "true", alignmentSubnetIds: "subnet-0123456789abcdef0,subnet-0123456789abcdef1" };
const DEFINITION = "aws:batch/jobDefinition:JobDefinition";
const WORK = "-aligns-role";
const START = "-aligns-start-role";

describe("The jobs for large families", () => {
  it("are not there without subnets", async () => {
    const { resources, outputs } = await planned("default", { evidence: "true" });

    expect(resources.filter(({ type }) => type.startsWith("aws:batch/"))).to.deep.equal([]);
    expect(outputs).to.not.have.any.keys("alignmentQueueArn", "alignmentJobArn");
  });

  it("run the image of the function on Fargate, with the task as parameter, for twelve hours at most", async () => {
    const { one, outputs } = await planned("default", ON);
    const { containerProperties, timeout, platformCapabilities } = one(DEFINITION).inputs;
    const container = JSON.parse(String(containerProperties)) as Record<string, unknown>;

    expect(platformCapabilities).to.deep.equal(["FARGATE"]);
    expect(timeout).to.deep.equal({ attemptDurationSeconds: 43_200 });
    expect(container).to.deep.include({
      image: one("aws:lambda/function:Function", "-alignment-function").inputs["imageUri"],
      command: ["batch.mjs", "Ref::task", "43200"],
      networkConfiguration: { assignPublicIp: "DISABLED" },
      resourceRequirements: [
        { type: "VCPU", value: "8" },
        { type: "MEMORY", value: "61440" },
      ],
    });
    expect(outputs["alignmentQueueArn"]).to.match(/:job-queue\/protein-agent-default-aligns$/);
    expect(outputs["alignmentJobArn"]).to.match(/:job-definition\/protein-agent-default-aligns:1$/);
  });

  it("wait in a queue that costs nothing while it is empty, and call out over HTTPS alone", async () => {
    const { one } = await planned("default", ON);
    const environment = one("aws:batch/computeEnvironment:ComputeEnvironment").inputs;
    const rule = one("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").inputs;

    expect(environment["computeResources"]).to.deep.include({
      type: "FARGATE",
      maxVcpus: 16,
      subnets: ON.alignmentSubnetIds.split(","),
    });
    expect(rule).to.deep.include({ fromPort: 443, toPort: 443, ipProtocol: "tcp" });
  });

  const repository = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository`;
  for (const [role, action, resource, allowed] of [
    [WORK, "s3:GetObject", "{bucket}/evidence/w/sequences.fa", true],
    [WORK, "s3:PutObject", "{bucket}/evidence/w/alignment-output.aln", true],
    [WORK, "s3:GetObject", "{bucket}/async-inference-output/x.json", false],
    [WORK, "s3:GetObject", "{bucket}/genomes/x.fa.gz", false],
    [WORK, "ecr:BatchGetImage", `${repository}/{image}`, false],
    [START, "ecr:BatchGetImage", `${repository}/{image}`, true],
    [START, "ecr:BatchGetImage", `${repository}/other`, false],
    [START, "ecr:PutImage", `${repository}/{image}`, false],
    [START, "s3:GetObject", "{bucket}/evidence/w/sequences.fa", false],
  ] as const) {
    it(`${allowed ? "let" : "do not let"} ${role} do ${action} on ${resource}`, async () => {
      const stack = await planned("default", ON);
      const uri = String(stack.one("aws:lambda/function:Function", "-alignment-function").inputs["imageUri"]);
      const on = resource
        .replace("{bucket}", String(stack.outputs["s3BucketArn"]))
        .replace("{image}", /\/(.+)@/.exec(uri)?.[1] ?? "");

      expect(await isAllowed(stack, { principal: role, action, resource: on })).to.equal(allowed);
    });
  }
});

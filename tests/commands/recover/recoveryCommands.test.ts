import { expect } from "chai";
import { HALF_UPDATED, LEFTOVERS } from "../../../commands/recover/leftovers.js";
import { recoveryCommands, UnknownTypeError } from "../../../commands/recover/recoveryCommands.js";
import { wholeStack } from "../../../commands/docs/plannedStack.js";
import { AUTO_NAMED } from "../../engine/provider/naming.js";
import { expectKnown } from "../../engine/support/awsCli.js";
import { planned } from "../../support/plannedStack.js";

const TAGS = { Project: "protein-agent", Stack: "dev", ManagedBy: "Pulumi" };

/** A state with one interrupted operation. */
function interrupted(type: string, operation: string, inputs: object, resources: readonly object[] = []): unknown {
  const resource = { urn: `urn:pulumi:dev::amplify-vep::${type}::one`, type, inputs };
  return { version: 3, deployment: { resources, pending_operations: [{ type: operation, resource }] } };
}

/** The commands between `pulumi cancel` and `pulumi refresh`, without the comment. */
function between(state: unknown): string[] {
  return recoveryCommands("dev", state).slice(2, -1);
}

describe("the commands that recover a stack", () => {
  it("unlock the stack first, and clear the interrupted creations last", () => {
    expect(recoveryCommands("dev", { deployment: {} })).to.deep.equal([
      "pulumi cancel --yes --stack dev",
      "pulumi refresh --clear-pending-creates --yes --stack dev",
    ]);
  });

  it("delete an endpoint that was being created, once SageMaker has finished", () => {
    const state = interrupted("aws:sagemaker/endpoint:Endpoint", "creating", { name: "dev-endpoint" });

    expect(between(state)).to.deep.equal([
      "aws sagemaker wait endpoint-in-service --endpoint-name dev-endpoint",
      "aws sagemaker delete-endpoint --endpoint-name dev-endpoint",
      "aws sagemaker wait endpoint-deleted --endpoint-name dev-endpoint",
    ]);
  });

  it("leave alone what a later up has created", () => {
    const type = "aws:sagemaker/endpoint:Endpoint";
    const live = { urn: `urn:pulumi:dev::amplify-vep::${type}::one`, type, id: "dev-endpoint" };
    const state = (name: string): unknown =>
      interrupted(type, "creating", { name: "dev-endpoint" }, [{ ...live, inputs: { name } }]);

    expect(recoveryCommands("dev", state("dev-endpoint"))).to.have.lengthOf(2);
    expect(between(state("before-its-replacement"))).to.have.lengthOf(3);
  });

  it("only wait for an endpoint that was being updated", () => {
    const state = interrupted("aws:sagemaker/endpoint:Endpoint", "updating", { name: "dev-endpoint" });

    expect(between(state)).to.deep.equal(["aws sagemaker wait endpoint-in-service --endpoint-name dev-endpoint"]);
  });

  it("delete the tag of an interrupted push", () => {
    const state = interrupted("docker-build:index:Image", "updating", {
      tags: ["123456789012.dkr.ecr.us-east-1.amazonaws.com/dev-repository:3f2a"],
    });

    expect(between(state)).to.deep.equal([
      "aws ecr batch-delete-image --repository-name dev-repository --image-ids imageTag=3f2a",
    ]);
  });

  it("find what has no name by its tags, except for what the state knows", () => {
    const type = "aws:ec2/vpc:Vpc";
    const known = { urn: "urn", type, id: "vpc-1" };

    const [find, remove] = between(interrupted(type, "creating", { tags: TAGS }, [known]));

    expect(find).to.include("Key=Project,Values=protein-agent Key=Stack,Values=dev");
    expect(find).to.include("[?!ends_with(ResourceARN, '/vpc-1')]");
    expect(remove).to.equal("aws ec2 delete-vpc --vpc-id ID");
  });

  it("find a saved query, which has no tags, among those of its workgroup that the state does not know", () => {
    const type = "aws:athena/namedQuery:NamedQuery";
    const known = ["1", "2"].map((id) => ({ urn: `urn-${id}`, type, id }));

    const state = interrupted(type, "creating", { name: "best-variants", workgroup: "dev-results" }, known);

    expect(between(state)).to.deep.equal([
      `aws athena list-named-queries --work-group dev-results --output text --query "NamedQueryIds[?@ != '1' && @ != '2']"`,
      "aws athena delete-named-query --named-query-id ID",
    ]);
  });

  it("leave alone the other triggers of a function", () => {
    const type = "aws:lambda/eventSourceMapping:EventSourceMapping";
    const known = { urn: "urn", type, id: "live-mapping" };

    const [find, remove] = between(interrupted(type, "creating", { functionName: "dev-recorder" }, [known]));

    expect(find).to.include("EventSourceMappings[].UUID | [?@ != 'live-mapping']");
    expect(remove).to.equal("aws lambda delete-event-source-mapping --uuid ID");
  });

  it("compare ids with ids: a filter of what the state does not know comes after the step to the ids", () => {
    const filters = Object.values(LEFTOVERS)
      .flat()
      .filter((line) => line.includes("{unknownId}"));

    expect(filters).to.have.lengthOf(7);
    for (const line of filters) expect(line).to.match(/(\.\w+ \| |"\w+Ids)\[\?\{unknownId\}\]"$/);
  });

  it("delete what Pulumi names: the next up would make another beside it", () => {
    const left = Object.keys(AUTO_NAMED).filter((type) => type in LEFTOVERS && LEFTOVERS[type]?.length === 0);

    expect(left).to.deep.equal([]);
  });

  it("are known to the simulated cloud for every type of a stack with defaults", async () => {
    const types = (await planned()).resources.filter(({ custom }) => custom).map(({ type }) => type);

    expectKnown(types.flatMap((type) => [...(LEFTOVERS[type] ?? []), ...(HALF_UPDATED[type] ?? [])]));
    expect(() => {
      expectKnown(["aws ec2 run-instances"]);
    }).to.throw(RangeError, "ec2 run-instances");
  });

  it("do nothing about a provider, which is in the state only", () => {
    const state = interrupted("pulumi:providers:docker-build", "creating", { version: "0.0.15" });

    expect(recoveryCommands("dev", state)).to.have.lengthOf(2);
  });

  it("do nothing about an interrupted deletion: it is repeated", () => {
    const state = interrupted("aws:sagemaker/endpoint:Endpoint", "deleting", { name: "dev-endpoint" });

    expect(recoveryCommands("dev", state)).to.have.lengthOf(2);
  });

  it("are known for every type that the program creates", async () => {
    const plans = [(await planned()).resources, await wholeStack()];
    const types = plans.flatMap((resources) => resources.filter(({ custom }) => custom).map(({ type }) => type));

    expect([...new Set(types)].filter((type) => !(type in LEFTOVERS))).to.deep.equal([]);
    expect(() => recoveryCommands("dev", interrupted("aws:ec2/instance:Instance", "creating", {}))).to.throw(
      UnknownTypeError,
    );
  });
});

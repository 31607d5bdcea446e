import { expect } from "chai";
import { resourcePrefix } from "../../components/config/names.js";
import { Cloud } from "./provider/cloud.js";
import { text } from "./provider/outputs.js";
import type { Properties } from "./provider/wire.js";
import type { Deployment } from "./support/deployment.js";
import { describeEngine, empty, fresh } from "./support/engine.js";
import { expectInOrder, expectStateMatchesCloud, lines } from "./support/expect.js";
import { addNetwork, EXISTING_NETWORK, SURROUNDINGS } from "./support/surroundings.js";

const STACK = "isolated";
const PREFIX = resourcePrefix("protein-agent", STACK);
const FUNCTION = "aws:lambda/function:Function";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const MODEL = "aws:sagemaker/model:Model";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const SUBNET = "aws:ec2/subnet:Subnet";
const VPC = "aws:ec2/vpc:Vpc";

/** The network with its interfaces goes before the rights to delete interfaces, which go before the roles. */
const REMOVAL = ["tools", "endpoint"].map((role) => [
  "delete Subnet subnet-a",
  `delete RolePolicy ${role}-network-policy`,
]);

describeEngine("the isolated network on a deployed stack, with the real engine", () => {
  it("is removed by network none when no interface is left in it", async () => {
    const live = await fresh(STACK);
    await live.set({ network: "none" });

    const change = await live.up();
    const again = await live.up();

    expect(change.messages).to.deep.equal([]);
    const calls = lines(change.calls, PREFIX);
    expectInOrder(calls, ["update Function tools-function: vpcConfig", "delete SecurityGroup tools-group"]);
    expectInOrder(calls, ["update Endpoint endpoint: endpointConfigName", "delete SecurityGroup model-group"]);
    for (const order of REMOVAL) expectInOrder(calls, order);
    expect(live.cloud.state.interfaces).to.deep.equal([]);
    expect(live.cloud.all(VPC)).to.deep.equal([]);
    expectStateMatchesCloud(live);
    expect(again.calls).to.deep.equal([]);
  });

  it("is destroyed when no interface is left in it, and the roles after it", async () => {
    const live = await fresh(STACK);

    const end = await live.destroy();

    expect(end.messages).to.deep.equal([]);
    const calls = lines(end.calls, PREFIX);
    for (const order of REMOVAL) expectInOrder(calls, order);
    expectInOrder(calls, ["delete Function tools-function", "delete SecurityGroup tools-group"]);
    expectInOrder(calls, ["delete RolePolicy tools-network-policy", "delete Role tools-role"]);
    expect(live.cloud.state.interfaces).to.deep.equal([]);
    expect(live.cloud.all(VPC)).to.deep.equal([]);
  });

  it("records its traffic, or no longer, without a change of anything else", async () => {
    const live = await fresh(STACK);
    const parts = ["LogGroup flow-logs", "Role flow-logs-role", "RolePolicy flow-logs-policy", "FlowLog flow-log"];
    await live.set({ flowLogs: "true" });

    const on = await live.up();
    await live.set({ flowLogs: "false" });
    const off = await live.up();

    expect(on.messages).to.deep.equal([]);
    expect(lines(on.calls, PREFIX)).to.have.members(parts.map((part) => `create ${part}`));
    expect(off.messages).to.deep.equal([]);
    expect(lines(off.calls, PREFIX)).to.have.members(parts.map((part) => `delete ${part}`));
    expectInOrder(lines(off.calls, PREFIX), ["delete FlowLog flow-log", "delete LogGroup flow-logs"]);
    expectStateMatchesCloud(live);
  });

  it("moves to other zones and back: function and model leave a subnet before its deletion", async () => {
    const live = await fresh(STACK);
    const before = ranges(live);
    await live.set({ availabilityZones: "us-east-1b,us-east-1c" });

    const there = await live.up();
    const moved = ranges(live);
    await live.set({ availabilityZones: "" });
    const back = await live.up();

    expect(there.messages).to.deep.equal([]);
    const calls = lines(there.calls, PREFIX);
    expectInOrder(calls, [
      "create Subnet subnet-c",
      "update Function tools-function: vpcConfig",
      "delete Subnet subnet-a",
    ]);
    expectInOrder(calls, ["update Endpoint endpoint: endpointConfigName", "delete Subnet subnet-a"]);
    expect(calls.filter((line) => line.includes("subnet-b"))).to.deep.equal([]);
    expect(new Map(moved).get("us-east-1b")).to.equal(new Map(before).get("us-east-1b"));
    expect(back.messages).to.deep.equal([]);
    expect(ranges(live)).to.deep.equal(before);
    expectStateMatchesCloud(live);
  });
});

describeEngine("an existing network, with the real engine", () => {
  it("is accepted only where its subnets are in two zones", async () => {
    const stack = await inExistingNetwork("us-east-1a", "us-east-1a");

    const refused = await stack.preview();

    expect(refused.failed).to.be.true;
    expect(refused.messages.join("\n")).to.match(
      /subnetIds is 'subnet-01234567,subnet-12345678': all these subnets are in us-east-1a, .* two zones/,
    );
  });

  it("keeps interfaces for ever where the stack is destroyed at once, and none where its users are destroyed first", async () => {
    const stack = await inExistingNetwork("us-east-1a", "us-east-1b");
    const up = await stack.up();
    const atOnce = await stack.copy();

    const whole = await atOnce.destroy();
    const users = await stack.destroy({ target: ["**lambda/function:Function**", "**sagemaker/endpoint:Endpoint**"] });
    const left = stack.cloud.state.interfaces.map(({ use }) => use);
    stack.cloud.state.interfaces = [];
    const rest = await stack.destroy();

    for (const { messages } of [up, whole, users, rest]) expect(messages).to.deep.equal([]);
    expect(new Set(atOnce.cloud.state.interfaces.map(({ use }) => use))).to.deep.equal(new Set(["stranded"]));
    expect(new Set(left)).to.deep.equal(new Set(["left"]));
    expect(stack.inState()).to.deep.equal([]);
    atOnce.close();
  });

  it("is left without interfaces by network none where its users move first", async () => {
    const stack = await inExistingNetwork("us-east-1a", "us-east-1b");
    const up = await stack.up();
    await stack.set({ network: "none", vpcId: "", subnetIds: "", securityGroupIds: "" });

    const users = await stack.up({
      target: ["**lambda/function:Function**", "**sagemaker/**", "**MetricAlarm::*-bad-image"],
    });
    const left = stack.cloud.state.interfaces.map(({ use }) => use);
    stack.cloud.state.interfaces = [];
    const rest = await stack.up();

    for (const { messages } of [up, users, rest]) expect(messages).to.deep.equal([]);
    expect(new Set(left)).to.deep.equal(new Set(["left"]));
    expect(lines(rest.calls, "protein-agent-defaults")).to.have.members(
      ["endpoint", "tools", "recorder", "sweeper"].map((role) => `delete RolePolicy ${role}-network-policy`),
    );
    expectStateMatchesCloud(stack, SURROUNDINGS);
  });
});

/** A stack in an existing VPC with two subnets, before its first deployment. */
async function inExistingNetwork(...zones: readonly string[]): Promise<Deployment> {
  const stack = await empty("defaults", { network: "isolated", ...EXISTING_NETWORK });
  addNetwork(stack, zones);
  return stack;
}

function ranges({ cloud }: Deployment): [string, string][] {
  const found = cloud.all(SUBNET).map(({ inputs }): [string, string] => {
    return [text(inputs["availabilityZone"]), text(inputs["cidrBlock"])];
  });
  return found.sort();
}

describe("the simulated network", () => {
  const HOUR = 3600;

  it("keeps interfaces of a function that has left, until Lambda has deleted them", () => {
    const cloud = network();
    const group = { type: GROUP, name: "group", id: "group" };
    const remove = (): void => {
      cloud.delete(group);
    };
    make(cloud, FUNCTION, {
      name: "function",
      role: ARN,
      vpcConfig: { subnetIds: ["one"], securityGroupIds: ["group"] },
    });
    expect(remove).to.throw("in-use");

    cloud.update({ type: FUNCTION, name: "function", id: "function", changed: ["vpcConfig"], inputs: { role: ARN } });

    expect(cloud.state.interfaces).to.have.lengthOf(1);
    expect(remove).to.not.throw();
    expect(cloud.state.interfaces).to.have.lengthOf(0);
  });

  it("keeps them for ever when the role's right, or the role, goes first", () => {
    const cloud = network();
    make(cloud, FUNCTION, {
      name: "function",
      role: ARN,
      vpcConfig: { subnetIds: ["one"], securityGroupIds: ["group"] },
    });
    cloud.delete({ type: FUNCTION, name: "function", id: "function" });
    cloud.delete({ type: ROLE_POLICY, name: "rights", id: "role:rights" });

    for (const [type, id] of [
      [GROUP, "group"],
      [SUBNET, "one"],
    ] as const) {
      expect(() => {
        cloud.delete({ type, name: id, id, timeoutSeconds: 24 * HOUR });
      }).to.throw("DependencyViolation");
    }
  });

  it("keeps SageMaker's interfaces longer than the provider waits by itself", () => {
    const cloud = network();
    const remove = (timeoutSeconds: number) => (): void => {
      cloud.delete({ type: SUBNET, name: "one", id: "one", timeoutSeconds });
    };
    cloud.state.interfaces.push({
      service: "sagemaker",
      user: "endpoint",
      role: ARN,
      subnet: "one",
      groups: ["group"],
      use: "left",
    });

    expect(remove(0)).to.throw("DependencyViolation");
    expect(remove(HOUR)).to.not.throw();
  });

  it("rejects subnets with addresses in common, and a model in one zone", () => {
    const cloud = network();
    const subnet = (cidrBlock: string) => (): void => {
      make(cloud, SUBNET, { name: "new", vpcId: "vpc", availabilityZone: "us-east-1a", cidrBlock });
    };
    const model = (name: string, ...subnets: string[]): Properties => ({
      name,
      executionRoleArn: ARN,
      vpcConfig: { subnets, securityGroupIds: ["group"] },
    });

    expect(subnet("10.0.0.0/24")).to.throw("InvalidSubnet.Conflict");
    expect(subnet("10.0.0.0/16")).to.throw("InvalidSubnet.Conflict");
    expect(() => {
      make(cloud, MODEL, model("narrow", "one"));
    }).to.throw("two different Availability Zones");
    expect(() => {
      make(cloud, MODEL, model("wide", "one", "two"));
    }).to.not.throw();
    expect(subnet("10.0.32.0/20")).to.not.throw();
  });
});

const ARN = "arn:aws:iam::123456789012:role/role";

/** A VPC with two subnets and a group, and a role that may delete interfaces. */
function network(): Cloud {
  const cloud = new Cloud();
  const statement = { Effect: "Allow", Action: ["ec2:DeleteNetworkInterface"], Resource: ["*"] };
  make(cloud, ROLE, { name: "role" });
  make(cloud, ROLE_POLICY, { name: "rights", role: "role", policy: { Statement: [statement] } });
  make(cloud, VPC, { name: "vpc" });
  make(cloud, SUBNET, { name: "one", vpcId: "vpc", availabilityZone: "us-east-1a", cidrBlock: "10.0.0.0/20" });
  make(cloud, SUBNET, { name: "two", vpcId: "vpc", availabilityZone: "us-east-1b", cidrBlock: "10.0.16.0/20" });
  make(cloud, GROUP, { name: "group", vpcId: "vpc" });
  return cloud;
}

function make(cloud: Cloud, type: string, inputs: Properties): void {
  cloud.create({ type, name: text(inputs["name"]), inputs });
}

import { expect } from "chai";
import { isAllowed } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, statements, type PlannedStack } from "../../support/plannedStack.js";

const ISOLATED = { network: "isolated" };
const EXISTING = {
  ...ISOLATED,
  vpcId: "vpc-01234567",
  subnetIds: "subnet-01234567,subnet-12345678",
  securityGroupIds: "sg-01234567",
};

const VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const SUBNET = "aws:ec2/subnet:Subnet";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

function inNetwork({ resources }: PlannedStack): readonly { type: string }[] {
  return resources.filter(({ type }) => /^aws:(ec2|vpc)\//.test(type));
}

describe("PrivateNetwork", () => {
  it("is there only when asked for", async () => {
    const open = await planned();

    expect(inNetwork(open)).to.deep.equal([]);
    expect(open.one("aws:lambda/function:Function", "-tools-function").inputs).to.not.have.property("vpcConfig");
    expect(open.one("aws:sagemaker/model:Model").inputs).to.not.have.property("vpcConfig");
  });

  it("has no route to the internet", async () => {
    const stack = await planned("default", ISOLATED);

    const types = inNetwork(stack).map(({ type }) => type);

    expect(types.filter((type) => /Gateway|Eip|Route:|Peering/.test(type))).to.deep.equal([]);
    for (const { inputs } of stack.all(SUBNET)) expect(inputs).to.not.have.property("mapPublicIpOnLaunch");
  });

  it("spans the first two zones, or those that are named", async () => {
    const zones = async (overrides: Record<string, string>) =>
      (await planned("default", overrides))
        .all(SUBNET)
        .map(({ inputs }) => [inputs["availabilityZone"], inputs["cidrBlock"]]);

    expect(await zones(ISOLATED)).to.deep.equal([
      ["eu-west-1a", "10.0.248.0/21"],
      ["eu-west-1b", "10.0.240.0/21"],
    ]);
    expect(await zones({ ...ISOLATED, availabilityZones: "eu-west-1b,eu-west-1c" })).to.deep.equal([
      ["eu-west-1b", "10.0.240.0/21"],
      ["eu-west-1c", "10.0.232.0/21"],
    ]);
  });

  it("reaches exactly the services that are called", async () => {
    const { all } = await planned("default", ISOLATED);

    const endpoints = all(VPC_ENDPOINT).map(({ inputs }) => [inputs["serviceName"], inputs["vpcEndpointType"]]);

    expect(endpoints).to.have.deep.members([
      [`com.amazonaws.${REGION}.s3`, "Gateway"],
      [`com.amazonaws.${REGION}.dynamodb`, "Gateway"],
      [`com.amazonaws.${REGION}.sagemaker.api`, "Interface"],
      [`com.amazonaws.${REGION}.sagemaker.runtime`, "Interface"],
    ]);
  });

  it("lets only this account reach only this stack's resources through them", async () => {
    const { all, outputs } = await planned("default", ISOLATED);
    const table = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(outputs["jobTableName"])}`;
    const bucket = String(outputs["s3BucketArn"]);

    const policies = all(VPC_ENDPOINT).flatMap(({ inputs }) => statements(JSON.parse(String(inputs["policy"]))));

    expect(policies.flatMap(({ Resource }) => Resource)).to.have.members([
      bucket,
      `${bucket}/*`,
      table,
      `${table}/index/*`,
      outputs["endpointArn"],
      outputs["endpointArn"],
    ]);
    for (const { Condition } of policies) {
      expect(Condition).to.deep.equal({ StringEquals: { "aws:PrincipalAccount": ACCOUNT } });
    }
  });

  for (const [action, service, resource, expected] of [
    ["s3:PutObject", "-s3", "{bucket}/async-inference-input/a.json", true],
    ["s3:GetObject", "-s3", "arn:aws:s3:::another-bucket/a", false],
    ["s3:DeleteObject", "-s3", "{bucket}/async-inference-input/a.json", false],
    ["dynamodb:GetItem", "-dynamodb", "{table}", true],
    ["dynamodb:GetItem", "-dynamodb", "{table}-2", false],
    ["sagemaker:InvokeEndpointAsync", "-sagemaker-runtime", "{endpoint}", true],
    ["sagemaker:InvokeEndpointAsync", "-sagemaker-runtime", "{endpoint}-2", false],
    ["sagemaker:DescribeEndpoint", "-sagemaker-api", "{endpoint}", true],
    ["sagemaker:DeleteEndpoint", "-sagemaker-api", "{endpoint}", false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} even an administrator ${action} on ${resource} from within`, async () => {
      const stack = await planned("default", ISOLATED);
      const { s3BucketArn, endpointArn, jobTableName } = stack.outputs;
      const arn = resource
        .replace("{bucket}", String(s3BucketArn))
        .replace("{endpoint}", String(endpointArn))
        .replace("{table}", `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${String(jobTableName)}`);

      expect(await isAllowed(stack, { principal: "owner", action, resource: arn, through: service })).to.equal(
        expected,
      );
    });
  }

  it("allows the tools to call services over HTTPS and the model to call S3 only, and no calls to either", async () => {
    const { all } = await planned("default", ISOLATED);

    const described = (type: string) =>
      all(type).map(({ name, inputs }) => [
        name.replace("protein-agent-default-", ""),
        inputs["fromPort"],
        inputs["toPort"],
      ]);

    expect(described(EGRESS)).to.have.deep.members([
      ["tools-to-services-out", 443, 443],
      ["tools-to-s3-out", 443, 443],
      ["tools-to-dynamodb-out", 443, 443],
      ["model-to-s3-out", 443, 443],
    ]);
    expect(described(INGRESS)).to.deep.equal([["tools-to-services-in", 443, 443]]);
    for (const { inputs } of [...all(EGRESS), ...all(INGRESS)])
      expect(inputs).to.not.have.any.keys("cidrIpv4", "cidrIpv6");
    for (const { inputs } of all(GROUP)) expect(inputs).to.not.have.any.keys("ingress", "egress");
  });

  it("removes every rule from the default security group of the VPC", async () => {
    const { one } = await planned("default", ISOLATED);

    expect(one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs).to.not.have.any.keys("ingress", "egress");
  });

  it("holds function and model, each in its own group, and the model stays isolated", async () => {
    const { one } = await planned("default", ISOLATED);

    const tools = one("aws:lambda/function:Function", "-tools-function").inputs["vpcConfig"] as {
      subnetIds: string[];
      securityGroupIds: string[];
    };
    const model = one("aws:sagemaker/model:Model").inputs;
    const modelVpc = model["vpcConfig"] as { subnets: string[]; securityGroupIds: string[] };

    expect(tools.subnetIds).to.have.length(2).and.to.deep.equal(modelVpc.subnets);
    expect(tools.securityGroupIds).to.not.deep.equal(modelVpc.securityGroupIds);
    expect(model["enableNetworkIsolation"]).to.equal(true);
  });

  it("lets the roles make network interfaces only where there is a network", async () => {
    const actions = async (overrides: Record<string, string>) =>
      (await planned("default", overrides))
        .all("aws:iam/rolePolicy:RolePolicy")
        .flatMap(({ inputs }) => statements(inputs["policy"]).flatMap(({ Action }) => Action))
        .filter((action) => action.startsWith("ec2:"));

    expect(await actions({})).to.deep.equal([]);
    expect(await actions(ISOLATED))
      .to.include("ec2:CreateNetworkInterface")
      .and.to.not.include("ec2:RunInstances");
  });
});

describe("The roles in an isolated network", () => {
  const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:protein-agent-default-async-endpoint-lambda`;
  const fromCode = { "lambda:SourceFunctionArn": functionArn };
  const networkInterface = `arn:aws:ec2:${REGION}:${ACCOUNT}:network-interface/eni-01234567`;

  for (const [principal, action, resource, context, expected] of [
    ["-tools-role", "ec2:CreateNetworkInterface", networkInterface, {}, true],
    ["-tools-role", "ec2:DeleteNetworkInterface", networkInterface, {}, true],
    ["-tools-role", "ec2:DescribeNetworkInterfaces", "*", {}, true],
    ["-endpoint-role", "ec2:DeleteNetworkInterface", networkInterface, {}, true],
    ["-tools-role", "ec2:CreateNetworkInterface", networkInterface, fromCode, false],
    ["-tools-role", "ec2:DeleteNetworkInterface", networkInterface, fromCode, false],
    ["-tools-role", "ec2:DescribeNetworkInterfaces", "*", fromCode, false],
    ["-tools-role", "ec2:DeleteNetworkInterface", networkInterface.replace(REGION, "us-west-2"), {}, false],
    ["-tools-role", "ec2:DeleteSubnet", `arn:aws:ec2:${REGION}:${ACCOUNT}:subnet/subnet-01234567`, {}, false],
  ] as const) {
    it(`${expected ? "let" : "do not let"} ${principal} ${action} on ${resource} ${JSON.stringify(context)}`, async () => {
      const stack = await planned("default", ISOLATED);

      expect(await isAllowed(stack, { principal, action, resource, context })).to.equal(expected);
    });
  }

  it("keep their rights over network interfaces until subnets and groups are deleted, which waits for them", async () => {
    const { all, one } = await planned("default", ISOLATED);
    const rights = ["-endpoint-network-policy", "-tools-network-policy"].map(
      (name) => one("aws:iam/rolePolicy:RolePolicy", name).urn,
    );

    const holders = [...all(SUBNET), ...["-tools-group", "-model-group"].map((name) => one(GROUP, name))];

    expect(holders).to.have.length(4);
    for (const { options } of holders) {
      expect(options.dependsOn).to.include.members(rights);
    }
  });
});

describe("existingNetwork", () => {
  it("runs function and model in the given subnets and groups and makes nothing of its own", async () => {
    const stack = await planned("default", EXISTING);

    expect(inNetwork(stack)).to.deep.equal([]);
    expect(stack.one("aws:lambda/function:Function", "-tools-function").inputs["vpcConfig"]).to.deep.equal({
      subnetIds: ["subnet-01234567", "subnet-12345678"],
      securityGroupIds: ["sg-01234567"],
    });
    expect(stack.one("aws:sagemaker/model:Model").inputs["vpcConfig"]).to.deep.equal({
      subnets: ["subnet-01234567", "subnet-12345678"],
      securityGroupIds: ["sg-01234567"],
    });
  });
});

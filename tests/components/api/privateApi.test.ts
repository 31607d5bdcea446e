import { expect } from "chai";
import { evaluate, isAllowed, requestContext } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const API = "aws:apigateway/restApi:RestApi";

describe("HttpApi in an isolated network", () => {
  const ISOLATED = { api: "true", network: "isolated" };
  const caller = `arn:aws:iam::${ACCOUNT}:user/caller`;
  const resource = `arn:aws:execute-api:${REGION}:${ACCOUNT}:abc/v1/GET/predictions`;

  async function mayCall(stack: PlannedStack, vpc: string, identity: unknown, principal = caller): Promise<boolean> {
    return evaluate({
      request: {
        principal,
        action: "execute-api:Invoke",
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { ...requestContext(principal), "aws:SourceVpc": vpc },
      },
      identityPolicies: identity === undefined ? [] : [{ name: "identity", policy: identity }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: JSON.parse(
        String(stack.one(API).inputs["policy"]).replaceAll(
          "execute-api:/*",
          `arn:aws:execute-api:${REGION}:${ACCOUNT}:abc/*`,
        ),
      ) as unknown,
    });
  }
  const invoke = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
  };

  it("is private: only callers with a right of their own, only from the VPC", async () => {
    const stack = await planned("default", ISOLATED);
    const policy = JSON.parse(String(stack.one(API).inputs["policy"])) as {
      Statement: { Condition?: { StringNotEquals: Record<string, string> } }[];
    };
    const vpc = policy.Statement[1]?.Condition?.StringNotEquals["aws:SourceVpc"] ?? "";

    expect(stack.one(API).inputs["endpointConfiguration"]).to.deep.equal({ types: "PRIVATE" });
    expect(await mayCall(stack, vpc, invoke)).to.equal(true);
    expect(await mayCall(stack, vpc, undefined)).to.equal(false);
    expect(await mayCall(stack, "vpc-another", invoke)).to.equal(false);
    expect(await mayCall(stack, vpc, invoke, "arn:aws:iam::999999999999:user/other")).to.equal(false);
  });

  it("is called through an endpoint of the VPC, with a group of its own that lets nobody in", async () => {
    const stack = await planned("default", ISOLATED);
    const endpoint = stack.one("aws:ec2/vpcEndpoint:VpcEndpoint", "-execute-api").inputs;
    const request = { principal: "owner", through: "-execute-api" } as const;
    const rules = [
      ...stack.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
      ...stack.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
    ].filter(({ name }) => name.includes("api"));

    expect(endpoint["serviceName"]).to.equal(`com.amazonaws.${REGION}.execute-api`);
    expect(rules).to.deep.equal([]);
    expect(await isAllowed(stack, { ...request, action: "execute-api:Invoke", resource })).to.equal(true);
    expect(
      await isAllowed(stack, {
        ...request,
        action: "execute-api:Invoke",
        resource: resource.replace(ACCOUNT, "999999999999"),
      }),
    ).to.equal(false);
  });

  it("has no endpoint without the API, and uses the VPC of its owner where there is one", async () => {
    const without = await planned("default", { network: "isolated" });
    const existing = await planned("default", {
      ...ISOLATED,
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
      securityGroupIds: "sg-0123456789abcdef0",
    });

    const services = without.all("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => String(inputs["serviceName"]));
    expect(services.filter((service) => service.includes("execute-api"))).to.deep.equal([]);
    expect(existing.one(API).inputs["policy"]).to.include("vpc-0123456789abcdef0");
  });
});

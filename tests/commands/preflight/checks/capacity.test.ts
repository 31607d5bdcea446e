import {
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { concurrency } from "../../../../commands/preflight/checks/concurrency.js";
import { offering } from "../../../../commands/preflight/checks/offering.js";
import { zonesOf } from "../../../../commands/preflight/checks/zones.js";
import { settingsOf } from "../../../../commands/preflight/settings.js";
import { stackConfig } from "../../../../local/program/stackConfig.js";
import { expectFinding } from "../support/answers.js";

describe("preflight: Lambda concurrency", () => {
  const lambda = mockClient(LambdaClient);
  const ask = (reserved: number, limit: number, unreserved = limit) => {
    lambda.reset();
    const account = { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved };
    lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: account });
    return concurrency(new LambdaClient({}), { reserved, region: "us-east-1" });
  };

  it("is enough where nothing is reserved", async () => {
    expectFinding(await ask(-1, 1000), "ok", /^1000 of 1000 executions are unreserved\.$/);
  });

  it("leaves the 100 unreserved executions that Lambda requires", async () => {
    expectFinding(await ask(900, 1000), "ok", /900 are reserved/);
    expectFinding(
      await ask(901, 1000),
      "fault",
      /100 of the 1000 unreserved executions must stay/,
      /lambdaReservedConcurrency -- -1/,
    );
  });

  it("counts the reservations of other functions", async () => {
    expectFinding(
      await ask(10, 1000, 105),
      "fault",
      /is 10, but 100 of the 105 unreserved executions must stay/,
      /L-B99A9384/,
    );
  });

  it("reserves nothing in a new account, whose limit is 10", async () => {
    expectFinding(await ask(1, 10), "fault", /is 1, but 10 of the 10 unreserved executions must stay/, /-- -1/);
    expectFinding(
      await ask(-1, 10),
      "warning",
      /share 10 concurrent executions/,
      /--desired-value 1000 --region us-east-1/,
    );
  });
});

describe("preflight: instance type offered", () => {
  const ec2 = mockClient(EC2Client);
  const ask = (zones: readonly string[], offered: readonly string[], existing = false) => {
    ec2.reset();
    ec2
      .on(DescribeInstanceTypeOfferingsCommand)
      .resolves({ InstanceTypeOfferings: offered.map((Location) => ({ Location })) });
    return offering(new EC2Client({}), { instanceType: "ml.g6.2xlarge", zones, existing, region: "us-east-1" });
  };

  it("is looked up by the name that EC2 uses, and lists the zones", async () => {
    expectFinding(
      await ask([], ["us-east-1b", "us-east-1a"]),
      "ok",
      /^g6\.2xlarge is offered in us-east-1a, us-east-1b\.$/,
    );
    expect(ec2.commandCalls(DescribeInstanceTypeOfferingsCommand)[0]?.args[0].input).to.deep.equal({
      LocationType: "availability-zone",
      Filters: [{ Name: "instance-type", Values: ["g6.2xlarge"] }],
    });
  });

  it("fails where the region lacks the type", async () => {
    expectFinding(await ask([], []), "fault", /g6\.2xlarge is not offered in us-east-1/, /aws:region REGION/);
  });

  it("fails where a configured zone lacks the type", async () => {
    expectFinding(
      await ask(["us-east-1a", "us-east-1e"], ["us-east-1a", "us-east-1b"]),
      "fault",
      /not offered in us-east-1e, only in us-east-1a, us-east-1b/,
      /availabilityZones us-east-1a,us-east-1b/,
    );
  });

  it("fails where a subnet of an existing network is in a zone that lacks the type", async () => {
    const findings = await ask(["us-east-1e"], ["us-east-1a"], true);

    expectFinding(findings, "fault", /not offered in us-east-1e/, /config set subnetIds/);
  });
});

describe("preflight: zones", () => {
  const ec2 = mockClient(EC2Client);
  const ask = (overrides: Record<string, string>) =>
    zonesOf(new EC2Client({}), settingsOf(stackConfig({ overrides }), "amplify-vep"));

  beforeEach(() => {
    ec2.reset();
    ec2.on(DescribeAvailabilityZonesCommand).resolves({
      AvailabilityZones: ["us-east-1c", "us-east-1a", "us-east-1b"].map((ZoneName) => ({ ZoneName })),
    });
  });

  it("are chosen by SageMaker where there is no network", async () => {
    expect(await ask({ availabilityZones: "us-east-1a" })).to.deep.equal([]);
    expect(ec2.calls()).to.have.lengthOf(0);
  });

  it("are those of the configuration", async () => {
    expect(await ask({ network: "isolated", availabilityZones: "us-east-1d, us-east-1e" })).to.deep.equal([
      "us-east-1d",
      "us-east-1e",
    ]);
    expect(ec2.calls()).to.have.lengthOf(0);
  });

  it("are the first two of the region, which the program uses, where none are configured", async () => {
    expect(await ask({ network: "isolated" })).to.deep.equal(["us-east-1a", "us-east-1b"]);
  });

  it("are those of an existing network's subnets", async () => {
    const subnets = ["us-east-1f", "us-east-1a", "us-east-1f"].map((AvailabilityZone) => ({ AvailabilityZone }));
    ec2.on(DescribeSubnetsCommand, { SubnetIds: ["subnet-1", "subnet-2"] }).resolves({ Subnets: subnets });

    expect(await ask({ network: "isolated", subnetIds: "subnet-1,subnet-2" })).to.deep.equal([
      "us-east-1a",
      "us-east-1f",
    ]);
  });
});

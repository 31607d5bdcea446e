import { DescribeVpcEndpointServicesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { mockClient } from "aws-sdk-client-mock";
import { endpointZones, subnetZones } from "../../../../commands/preflight/checks/networkZones.js";
import { expectAmong, expectFinding } from "../support/answers.js";

const API = "com.amazonaws.us-east-1.sagemaker.api";
const RUNTIME = "com.amazonaws.us-east-1.sagemaker.runtime";

describe("preflight: zones of the network", () => {
  const ec2 = mockClient(EC2Client);
  const ask = (zones: readonly string[], offered: Readonly<Record<string, readonly string[]>>) => {
    const details = Object.entries(offered).map(([ServiceName, letters]) => ({
      ServiceName,
      AvailabilityZones: letters.map((letter) => `us-east-1${letter}`),
    }));
    ec2.reset();
    ec2.on(DescribeVpcEndpointServicesCommand, { ServiceNames: [API, RUNTIME] }).resolves({ ServiceDetails: details });
    return endpointZones(new EC2Client({}), { services: [API, RUNTIME], zones, region: "us-east-1" });
  };

  it("are right where each offers each interface endpoint", async () => {
    expectFinding(
      await ask(["us-east-1a", "us-east-1b"], { [API]: ["a", "b"], [RUNTIME]: ["b", "a"] }),
      "ok",
      /offered in us-east-1a, us-east-1b/,
    );
  });

  it("are wrong where one lacks an endpoint, and the fix has the zones with all of them", async () => {
    expectFinding(
      await ask(["us-east-1a", "us-east-1e"], { [API]: ["d", "b", "a"], [RUNTIME]: ["a", "b", "e"] }),
      "fault",
      /sagemaker\.api is not offered in us-east-1e, only in us-east-1a, us-east-1b, us-east-1d\./,
      /config set availabilityZones us-east-1a,us-east-1b$/,
    );
  });

  it("are wrong where the region lacks an endpoint", async () => {
    expectFinding(
      await ask(["us-east-1a", "us-east-1b"], { [API]: ["a", "b"] }),
      "fault",
      /sagemaker\.runtime is not offered in us-east-1a, us-east-1b, only in no zone/,
      /aws:region REGION/,
    );
  });

  it("are two or more for existing subnets", () => {
    expectAmong(subnetZones(["us-east-1a", "us-east-1f"]), "ok", /us-east-1a, us-east-1f/);
    expectFinding(
      subnetZones(["us-east-1a"]),
      "fault",
      /All subnets are in us-east-1a; .* two zones/,
      /config set subnetIds/,
    );
  });
});

import { expect } from "chai";
import { faults, given } from "./support/configuration.js";

describe("The keys of the network", () => {
  it("asks for the other parts of an existing network, each with its fix", async () => {
    await given({ network: "isolated", vpcId: "vpc-01234567" });

    const found = faults();

    expect(found.map(({ key }) => key)).to.deep.equal(["subnetIds", "securityGroupIds"]);
    expect(found[0]?.fix).to.match(/^pulumi config set subnetIds subnet-/);
  });

  it("accepts a complete existing network, and refuses zones together with it", async () => {
    const existing = {
      vpcId: "vpc-01234567",
      subnetIds: "subnet-01234567,subnet-12345678",
      securityGroupIds: "sg-01234567",
    };
    await given({ network: "isolated", ...existing });
    expect(faults()).to.deep.equal([]);

    await given({ network: "isolated", ...existing, availabilityZones: "us-east-1a" });
    expect(faults().map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["availabilityZones", "pulumi config rm availabilityZones"],
    ]);
  });

  it("refuses one zone or one subnet, because SageMaker needs two", async () => {
    await given({ network: "isolated", availabilityZones: "us-east-1b" });
    expect(faults()).to.deep.equal([
      {
        key: "availabilityZones",
        value: "us-east-1b",
        problem:
          "allowed are two zones or more, because SageMaker needs subnets in two zones; empty takes the first two",
        fix: "pulumi config rm availabilityZones",
      },
    ]);

    await given({
      network: "isolated",
      vpcId: "vpc-01234567",
      subnetIds: "subnet-01234567",
      securityGroupIds: "sg-01234567",
    });
    expect(faults().map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["subnetIds", "pulumi config set subnetIds subnet-01234567,subnet-0123456789abcdef0"],
    ]);
  });

  it("accepts flow logs of the stack's own network only", async () => {
    await given({ network: "isolated", flowLogs: "true" });
    expect(faults()).to.deep.equal([]);

    await given({ flowLogs: "true" });
    expect(faults().map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["flowLogs", "pulumi config set network isolated"],
    ]);

    await given({
      network: "isolated",
      flowLogs: "true",
      vpcId: "vpc-01234567",
      subnetIds: "subnet-01234567,subnet-12345678",
      securityGroupIds: "sg-01234567",
    });
    expect(faults()).to.deep.equal([
      {
        key: "flowLogs",
        value: "true",
        problem: "allowed only without vpcId: the flow logs of an existing VPC belong to its owner",
        fix: "pulumi config rm flowLogs",
      },
    ]);
  });

  it("refuses a network's parts without a network", async () => {
    await given({ subnetIds: "subnet-01234567", availabilityZones: "us-east-1a" });

    const found = faults();

    expect(found.map(({ key }) => key)).to.deep.equal(["subnetIds", "availabilityZones"]);
    expect(found.every(({ fix }) => fix === "pulumi config set network isolated")).to.equal(true);
  });
});

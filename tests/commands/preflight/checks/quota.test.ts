import {
  ListAWSDefaultServiceQuotasCommand,
  ListServiceQuotasCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { buildQuota, endpointQuota } from "../../../../commands/preflight/checks/quota.js";
import { expectFinding } from "../support/answers.js";

const NAME = "ml.g6.2xlarge for endpoint usage";

describe("preflight: endpoint quota", () => {
  const quotas = mockClient(ServiceQuotasClient);
  const ask = (mostInstances = 2) =>
    endpointQuota(new ServiceQuotasClient({}), { instanceType: "ml.g6.2xlarge", mostInstances, region: "us-east-1" });
  const applied = (value: number) => {
    quotas
      .on(ListServiceQuotasCommand, { ServiceCode: "sagemaker" })
      .resolves({ Quotas: [{ QuotaName: NAME, QuotaCode: "L-1A2B", Value: value }] });
  };

  beforeEach(() => {
    quotas.reset();
    quotas.on(ListServiceQuotasCommand).resolves({ Quotas: [] });
    quotas.on(ListAWSDefaultServiceQuotasCommand).resolves({ Quotas: [] });
  });

  it("is enough for all instances and the new one of an update", async () => {
    applied(3);

    expectFinding(await ask(), "ok", /is 3; 3 are needed/);
  });

  it("is 0 in new accounts, and the fix requests enough for both fleets", async () => {
    applied(0);

    expectFinding(
      await ask(),
      "fault",
      /'ml\.g6\.2xlarge for endpoint usage' is 0: no endpoint can start/,
      /request-service-quota-increase --service-code sagemaker --quota-code L-1A2B --desired-value 3 --region us-east-1/,
    );
  });

  it("allows a first pulumi up, but no update, with one instance", async () => {
    applied(1);

    expectFinding(await ask(1), "warning", /an update starts a second fleet/, /--desired-value 2 /);
  });

  it("is too small for all instances and the new one of an update", async () => {
    applied(3);

    expectFinding(
      await ask(10),
      "warning",
      /is 3: 10 instances and an update's new one need 11/,
      /--desired-value 11 /,
    );
  });

  it("is searched for on every page, and in the defaults of AWS", async () => {
    quotas
      .on(ListServiceQuotasCommand)
      .resolvesOnce({ Quotas: [{ QuotaName: "ml.g6.2xlarge for training job usage", Value: 9 }], NextToken: "2" })
      .resolvesOnce({ Quotas: [{ QuotaName: "ml.g6.xlarge for endpoint usage", Value: 9 }] });
    quotas
      .on(ListAWSDefaultServiceQuotasCommand)
      .resolves({ Quotas: [{ QuotaName: NAME, QuotaCode: "L-1", Value: 0 }] });

    expectFinding(await ask(), "fault", /is 0/, /L-1 /);
    expect(quotas.commandCalls(ListServiceQuotasCommand)).to.have.lengthOf(2);
  });

  it("does not exist for a type that SageMaker lacks in the region", async () => {
    expectFinding(
      await ask(),
      "fault",
      /no quota 'ml\.g6\.2xlarge for endpoint usage' in us-east-1/,
      /config set instanceType/,
    );
  });
});

describe("preflight: build quota", () => {
  const quotas = mockClient(ServiceQuotasClient);
  const ask = async (value?: number) => {
    const name = "Concurrently running builds for Linux/Medium environment";
    quotas.reset();
    quotas.on(ListAWSDefaultServiceQuotasCommand).resolves({ Quotas: [] });
    quotas.on(ListServiceQuotasCommand, { ServiceCode: "codebuild" }).resolves({
      Quotas: value === undefined ? [] : [{ QuotaName: name, QuotaCode: "L-2DC20C30", Value: value }],
    });
    return buildQuota(new ServiceQuotasClient({}), "us-east-1");
  };

  it("is enough for one build", async () => {
    expectFinding(await ask(1), "ok", /is 1; 1 is needed/);
  });

  it("is 0 in some new accounts", async () => {
    expectFinding(
      await ask(0),
      "fault",
      /is 0: no build can start/,
      /--service-code codebuild --quota-code L-2DC20C30 --desired-value 1 --region us-east-1/,
    );
  });

  it("does not exist where CodeBuild lacks the environment", async () => {
    expectFinding(await ask(), "fault", /has no quota/, /imageBuild local/);
  });
});

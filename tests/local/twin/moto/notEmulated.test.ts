import { CloudWatchClient, DescribeAnomalyDetectorsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, ListAnomaliesCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeAggregateIdFormatCommand, EC2Client } from "@aws-sdk/client-ec2";
import { LambdaClient, ListLayersCommand } from "@aws-sdk/client-lambda";
import { SageMakerClient, UpdateEndpointCommand } from "@aws-sdk/client-sagemaker";
import { ListOriginationNumbersCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListMessageMoveTasksCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { clientOptions } from "../../../../local/twin/account.js";
import { systemClock } from "../../../../local/twin/clock.js";
import { LambdaService } from "../../../../local/twin/functions/service.js";
import { Gateway } from "../../../../local/twin/gateway.js";
import { startMoto } from "../../../../local/twin/moto/moto.js";
import { freePort } from "../../../../local/twin/processes/ports.js";
import { Processes } from "../../../../local/twin/processes/processes.js";
import { PROGRAMS } from "../../../../local/twin/processes/programs.js";
import { SageMakerService } from "../../../../local/twin/sagemaker/service.js";
import { signedFor } from "../support/signature.js";
import { rejection } from "../support/until.js";

describe("an operation that the twin does not emulate", () => {
  const processes = new Processes();
  const gateway = new Gateway();
  let endpointUrl: string;
  let options: ReturnType<typeof clientOptions>;

  before(async () => {
    endpointUrl = await gateway.listen(0);
    options = clientOptions(endpointUrl);
    const lambda = new LambdaService({
      onFailure: () => undefined,
      endpointUrl,
      processes,
      clock: systemClock,
      onLog: () => undefined,
    });
    const sagemaker = new SageMakerService();
    const fallbackPort = await freePort();
    await startMoto(processes, PROGRAMS.python, fallbackPort);
    gateway.serve({
      fallbackPort,
      services: {
        lambda: (request, response) => lambda.handle(request, response),
        sagemaker: (request, response) => sagemaker.handle(request, response),
      },
    });
  });

  after(async () => {
    await processes.stop();
    await gateway.close();
  });

  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    // JSON 1.0
    "monitoring DescribeAnomalyDetectors": () =>
      new CloudWatchClient(options).send(new DescribeAnomalyDetectorsCommand({})),
    "sqs ListMessageMoveTasks": () =>
      new SQSClient(options).send(new ListMessageMoveTasksCommand({ SourceArn: "arn:aws:sqs:us-east-1:1:queue" })),
    // JSON 1.1
    "logs ListAnomalies": () => new CloudWatchLogsClient(options).send(new ListAnomaliesCommand({})),
    // Query
    "sns ListOriginationNumbers": () => new SNSClient(options).send(new ListOriginationNumbersCommand({})),
    // EC2 query
    "ec2 DescribeAggregateIdFormat": () => new EC2Client(options).send(new DescribeAggregateIdFormatCommand({})),
    // The twin's own services: JSON 1.1 and REST
    "sagemaker UpdateEndpoint": () =>
      new SageMakerClient(options).send(new UpdateEndpointCommand({ EndpointName: "e", EndpointConfigName: "c" })),
    "lambda GET /2018-10-31/layers": () => new LambdaClient(options).send(new ListLayersCommand({})),
  };
  for (const [operation, call] of Object.entries(calls)) {
    it(`is refused with a typed error that is not retried: ${operation}`, async () => {
      const error = await rejection(call());
      expect(error).to.have.property("name", "NotImplemented");
      expect(error.message).to.contain(`The local twin does not emulate ${operation} (`);
      expect(error).to.have.property("$metadata").that.includes({ httpStatusCode: 501, attempts: 1 });
    });
  }

  it("is refused if the emulator does not have the service at all", async () => {
    const headers = { ...signedFor("health"), "x-amz-target": "AWSHealth_20160804.DescribeEvents" };
    const answer = await fetch(endpointUrl, { method: "POST", headers, body: "{}" });
    expect(answer.status).to.equal(501);
    expect(await answer.json()).to.have.property("__type", "NotImplemented");
  });

  it("is refused if the emulator does not know the path", async () => {
    const answer = await fetch(`${endpointUrl}/sdktypes`, { headers: signedFor("apigateway") });
    expect(answer.status).to.equal(501);
    expect(await answer.json())
      .to.have.property("message")
      .that.contains("apigateway GET /sdktypes");
  });

  it("is refused in CBOR if the request speaks it", async () => {
    const headers = { ...signedFor("monitoring"), "smithy-protocol": "rpc-v2-cbor" };
    const path = "/service/GraniteServiceVersion20100801/operation/DescribeAnomalyDetectors";
    const answer = await fetch(`${endpointUrl}${path}`, { method: "POST", headers, body: Buffer.from([0xa0]) });
    expect(answer.status).to.equal(501);
    expect(answer.headers.get("smithy-protocol")).to.equal("rpc-v2-cbor");
    const body = Buffer.from(await answer.arrayBuffer()).toString("latin1");
    // A map of two, then each text as its length in four bytes and its characters.
    expect(body.startsWith("\xa2\x7a\0\0\0\x06__type\x7a\0\0\0\x0eNotImplemented\x7a\0\0\0\x07message\x7a")).to.be.true;
    expect(body).to.contain("monitoring DescribeAnomalyDetectors");
  });

  it("differs from a failure of the emulator, which is answered with its reason in one line", async () => {
    const answer = await fetch(endpointUrl, { method: "POST", headers: signedFor("dynamodb"), body: "{}" });
    expect(answer.status).to.equal(500);
    const error = (await answer.json()) as { __type: string; message: string };
    expect(error.__type).to.equal("InternalFailure");
    expect(error.message).to.match(/^The AWS emulator failed: KeyError: .*HTTP_X_AMZ_TARGET.*$/);
  });
});

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import type { LedgerItem } from "../../../contract/jobs.js";
import type { Twin } from "../../../local/twin/start.js";
import { sharedTwin } from "./support/sharedTwin.js";
import { ToolCalls } from "./support/toolCalls.js";
import { until } from "./support/until.js";

const PROTEIN = "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRG";

/** SageMaker's topics, the recorder's queue and the job ledger on the twin. */
describe("the way back of jobs on the twin", () => {
  let twin: Twin;
  let tools: ToolCalls;
  let documents: DynamoDBDocumentClient;
  let sns: SNSClient;
  let sqs: SQSClient;
  let next = 0;

  before(async () => {
    twin = await sharedTwin();
    tools = new ToolCalls(twin);
    documents = DynamoDBDocumentClient.from(new DynamoDBClient(twin.clientConfig));
    sns = new SNSClient(twin.clientConfig);
    sqs = new SQSClient(twin.clientConfig);
    // The next delivery after a second, not after three minutes.
    const QueueUrl = await queueUrl("notifications");
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "1" } }));
  });

  /** A protein that was never scored before. */
  const protein = (): string => `${PROTEIN}${"ACDEFGHIKL".repeat(2)}${"MNPQRSTVWY".charAt(next++)}`;

  const TableName = (): string => String(twin.outputs["jobTableName"]);

  async function job(id: string): Promise<LedgerItem> {
    const { Item } = await documents.send(
      new GetCommand({ TableName: TableName(), Key: { output_id: id }, ConsistentRead: true }),
    );
    return Item as LedgerItem;
  }

  /** Changes attributes of a job, as a crash or another function would have left it. */
  async function change(id: string, changes: Record<string, unknown>): Promise<void> {
    const names = Object.keys(changes);
    await documents.send(
      new UpdateCommand({
        TableName: TableName(),
        Key: { output_id: id },
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, changes[name]])),
      }),
    );
  }

  async function queueUrl(name: "notifications" | "dead-letters"): Promise<string> {
    const QueueNamePrefix = `${String(twin.outputs["resourcePrefix"])}-${name}-`;
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix }));
    expect(QueueUrls).to.have.length(1);
    return QueueUrls[0] ?? "";
  }

  function message(item: LedgerItem, more: Record<string, unknown> = {}): object {
    const time = new Date().toISOString();
    return {
      eventTime: time,
      receivedTime: time,
      invocationStatus: "Completed",
      requestParameters: { endpointName: twin.outputs["endpointName"] },
      responseParameters: { outputLocation: item.output_location },
      inferenceId: item.inference_id,
      ...more,
    };
  }

  async function publish(...messages: object[]): Promise<void> {
    const [TopicArn] = twin.outputs["notificationTopicArns"] as string[];
    for (const one of messages) await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(one) }));
  }

  /** Waits until the recorder has handled every message that it can. */
  async function handled(): Promise<void> {
    const QueueUrl = await queueUrl("notifications");
    const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    await until("an empty queue", async () => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
      );
      return AttributeNames.every((name) => Attributes[name] === "0") ? true : undefined;
    });
  }

  const sweep = async (): Promise<void> => {
    const FunctionName = `${String(twin.outputs["resourcePrefix"])}-sweeper`;
    const { FunctionError, Payload } = await new LambdaClient(twin.clientConfig).send(
      new InvokeCommand({ FunctionName }),
    );
    expect(FunctionError, Buffer.from(Payload ?? []).toString()).to.equal(undefined);
  };

  it("records a completed job that nobody asks for", async () => {
    const { output_id: id } = await tools.submit({ sequence: protein() });

    const completed = await until("a recorded job", async () => {
      const item = await job(id);
      return item.state === "completed" ? item : undefined;
    });

    expect(Date.parse(completed.completed_at ?? "")).to.be.at.least(Date.parse(completed.submitted_at));
  });

  it("changes nothing for messages that come twice, late or in another order", async () => {
    const { output_id: id } = await tools.submit({ sequence: protein() });
    const before = await until("a recorded job", async () => {
      const item = await job(id);
      return item.state === "completed" ? item : undefined;
    });

    const late = message(before, { invocationStatus: "Failed", responseParameters: {} });
    await publish(message(before), message(before), late, message(before, { invocationStatus: "Expired" }));
    await handled();

    expect(await job(id)).to.deep.equal(before);
  });

  it("changes nothing of attempt 2 for what comes late about attempt 1", async () => {
    const { output_id: id } = await tools.submit({ sequence: protein() });
    await tools.ended(id);
    await handled();
    const first = await job(id);
    await change(id, {
      state: "in_progress",
      attempt: 2,
      inference_id: `${id}.2`,
      estimated_at: "2999-01-01T00:00:00.000Z",
    });

    await publish(message(first), message(first, { invocationStatus: "Failed" }));
    await handled();

    expect(await job(id)).to.include({ state: "in_progress", attempt: 2 });
    await change(id, { state: "completed" });
  });

  it("puts messages about unknown jobs, endpoints and states to the dead letters, and no other", async () => {
    const { output_id: id } = await tools.submit({ sequence: protein() });
    await tools.ended(id);
    const item = await job(id);
    const unknown = [
      message(item, { inferenceId: "00000000-0000-8000-8000-000000000000.1" }),
      message(item, { requestParameters: { endpointName: "another" } }),
      message(item, { invocationStatus: "Paused" }),
    ];
    await publish(message(item), ...unknown);

    const QueueUrl = await queueUrl("dead-letters");
    const found = new Map<string, unknown>();
    await until("three dead letters", async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      for (const { MessageId = "", Body = "" } of Messages) found.set(MessageId, JSON.parse(Body));
      return found.size >= unknown.length ? true : undefined;
    });
    await handled();

    expect([...found.values()]).to.have.deep.members(unknown);
  });

  it("heals a job whose notification was lost with a sweep", async () => {
    const { output_id: id } = await tools.submit({ sequence: protein() });
    await tools.ended(id);
    await handled();
    const { completed_at } = await job(id);
    await change(id, { state: "in_progress", estimated_at: "2020-01-01T00:00:00.000Z" });

    await sweep();

    const healed = await job(id);
    expect(healed.state).to.equal("completed");
    expect(Math.abs(Date.parse(healed.completed_at ?? "") - Date.parse(completed_at ?? ""))).to.be.below(2_000);
  });

  it("starts a submission again that was interrupted before the endpoint was invoked, from its stored request", async () => {
    const { output_id: id } = await tools.submit({ sequence: protein() });
    await tools.ended(id);
    await handled();
    await change(id, { state: "submitting", sent_at: "2020-01-01T00:00:00.000Z" });

    await sweep();
    expect(await job(id)).to.include({ attempt: 2 });

    const ended = await tools.ended(id);
    expect(ended.status).to.equal("completed");
    expect((await job(id)).inference_id).to.equal(`${id}.2`);
  });

  it("lists jobs by tag, newest first, and cancels one", async () => {
    const tag = "a plate";
    const first = await tools.submit({ sequence: protein(), name: "first", tags: [tag] });
    const second = await tools.submit({ sequence: protein(), name: "second", tags: [tag] });

    const cancelled = await tools.call<{ status: string }>({ tool_name: "cancel_job", output_id: second.output_id });
    const listed = await tools.call<{ jobs: { output_id: string; name: string }[]; next_token: string }>({
      tool_name: "list_jobs",
      tag,
      limit: 1,
    });
    const rest = await tools.call<{ jobs: { output_id: string; name: string }[]; next_token: null }>({
      tool_name: "list_jobs",
      tag,
      limit: 1,
      next_token: listed.success ? listed.data.next_token : "",
    });

    expect(cancelled.success && ["cancelled", "completed"].includes(cancelled.data.status)).to.equal(true);
    expect(listed.success && listed.data.jobs[0]).to.include({ output_id: second.output_id, name: "second" });
    expect(rest.success && rest.data.jobs[0]).to.include({ output_id: first.output_id, name: "first" });
  });
});

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;

/** AWS with fixed answers, on one address: it answers at once and stores nothing, so that only its callers are measured. */
export interface CannedAws {
  readonly endpointUrl: string;
  /** Items of the job ledger by output_id, in DynamoDB's typed JSON. */
  readonly items: Map<string, Json>;
  /** Objects by `/bucket/key`. */
  readonly objects: Map<string, string>;
  stop(): Promise<void>;
}

/** Starts canned AWS on a free port of this machine. An operation without an answer gets status 500 and the reason. */
export async function startCannedAws(): Promise<CannedAws> {
  const items = new Map<string, Json>();
  const objects = new Map<string, string>();
  const server = createServer((request, response) => {
    void bodyOf(request)
      .then((body) => answer(request, body, items, objects))
      .catch((error: unknown): Answer => ({ status: 500, text: String(error) }))
      .then((ready) => {
        send(response, ready);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpointUrl: `http://127.0.0.1:${port}`,
    items,
    objects,
    stop: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly text: string;
}

function answer(
  request: IncomingMessage,
  body: string,
  items: Map<string, Json>,
  objects: Map<string, string>,
): Answer {
  const url = new URL(request.url ?? "/", "http://aws");
  const target = String(request.headers["x-amz-target"] ?? "");
  if (target !== "") return jsonAnswer(target.split(".").at(-1) ?? "", JSON.parse(body) as Json, items);
  if (url.pathname.endsWith("/async-invocations")) return invocation();
  if (request.method === "PUT") return { text: "" };
  if (url.searchParams.get("list-type") === "2") return listing(url, objects);
  const object = objects.get(decodeURIComponent(url.pathname));
  return object === undefined
    ? { status: 404, text: "<Error><Code>NoSuchKey</Code></Error>" }
    : { headers: { "content-type": "application/json" }, text: object };
}

function jsonAnswer(operation: string, input: Json, items: Map<string, Json>): Answer {
  const key = (of: unknown): string => ((of as Json)["output_id"] as { S: string }).S;
  const reply = (content: Json): Answer => ({
    headers: { "content-type": "application/x-amz-json-1.0" },
    text: JSON.stringify(content),
  });
  switch (operation) {
    case "GetItem": {
      const item = items.get(key(input["Key"]));
      return reply(item ? { Item: item } : {});
    }
    case "PutItem":
      return reply({});
    case "UpdateItem":
      return reply({ Attributes: attributesAfter(input) });
    case "Query":
      return reply({ Count: 0, ScannedCount: 0 });
    case "DescribeEndpoint":
      return reply({
        EndpointStatus: "InService",
        ProductionVariants: [{ VariantName: "AllTraffic", CurrentInstanceCount: 1 }],
      });
    default:
      throw new Error(`Canned AWS has no answer to ${operation}.`);
  }
}

/** The attributes of a new job after an update, as far as an answer needs them. */
function attributesAfter(input: Json): Json {
  const values = input["ExpressionAttributeValues"] as Json;
  return {
    ...(input["Key"] as Json),
    state: values[":state"],
    output_location: values[":output_location"],
    submitted_at: { S: new Date().toISOString() },
    sequence_length: { N: "65" },
    scoring: { S: "masked-marginals" },
    attempt: { N: "1" },
  };
}

function invocation(): Answer {
  return {
    status: 202,
    headers: {
      "content-type": "application/json",
      "x-amzn-sagemaker-outputlocation": "s3://bench-bucket/async-inference-output/a.out",
      "x-amzn-sagemaker-failurelocation": "s3://bench-bucket/async-inference-failures/a-error.out",
    },
    text: JSON.stringify({ InferenceId: "bench" }),
  };
}

function listing(url: URL, objects: Map<string, string>): Answer {
  const bucket = url.pathname.split("/")[1] ?? "";
  const prefix = url.searchParams.get("prefix") ?? "";
  const keys = [...objects.keys()].filter((path) => path.startsWith(`/${bucket}/${prefix}`));
  const contents = keys.map(
    (path) =>
      `<Contents><Key>${path.slice(bucket.length + 2)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`,
  );
  return {
    headers: { "content-type": "application/xml" },
    text: `<ListBucketResult><Name>${bucket}</Name>${contents.join("")}</ListBucketResult>`,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, { status = 200, headers = {}, text }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) });
  response.end(text);
}

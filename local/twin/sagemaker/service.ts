import type { IncomingMessage, ServerResponse } from "node:http";
import { ACCOUNT, arnOf } from "../account.js";
import { AwsError, notEmulated, readBody, sendJson } from "../http.js";
import { describeConfig, describeEndpoint, describeModel, summaryOf } from "./describe.js";
import type { AsyncEndpoint, EndpointSettings } from "./endpoint.js";
import { invalid, MAX_INLINE_BYTES, readInvocation } from "./invocation.js";

const RUNTIME_PATH = /^\/endpoints\/([^/]+)\/([a-z-]+)$/;

/** Largest request of the control plane, in bytes; real ones are much smaller. */
const MAX_CONTROL_BYTES = 1_000_000;

const OPERATIONS = "InvokeEndpointAsync, DescribeModel, DescribeEndpoint, DescribeEndpointConfig and ListEndpoints";

/** SageMaker for the clients of an asynchronous endpoint: runtime and control plane at one address. */
export class SageMakerService {
  private readonly endpoints = new Map<string, AsyncEndpoint>();

  /** Adds an endpoint. */
  add(endpoint: AsyncEndpoint): void {
    this.endpoints.set(endpoint.settings.name, endpoint);
  }

  /** All endpoints. */
  all(): AsyncEndpoint[] {
    return [...this.endpoints.values()];
  }

  /** Answers one request. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://twin").pathname;
    const [, name, action] = RUNTIME_PATH.exec(path) ?? [];
    if (name !== undefined && action !== undefined) {
      await this.invoke(decodeURIComponent(name), action, request, response);
    } else {
      await this.control(request, response);
    }
  }

  private async invoke(
    name: string,
    action: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(request, MAX_INLINE_BYTES, () =>
      invalid("body", `must have a length of at most ${MAX_INLINE_BYTES} bytes; use an InputLocation`),
    );
    const endpoint = this.endpoints.get(name);
    if (!endpoint) {
      throw new AwsError(400, "ValidationError", `Endpoint ${name} of account ${ACCOUNT.id} not found.`);
    }
    // SageMaker takes requests only for an endpoint in service, and during an update of it.
    if (endpoint.broken) {
      throw new AwsError(400, "ValidationError", `Endpoint ${name} of account ${ACCOUNT.id} is not in service.`);
    }
    if (action !== "async-invocations") {
      throw new AwsError(400, "ValidationError", `Endpoint ${name} is asynchronous: call InvokeEndpointAsync.`);
    }
    const job = endpoint.invoke(readInvocation(request.headers, body));
    sendJson(
      response,
      202,
      { InferenceId: job.inferenceId },
      {
        "x-amzn-sagemaker-outputlocation": job.outputLocation,
        "x-amzn-sagemaker-failurelocation": job.failureLocation,
      },
    );
  }

  private async control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, MAX_CONTROL_BYTES, () => invalid("body", "is too long"));
    const target = request.headers["x-amz-target"];
    const operation = typeof target === "string" ? target.replace(/^SageMaker\./, "") : "";
    const answer = this.answer(operation, readInput(body));
    sendJson(response, 200, answer, { "content-type": "application/x-amz-json-1.1" });
  }

  private answer(operation: string, input: Record<string, unknown>): object {
    switch (operation) {
      case "DescribeModel":
        return describeModel(this.find("model", input["ModelName"], ({ model }) => model.name));
      case "DescribeEndpoint":
        return describeEndpoint(this.find("endpoint", input["EndpointName"], ({ name }) => name));
      case "DescribeEndpointConfig":
        return describeConfig(
          this.find("endpoint-config", input["EndpointConfigName"], ({ configName }) => configName),
        );
      case "ListEndpoints":
        return { Endpoints: this.all().map(summaryOf) };
      default:
        throw notEmulated("sagemaker", operation, `it emulates ${OPERATIONS}`);
    }
  }

  /** The endpoint that has, or uses, the resource of this kind and name. */
  private find(kind: string, name: unknown, nameOf: (settings: EndpointSettings) => string): AsyncEndpoint {
    const found = this.all().find(({ settings }) => nameOf(settings) === name);
    if (found) return found;
    const arn = arnOf("sagemaker", `${kind}/${String(name)}`);
    throw new AwsError(400, "ValidationException", `Could not find ${kind} "${arn}".`);
  }
}

function readInput(body: Buffer): Record<string, unknown> {
  try {
    return (body.length > 0 ? JSON.parse(body.toString()) : {}) as Record<string, unknown>;
  } catch {
    throw new AwsError(400, "SerializationException", "The request's body is not JSON.");
  }
}

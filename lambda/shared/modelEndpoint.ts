import { DescribeEndpointCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";
import { InvokeEndpointAsyncCommand, type SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import type { LedgerItem } from "../../contract/jobs.js";
import { REQUEST_TTL_SECONDS } from "../../contract/limits.js";
import { requestAttributes } from "../../contract/models.js";
import { awsCall } from "./awsCall.js";

/** How long the endpoint's state is cached, in milliseconds. */
const STATE_CACHE_MS = 5_000;

/** Statuses in which an endpoint accepts requests now, or will in some minutes. */
const SERVING: readonly string[] = ["InService", "Updating", "SystemUpdating", "RollingBack", "Creating"];

/** The state of the endpoint. */
export interface EndpointState {
  /** SageMaker's `EndpointStatus`, such as `InService`. */
  readonly status: string;
  /** Whether it accepts requests now, or will in some minutes. */
  readonly serving: boolean;
  /** Number of running instances. */
  readonly instances: number;
}

/** The S3 addresses to which SageMaker will write the result or the failure of an invocation. */
export interface AcceptedInvocation {
  readonly outputLocation: string;
  readonly failureLocation: string | undefined;
}

/** The model's asynchronous endpoint. */
export class ModelEndpoint {
  readonly #sageMaker: SageMakerClient;
  readonly #runtime: SageMakerRuntimeClient;
  readonly #name: string;
  readonly #maxInvocationSeconds: number;
  readonly #now: () => Date;
  #known: { readonly state: EndpointState; readonly at: number } | undefined;

  /** @param settings.maxInvocationSeconds how long one invocation may take, in seconds */
  constructor(
    sageMaker: SageMakerClient,
    runtime: SageMakerRuntimeClient,
    settings: { readonly endpointName: string; readonly maxInvocationSeconds: number },
    now: () => Date,
  ) {
    this.#sageMaker = sageMaker;
    this.#runtime = runtime;
    this.#name = settings.endpointName;
    this.#maxInvocationSeconds = settings.maxInvocationSeconds;
    this.#now = now;
  }

  /** The endpoint's state, at most {@link STATE_CACHE_MS} old. */
  async state(): Promise<EndpointState> {
    const now = this.#now().getTime();
    if (this.#known && now - this.#known.at < STATE_CACHE_MS) return this.#known.state;
    const { EndpointStatus = "Unknown", ProductionVariants = [] } = await awsCall(
      "sagemaker:DescribeEndpoint",
      this.#sageMaker.send(new DescribeEndpointCommand({ EndpointName: this.#name })),
    );
    const state = {
      status: EndpointStatus,
      serving: SERVING.includes(EndpointStatus),
      instances: ProductionVariants[0]?.CurrentInstanceCount ?? 0,
    };
    this.#known = { state, at: now };
    return state;
  }

  /**
   * Adds a request to the endpoint's queue.
   *
   * @param inputLocation S3 address of the request
   * @param job the job that the request is of: no other version of the model may score it
   */
  async invoke(
    inputLocation: string,
    job: Pick<LedgerItem, "inference_id" | "image_digest">,
  ): Promise<AcceptedInvocation> {
    const invocation = new InvokeEndpointAsyncCommand({
      EndpointName: this.#name,
      InputLocation: inputLocation,
      ContentType: "application/json",
      Accept: "application/json",
      InferenceId: job.inference_id,
      CustomAttributes: requestAttributes(job.image_digest),
      RequestTTLSeconds: REQUEST_TTL_SECONDS,
      InvocationTimeoutSeconds: this.#maxInvocationSeconds,
    });
    const { OutputLocation, FailureLocation } = await awsCall(
      "sagemaker:InvokeEndpointAsync",
      this.#runtime.send(invocation),
    );
    if (OutputLocation === undefined) throw new TypeError("SageMaker accepted a request without an output location.");
    return { outputLocation: OutputLocation, failureLocation: FailureLocation };
  }
}

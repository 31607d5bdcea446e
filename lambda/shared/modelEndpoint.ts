import { DescribeEndpointCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";
import { InvokeEndpointAsyncCommand, type SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { INVOCATION_TIMEOUT_SECONDS, REQUEST_TTL_SECONDS } from "../../contract/limits.js";
import { awsCall } from "./awsCall.js";

/** How long the endpoint's state is believed, in milliseconds. */
const STATE_KEPT_MS = 5_000;

/** Statuses in which an endpoint takes requests, or soon will. */
const SERVING: readonly string[] = ["InService", "Updating", "SystemUpdating", "RollingBack", "Creating"];

/** How the endpoint stands. */
export interface EndpointState {
  /** SageMaker's word for it, such as `InService`. */
  readonly status: string;
  /** Whether it takes requests, or soon will. */
  readonly serving: boolean;
  /** Instances that run now. */
  readonly instances: number;
}

/** Where SageMaker will write what becomes of an invocation. */
export interface AcceptedInvocation {
  readonly outputLocation: string;
  readonly failureLocation: string | undefined;
}

/** The asynchronous endpoint that the model runs behind. */
export class ModelEndpoint {
  readonly #sageMaker: SageMakerClient;
  readonly #runtime: SageMakerRuntimeClient;
  readonly #name: string;
  readonly #now: () => Date;
  #known: { readonly state: EndpointState; readonly at: number } | undefined;

  constructor(sageMaker: SageMakerClient, runtime: SageMakerRuntimeClient, name: string, now: () => Date) {
    this.#sageMaker = sageMaker;
    this.#runtime = runtime;
    this.#name = name;
    this.#now = now;
  }

  /** The endpoint's state, at most {@link STATE_KEPT_MS} old. */
  async state(): Promise<EndpointState> {
    const now = this.#now().getTime();
    if (this.#known && now - this.#known.at < STATE_KEPT_MS) return this.#known.state;
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
   * Puts a request into the endpoint's queue.
   *
   * @param inputLocation S3 address of the request
   * @param inferenceId SageMaker's id of this attempt
   */
  async invoke(inputLocation: string, inferenceId: string): Promise<AcceptedInvocation> {
    const invocation = new InvokeEndpointAsyncCommand({
      EndpointName: this.#name,
      InputLocation: inputLocation,
      ContentType: "application/json",
      Accept: "application/json",
      InferenceId: inferenceId,
      RequestTTLSeconds: REQUEST_TTL_SECONDS,
      InvocationTimeoutSeconds: INVOCATION_TIMEOUT_SECONDS,
    });
    const { OutputLocation, FailureLocation } = await awsCall(
      "sagemaker:InvokeEndpointAsync",
      this.#runtime.send(invocation),
    );
    if (OutputLocation === undefined) throw new TypeError("SageMaker accepted a request without an output location.");
    return { outputLocation: OutputLocation, failureLocation: FailureLocation };
  }
}

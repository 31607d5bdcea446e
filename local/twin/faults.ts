import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "./http.js";
import type { EndpointStore } from "./sagemaker/endpoint.js";

/** One request to the address of the twin. */
export interface ServiceCall {
  /** Service in the credential scope, such as `dynamodb`. */
  readonly service: string;
  /** Such as `PutItem`; for a REST service the HTTP method and path. */
  readonly operation: string;
  readonly request: IncomingMessage;
  /** The body; undefined for services that the twin answers itself (Lambda, SageMaker). */
  readonly body: Buffer | undefined;
}

/** How an invocation of a function fails: refused by Lambda, or ended as at its timeout. */
export type InvocationFault =
  { readonly kind: "throttle" } | { readonly kind: "timeout"; /** Counted from its start. */ readonly afterMs: number };

/** Where a test can inject faults into the twin. Every member is optional, and without them nothing changes. */
export interface TwinFaults {
  /**
   * Called before a request reaches its service.
   *
   * @returns the error that the service answers instead; `lost` if the service handles the request, but the connection
   *   breaks before its answer; undefined for no fault
   */
  readonly request?: (call: ServiceCall) => AwsError | "lost" | undefined;
  /** Called with the HTTP status of each request that reached its service. */
  readonly handled?: (call: ServiceCall, status: number) => void;
  /** Called before an invocation of a function, whoever invokes it; undefined for no fault. */
  readonly invocation?: (functionName: string) => InvocationFault | undefined;
  /** Called when an invocation has ended. */
  readonly invoked?: (functionName: string) => void;
  /** Replaces S3 and SNS as SageMaker itself uses them. */
  readonly store?: (store: EndpointStore) => EndpointStore;
}

/**
 * Applies the faults of one request.
 *
 * @throws AwsError the error that the service answers instead
 */
export function applyFaults(faults: TwinFaults, call: ServiceCall, response: ServerResponse): void {
  const fault = faults.request?.(call);
  if (fault instanceof AwsError) throw fault;
  if (fault === "lost") {
    const lose = (status: number): ServerResponse => {
      // `end` writes the head too, if it was not written.
      if (!response.destroyed) faults.handled?.(call, status);
      return response.destroy();
    };
    response.writeHead = lose;
  } else response.once("finish", () => faults.handled?.(call, response.statusCode));
}

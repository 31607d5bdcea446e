import type { Properties } from "./wire.js";

/** One resource that exists in the simulated cloud. */
export interface CloudResource {
  readonly type: string;
  readonly id: string;
  /** Logical name in the Pulumi program. */
  readonly name: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Whether an endpoint has the status Failed: it can only be deleted. */
  failed?: boolean;
  /** Name of the endpoint whose instances run, or ran, with an endpoint configuration. */
  runsFor?: string;
  /** Whether objects of a bucket are or were encrypted with a key. */
  encryptsObjects?: boolean;
  /** Whether an endpoint has the status Creating or Updating: it can be neither updated nor deleted. */
  inProgress?: boolean;
}

/** A network interface that Lambda or SageMaker made for a function or an endpoint. */
export interface NetworkInterface {
  readonly service: "lambda" | "sagemaker";
  /** Id of the function or endpoint. */
  readonly user: string;
  /** ARN of the role with which the service deletes the interface. */
  readonly role: string;
  readonly subnet: string;
  readonly groups: readonly string[];
  /** `left`: the user no longer needs it, and the service will delete it; `stranded`: the service may no longer. */
  use: "in-use" | "left" | "stranded";
}

/** Everything that exists in the simulated cloud: plain data, so that it can be copied. */
export interface CloudState {
  readonly resources: Record<string, CloudResource>;
  /** Object keys by bucket. */
  readonly objects: Record<string, string[]>;
  /** How often the object of each `bucket/key` that a program reads was overwritten; nothing for 0. */
  readonly overwritten: Record<string, number>;
  /** Image digest by tag, by repository. */
  readonly images: Record<string, Record<string, string>>;
  /** Network interfaces that no stack manages. */
  interfaces: NetworkInterface[];
  /** Number of resources created so far: makes generated ids unique. */
  created: number;
}

/** The part of the cloud that a rule reads. */
export interface CloudView {
  readonly state: CloudState;
  find(type: string, id: string): CloudResource | undefined;
  /** All resources of a type. */
  all(type: string): CloudResource[];
}

export type Operation = "create" | "update" | "delete";

/** Rules of one resource type: why AWS rejects a call, and the side effects of a call on other resources. */
export interface Rules {
  /** `timeoutSeconds`: how long the provider waits, as the program sets it; 0 for the provider's own default. */
  readonly reject?: Partial<
    Record<Operation, (cloud: CloudView, resource: CloudResource, timeoutSeconds: number) => string | undefined>
  >;
  readonly effect?: Partial<Record<Operation, (cloud: CloudView, resource: CloudResource) => void>>;
}

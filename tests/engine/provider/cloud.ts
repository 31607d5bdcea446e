import { invoked } from "./functions.js";
import { computed, planned, plannedUpdate } from "./outputs.js";
import { applyEffects, rejectionOf } from "./rules.js";
import type { CloudResource, CloudState, CloudView, Operation } from "./cloudState.js";
import { CloudError, InitializationError, type Properties } from "./wire.js";

/** One call that creates, updates or deletes a resource. */
export interface Call {
  readonly operation: Operation;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly id: string;
  /** Properties that an update changes; empty for other calls. */
  readonly changed: readonly string[];
}

/** A call that fails once. */
export interface Failure {
  readonly operation: Operation;
  readonly type: string;
  /** `rejected`: the call fails and changes nothing; `broken`: a new resource fails to start, an update is rolled back. */
  readonly kind: "rejected" | "broken";
}

interface Request {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

/** Simulates AWS, a registry and the random provider: stores resources, rejects what AWS rejects, records calls. */
export class Cloud implements CloudView {
  readonly calls: Call[] = [];
  /** Called when a call has taken effect, before the engine gets the answer. */
  afterCall: (call: Call) => void = () => undefined;
  private readonly failures: Failure[] = [];

  constructor(
    readonly state: CloudState = {
      resources: {},
      objects: {},
      overwritten: {},
      images: {},
      interfaces: [],
      created: 0,
    },
  ) {}

  /** An independent cloud with the same resources and no recorded calls. */
  copy(): Cloud {
    return new Cloud(structuredClone(this.state));
  }

  /** Makes the next call of an operation and type fail. */
  failOnce(failure: Failure): void {
    this.failures.push(failure);
  }

  /** Adds a resource that no stack manages. */
  add(resource: CloudResource): void {
    this.state.resources[address(resource.type, resource.id)] = resource;
  }

  /** Nobody waits for the endpoint of a call any more: it stays in progress until {@link settle}. */
  leaveInProgress({ operation, type, id }: Call): void {
    const resource = this.find(type, id);
    if (type.endsWith(":Endpoint") && operation !== "delete" && resource) resource.inProgress = true;
  }

  /** SageMaker completes what it does for the endpoints. */
  settle(): void {
    for (const resource of this.everything()) delete resource.inProgress;
  }

  find(type: string, id: string): CloudResource | undefined {
    return this.state.resources[address(type, id)];
  }

  everything(): CloudResource[] {
    return Object.values(this.state.resources);
  }

  /** All resources of a type. */
  all(type: string): CloudResource[] {
    return this.everything().filter((resource) => resource.type === type);
  }

  /**
   * The only resource of a type.
   *
   * @throws RangeError where there are none or several
   */
  only(type: string): CloudResource {
    const [resource, ...others] = this.all(type);
    if (!resource || others.length > 0)
      throw new RangeError(`Expected one ${type}, found ${others.length + (resource ? 1 : 0)}.`);
    return resource;
  }

  previewCreate({ type, inputs }: Request): { id: string; outputs: Properties } {
    return { id: "", outputs: planned(type, inputs) };
  }

  previewUpdate({ type, olds, inputs }: Request & { readonly olds: Properties }): Properties {
    return plannedUpdate(type, olds, inputs);
  }

  create({ type, name, inputs }: Request): { id: string; outputs: Properties } {
    const { id, outputs } = computed(type, name, inputs, ++this.state.created);
    const call: Call = { operation: "create", type, name, id, changed: [] };
    const broken = this.begin(call);
    const resource: CloudResource = { type, id, name, inputs, outputs };
    this.throwIf(rejectionOf("create", this, resource));
    this.state.resources[address(type, id)] = resource;
    applyEffects("create", this, resource);
    if (broken) resource.failed = true;
    this.afterCall(call);
    if (broken) {
      // The provider fails before it reads computed outputs, such as the ARN.
      throw new InitializationError(`waiting for ${type} (${id}): unexpected state 'Failed'`, id, inputs);
    }
    return { id, outputs };
  }

  update({
    type,
    name,
    id,
    inputs,
    changed,
  }: Request & { readonly id: string; readonly changed: readonly string[] }): Properties {
    const call: Call = { operation: "update", type, name, id, changed };
    const broken = this.begin(call);
    const existing = this.find(type, id);
    if (!existing) throw new CloudError(`updating ${type} (${id}): not found`);
    const wanted: CloudResource = {
      ...existing,
      inputs,
      outputs: { ...computed(type, name, inputs, 0).outputs, ...stable(existing, id) },
    };
    if (changed.length > 0) this.throwIf(rejectionOf("update", this, wanted));
    // The provider sees no error in an update that is rolled back: it reads the old values.
    if (broken) return existing.outputs;
    this.state.resources[address(type, id)] = wanted;
    applyEffects("update", this, wanted);
    this.afterCall(call);
    return wanted.outputs;
  }

  read(type: string, id: string): CloudResource | undefined {
    return this.find(type, id);
  }

  /**
   * Deletes a resource; no error where it does not exist, as in the real providers.
   *
   * @param resource.timeoutSeconds how long the provider waits; 0 for its own default. Default: 0
   */
  delete({
    type,
    name,
    id,
    timeoutSeconds = 0,
  }: {
    readonly type: string;
    readonly name: string;
    readonly id: string;
    readonly timeoutSeconds?: number;
  }): void {
    const call: Call = { operation: "delete", type, name, id, changed: [] };
    this.begin(call);
    const existing = this.find(type, id);
    if (!existing) return;
    this.throwIf(rejectionOf("delete", this, existing, timeoutSeconds));
    Reflect.deleteProperty(this.state.resources, address(type, id));
    applyEffects("delete", this, existing);
    this.afterCall(call);
  }

  invoke(token: string, args: Properties): Properties {
    return invoked(this.state, token, args);
  }

  /** Records a call; true where `failOnce` made it `broken`. */
  private begin(call: Call): boolean {
    this.calls.push(call);
    const index = this.failures.findIndex(({ operation, type }) => operation === call.operation && type === call.type);
    const [failure] = index < 0 ? [] : this.failures.splice(index, 1);
    if (failure?.kind === "rejected")
      throw new CloudError(`${call.operation} ${call.type}: ThrottlingException: Rate exceeded`);
    return failure?.kind === "broken";
  }

  private throwIf(reason: string | undefined): void {
    if (reason !== undefined) throw new CloudError(reason);
  }
}

/** Outputs that an update does not change: the ARN and the id. */
function stable({ outputs }: CloudResource, id: string): Properties {
  return outputs["arn"] === undefined ? {} : { arn: outputs["arn"], ...(outputs["id"] === undefined ? {} : { id }) };
}

function address(type: string, id: string): string {
  return `${type}|${id}`;
}

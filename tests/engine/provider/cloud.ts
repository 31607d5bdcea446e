import { invoked } from "./answers.js";
import { computed, planned, plannedUpdate } from "./outputs.js";
import { effectsOf, refusalOf } from "./rules.js";
import type { CloudState, Holdings, Operation, Thing } from "./things.js";
import { CloudError, InitializationError, type Properties } from "./wire.js";

/** One call that changed something, in the order in which they came. */
export interface Call {
  readonly operation: Operation;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly id: string;
  /** Properties that an update changes. */
  readonly changed: readonly string[];
}

/** A call that is to fail once. */
export interface Failure {
  readonly operation: Operation;
  readonly type: string;
  /** `refused`: nothing happens; `broken`: what is made does not come up, and what is updated is rolled back. */
  readonly kind: "refused" | "broken";
}

interface Asked {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

/** What stands for AWS, a registry and randomness: keeps what is made, refuses what AWS refuses, records every call. */
export class Cloud implements Holdings {
  readonly calls: Call[] = [];
  private readonly failures: Failure[] = [];

  constructor(readonly state: CloudState = { things: {}, objects: {}, images: {}, made: 0 }) {}

  /** A cloud of its own with the same contents, and without the calls that led to them. */
  copy(): Cloud {
    return new Cloud(structuredClone(this.state));
  }

  failOnce(failure: Failure): void {
    this.failures.push(failure);
  }

  find(type: string, id: string): Thing | undefined {
    return this.state.things[address(type, id)];
  }

  everything(): Thing[] {
    return Object.values(this.state.things);
  }

  /** All things of a type. */
  all(type: string): Thing[] {
    return this.everything().filter((thing) => thing.type === type);
  }

  /** The only thing of a type. */
  only(type: string): Thing {
    const [thing, ...others] = this.all(type);
    if (!thing || others.length > 0)
      throw new RangeError(`${type}: there are ${others.length + (thing ? 1 : 0)}, not one.`);
    return thing;
  }

  previewCreate({ type, inputs }: Asked): { id: string; outputs: Properties } {
    return { id: "", outputs: planned(type, inputs) };
  }

  previewUpdate({ type, olds, inputs }: Asked & { readonly olds: Properties }): Properties {
    return plannedUpdate(type, olds, inputs);
  }

  create({ type, name, inputs }: Asked): { id: string; outputs: Properties } {
    const { id, outputs } = computed(type, name, inputs, ++this.state.made);
    const broken = this.begin({ operation: "create", type, name, id, changed: [] });
    const thing: Thing = { type, id, name, inputs, outputs };
    this.refuse(refusalOf("create", this, thing));
    this.state.things[address(type, id)] = thing;
    effectsOf("create", this, thing);
    if (broken) {
      thing.failed = true;
      // The provider gives up before it has read anything back, such as the ARN.
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
  }: Asked & { readonly id: string; readonly changed: readonly string[] }): Properties {
    const broken = this.begin({ operation: "update", type, name, id, changed });
    const held = this.find(type, id);
    if (!held) throw new CloudError(`updating ${type} (${id}): not found`);
    const wanted: Thing = {
      ...held,
      inputs,
      outputs: { ...computed(type, name, inputs, 0).outputs, ...stable(held, id) },
    };
    if (changed.length > 0) this.refuse(refusalOf("update", this, wanted));
    // A rolled back update counts as done for the provider, which then reads what is there.
    if (broken) return held.outputs;
    this.state.things[address(type, id)] = wanted;
    effectsOf("update", this, wanted);
    return wanted.outputs;
  }

  read(type: string, id: string): Thing | undefined {
    return this.find(type, id);
  }

  /** What is gone already counts as deleted, as with the real providers. */
  delete({ type, name, id }: { readonly type: string; readonly name: string; readonly id: string }): void {
    this.begin({ operation: "delete", type, name, id, changed: [] });
    const held = this.find(type, id);
    if (!held) return;
    this.refuse(refusalOf("delete", this, held));
    Reflect.deleteProperty(this.state.things, address(type, id));
    effectsOf("delete", this, held);
  }

  invoke(token: string, args: Properties): Properties {
    return invoked(this.state, token, args);
  }

  /** Records a call; true where it is to leave something broken. */
  private begin(call: Call): boolean {
    this.calls.push(call);
    const index = this.failures.findIndex(({ operation, type }) => operation === call.operation && type === call.type);
    const [failure] = index < 0 ? [] : this.failures.splice(index, 1);
    if (failure?.kind === "refused")
      throw new CloudError(`${call.operation} ${call.type}: ThrottlingException: Rate exceeded`);
    return failure?.kind === "broken";
  }

  private refuse(reason: string | undefined): void {
    if (reason !== undefined) throw new CloudError(reason);
  }
}

/** What an update leaves as it is: ids that AWS made up. */
function stable({ outputs }: Thing, id: string): Properties {
  return outputs["arn"] === undefined ? {} : { arn: outputs["arn"], ...(outputs["id"] === undefined ? {} : { id }) };
}

function address(type: string, id: string): string {
  return `${type}|${id}`;
}

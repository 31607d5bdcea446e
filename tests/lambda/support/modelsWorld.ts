import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { InvokeEndpointAsyncCommand } from "@aws-sdk/client-sagemaker-runtime";
import { mockClient } from "aws-sdk-client-mock";
import { MODELS_ENVIRONMENT, type JobEnvironment } from "../../../contract/environment.js";
import { FIRST_POINTER, type ServedVersion } from "../../../contract/models.js";
import { jobEnvironment, ToolsWorld } from "./world.js";

/** The version that the single-model variables of `jobEnvironment` describe. */
export const BASE: ServedVersion = {
  name: "base",
  endpoint: "protein-endpoint",
  model: "chandar-lab/AMPLIFY_120M",
  revision: "main",
  digest: "sha256:1111",
  most: 2,
};

export const V2: ServedVersion = {
  ...BASE,
  name: "v2",
  endpoint: "protein-model-v2-endpoint",
  model: "chandar-lab/AMPLIFY_350M",
  digest: "sha256:2222",
};

/** How a stack with two versions is set up. */
export interface ModelsOptions {
  readonly versions?: readonly ServedVersion[];
  readonly modelB?: { readonly name: string; readonly share?: number; readonly mode?: "split" | "shadow" };
}

/** The tools' function of a stack with two model versions. */
export class ModelsWorld extends ToolsWorld {
  /** Value of the active pointer; undefined: there is no parameter. */
  pointer: string | undefined = JSON.stringify(FIRST_POINTER);
  readonly ssm;

  constructor(options: ModelsOptions = {}) {
    super(environmentOf(options));
    this.ssm = mockClient(SSMClient);
    this.ssm.on(GetParameterCommand).callsFake(() => {
      if (this.pointer === undefined) throw new ParameterNotFound({ message: "There is none.", $metadata: {} });
      return { Parameter: { Value: this.pointer } };
    });
  }

  /** Points to another version, as `vep models activate` does. */
  activate(version: string): void {
    this.pointer = JSON.stringify({ ...FIRST_POINTER, version, previous: "base" });
  }

  /** The endpoints that were invoked, in order. */
  get invoked(): (string | undefined)[] {
    return this.runtime.commandCalls(InvokeEndpointAsyncCommand).map(({ args: [{ input }] }) => input.EndpointName);
  }

  /** How often the pointer was read. */
  get looks(): number {
    return this.ssm.commandCalls(GetParameterCommand).length;
  }
}

/** The environment of a function of a stack with two model versions. */
export function environmentOf({ versions = [BASE, V2], modelB }: ModelsOptions = {}): JobEnvironment {
  const models: Record<string, string> = {
    [MODELS_ENVIRONMENT.versions]: JSON.stringify(versions),
    [MODELS_ENVIRONMENT.pointer]: "/protein/models/active",
    ...(modelB && {
      [MODELS_ENVIRONMENT.modelB]: modelB.name,
      [MODELS_ENVIRONMENT.modelBShare]: String(modelB.share ?? 20),
      [MODELS_ENVIRONMENT.modelBMode]: modelB.mode ?? "split",
    }),
  };
  return { ...jobEnvironment(), ...models };
}

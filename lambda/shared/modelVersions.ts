import { GetParameterCommand, type GetParameterCommandOutput, type SSMClient } from "@aws-sdk/client-ssm";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { InputError, quoted, ToolError } from "../../contract/errors.js";
import type { LedgerItem } from "../../contract/jobs.js";
import {
  BASE_VERSION,
  goesToModelB,
  POINTER_CACHE_SECONDS,
  readPointer,
  type ModelBMode,
  type ServedVersion,
} from "../../contract/models.js";
import { nearest } from "../../contract/nearest.js";
import { awsCall, namesOf } from "./awsCall.js";
import { ModelEndpoint } from "./modelEndpoint.js";

/** How a stack with several versions is set up. */
export interface VersionSettings {
  readonly versions: readonly ServedVersion[];
  /** Name of the parameter with the active pointer. */
  readonly pointer: string;
  /** Absent without `modelB`. */
  readonly modelB?: { readonly name: string; readonly share: number; readonly mode: ModelBMode };
}

/** Which versions score a protein. */
export interface ChosenVersions {
  /** Its job is the answer. */
  readonly answers: ServedVersion;
  /** Scores it too; nobody waits for it. */
  readonly shadow: ServedVersion | undefined;
}

/** Longest time that a pointer is used after the last successful look, in milliseconds. */
const CACHE_MS = POINTER_CACHE_SECONDS * 1_000;

/**
 * The model versions of a stack, and the one place that chooses between them: by name, by a sticky split or shadow, else
 * the active one.
 */
export class ModelVersions {
  readonly #settings: VersionSettings;
  readonly #ssm: () => Promise<Pick<SSMClient, "send">>;
  readonly #endpointOf: (version: ServedVersion) => ModelEndpoint;
  readonly #now: () => Date;
  readonly #endpoints = new Map<string, ModelEndpoint>();
  #known: { readonly active: string; readonly at: number } | undefined;

  /** @param ssm gives the client, which is loaded only where a stack has several versions */
  constructor(
    settings: VersionSettings,
    ssm: () => Promise<Pick<SSMClient, "send">>,
    endpointOf: (version: ServedVersion) => ModelEndpoint,
    now: () => Date,
  ) {
    this.#settings = settings;
    this.#ssm = ssm;
    this.#endpointOf = endpointOf;
    this.#now = now;
  }

  /** All versions, `base` first. */
  get all(): readonly ServedVersion[] {
    return this.#settings.versions;
  }

  /**
   * The active version, as of at most {@link POINTER_CACHE_SECONDS} ago.
   *
   * @throws ToolError `NO_ACTIVE_MODEL` if the pointer cannot be read, or names no version of the stack
   */
  async active(): Promise<ServedVersion> {
    const name = await this.#activeName();
    const version = this.#named(name);
    if (version) return version;
    // It may have been corrected meanwhile.
    this.#known = undefined;
    throw new ToolError(
      "NO_ACTIVE_MODEL",
      `The active pointer names the version ${quoted(name)}, which the stack does not have; its operator can run ` +
        `vep models activate with one of ${this.#names()}. Nothing was submitted.`,
    );
  }

  /**
   * Chooses the versions that score a protein.
   *
   * @param named the version that the caller asks for; undefined lets the stack choose
   * @throws InputError `UNKNOWN_MODEL` if the stack has no version of that name; ToolError as in {@link active}
   */
  async choose(sequence: string, named: string | undefined): Promise<ChosenVersions> {
    if (named !== undefined) return { answers: this.find(named), shadow: undefined };
    const active = await this.active();
    const { modelB } = this.#settings;
    const other = modelB && this.#named(modelB.name);
    if (modelB === undefined || other === undefined || other.name === active.name) {
      return { answers: active, shadow: undefined };
    }
    if (modelB.mode === "shadow") return { answers: active, shadow: other };
    return { answers: goesToModelB(sequence, modelB.share) ? other : active, shadow: undefined };
  }

  /** @throws InputError `UNKNOWN_MODEL` if the stack has no version of that name */
  find(name: string): ServedVersion {
    const version = this.#named(name);
    if (version) return version;
    throw unknownModel(
      name,
      this.all.map((one) => one.name),
    );
  }

  /** The version that works on a job; undefined if the stack does not have it any more. */
  ofJob({ model_version: name = BASE_VERSION }: LedgerItem): ServedVersion | undefined {
    return this.#named(name);
  }

  /** The endpoint of a version. */
  endpointOf(version: ServedVersion): ModelEndpoint {
    const known = this.#endpoints.get(version.name) ?? this.#endpointOf(version);
    this.#endpoints.set(version.name, known);
    return known;
  }

  async #activeName(): Promise<string> {
    const now = this.#now().getTime();
    if (this.#known && now - this.#known.at < CACHE_MS) return this.#known.active;
    const get = new GetParameterCommand({ Name: this.#settings.pointer });
    const ssm = await this.#ssm();
    const pointer = readPointer(await awsCall("ssm:GetParameter", valueOf(ssm.send(get))));
    if (pointer === undefined) {
      throw new ToolError(
        "NO_ACTIVE_MODEL",
        `The parameter ${this.#settings.pointer} is no pointer to a model version; its operator can run vep models ` +
          `activate with one of ${this.#names()}. Nothing was submitted.`,
      );
    }
    this.#known = { active: pointer.version, at: now };
    return pointer.version;
  }

  #named(name: string): ServedVersion | undefined {
    return this.all.find((version) => version.name === name);
  }

  #names(): string {
    return this.all.map(({ name }) => name).join(", ");
  }
}

/** The value of a parameter; empty if there is none. */
async function valueOf(answer: Promise<GetParameterCommandOutput>): Promise<string> {
  try {
    return (await answer).Parameter?.Value ?? "";
  } catch (error) {
    if (namesOf(error).includes("ParameterNotFound")) return "";
    throw error;
  }
}

/** The error for a version that a caller names and the stack does not have. */
export function unknownModel(name: string, names: readonly string[]): InputError {
  const near = nearest(name, names);
  const hint = near === undefined ? `the versions are ${names.join(", ")}` : `did you mean '${near}'`;
  return new InputError(
    "UNKNOWN_MODEL",
    `There is no model version ${quoted(name)}; ${hint}${near === undefined ? "." : "?"}`,
    { details: { models: names } },
  );
}

/** The clients of SageMaker. */
interface EndpointClients {
  readonly sageMaker: SageMakerClient;
  readonly sageMakerRuntime: SageMakerRuntimeClient;
}

/** Makes the endpoint of a version. */
export function endpointsWith(
  { sageMaker, sageMakerRuntime }: EndpointClients,
  maxInvocationSeconds: number,
  now: () => Date,
): (version: ServedVersion) => ModelEndpoint {
  return ({ endpoint: endpointName }) =>
    new ModelEndpoint(sageMaker, sageMakerRuntime, { endpointName, maxInvocationSeconds }, now);
}

import {
  GetParameterCommand,
  GetParametersByPathCommand,
  ParameterNotFound,
  PutParameterCommand,
  type Parameter,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import {
  BASE_VERSION,
  modelParameters,
  readPointer,
  versionFigures,
  versionRecord,
  type ActivePointer,
  type VersionFigures,
  type VersionRecord,
} from "../../contract/models.js";
import { nearest } from "../../contract/nearest.js";
import { UsageError } from "../command.js";

/** A version as the registry has it. */
export interface DeployedVersion extends VersionRecord {
  /** ISO 8601: when `pulumi up` wrote the record. */
  readonly deployed_at: string | null;
  /** Those of this image; undefined if it was not measured. */
  readonly figures: VersionFigures | undefined;
}

/** The registry of model versions of a stack, in Systems Manager. */
export class ModelRegistry {
  readonly #ssm: SSMClient;
  readonly #prefix: string;

  /** @param prefix first part of the names of the stack */
  constructor(ssm: SSMClient, prefix: string) {
    this.#ssm = ssm;
    this.#prefix = prefix;
  }

  /**
   * All versions: `base`, then the others by name.
   *
   * @throws UsageError if the stack has one version only, which needs no registry
   */
  async versions(): Promise<readonly DeployedVersion[]> {
    const [records, figures] = await Promise.all([
      this.#below(modelParameters.versions(this.#prefix)),
      this.#below(modelParameters.allFigures(this.#prefix)),
    ]);
    if (records.length === 0) {
      throw new UsageError(
        `the stack ${this.#prefix} has one model version; add others with pulumi config set --path 'models[0].name' NAME.`,
      );
    }
    const measured = figures.flatMap((parameter) => {
      const read = versionFigures.safeParse(json(parameter));
      return read.success ? [[lastPart(parameter), read.data] as const] : [];
    });
    const byName = new Map(measured);
    const versions = records.map((parameter) => {
      const record = versionRecord.parse(json(parameter));
      const known = byName.get(record.name);
      return {
        ...record,
        deployed_at: parameter.LastModifiedDate?.toISOString() ?? null,
        figures: known?.model_version === record.model_version ? known : undefined,
      };
    });
    const order = ({ name }: DeployedVersion): string => (name === BASE_VERSION ? "" : name);
    return versions.sort((one, other) => (order(one) < order(other) ? -1 : 1));
  }

  /**
   * The version of a name.
   *
   * @throws UsageError if the stack has none
   */
  async version(name: string): Promise<DeployedVersion> {
    const versions = await this.versions();
    const found = versions.find((version) => version.name === name);
    if (found) return found;
    const names = versions.map((version) => version.name);
    const near = nearest(name, names);
    const hint = near === undefined ? `the versions are ${names.join(", ")}` : `did you mean '${near}'?`;
    throw new UsageError(`the stack has no model version '${name}'; ${hint}`);
  }

  /** The active pointer; undefined if the parameter does not exist or is none. */
  async pointer(): Promise<ActivePointer | undefined> {
    try {
      const { Parameter: found } = await this.#ssm.send(
        new GetParameterCommand({ Name: modelParameters.active(this.#prefix) }),
      );
      return readPointer(found?.Value ?? "");
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  }

  async point(pointer: ActivePointer): Promise<void> {
    await this.#put(modelParameters.active(this.#prefix), pointer);
  }

  async writeFigures(name: string, figures: VersionFigures): Promise<void> {
    await this.#put(modelParameters.figures(this.#prefix, name), figures);
  }

  async #put(Name: string, value: object): Promise<void> {
    const Value = JSON.stringify(value);
    await this.#ssm.send(new PutParameterCommand({ Name, Value, Type: "String", Overwrite: true }));
  }

  async #below(Path: string): Promise<Parameter[]> {
    const found: Parameter[] = [];
    let NextToken: string | undefined;
    do {
      const page = await this.#ssm.send(new GetParametersByPathCommand({ Path, NextToken }));
      found.push(...(page.Parameters ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  }
}

function json({ Value = "" }: Parameter): unknown {
  try {
    return JSON.parse(Value);
  } catch {
    return undefined;
  }
}

function lastPart({ Name = "" }: Parameter): string {
  return Name.slice(Name.lastIndexOf("/") + 1);
}

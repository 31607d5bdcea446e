import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { FIRST_POINTER, modelParameters, type ServedVersion, type VersionRecord } from "../../contract/models.js";
import { modelsDashboard, type ModelsDashboardArgs } from "./modelsDashboard.js";

/** A deployed version, as the registry records it. */
export interface RegisteredVersion {
  readonly name: string;
  readonly image: { readonly uri: Input<string>; readonly digest: Input<string> };
  readonly endpoint: { readonly endpointName: Input<string> };
  readonly identity: {
    readonly modelId: string;
    readonly modelRevision: string;
    readonly modelVersion: Input<string>;
  };
  readonly instanceType: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

export interface ModelVersionsArgs extends Omit<ModelsDashboardArgs, "versions"> {
  /** First part of the names of the parameters: `/{prefix}/models/...`. */
  readonly prefix: string;
  /** The names of all versions and their endpoints, known before these exist. */
  readonly named: ModelsDashboardArgs["versions"];
  /** Name of the parameter that says which version is active. */
  readonly modelPointer: string;
  /** All versions, `base` first. */
  readonly registered: readonly RegisteredVersion[];
  /** Whether there is a group of model packages. */
  readonly modelGovernance: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** The registry of model versions in Systems Manager: a record of each, and the pointer to the active one. */
export class ModelVersions extends ComponentResource {
  /** The versions in JSON, as functions get them; see `ServedVersion`. */
  readonly servedVersions: Output<string>;

  constructor(name: string, args: ModelVersionsArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:ModelVersions", name, {}, opts);
    for (const version of args.registered) this.record(name, version, args);
    this.pointer(name, args);
    if (args.modelGovernance) this.packages(name, args);
    modelsDashboard(this, name, { ...args, versions: args.named });
    this.servedVersions = jsonStringify(args.registered.map(served));
    this.registerOutputs({});
  }

  private record(name: string, version: RegisteredVersion, { prefix, tags }: ModelVersionsArgs): void {
    new aws.ssm.Parameter(
      `${name}-models-version-${version.name}`,
      {
        name: modelParameters.version(prefix, version.name),
        description: "A model version of the stack, written by pulumi up",
        type: "String",
        insecureValue: jsonStringify(recordOf(version)),
        tags,
      },
      { parent: this },
    );
  }

  /**
   * Operators change the value, and `pulumi up` must not take that back. The provider writes the value that it knows with
   * every change of another property, so that none of these may ever change.
   */
  private pointer(name: string, { modelPointer, tags }: ModelVersionsArgs): void {
    new aws.ssm.Parameter(
      `${name}-models-active`,
      {
        name: modelPointer,
        description: "The active model version; changed by vep models activate and rollback",
        type: "String",
        insecureValue: JSON.stringify(FIRST_POINTER),
        tags,
      },
      { parent: this, ignoreChanges: ["insecureValue", "value"] },
    );
  }

  private packages(name: string, { prefix, tags }: ModelVersionsArgs): void {
    new aws.sagemaker.ModelPackageGroup(
      `${name}-models-packages`,
      {
        modelPackageGroupName: `${prefix}-models`,
        modelPackageGroupDescription: "Model versions of the stack, registered by vep models register",
        tags,
      },
      { parent: this },
    );
  }
}

function served({ name, endpoint, identity, maxCapacity }: RegisteredVersion): Inputs<ServedVersion> {
  return {
    name,
    endpoint: endpoint.endpointName,
    model: identity.modelId,
    revision: identity.modelRevision,
    digest: identity.modelVersion,
    most: maxCapacity,
  };
}

function recordOf(version: RegisteredVersion): Inputs<VersionRecord> {
  const { name, image, endpoint, identity, instanceType, minCapacity, maxCapacity } = version;
  return {
    name,
    image_digest: image.digest,
    model_version: identity.modelVersion,
    image: image.uri,
    model_id: identity.modelId,
    revision: identity.modelRevision,
    endpoint: endpoint.endpointName,
    instance_type: instanceType,
    min_capacity: minCapacity,
    max_capacity: maxCapacity,
  };
}

type Inputs<Value> = { readonly [Name in keyof Value]: Input<Value[Name]> };

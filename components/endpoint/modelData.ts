import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import { all, interpolate, RunError, type ComponentResource, type Input, type Output } from "@pulumi/pulumi";
import * as z from "zod";
import type { Place } from "../shared/place.js";
import { allow, policyDocument } from "../shared/policies.js";
import { folderReading, s3Folder, type S3Folder } from "../shared/s3Location.js";

/** Where SageMaker puts the files of a prefix in the container. */
const MODEL_FOLDER = "/opt/ml/model";

/** Name of the file that `amplify-vep prove` writes: the SHA-256 of every file that the model server reads. */
export const MANIFEST = "manifest.json";

/** Weights of the model in S3. */
export interface ModelData extends S3Folder {
  /** `s3://bucket/prefix/` */
  readonly url: string;
  /** SHA-256 (hex) of the manifest: the identity of all files that it names. */
  readonly sha256: string;
}

/**
 * Reads the manifest of the weights that are deployed.
 *
 * @param url `s3://bucket/prefix/`; empty for weights in the image
 * @returns undefined for weights in the image
 * @throws RunError where the manifest cannot be read or does not name config.json and safetensors
 */
export async function modelDataOf(url: string): Promise<ModelData | undefined> {
  const folder = s3Folder(url);
  if (!folder) return undefined;
  return { ...folder, url, sha256: await manifestHash(url, folder) };
}

async function manifestHash(url: string, { bucketName, prefix }: S3Folder): Promise<string> {
  // The bytes, because the provider returns text only for some content types.
  const object = { bucket: bucketName, key: `${prefix}${MANIFEST}`, downloadBody: "true" };
  const { bodyBase64 } = await aws.s3.getObject(object).catch((error: unknown) => {
    throw unusable(url, error instanceof Error ? error.message : String(error));
  });
  const content = Buffer.from(bodyBase64, "base64");
  try {
    filesOfManifest(content.toString("utf8"));
  } catch (error) {
    throw unusable(url, error instanceof z.ZodError ? z.prettifyError(error) : "it is not JSON");
  }
  return createHash("sha256").update(content).digest("hex");
}

const manifest = z.object({
  files: z
    .record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
    .refine((files) => "config.json" in files, "it does not name config.json")
    .refine((files) => Object.keys(files).some((name) => name.endsWith(".safetensors")), "it names no safetensors"),
});

/**
 * The names of the files in a manifest.
 *
 * @throws z.ZodError or SyntaxError where it is none
 */
export function filesOfManifest(content: string): string[] {
  return Object.keys(manifest.parse(JSON.parse(content)).files);
}

function unusable(url: string, reason: string): RunError {
  return new RunError(
    `modelDataUrl: ${url}${MANIFEST} cannot be used: ${reason}\n  fix: amplify-vep prove FOLDER && aws s3 sync FOLDER ${url}`,
  );
}

/**
 * The arguments of a SageMaker container. The environment names the version that it has, which it cannot find out itself: it
 * refuses requests that were queued for another one. For weights in S3, it names the manifest: a container that starts after
 * the objects were overwritten refuses them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html
 */
export function containerOf(
  image: { readonly uri: Input<string>; readonly digest: Output<string> },
  data: ModelData | undefined,
): aws.types.input.sagemaker.ModelPrimaryContainer {
  const version = { AMPLIFY_MODEL_VERSION: modelVersion(image, data) };
  if (!data) return { image: image.uri, environment: version };
  return {
    image: image.uri,
    modelDataSource: {
      s3DataSources: [{ s3Uri: data.url, s3DataType: "S3Prefix", compressionType: "None" }],
    },
    environment: {
      ...version,
      AMPLIFY_MODEL_DIR: MODEL_FOLDER,
      AMPLIFY_MODEL_DATA_URL: data.url,
      AMPLIFY_MODEL_DATA_SHA256: data.sha256,
    },
  };
}

/**
 * Lets a role read the weights. The policy has a name of its own for each URL: it exists before a model uses the URL, and
 * is deleted only after the endpoint has left it. For a role that the stack makes: an existing one is used as it is.
 *
 * @param name first part of the logical name
 * @returns the ARN of the role, available when it may read
 */
export function readableBy(
  roleArn: Output<string>,
  data: ModelData,
  { parent, name, place }: { readonly parent: ComponentResource; readonly name: string; readonly place: Place },
): Output<string> {
  const id = createHash("sha256").update(data.url).digest("hex").slice(0, 8);
  const policy = new aws.iam.RolePolicy(
    `${name}-endpoint-weights-${id}`,
    {
      role: roleArn.apply((arn) => arn.slice(arn.lastIndexOf("/") + 1)),
      policy: policyDocument(...folderReading(data, place).map(allow)),
    },
    { parent },
  );
  return all([roleArn, policy.role]).apply(([arn]) => arn);
}

/** The model as jobs and results name it, and the version of weights and code together. */
export interface ModelIdentity {
  readonly modelId: string;
  readonly modelRevision: string;
  /** `sha256:...` */
  readonly modelVersion: Output<string>;
}

/** How jobs and results name the model. */
export function modelIdentity(
  image: { readonly digest: Output<string> },
  data: ModelData | undefined,
  { modelId, modelRevision }: { readonly modelId: string; readonly modelRevision: string },
): ModelIdentity {
  const version = modelVersion(image, data);
  if (!data) return { modelId, modelRevision, modelVersion: version };
  return { modelId: data.url, modelRevision: `sha256:${data.sha256}`, modelVersion: version };
}

/** Weights in the image have its digest; for weights in S3, the version follows from both digest and manifest. */
function modelVersion({ digest }: { readonly digest: Output<string> }, data: ModelData | undefined): Output<string> {
  if (!data) return digest;
  const version = digest.apply((image) => createHash("sha256").update(`${image} ${data.sha256}`).digest("hex"));
  return interpolate`sha256:${version}`;
}

import { GetObjectCommand, HeadBucketCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { filesOfManifest, MANIFEST } from "../../../components/endpoint/modelData.js";
import { gpuInstance } from "../../../components/shared/gpuInstances.js";
import type { S3Folder } from "../../../components/shared/s3Location.js";
import { findingsOf, reasonOf, type Finding } from "../finding.js";

const GIB = 2 ** 30;

/**
 * Checks that weights in S3 are in the region of the stack, that every file of their manifest exists, and that they fit
 * into the memory of a GPU.
 *
 * @param url the stack's `modelDataUrl`
 * @param folder the same, split into its parts
 */
export async function weights(
  s3: S3Client,
  {
    url,
    folder: { bucketName: Bucket, prefix },
    region,
    instanceType,
  }: { readonly url: string; readonly folder: S3Folder; readonly region: string; readonly instanceType: string },
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("weights in S3");
  const fault = (message: string, fix = `amplify-vep prove FOLDER && aws s3 sync FOLDER ${url}`): Finding[] => [
    bad("fault", message, fix),
  ];
  const found = await regionOf(s3, Bucket);
  if (found !== region) {
    const problem = found === undefined ? "does not exist" : `is in ${found}`;
    return fault(
      `The bucket ${Bucket} ${problem}: SageMaker reads weights in ${region} only.`,
      `Copy the files to a bucket in ${region}: aws s3 sync ${url} s3://OTHER/${prefix}; then set modelDataUrl to it.`,
    );
  }
  let names: readonly string[];
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `${prefix}${MANIFEST}` }));
    names = filesOfManifest((await Body?.transformToString()) ?? "");
  } catch (error) {
    if (statusOf(error) === 403) throw error;
    return fault(`${url}${MANIFEST} cannot be used. ${reasonOf(error)}`);
  }
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, Delimiter: "/" }));
  const sizes = new Map(Contents.map(({ Key = "", Size = 0 }) => [Key.slice(prefix.length), Size]));
  const missing = names.filter((name) => !sizes.has(name));
  if (missing.length > 0) return fault(`${url} lacks ${missing.join(", ")}, which its ${MANIFEST} names.`);
  const bytes = names.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
  const memory = gpuInstance(instanceType)?.gpuMemoryGiB ?? 0;
  if (bytes > memory * GIB) {
    const sizesInGiB = `${(bytes / GIB).toFixed(1)} GiB, a GPU of ${instanceType} has ${memory} GiB`;
    return fault(`The weights have ${sizesInGiB}.`, "pulumi config set instanceType to one with a larger GPU.");
  }
  return [ok(`${url} has its ${names.length} files, ${(bytes / GIB).toFixed(2)} GiB.`)];
}

/** The region of a bucket; undefined where there is none of that name. */
async function regionOf(s3: S3Client, Bucket: string): Promise<string | undefined> {
  try {
    return (await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    // S3 refers a client to the bucket's own region; the SDK keeps only the status.
    if (statusOf(error) === 301) return "another region";
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

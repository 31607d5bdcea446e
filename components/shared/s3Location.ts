import { interpolate } from "@pulumi/pulumi";
import type { Place } from "./place.js";
import type { Grant } from "./policies.js";

/** A bucket's name as S3 allows it, and one or more folders of characters that IAM policies and shells take literally. */
const FOLDER_URL = /^s3:\/\/([^/]+)\/((?:[\w.=@+-]+\/)+)$/;

/** A folder in S3. */
export interface S3Folder {
  readonly bucketName: string;
  /** Begins without `/` and ends with one. */
  readonly prefix: string;
}

/** Splits `s3://bucket/folder/` into its parts; undefined for every other text. */
export function s3Folder(url: string): S3Folder | undefined {
  const [, bucketName, prefix] = FOLDER_URL.exec(url) ?? [];
  if (bucketName === undefined || prefix === undefined || !isBucketName(bucketName)) return undefined;
  return { bucketName, prefix };
}

/** The permissions to read the objects of a folder, and nothing else of its bucket. */
export function folderReading({ bucketName, prefix }: S3Folder, { partition }: Place): Grant[] {
  const bucketArn = interpolate`arn:${partition}:s3:::${bucketName}`;
  return [
    { sid: "ReadFolder", actions: ["s3:GetObject"], resources: [interpolate`${bucketArn}/${prefix}*`] },
    {
      sid: "ListFolder",
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
      conditions: { StringLike: { "s3:prefix": [`${prefix}*`] } },
    },
  ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function isBucketName(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !/\.\.|^\d{1,3}(\.\d{1,3}){3}$|^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(
      name,
    )
  );
}

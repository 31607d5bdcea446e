import { s3Folder } from "../shared/s3Location.js";
import { boolean, list, type Key } from "./schemas.js";

/** A folder of HTTPS or S3; the characters are those that IAM policies and shells take literally. */
const FOLDER = /^(?:https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}|s3:\/\/[a-z0-9.-]+)\/(?:[\w.=@+~-]+\/)*$/;

/** The configuration keys of the evidence beside the scores. */
export const EVIDENCE_KEYS = {
  evidence: boolean(false),
  genomeSources: genomeSources(),
  alignmentSubnetIds: list(/^subnet-[0-9a-f]{8,17}$/, {
    items: "ids of subnets",
    suggestion: "subnet-0123456789abcdef0",
  }),
} as const satisfies Readonly<Record<string, Key>>;

function genomeSources() {
  const key = list(FOLDER, {
    items: "folders of genomes as https://host/folder/ or s3://bucket/folder/",
    suggestion: "s3://my-genomes/fasta/",
  });
  const known = key.schema.refine((urls) => urls.every((url) => !url.startsWith("s3:") || s3Folder(url) !== undefined));
  return { ...key, schema: known };
}

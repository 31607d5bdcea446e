import { text } from "./outputs.js";
import type { CloudResource, CloudView, Rules } from "./cloudState.js";

const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const KEY = "aws:kms/key:Key";

/** Side effects of encryption: the key of a bucket's new objects. */
export const KEY_RULES: Readonly<Record<string, Rules>> = {
  [ENCRYPTION]: { effect: { create: setDefaultKey, update: setDefaultKey } },
};

/** Marks a key with which objects of a bucket are encrypted from now on; nothing happens without a customer key. */
export function encryptObjectsWith(cloud: CloudView, keyArn: string): void {
  for (const key of cloud.all(KEY)) if (key.outputs["arn"] === keyArn) key.encryptsObjects = true;
}

function setDefaultKey(cloud: CloudView, { inputs }: CloudResource): void {
  const rules = inputs["rules"] as readonly {
    readonly applyServerSideEncryptionByDefault: { readonly kmsMasterKeyId?: string };
  }[];
  for (const { applyServerSideEncryptionByDefault } of rules)
    encryptObjectsWith(cloud, text(applyServerSideEncryptionByDefault.kmsMasterKeyId));
}

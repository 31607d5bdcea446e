import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import type { Place } from "../shared/place.js";
import { allow, policyDocument, running } from "../shared/policies.js";
import { evidenceFiles } from "./evidencePolicies.js";
import { PREFIXES } from "../../contract/storage.js";

/** The permissions of the function of sources: its files, its table, and the one parameter with the key for NCBI. */
export function sourcesPolicy(args: {
  readonly place: Place;
  readonly bucketArn: Input<string>;
  readonly tableArn: Input<string>;
  readonly logGroupArn: Input<string>;
  /** Name of the parameter; empty for none. */
  readonly ncbiApiKeyParameter: string;
}): iam.PolicyDocument {
  const { bucketArn, logGroupArn, ncbiApiKeyParameter, place, tableArn } = args;
  return policyDocument(
    ...evidenceFiles(bucketArn, [PREFIXES.evidence]),
    allow({
      sid: "KeepAnswers",
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [tableArn],
    }),
    ...(ncbiApiKeyParameter === "" ? [] : keyReading(ncbiApiKeyParameter, place)),
    ...running(logGroupArn),
  );
}

/**
 * Allows reading one SecureString, which Systems Manager decrypts with the rights of who reads it. The key of the parameter
 * is the operator's: it is named by the parameter that it may decrypt.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
function keyReading(parameter: string, { account, partition, region }: Place): iam.PolicyStatement[] {
  const parameterArn = interpolate`arn:${partition}:ssm:${region}:${account}:parameter/${parameter.replace(/^\//, "")}`;
  return [
    allow({ sid: "ReadKeyForNcbi", actions: ["ssm:GetParameter"], resources: [parameterArn] }),
    allow({
      sid: "DecryptKeyForNcbi",
      actions: ["kms:Decrypt"],
      resources: [interpolate`arn:${partition}:kms:${region}:${account}:key/*`],
      conditions: {
        StringEquals: {
          "kms:EncryptionContext:PARAMETER_ARN": parameterArn,
          "kms:ViaService": interpolate`ssm.${region}.amazonaws.com`,
        },
      },
    }),
  ];
}

import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import type { Place } from "../shared/place.js";
import { policyDocument } from "../shared/policies.js";

/**
 * The policy of an API that only a VPC can call. It names the account, so that callers need a right of their own too:
 * naming everybody would let in whoever is in the VPC.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export function callableFrom(vpcId: Input<string>, { account, partition }: Place): iam.PolicyDocument {
  const call = { Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  return policyDocument(
    {
      Sid: "CallFromAccount",
      Effect: "Allow",
      Principal: { AWS: interpolate`arn:${partition}:iam::${account}:root` },
      ...call,
    },
    {
      Sid: "DenyFromElsewhere",
      Effect: "Deny",
      Principal: "*",
      ...call,
      Condition: { StringNotEquals: { "aws:SourceVpc": vpcId } },
    },
  );
}

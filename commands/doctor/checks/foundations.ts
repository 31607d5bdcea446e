import { GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { GetFunctionCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { findingsOf, type Finding } from "../../preflight/finding.js";
import { restoreCommand, type StackNames } from "../stackNames.js";

/** Checks that the bucket of the stack exists. */
export async function bucket(s3: S3Client, bucketName: string, stack: string): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("bucket");
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucketName }));
    return [ok(`The bucket ${bucketName} is there.`)];
  } catch (error) {
    if (!(error instanceof Error) || !["NotFound", "NoSuchBucket"].includes(error.name)) throw error;
    const sentence = `There is no bucket ${bucketName}: no job can be submitted, and its results are lost.`;
    return [bad("fault", sentence, restoreCommand(stack))];
  }
}

/**
 * Checks that the roles exist with which the functions and the model run: while one is missing, they fail and leave no log.
 *
 * @param clients of the services that name the roles, and of IAM
 * @param endpoints names of the endpoints of all model versions
 */
export async function roles(
  clients: { readonly iam: IAMClient; readonly lambda: LambdaClient; readonly sagemaker: SageMakerClient },
  { stack, functions }: StackNames,
  endpoints: readonly string[],
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("roles");
  const found = await Promise.all([
    ...functions.map((name) => orAbsent(roleOfFunction(clients.lambda, name))),
    ...endpoints.map((name) => orAbsent(roleOfModel(clients.sagemaker, name))),
  ]);
  const arns = [...new Set(found.flatMap((arn) => arn ?? []))];
  const checked = await Promise.all(
    arns.map(async (arn) => {
      const RoleName = arn.slice(arn.lastIndexOf("/") + 1);
      return { arn, role: await orAbsent(clients.iam.send(new GetRoleCommand({ RoleName }))) };
    }),
  );
  const missing = checked.filter(({ role }) => role === undefined);
  if (missing.length === 0) return [ok(`All ${arns.length} roles are there.`)];
  return missing.map(({ arn }) =>
    bad("fault", `There is no role ${arn}: what runs with it fails.`, restoreCommand(stack)),
  );
}

async function roleOfFunction(lambda: LambdaClient, name: string): Promise<string | undefined> {
  return (await lambda.send(new GetFunctionCommand({ FunctionName: name }))).Configuration?.Role;
}

async function roleOfModel(sagemaker: SageMakerClient, endpoint: string): Promise<string | undefined> {
  const { EndpointConfigName } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: endpoint }));
  const { ProductionVariants: [variant] = [] } = await sagemaker.send(
    new DescribeEndpointConfigCommand({ EndpointConfigName }),
  );
  return (await sagemaker.send(new DescribeModelCommand({ ModelName: variant?.ModelName }))).ExecutionRoleArn;
}

/** The answer; undefined where there is no such resource, which is a finding of the check of that resource. */
async function orAbsent<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && /NoSuchEntity|ResourceNotFound|ValidationException/.test(error.name))
      return undefined;
    throw error;
  }
}

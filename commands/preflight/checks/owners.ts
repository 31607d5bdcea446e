import { GetDashboardCommand, type CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { BatchGetProjectsCommand, type CodeBuildClient } from "@aws-sdk/client-codebuild";
import {
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListLogTagsCommand,
  type CloudWatchLogsClient,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { GetBucketTaggingCommand, HeadBucketCommand, S3ServiceException, type S3Client } from "@aws-sdk/client-s3";
import { DescribeEndpointCommand, ListTagsCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";
import { GetParameterCommand, ListTagsForResourceCommand, type SSMClient } from "@aws-sdk/client-ssm";

/** Clients of the services in which a name may be taken. */
export interface NameClients {
  readonly cloudwatch: CloudWatchClient;
  readonly codeBuild: CodeBuildClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly sagemaker: SageMakerClient;
  readonly ssm: SSMClient;
}

/** The tags of the resource with a name; `unseen` where they cannot be read, undefined where there is no resource. */
export type OwnerTags = Readonly<Record<string, string>> | "unseen" | undefined;

/** How a resource of one type is found by its name. */
export interface Owner {
  /** The type in words. */
  readonly kind: string;
  /** The input that holds the name. */
  readonly property: string;
  readonly tagsOf: (name: string, clients: NameClients) => Promise<OwnerTags>;
}

/** Types whose names the program may set. */
export const OWNERS: Readonly<Record<string, Owner | undefined>> = {
  "aws:cloudwatch/dashboard:Dashboard": { kind: "dashboard", property: "dashboardName", tagsOf: dashboard },
  "aws:cloudwatch/logGroup:LogGroup": { kind: "log group", property: "name", tagsOf: logGroup },
  "aws:codebuild/project:Project": { kind: "build project", property: "name", tagsOf: buildProject },
  "aws:lambda/function:Function": { kind: "function", property: "name", tagsOf: lambdaFunction },
  "aws:s3/bucket:Bucket": { kind: "bucket", property: "bucket", tagsOf: bucket },
  "aws:sagemaker/endpoint:Endpoint": { kind: "endpoint", property: "name", tagsOf: endpoint },
  "aws:ssm/parameter:Parameter": { kind: "SSM parameter", property: "name", tagsOf: parameter },
};

async function lambdaFunction(name: string, { lambda }: NameClients): Promise<OwnerTags> {
  const found = await absent(lambda.send(new GetFunctionCommand({ FunctionName: name })), "ResourceNotFoundException");
  return found && (found.Tags ?? {});
}

async function buildProject(name: string, { codeBuild }: NameClients): Promise<OwnerTags> {
  const { projects: [found] = [] } = await codeBuild.send(new BatchGetProjectsCommand({ names: [name] }));
  return found && record((found.tags ?? []).map(({ key, value }) => ({ Key: key, Value: value })));
}

async function endpoint(name: string, { sagemaker }: NameClients): Promise<OwnerTags> {
  // For an endpoint that does not exist, SageMaker answers with a validation error.
  const found = await absent(
    sagemaker.send(new DescribeEndpointCommand({ EndpointName: name })),
    "ValidationException",
    "ResourceNotFound",
  );
  if (!found) return undefined;
  const { Tags: tags = [] } = await sagemaker.send(new ListTagsCommand({ ResourceArn: found.EndpointArn }));
  return record(tags);
}

async function logGroup(name: string, { logs }: NameClients): Promise<OwnerTags> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  const found = logGroups.find(({ logGroupName }) => logGroupName === name);
  // The ARN of a log group ends in `:*`, which ListTagsForResource does not accept.
  const resourceArn = found?.logGroupArn ?? found?.arn?.replace(/:\*$/, "");
  if (found === undefined || resourceArn === undefined) return found && "unseen";
  return (await logs.send(new ListLogTagsCommand({ resourceArn }))).tags ?? {};
}

async function parameter(name: string, { ssm }: NameClients): Promise<OwnerTags> {
  const found = await absent(ssm.send(new GetParameterCommand({ Name: name })), "ParameterNotFound");
  if (!found) return undefined;
  const { TagList: tags = [] } = await ssm.send(
    new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: name }),
  );
  return record(tags);
}

async function bucket(name: string, { s3 }: NameClients): Promise<OwnerTags> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: name }));
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404) return undefined;
    // The bucket belongs to another account or is in another region: its tags cannot be read.
    if (status === 403 || status === 301) return "unseen";
    throw error;
  }
  const tagging = await absent(s3.send(new GetBucketTaggingCommand({ Bucket: name })), "NoSuchTagSet");
  return record(tagging?.TagSet ?? []);
}

async function dashboard(name: string, { cloudwatch }: NameClients): Promise<OwnerTags> {
  const found = await absent(
    cloudwatch.send(new GetDashboardCommand({ DashboardName: name })),
    "ResourceNotFound",
    "DashboardNotFoundError",
  );
  return found && "unseen";
}

/** The answer, or undefined where AWS answers with one of the given errors. */
async function absent<Answer>(answer: Promise<Answer>, ...errors: readonly string[]): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && errors.includes(error.name)) return undefined;
    throw error;
  }
}

function record(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key: key = "", Value: value = "" }) => [key, value]));
}

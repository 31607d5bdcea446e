import { text } from "./outputs.js";
import type { CloudResource, CloudView } from "./cloudState.js";
import type { Properties } from "./wire.js";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/**
 * Why SageMaker refuses a model with weights in S3: its execution role may not read them, or the URL is no folder.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 */
export function unreadableWeights(cloud: CloudView, { inputs }: CloudResource): string | undefined {
  const url = weightsUrl(inputs);
  if (url === undefined) return undefined;
  if (!url.endsWith("/")) return `creating SageMaker Model: ValidationException: S3Uri ${url} does not end with /`;
  const objects = `arn:aws:s3:::${url.slice("s3://".length)}*`;
  const granted = grants(cloud, text(inputs["executionRoleArn"]));
  const bucket = objects.slice(0, objects.indexOf("/"));
  if (granted("s3:GetObject", objects) && granted("s3:ListBucket", bucket)) return undefined;
  return `creating SageMaker Model: ValidationException: Could not access model data at ${url}`;
}

function weightsUrl(inputs: Properties): string | undefined {
  const container = inputs["primaryContainer"] as { readonly modelDataSource?: Properties } | undefined;
  const [source] = (container?.modelDataSource?.["s3DataSources"] ?? []) as readonly Properties[];
  return source && text(source["s3Uri"]);
}

function grants(cloud: CloudView, roleArn: string): (action: string, resource: string) => boolean {
  const role = cloud.all(ROLE).find(({ outputs }) => outputs["arn"] === roleArn);
  const statements = cloud
    .all(ROLE_POLICY)
    .filter(({ inputs }) => inputs["role"] === role?.id)
    .flatMap(({ inputs }) => (inputs["policy"] as { readonly Statement: readonly Statement[] }).Statement);
  return (action, resource) =>
    statements.some(({ Action, Resource }) => Action.includes(action) && Resource.includes(resource));
}

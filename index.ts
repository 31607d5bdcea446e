// First, so that bundling the function overlaps with loading Pulumi.
import "./components/tools/functionCode.js";
import { interpolate } from "@pulumi/pulumi";
import { agentsOf } from "./components/agents/agents.js";
import { httpApiOf } from "./components/api/api.js";
import { readConfig } from "./components/config/config.js";
import { modelDataOf, modelEndpoint } from "./components/endpoint/endpoint.js";
import { fastaDropOf, fastaQueueOf } from "./components/fasta/fasta.js";
import { jobFunctions } from "./components/jobs/jobs.js";
import { jobStorage } from "./components/jobs/storage.js";
import { inNetwork } from "./components/network/network.js";
import { operationsOf } from "./components/operations/operations.js";
import { resultsOf } from "./components/results/results.js";
import { scanOf } from "./components/scan/scan.js";
import { stackOf } from "./components/shared/stack.js";
import { submissionsOf } from "./components/stream/stream.js";
import { toolsOf } from "./components/tools/tools.js";
import { PREFIXES } from "./contract/storage.js";

const config = readConfig();
const modelData = await modelDataOf(config.modelDataUrl);
const stack = stackOf(config);
const { bucket, ledger, notifications } = jobStorage(stack);
const fastaQueue = fastaQueueOf({ ...stack, bucket });
const operations = operationsOf({ ...stack, notifications });
const { image, endpoint, tools, results, submissions, scan, api, agents } = await inNetwork(
  { ...stack, bucketArn: bucket.bucketArn, tableArn: ledger.tableArn, sentQueueArn: fastaQueue?.queueArn },
  (network) => {
    const model = modelEndpoint({
      ...stack,
      bucket,
      modelData,
      placement: network?.model,
      topics: notifications,
      alarmTopicArn: operations.alarmTopicArn,
    });
    const work = { ...stack, ...model.identity, ...model, bucket, ledger, placement: network?.tools };
    const tools = toolsOf({ ...work, notifications, fastaQueue });
    return {
      ...model,
      tools,
      agents: agentsOf({ ...stack, tools }),
      api: httpApiOf({ ...stack, tools, vpcId: network?.vpcId }),
      jobs: jobFunctions({ ...work, queueArn: notifications.queueArn }),
      submissions: submissionsOf(work),
      fasta: fastaDropOf({ ...work, fastaQueue }),
      scan: scanOf(work),
      results: resultsOf({ ...stack, bucket, ledger, placement: network?.tools }),
    };
  },
);

export const resourcePrefix = stack.prefix;
export const lambdaFunctionName = tools.functionName;
export const lambdaFunctionArn = tools.functionArn;
export const endpointName = endpoint.endpointName;
export const endpointArn = endpoint.endpointArn;
export const endpointConfigName = endpoint.endpointConfigName;
export const modelName = endpoint.modelName;
export const imageUri = image.uri;
export const s3BucketName = bucket.configuredName;
export const s3BucketArn = bucket.bucketArn;
export const asyncInferenceInputPath = interpolate`s3://${bucket.bucketName}/${PREFIXES.input}`;
export const asyncInferenceOutputPath = endpoint.outputPath;
export const asyncInferenceFailurePath = endpoint.failurePath;
export const executionRoleArn = endpoint.roleArn;
export const jobTableName = ledger.tableName;
export const notificationTopicArns = [notifications.successArn, notifications.errorArn];
export const dashboardUrl = operations.dashboardUrl;
/** Only with `resultsCatalog`. */
export const resultsWorkgroup = results.workgroupName;
/** Only with `api`. */
export const apiUrl = api.apiUrl;
/** Only with `apiAuth` cognito; the secret is a Pulumi secret. */
export const { apiTokenUrl, apiClientId, apiClientSecret } = api;
/** Only with `agentGateway`. */
export const agentGatewayUrl = agents.agentGatewayUrl;
/** Only without `agentGatewayIssuer`; the secret is a Pulumi secret. */
export const { agentTokenUrl, agentClientId, agentClientSecret } = agents;
/** Only with `stream`. */
export const submissionStreamName = submissions.streamName;
/** Only with `scan`. */
export const scanStateMachineArn = scan.machineArn;

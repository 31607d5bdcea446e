// First, so that bundling the functions overlaps with loading Pulumi.
import "./components/shared/functionEntries.js";
import { interpolate } from "@pulumi/pulumi";
import { agentsOf } from "./components/agents/agents.js";
import { httpApiOf } from "./components/api/api.js";
import { readConfig } from "./components/config/config.js";
import { modelDataOf, modelEndpoint, versionEndpoints, versionWeights } from "./components/endpoint/endpoint.js";
import { alignerImageOf, evidenceOf } from "./components/evidence/evidence.js";
import { fastaDropOf, fastaQueueOf } from "./components/fasta/fasta.js";
import { jobFunctions } from "./components/jobs/jobs.js";
import { jobStorage } from "./components/jobs/storage.js";
import { modelsOf } from "./components/models/models.js";
import { inNetwork } from "./components/network/network.js";
import { costGuardOf, operationsOf } from "./components/operations/operations.js";
import { resultsOf } from "./components/results/results.js";
import { scanOf } from "./components/scan/scan.js";
import { stackOf } from "./components/shared/stack.js";
import { submissionsOf } from "./components/stream/stream.js";
import { toolsOf } from "./components/tools/tools.js";
import { PREFIXES } from "./contract/storage.js";

const config = readConfig();
const modelData = await modelDataOf(config.modelDataUrl);
const weights = await versionWeights(config.versions);
const stack = stackOf(config);
const alignerImage = await alignerImageOf(stack);
const { bucket, ledger, notifications } = jobStorage(stack);
const fastaQueue = fastaQueueOf({ ...stack, bucket });
const operations = operationsOf(stack);
const { image, endpoint, tools, results, submissions, scan, api, agents, evidence, versions } = await inNetwork(
  { ...stack, bucketArn: bucket.bucketArn, tableArn: ledger.tableArn, sentQueueArn: fastaQueue?.queueArn },
  (network) => {
    const serving = {
      ...stack,
      bucket,
      modelData,
      placement: network?.model,
      topics: notifications,
      alarmTopicArn: operations.alarmTopicArn,
    };
    const model = modelEndpoint(serving);
    const versions = versionEndpoints({ ...serving, weights }, model);
    const models = modelsOf({ ...serving, registered: versions, placement: network?.tools });
    const work = {
      ...stack,
      ...model.identity,
      ...model,
      choice: models.choice,
      bucket,
      ledger,
      placement: network?.tools,
    };
    const tools = toolsOf({ ...work, notifications, fastaQueue });
    const evidence = evidenceOf({ ...work, alignerImage });
    return {
      ...model,
      versions: {
        networkPolicies: versions.slice(1).flatMap(({ endpoint: { networkPolicies } }) => networkPolicies),
        registeredIds: versions.map(({ scaling }) => scaling.registeredId),
      },
      models,
      tools,
      agents: agentsOf({ ...stack, tools }),
      api: httpApiOf({ ...stack, tools, workflow: evidence.workflow, vpcId: network?.vpcId }),
      jobs: jobFunctions({ ...work, queueArn: notifications.queueArn }),
      submissions: submissionsOf(work),
      fasta: fastaDropOf({ ...work, fastaQueue }),
      scan: scanOf(work),
      evidence,
      results: resultsOf({ ...stack, bucket, ledger, placement: network?.tools }),
    };
  },
);

costGuardOf({
  ...stack,
  ledger,
  registeredIds: versions.registeredIds,
  alarmTopicArn: operations.alarmTopicArn,
});
const { dashboardUrl } = operations.watch({ ...stack, notifications, ledger, gatewayArn: agents.gatewayArn });

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
export { dashboardUrl };
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
/** Only with `evidence`. */
export const { retrievalFunctionName, alignmentFunctionName, sourcesFunctionName } = evidence;
/** Only with `evidence`. */
export const { workflowFunctionName, workflowStateMachineArn } = evidence;
/** Only with `alignmentSubnetIds`. */
export const { alignmentQueueArn, alignmentJobArn } = evidence;

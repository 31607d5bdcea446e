import { PLANNED_ACCOUNT, plannedHandlers } from "../../local/program/plannedOutputs.js";
import { runProgram, type PlannedResource } from "../../local/program/runProgram.js";
import { DEFAULT_REGION, stackConfig } from "../../local/program/stackConfig.js";

/** Configuration with every option on: the documentation describes this stack. */
const EVERYTHING = {
  imageBuild: "codebuild",
  encryption: "kms",
  network: "isolated",
  flowLogs: "true",
  minCapacity: "0",
  workHours: "Mon-Fri 8-18 Europe/Berlin",
  stepDownMinutes: "120",
  alarmEmail: "name@example.org",
  modelDataUrl: "s3://your-weights/folder/",
  models: JSON.stringify([{ name: "v2", modelDataUrl: "s3://your-weights/v2/", workHoursCapacity: 1 }]),
  modelGovernance: "true",
  modelGuard: "true",
  resultsCatalog: "true",
  stream: "true",
  fastaDrop: "true",
  scan: "true",
  scanSchedule: "rate(1 day)",
  scanInput: "uploads/proteome.fasta",
  api: "true",
  apiCache: "true",
  apiKeys: "lab",
  agentGateway: "true",
  monthlyBudgetUsd: "200",
  evidence: "true",
  ncbiApiKeyParameter: "/vep/ncbi-api-key",
  genomeSources: "s3://your-genomes/folder/",
  alignmentSubnetIds: "subnet-0123456789abcdef0",
};

/** The resources of a stack with every option on. */
export async function wholeStack(): Promise<readonly PlannedResource[]> {
  const config = stackConfig({ overrides: EVERYTHING });
  const handlers = plannedHandlers({ region: DEFAULT_REGION });
  const { resources } = await runProgram({ stack: "default", config, handlers });
  return resources;
}

/** Replaces what differs from stack to stack with placeholders: account, region, prefix and generated suffixes. */
export function generalised(text: string): string {
  return text
    .replaceAll(PLANNED_ACCOUNT, "{account}")
    .replaceAll(DEFAULT_REGION, "{region}")
    .replaceAll("protein-agent-default", "{prefix}")
    .replace(/(\{prefix\}(?:-[a-z][a-z0-9]*)+)-[0-9a-f]{7}\b/g, "$1-*");
}

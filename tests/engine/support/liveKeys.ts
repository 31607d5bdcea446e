import type { ConfigKey } from "../../../components/config/keys.js";
import { PLACE } from "../provider/outputs.js";
import { accountBuild } from "./accountBuild.js";
import type { Deployment } from "./deployment.js";
import { addNetwork, addRoles, EXISTING_NETWORK, EXISTING_ROLES } from "./surroundings.js";

type Settings = Readonly<Partial<Record<ConfigKey, string>>>;

/** One key that is changed on a deployed stack, there and back. */
export interface LiveKey {
  /** The deployed stack, see `STACKS`. Default: `defaults`. */
  readonly stack?: "defaults" | "isolated";
  /** Settings that are deployed before the change, because the key needs them. Default: none. */
  readonly needs?: Settings;
  /** Values before the change, where they are not the defaults of Pulumi.yaml. */
  readonly from?: Settings;
  /** The other value, with the keys that must change with it. */
  readonly to: Settings;
  /** Why the change is refused: part of the error. Default: it is accepted. */
  readonly refused?: string;
  /** Settings that must change too on the way back. Default: none. */
  readonly back?: Settings;
  /** Makes what exists outside of the stack, and returns what ends it. Default: nothing exists. */
  readonly surround?: (live: Deployment) => Promise<() => void>;
  /** Endings of the logical names of resources that leave the stack and are kept in AWS. Default: none. */
  readonly kept?: readonly string[];
}

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

const existingVpc: LiveKey = {
  stack: "isolated",
  surround: (live) => {
    addNetwork(live, ["us-east-1a", "us-east-1b"]);
    return Promise.resolve(() => undefined);
  },
  to: EXISTING_NETWORK,
};

const existingRoles: LiveKey = {
  surround: async (live) => {
    await addRoles(live);
    return () => undefined;
  },
  to: EXISTING_ROLES,
};

const ISSUER = "https://issuer.example.org/.well-known/openid-configuration";

const agentIssuer: LiveKey = {
  needs: { agentGateway: "true" },
  to: { agentGatewayIssuer: ISSUER, agentGatewayClients: "client-a" },
};

const registry: LiveKey = {
  needs: { imageUri: `ghcr.io/owner/amplify-vep@${digest("1")}` },
  to: { registryUsername: "name", registryPassword: "token" },
};

const SCANS: Settings = { resultsCatalog: "true", scan: "true" };
const SCHEDULED: Settings = { ...SCANS, scanSchedule: "rate(1 day)", scanInput: "uploads/proteome.fasta" };

const WORK_HOURS = "Mon-Fri 8-18 Europe/Berlin";
const SECOND_MODEL: Settings = { models: JSON.stringify([{ name: "v2", modelId: "chandar-lab/AMPLIFY_120M" }]) };

/** Every key of the configuration, in the order of Pulumi.yaml. */
export const LIVE_KEYS: Readonly<Record<ConfigKey, LiveKey>> = {
  projectName: { to: { projectName: "other-agent" }, kept: [""] },
  instanceType: { to: { instanceType: "ml.g5.2xlarge" } },
  modelId: { to: { modelId: "chandar-lab/AMPLIFY_120M" } },
  modelRevision: { to: { modelRevision: "0123456789abcdef0123456789abcdef01234567" } },
  modelDataUrl: { to: { modelDataUrl: "s3://our-models/fine-tuned/" } },
  imageUri: {
    to: { imageUri: `${PLACE.account}.dkr.ecr.${PLACE.region}.amazonaws.com/prebuilt@${digest("1")}` },
    kept: ["image-repository", "image-lifecycle", "image-build"],
  },
  registryUsername: registry,
  registryPassword: registry,
  imageBuild: {
    surround: async ({ cloud }) => {
      const build = await accountBuild(cloud);
      return () => {
        build.close();
      };
    },
    to: { imageBuild: "codebuild" },
    // ECR refuses the same tag from another builder.
    back: { modelRevision: "0123456789abcdef0123456789abcdef01234567" },
    kept: ["image-build"],
  },
  models: {
    to: SECOND_MODEL,
    kept: ["model-v2-image-repository", "model-v2-image-lifecycle", "model-v2-image-build"],
  },
  modelB: { needs: SECOND_MODEL, to: { modelB: "v2" } },
  modelBShare: { needs: { ...SECOND_MODEL, modelB: "v2" }, to: { modelBShare: "50" } },
  modelBMode: { needs: { ...SECOND_MODEL, modelB: "v2" }, to: { modelBMode: "shadow" } },
  modelGovernance: { needs: SECOND_MODEL, to: { modelGovernance: "true" } },
  modelGuard: { needs: SECOND_MODEL, to: { modelGuard: "true" } },
  bucketName: { to: { bucketName: "other-results" }, refused: "bucketName cannot change on a live stack" },
  minCapacity: { to: { minCapacity: "0" } },
  maxCapacity: { to: { maxCapacity: "5" } },
  maxConcurrentInvocations: { to: { maxConcurrentInvocations: "8" } },
  maxInvocationSeconds: { to: { maxInvocationSeconds: "900" } },
  maxAttempts: { to: { maxAttempts: "5" } },
  enableAutoscaling: { to: { enableAutoscaling: "false" } },
  backlogPerInstance: { to: { backlogPerInstance: "2" } },
  workHours: { needs: { minCapacity: "0" }, to: { workHours: WORK_HOURS } },
  workHoursCapacity: { needs: { minCapacity: "0", workHours: WORK_HOURS }, to: { workHoursCapacity: "2" } },
  stepDownMinutes: { to: { stepDownMinutes: "120" } },
  logRetentionDays: { to: { logRetentionDays: "90" } },
  alarmEmail: { to: { alarmEmail: "alarms@example.org" } },
  encryption: { to: { encryption: "kms" }, kept: ["-key"] },
  network: { to: { network: "isolated" } },
  availabilityZones: { stack: "isolated", to: { availabilityZones: "us-east-1b,us-east-1c" } },
  vpcId: existingVpc,
  subnetIds: existingVpc,
  securityGroupIds: existingVpc,
  flowLogs: { stack: "isolated", to: { flowLogs: "true" } },
  retainData: { to: { retainData: "false" } },
  jobRetentionDays: { to: { jobRetentionDays: "30" } },
  resultsCatalog: { stack: "isolated", to: { resultsCatalog: "true" } },
  stream: { stack: "isolated", to: { stream: "true" } },
  fastaDrop: { stack: "isolated", to: { fastaDrop: "true" } },
  scan: { stack: "isolated", needs: { resultsCatalog: "true" }, to: { scan: "true" } },
  scanSchedule: {
    needs: SCANS,
    to: { scanSchedule: "rate(1 day)", scanInput: "uploads/proteome.fasta" },
  },
  scanTimeZone: { needs: SCHEDULED, to: { scanTimeZone: "Europe/Berlin" } },
  scanInput: {
    needs: SCHEDULED,
    from: { scanInput: "uploads/proteome.fasta" },
    to: { scanInput: "uploads/other.fasta" },
  },
  api: { stack: "isolated", to: { api: "true" } },
  apiAuth: { needs: { api: "true" }, to: { apiAuth: "cognito" } },
  apiCache: { needs: { api: "true" }, to: { apiCache: "true" } },
  apiOrigins: { needs: { api: "true" }, to: { apiOrigins: "https://lab.example.org" } },
  apiKeys: { needs: { api: "true" }, to: { apiKeys: "lab-a,lab-b" } },
  apiDailyQuota: { needs: { api: "true", apiKeys: "lab-a" }, to: { apiDailyQuota: "500" } },
  agentGateway: { stack: "isolated", to: { agentGateway: "true" } },
  agentGatewayIssuer: agentIssuer,
  agentGatewayClients: agentIssuer,
  agentGatewayAudiences: {
    needs: { agentGateway: "true", agentGatewayIssuer: ISSUER, agentGatewayClients: "client-a" },
    to: { agentGatewayAudiences: "vep" },
  },
  evidence: { stack: "isolated", to: { evidence: "true" }, kept: ["-aligner"] },
  genomeSources: { needs: { evidence: "true" }, to: { genomeSources: "s3://our-genomes/fasta/" } },
  ncbiApiKeyParameter: { needs: { evidence: "true" }, to: { ncbiApiKeyParameter: "/vep/ncbi-api-key" } },
  evidenceContact: { needs: { evidence: "true" }, to: { evidenceContact: "name@example.org" } },
  monthlyBudgetUsd: { stack: "isolated", to: { monthlyBudgetUsd: "500" } },
  brakeCapacity: { needs: { monthlyBudgetUsd: "500" }, to: { brakeCapacity: "1" } },
  alignmentSubnetIds: { needs: { evidence: "true" }, to: { alignmentSubnetIds: "subnet-0123456789abcdef0" } },
  publishLegacyParameters: { to: { publishLegacyParameters: "true" } },
  lambdaMemoryMb: { to: { lambdaMemoryMb: "1024" } },
  lambdaTimeoutSeconds: { to: { lambdaTimeoutSeconds: "60" } },
  lambdaReservedConcurrency: { to: { lambdaReservedConcurrency: "5" } },
  iamPermissionsBoundary: {
    to: { iamPermissionsBoundary: `arn:aws:iam::${PLACE.account}:policy/boundary` },
  },
  iamPath: { to: { iamPath: "/service/" } },
  executionRoleArn: existingRoles,
  functionRoleArn: existingRoles,
};

/**
 * Keys whose change `npm test` runs: those that replace, or start and end, what costs money, holds data or gives rights.
 * `npm run docs -- --upgrade` runs every key.
 */
export const OFTEN: readonly string[] = [
  "instanceType",
  "modelDataUrl",
  "imageUri",
  "imageBuild",
  "bucketName",
  "minCapacity",
  "encryption",
  "network",
  "vpcId",
  "retainData",
  "resultsCatalog",
  "fastaDrop",
  "scan",
  "api",
  "apiAuth",
  "agentGateway",
  "evidence",
  "monthlyBudgetUsd",
  "iamPath",
  "executionRoleArn",
] satisfies ConfigKey[];

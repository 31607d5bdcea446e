import { planStack, type PlannedStack } from "../../../commands/preflight/plannedStack.js";
import { DEFAULT_REGION, stackConfig } from "../../../local/program/stackConfig.js";

interface Example {
  readonly stack: string;
  /** Configuration beyond the stack's file. */
  readonly overrides?: Readonly<Record<string, string>>;
}

/** Stacks that the project shows: its defaults, those with a file of their own, and the defaults with options on. */
const EXAMPLES = {
  defaults: { stack: "default" },
  dev: { stack: "dev" },
  prod: { stack: "prod" },
  encrypted: { stack: "default", overrides: { encryption: "kms" } },
  isolated: { stack: "default", overrides: { network: "isolated", encryption: "kms", flowLogs: "true" } },
  unscaled: { stack: "default", overrides: { enableAutoscaling: "false" } },
  prebuilt: {
    stack: "default",
    overrides: { imageUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/vep:v1" },
  },
  builtInAccount: { stack: "default", overrides: { imageBuild: "codebuild", encryption: "kms" } },
  queried: {
    stack: "default",
    overrides: { resultsCatalog: "true", stream: "true", network: "isolated", encryption: "kms" },
  },
  scanned: {
    stack: "default",
    overrides: {
      resultsCatalog: "true",
      scan: "true",
      scanSchedule: "rate(1 day)",
      scanInput: "uploads/proteome.fasta",
      network: "isolated",
      encryption: "kms",
    },
  },
  called: {
    stack: "default",
    overrides: { api: "true", apiKeys: "lab-a", apiOrigins: "https://lab.example.org", fastaDrop: "true" },
  },
  calledPrivately: {
    stack: "default",
    overrides: { api: "true", apiCache: "true", network: "isolated", encryption: "kms" },
  },
  calledWithTokens: { stack: "default", overrides: { api: "true", apiAuth: "cognito" } },
  calledByAgents: { stack: "default", overrides: { agentGateway: "true" } },
  uploaded: { stack: "default", overrides: { fastaDrop: "true", network: "isolated", encryption: "kms" } },
  versioned: {
    stack: "default",
    overrides: {
      models: JSON.stringify([{ name: "v2", modelId: "chandar-lab/AMPLIFY_120M" }]),
      modelB: "v2",
      modelGovernance: "true",
      modelGuard: "true",
      network: "isolated",
      encryption: "kms",
    },
  },
  mailed: { stack: "dev", overrides: { alarmEmail: "name@example.org" } },
} as const satisfies Readonly<Record<string, Example>>;

export type ExampleStack = keyof typeof EXAMPLES;
export const EXAMPLE_STACKS = Object.keys(EXAMPLES) as ExampleStack[];

const plans = new Map<ExampleStack, Promise<PlannedStack>>();

/** An example stack as it is planned; planned once a run, as nothing changes it. */
export function planned(name: ExampleStack): Promise<PlannedStack> {
  const plan = plans.get(name) ?? planStack(EXAMPLES[name].stack, stackConfig(EXAMPLES[name]), DEFAULT_REGION);
  plans.set(name, plan);
  return plan;
}

import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { doctorClients, type DoctorClients } from "../../../../commands/doctor/clients.js";
import { doctor } from "../../../../commands/doctor/doctor.js";
import { LEVELS, type StackFindings } from "../../../../commands/preflight/finding.js";
import { startTwin, type Twin } from "../../../../local/twin/start.js";
import { twinConfig } from "../../../../local/twin/twinConfig.js";
import { fakeModel } from "../../../local/twin/support/fakeModel.js";
import { MODEL_DIR, prepareCheckpoint } from "../../../local/twin/support/sharedTwin.js";

/** A model version beside `base`. */
export const V2 = { name: "v2", modelId: "chandar-lab/AMPLIFY_120M" };
const CONFIG = { monthlyBudgetUsd: "200", minCapacity: "1", maxCapacity: "2", models: JSON.stringify([V2]) };

/** States of an endpoint that takes no jobs, what SageMaker says, and the fix. */
export const BROKEN: readonly [string, string, RegExp][] = [
  ["Failed", "ResourceLimitExceeded: the account-level service limit is 0", /#quota$/],
  ["Failed", "Unsupported manifest media type application/vnd.oci.image.index.v1+json", /#image-rejected$/],
  ["Failed", "AccessDenied: the role is not authorized to perform ecr:BatchGetImage", /#access-denied$/],
  ["Failed", "The primary container did not pass the ping health check", /#endpoint-wont-start$/],
  ["UpdateRollbackFailed", "Unable to provision requested ML compute capacity", /another instanceType/],
  ["OutOfService", "Something else", /#endpoint-wont-start$/],
];

/** A command that a person can run as it is, with the names of the stack in it. */
const COMMAND = /^(?:If it takes longer: )?(?:aws|curl|npm run|npx vep|pulumi) [a-z-]/;

/** A twin with the roles that its stack names, whose model refuses every protein, and the doctor for it. */
export class DoctorTwin {
  private constructor(
    readonly twin: Twin,
    readonly clients: DoctorClients,
  ) {}

  static async start(): Promise<DoctorTwin> {
    prepareCheckpoint();
    const twin = await startTwin({
      modelDir: MODEL_DIR,
      models: { [V2.modelId]: MODEL_DIR },
      config: CONFIG,
      launch: () =>
        fakeModel((response) => {
          response.writeHead(400).end(JSON.stringify({ error_code: "BAD_REQUEST", message: "no" }));
        }),
    });
    const started = new DoctorTwin(twin, doctorClients(twin.clientConfig));
    for (const name of await started.roleNames()) await started.makeRole(name);
    return started;
  }

  /** The roles of the functions and of the models, which the twin does not make. */
  async roleNames(): Promise<string[]> {
    const { Functions = [] } = await this.clients.lambda.send(new ListFunctionsCommand({}));
    const models = this.twin.endpoints.map(({ settings }) => settings.model.executionRoleArn);
    const arns = [...Functions.map(({ Role }) => Role ?? ""), ...models];
    return [...new Set(arns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1)))];
  }

  async makeRole(RoleName: string): Promise<void> {
    await this.clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: "{}" }));
  }

  /**
   * Looks the stack over. The fix of every fault and warning must be a command, or begin with one.
   *
   * @param overrides settings of the stack that differ from what is deployed
   * @param others clients that differ
   */
  async diagnose(overrides: Record<string, string> = {}, others: Partial<DoctorClients> = {}): Promise<StackFindings> {
    const found = await doctor({
      stack: "default",
      config: twinConfig("default", { ...CONFIG, ...overrides }),
      region: this.twin.clientConfig.region,
      clients: { ...this.clients, ...others },
      now: () => new Date(),
      hasRoles: true,
    });
    for (const { level, fix = "", message } of found.findings) {
      if (level === "fault" || level === "warning") expect(fix, message).to.match(COMMAND);
    }
    return found;
  }
}

/** The worst level of each check. */
export function levelsOf({ findings }: StackFindings): Record<string, string> {
  return Object.fromEntries(
    findings
      .toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
      .map(({ check, level }) => [check, level]),
  );
}

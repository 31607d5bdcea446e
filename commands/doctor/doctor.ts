import { versionPrefix } from "../../components/config/modelVersions.js";
import { BASE_VERSION } from "../../contract/models.js";
import { projectName } from "../../local/program/stackConfig.js";
import { requiredPolicies } from "../plan/requiredPolicies.js";
import { accountChecks } from "../preflight/accountChecks.js";
import { identity } from "../preflight/checks/identity.js";
import { planOrFaults } from "../preflight/configuration.js";
import { findingsOf, runCheck, type Check, type Finding, type StackFindings } from "../preflight/finding.js";
import type { PlannedStack } from "../preflight/plannedStack.js";
import { configurationHolds, roleChecks } from "../preflight/preflight.js";
import { settingsOf, type ModelSettings } from "../preflight/settings.js";
import { endpointState } from "./checks/endpointState.js";
import { brake, jobs } from "./checks/jobs.js";
import { bucket, roles } from "./checks/foundations.js";
import { scaling } from "./checks/scaling.js";
import { alarms, deadLetters, functions, logLines } from "./checks/signals.js";
import type { DoctorClients } from "./clients.js";
import { publishedNames, stackNames, type Published, type StackNames } from "./stackNames.js";

/** What a doctor needs; whatever is outside this process is passed in. */
export interface DoctorOptions {
  readonly stack: string;
  /** Namespaced configuration, see `stackConfig`. */
  readonly config: Record<string, string>;
  readonly region: string;
  readonly clients: DoctorClients;
  readonly now: () => Date;
  /** Whether roles exist: the twin has none. */
  readonly hasRoles: boolean;
}

/**
 * Looks a deployed stack over: what it shares with the preflight (configuration, credentials, quotas, roles), then what has
 * become of it (endpoint, scaling, brake, functions, jobs, dead letters, alarms, log lines). Changes nothing.
 */
export async function doctor(options: DoctorOptions): Promise<StackFindings> {
  const { stack, config, region, clients } = options;
  const plan = await planOrFaults(stack, config, region);
  if ("faults" in plan) return { stack, region, findings: plan.faults };
  const { planned } = plan;
  const { account, findings: signedIn } = await identity(clients.sts, region);
  const first = [...configurationHolds(planned), ...signedIn];
  if (account === undefined) return { stack, region, findings: first };
  const { prefix } = stackNames(stack, planned);
  const published = await runCheck({ name: "deployment", run: () => deployment(options, prefix) });
  const deployed = await publishedNames(clients.ssm, prefix).catch(() => undefined);
  const ownRoles = roleChecks(options, await requiredPolicies(stack, config, region), account);
  const shared = [...accountChecks(options), ...ownRoles];
  const checks = deployed === undefined ? shared : [...shared, ...(await stackChecks(options, planned, deployed))];
  const findings = await Promise.all(checks.map(runCheck));
  return { stack, region, account, findings: [...first, ...published, ...findings.flat()] };
}

/** Whether the stack is there: its parameters in Systems Manager are. */
async function deployment({ clients, region, stack }: DoctorOptions, prefix: string): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("deployment");
  if (await publishedNames(clients.ssm, prefix)) return [ok(`The stack is deployed as ${prefix}.`)];
  const sentence = `There is no stack '${prefix}' in this account in ${region}, or its pulumi up did not end: the rest was not checked.`;
  const fix =
    `pulumi up --stack ${stack}, if it was never deployed or did not end; else sign in to its account ` +
    `(export AWS_PROFILE) or name its region (pulumi config set aws:region REGION --stack ${stack}).`;
  return [bad("fault", sentence, fix)];
}

/** Checks of what is deployed. */
async function stackChecks(
  { stack, config, clients, now, hasRoles }: DoctorOptions,
  planned: PlannedStack,
  { jobTableName: table, bucketName }: Published,
): Promise<Check[]> {
  const names = stackNames(stack, planned);
  const { guarded, ...settings } = settingsOf(config, projectName());
  const braked = guarded ? await brake(clients.documents, table, stack).catch(() => undefined) : undefined;
  const on = braked?.on ?? false;
  const endpoints = settings.models.map((model) => endpointOf(names, model));
  return [
    ...settings.models.flatMap((model) => modelChecks(clients, names, model, { ...settings, guarded, braked: on })),
    ...(guarded
      ? [{ name: "brake of the budget", run: async () => (await brake(clients.documents, table, stack)).findings }]
      : []),
    { name: "functions", run: () => functions(clients.lambda, names) },
    ...(hasRoles ? [{ name: "roles", run: () => roles(clients, names, endpoints) }] : []),
    { name: "bucket", run: () => bucket(clients.s3, bucketName, stack) },
    { name: "jobs", run: () => jobs(clients.documents, table, names, now()) },
    { name: "dead letters", run: () => deadLetters(clients.sqs, names) },
    { name: "alarms", run: () => alarms(clients.cloudwatch, names) },
    { name: "log lines", run: () => logLines(clients.logs, names, now()) },
  ];
}

/** Name of the endpoint of a model version. */
function endpointOf({ prefix, endpoint }: StackNames, { name }: ModelSettings): string {
  return name === BASE_VERSION ? endpoint : `${versionPrefix(prefix, name)}-endpoint`;
}

/** Checks of the endpoint of one model version. */
function modelChecks(
  clients: DoctorClients,
  names: StackNames,
  model: ModelSettings,
  how: { readonly scales: boolean; readonly guarded: boolean; readonly braked: boolean },
): Check[] {
  const { stack } = names;
  const endpoint = endpointOf(names, model);
  const named = (check: string): string => (model.name === BASE_VERSION ? check : `${check} of ${model.name}`);
  const state = { ...model, stack, endpoint, check: named("endpoint") };
  const limits = {
    ...model,
    ...how,
    stack,
    scalableResourceId: `endpoint/${endpoint}/variant/AllTraffic`,
    check: named("scaling"),
  };
  return [
    { name: state.check, run: () => endpointState(clients.sagemaker, state) },
    ...(how.scales ? [{ name: limits.check, run: () => scaling(clients.scaling, limits) }] : []),
  ];
}

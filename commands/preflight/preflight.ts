import { ecrImage } from "../../components/shared/imageReference.js";
import { s3Folder } from "../../components/shared/s3Location.js";
import { check } from "../../policy/check.js";
import { RULES } from "../../policy/allRules.js";
import { REQUIRED_TAGS } from "../../policy/rules/tags.js";
import type { Subject } from "../../policy/rule.js";
import { requiredPolicies, type RequiredPolicy } from "../plan/requiredPolicies.js";
import { projectName } from "../../local/program/stackConfig.js";
import { accountChecks, instanceTypesOf } from "./accountChecks.js";
import { BUILD_GIB, builder, MIRROR_GIB, type Machine } from "./checks/builder.js";
import { existingRole } from "./checks/existingRole.js";
import { hub } from "./checks/hub.js";
import { identity } from "./checks/identity.js";
import { names } from "./checks/names.js";
import { endpointZones, subnetZones } from "./checks/networkZones.js";
import { offering } from "./checks/offering.js";
import { buildQuota } from "./checks/quota.js";
import { weights } from "./checks/weights.js";
import { zonesOf } from "./checks/zones.js";
import type { Clients } from "./clients.js";
import { planOrFaults } from "./configuration.js";
import { findingsOf, runCheck, type Check, type Finding, type StackFindings } from "./finding.js";
import type { PlannedStack } from "./plannedStack.js";
import { settingsOf, type ModelSettings } from "./settings.js";

/** What a preflight needs; whatever is outside this process is passed in. */
export interface PreflightOptions {
  readonly stack: string;
  /** Namespaced configuration, see `stackConfig`. */
  readonly config: Record<string, string>;
  readonly region: string;
  readonly clients: Clients;
  readonly machine: Machine;
  /** Fetches an address of the hub. */
  readonly get: typeof fetch;
}

/**
 * Checks everything that would make a `pulumi up` fail halfway. Creates and changes nothing. Where the configuration has
 * faults, only they are reported: the other checks need a valid configuration.
 */
export async function preflight(options: PreflightOptions): Promise<StackFindings> {
  const { stack, config, region, clients } = options;
  const plan = await planOrFaults(stack, config, region);
  if ("faults" in plan) return { stack, region, findings: plan.faults };
  const { planned } = plan;
  const { account, findings: signedIn } = await identity(clients.sts, region);
  const roles = roleChecks(options, await requiredPolicies(stack, config, region), account);
  const inCloud = [...cloudChecks(options, planned), ...roles];
  const checks = [...(account === undefined ? [] : inCloud), ...machineChecks(options)];
  const findings = await Promise.all(checks.map(runCheck));
  const left = account === undefined ? inCloud.map(({ name }) => notSignedIn(name)) : [];
  return {
    stack,
    region,
    ...(account === undefined ? {} : { account }),
    findings: [...configurationHolds(planned), ...policies(planned), ...signedIn, ...findings.flat(), ...left],
  };
}

/** Checks that call AWS. */
function cloudChecks(options: PreflightOptions, { resources, subjects }: PlannedStack): Check[] {
  const { config, region, clients } = options;
  const settings = settingsOf(config, projectName());
  const offered = instanceTypesOf(settings.models).map((instanceType) => ({
    name: "instance type offered",
    run: async () => {
      const zones = await zonesOf(clients.ec2, settings);
      return offering(clients.ec2, { instanceType, zones, existing: settings.subnetIds.length > 0, region });
    },
  }));
  const inS3 = settings.models.flatMap(({ modelDataUrl: url, instanceType }) => {
    const folder = s3Folder(url);
    if (folder === undefined) return [];
    return [{ name: "weights in S3", run: () => weights(clients.s3, { url, folder, region, instanceType }) }];
  });
  return [
    ...accountChecks(options),
    ...offered,
    ...(settings.isolated
      ? [
          {
            name: "zones of the network",
            run: async () => {
              const zones = await zonesOf(clients.ec2, settings);
              const services = interfaceServices(resources);
              return services.length === 0
                ? subnetZones(zones)
                : endpointZones(clients.ec2, { services, zones, region });
            },
          },
        ]
      : []),
    ...(settings.builtInAccount && madeHere(settings.models).length > 0
      ? [{ name: "build quota", run: () => buildQuota(clients.quotas, region) }]
      : []),
    { name: "names free", run: () => names(clients, resources, tagsOf(subjects)) },
    ...inS3,
  ];
}

/** The model versions whose images are built or mirrored. */
function madeHere(models: readonly ModelSettings[]): ModelSettings[] {
  return models.filter(({ imageUri }) => ecrImage(imageUri) === undefined);
}

/** Names of the services behind the planned interface endpoints; none where the network exists already. */
function interfaceServices(resources: PlannedStack["resources"]): string[] {
  return resources.flatMap(({ type, inputs }) =>
    type === "aws:ec2/vpcEndpoint:VpcEndpoint" && inputs["vpcEndpointType"] === "Interface"
      ? [String(inputs["serviceName"])]
      : [],
  );
}

/** Checks of the existing roles that the configuration names; without an account they are only listed. */
export function roleChecks(
  { stack, region, clients }: Pick<PreflightOptions, "stack" | "region" | "clients">,
  required: readonly RequiredPolicy[],
  account = "",
): Check[] {
  return required.map((role) => ({
    name: role.key,
    run: () => existingRole(clients.iam, { role, account, region, stack }),
  }));
}

/** Checks of what this machine builds or mirrors, and of the models on the hub; none if the images are in ECR. */
function machineChecks({ config, machine, get }: PreflightOptions): Check[] {
  const { models, builtInAccount } = settingsOf(config, projectName());
  const made = madeHere(models);
  const built = made.filter(({ imageUri }) => imageUri === "");
  const neededGiB = built.length > 0 ? BUILD_GIB : MIRROR_GIB;
  const building = { name: "image builder", run: () => builder(machine, neededGiB) };
  const onHub = built.filter(({ modelDataUrl }) => modelDataUrl === "");
  return [
    ...(builtInAccount || made.length === 0 ? [] : [building]),
    ...onHub.map((model) => ({ name: "model on the hub", run: () => hub(get, model) })),
  ];
}

export function configurationHolds({ resources }: PlannedStack): Finding[] {
  const made = resources.filter(({ custom }) => custom).length;
  return [findingsOf("configuration").ok(`No faults; ${made} resources are planned.`)];
}

function policies({ subjects }: PlannedStack): Finding[] {
  const { ok, bad } = findingsOf("policy");
  const broken = check(RULES, subjects);
  if (broken.length === 0) return [ok(`All ${RULES.length} rules of the policy pack hold for the plan.`)];
  return broken.map(({ rule, urn, message }) =>
    bad("fault", `${rule.name}: ${urn.slice(urn.lastIndexOf("::") + 2)}: ${message}`, rule.fix),
  );
}

function notSignedIn(name: string): Finding {
  return findingsOf(name).bad("unknown", "Not checked: there are no AWS credentials.", "Sign in, and run it again.");
}

/** The tags that the stack sets on every resource. */
function tagsOf(subjects: readonly Subject[]): Record<string, string> {
  const tagged = subjects.map(({ props }) => props["tags"]).find((tags) => tags !== undefined);
  const tags = (tagged ?? {}) as Readonly<Record<string, string>>;
  return Object.fromEntries(REQUIRED_TAGS.map((tag) => [tag, tags[tag] ?? ""]));
}

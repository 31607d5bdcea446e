import { InputError, quoted } from "../../contract/errors.js";
import type { LedgerItem } from "../../contract/jobs.js";
import { BASE_VERSION, type ServedVersion } from "../../contract/models.js";
import type { ModelEndpoint } from "./modelEndpoint.js";
import type { ModelVersions } from "./modelVersions.js";

/** Settings that differ between model versions. */
interface VersionedSettings {
  readonly endpointName: string;
  readonly modelId: string;
  readonly modelRevision: string;
  readonly modelVersion: string;
  readonly maxCapacity: number;
  /** Name of the version; undefined on a stack with one. */
  readonly versionName?: string;
}

/** Services with the endpoint and settings of `base`, and the versions of a stack that has several. */
export interface VersionedServices {
  readonly settings: VersionedSettings;
  readonly endpoint: ModelEndpoint;
  readonly models?: ModelVersions | undefined;
}

/** The same services, with the endpoint and settings of one version: whoever gets them knows no other. */
export function forVersion<Services extends VersionedServices>(services: Services, version: ServedVersion): Services {
  const { models, settings } = services;
  if (models === undefined) return services;
  return {
    ...services,
    models: undefined,
    endpoint: models.endpointOf(version),
    settings: {
      ...settings,
      endpointName: version.endpoint,
      modelId: version.model,
      modelRevision: version.revision,
      modelVersion: version.digest,
      maxCapacity: version.most,
      versionName: version.name,
    },
  };
}

/** The services of the version that works on a job, also of one that the stack does not have any more. */
export function forJob<Services extends VersionedServices>(services: Services, job: LedgerItem): Services {
  const { models, settings } = services;
  if (models === undefined) return services;
  const retired = {
    name: job.model_version ?? BASE_VERSION,
    endpoint: job.endpoint_name ?? settings.endpointName,
    model: job.model,
    revision: job.revision,
    digest: job.image_digest,
    most: settings.maxCapacity,
  };
  return forVersion(services, models.ofJob(job) ?? retired);
}

/**
 * The services of the active version, for many proteins that one version scores.
 *
 * @throws ToolError `NO_ACTIVE_MODEL`
 */
export async function forActive<Services extends VersionedServices>(services: Services): Promise<Services> {
  return services.models === undefined ? services : forVersion(services, await services.models.active());
}

/** The version that scores the whole of a file, as it was when the file was read. */
export interface PinnedVersion {
  readonly name: string;
  /** Of image and weights. */
  readonly digest: string;
}

/** The version of these services, for a file that it scores from now on. */
export function pinnedVersion({ settings }: Pick<VersionedServices, "settings">): PinnedVersion {
  return { name: settings.versionName ?? BASE_VERSION, digest: settings.modelVersion };
}

/**
 * The services of the version that began to score a file.
 *
 * @param pinned undefined for a file that an earlier release read: it has the first version
 * @throws InputError `UNKNOWN_MODEL` if the stack does not have the version any more, or has another image under its name
 */
export function forPinned<Services extends VersionedServices>(
  services: Services,
  pinned: PinnedVersion | undefined,
): Services {
  const { models } = services;
  const name = pinned?.name ?? BASE_VERSION;
  const version = models?.all.find((one) => one.name === name);
  const own = version === undefined ? services : forVersion(services, version);
  const now = pinnedVersion(own);
  if (now.name === name && (pinned === undefined || pinned.digest === now.digest)) return own;
  throw new InputError(
    "UNKNOWN_MODEL",
    `The model version ${quoted(name)} that was active when the file was read was retired or updated; submit the file again.`,
  );
}

/** Whether the endpoint of these services is the one of a job. */
export function worksOn({ settings }: Pick<VersionedServices, "settings">, job: LedgerItem): boolean {
  return (job.endpoint_name ?? settings.endpointName) === settings.endpointName;
}

import { KEY_RULES } from "./keyRules.js";
import { NETWORK_RULES } from "./networkRules.js";
import { text } from "./outputs.js";
import { DELETE_CONFLICTS, NAME_TAKEN, REFERENCES } from "./references.js";
import { ROLE_RULES } from "./roleRules.js";
import { SAGEMAKER_RULES } from "./sagemakerRules.js";
import type { CloudView, Operation, Rules, CloudResource } from "./cloudState.js";
import type { Properties } from "./wire.js";

const IMAGE = "docker-build:index:Image";

const OWN_RULES: Readonly<Record<string, Rules>> = {
  "aws:dynamodb/table:Table": {
    reject: {
      delete: (_cloud, { id, inputs }) =>
        inputs["deletionProtectionEnabled"] === true
          ? `deleting DynamoDB Table (${id}): ValidationException: Resource cannot be deleted as it is currently protected against deletion`
          : undefined,
    },
  },
  "aws:ecr/repository:Repository": {
    reject: {
      delete: ({ state }, { id, inputs }) =>
        Object.keys(state.images[id] ?? {}).length > 0 && inputs["forceDelete"] !== true
          ? `ECR Repository (${id}) not empty, consider using force_delete: RepositoryNotEmptyException`
          : undefined,
    },
    effect: { delete: deleteImages },
  },
  "aws:s3/bucket:Bucket": {
    reject: {
      delete: ({ state }, { id, inputs }) =>
        (state.objects[id] ?? []).length > 0 && inputs["forceDestroy"] !== true
          ? `deleting S3 Bucket (${id}): BucketNotEmpty: The bucket you tried to delete is not empty`
          : undefined,
    },
    effect: { delete: ({ state }, { id }) => Reflect.deleteProperty(state.objects, id) },
  },
  "aws:s3/bucketObjectv2:BucketObjectv2": { effect: { create: putObject, delete: removeObject } },
  [IMAGE]: {
    reject: { create: tagTaken, update: tagTaken },
    effect: { create: push, update: push, delete: removeTags },
  },
};

/** The tables of rules. The effect that may throw, the wait for an endpoint, is last. */
const RULES = [OWN_RULES, KEY_RULES, ROLE_RULES, NETWORK_RULES, SAGEMAKER_RULES];

/**
 * Why AWS rejects a call; undefined where it accepts it.
 *
 * @param timeoutSeconds how long the provider waits; 0 for its own default
 */
export function rejectionOf(
  operation: Operation,
  cloud: CloudView,
  resource: CloudResource,
  timeoutSeconds = 0,
): string | undefined {
  for (const table of RULES) {
    const reason = table[resource.type]?.reject?.[operation]?.(cloud, resource, timeoutSeconds);
    if (reason !== undefined) return reason;
  }
  if (operation === "delete") return dependants(cloud, resource);
  return (operation === "create" ? nameTaken(cloud, resource) : undefined) ?? missingReference(cloud, resource);
}

/** Applies the side effects of a call on other resources. */
export function applyEffects(operation: Operation, cloud: CloudView, resource: CloudResource): void {
  for (const table of RULES) table[resource.type]?.effect?.[operation]?.(cloud, resource);
}

function nameTaken(cloud: CloudView, { type, id }: CloudResource): string | undefined {
  const code = NAME_TAKEN[type];
  return code !== undefined && cloud.find(type, id)
    ? `creating ${type} (${id}): ${code}: it already exists`
    : undefined;
}

function missingReference(cloud: CloudView, resource: CloudResource): string | undefined {
  for (const { type, of } of REFERENCES[resource.type] ?? []) {
    for (const wanted of of(resource.inputs)) {
      if (!exists(cloud, type, wanted)) return `${resource.type} (${resource.id}): there is no ${type} '${wanted}'`;
    }
  }
  return undefined;
}

function exists(cloud: CloudView, type: string, idOrArn: string): boolean {
  return cloud.all(type).some(({ id, outputs }) => id === idOrArn || outputs["arn"] === idOrArn);
}

function dependants(cloud: CloudView, { type, id, outputs }: CloudResource): string | undefined {
  for (const dependantType of DELETE_CONFLICTS[type] ?? []) {
    const references = (REFERENCES[dependantType] ?? []).filter((reference) => reference.type === type);
    const dependant = cloud
      .all(dependantType)
      .find(({ inputs }) =>
        references.some(({ of }) => [id, outputs["arn"]].some((name) => of(inputs).includes(text(name)))),
      );
    if (dependant) return `deleting ${type} (${id}): DeleteConflict: ${dependant.type} '${dependant.id}' still uses it`;
  }
  return undefined;
}

function tagTaken({ state }: CloudView, { inputs, outputs }: CloudResource): string | undefined {
  return pushTargets(inputs)
    .filter(({ repository, tag }) => (state.images[repository]?.[tag] ?? outputs["digest"]) !== outputs["digest"])
    .map(({ tag }) => `pushing the image: ImageTagAlreadyExistsException: the tag '${tag}' is immutable`)[0];
}

function push({ state }: CloudView, { inputs, outputs }: CloudResource): void {
  for (const { repository, tag } of pushTargets(inputs)) {
    (state.images[repository] ??= {})[tag] = text(outputs["digest"]);
  }
}

function removeTags({ state }: CloudView, { inputs }: CloudResource): void {
  for (const { repository, tag } of pushTargets(inputs)) Reflect.deleteProperty(state.images[repository] ?? {}, tag);
}

function putObject({ state }: CloudView, { inputs }: CloudResource): void {
  const keys = (state.objects[text(inputs["bucket"])] ??= []);
  if (!keys.includes(text(inputs["key"]))) keys.push(text(inputs["key"]));
}

function removeObject({ state }: CloudView, { inputs }: CloudResource): void {
  const bucket = text(inputs["bucket"]);
  state.objects[bucket] = (state.objects[bucket] ?? []).filter((key) => key !== inputs["key"]);
}

/** Deleting a repository deletes all its images, including those that no stack manages any more. */
function deleteImages({ state }: CloudView, { id }: CloudResource): void {
  Reflect.deleteProperty(state.images, id);
  for (const [address, { type, inputs }] of Object.entries(state.resources)) {
    if (type === IMAGE && pushTargets(inputs).some(({ repository }) => repository === id)) {
      Reflect.deleteProperty(state.resources, address);
    }
  }
}

/** Repositories and tags that a build pushes to; its `tags` have the form `registry/repository:tag`. */
function pushTargets(inputs: Properties): { repository: string; tag: string }[] {
  return (inputs["tags"] as string[]).map((reference) => {
    const [, repository = "", tag = ""] = /^[^/]+\/(.+):([^:/]+)$/.exec(reference) ?? [];
    return { repository, tag };
  });
}

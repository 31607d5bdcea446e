import { text } from "./outputs.js";
import { DELETE_CONFLICTS, NAME_TAKEN, REFERENCES } from "./references.js";
import { SAGEMAKER_RULES } from "./sagemakerRules.js";
import type { Holdings, Operation, Rules, Thing } from "./things.js";
import type { Properties } from "./wire.js";

const IMAGE = "docker-build:index:Image";

const RULES: Readonly<Record<string, Rules>> = {
  ...SAGEMAKER_RULES,
  "aws:dynamodb/table:Table": {
    refuse: {
      delete: (_cloud, { id, inputs }) =>
        inputs["deletionProtectionEnabled"] === true
          ? `deleting DynamoDB Table (${id}): ValidationException: Resource cannot be deleted as it is currently protected against deletion`
          : undefined,
    },
  },
  "aws:ecr/repository:Repository": {
    refuse: {
      delete: ({ state }, { id, inputs }) =>
        Object.keys(state.images[id] ?? {}).length > 0 && inputs["forceDelete"] !== true
          ? `ECR Repository (${id}) not empty, consider using force_delete: RepositoryNotEmptyException`
          : undefined,
    },
    effect: { delete: dropImages },
  },
  "aws:s3/bucket:Bucket": {
    refuse: {
      delete: ({ state }, { id, inputs }) =>
        (state.objects[id] ?? []).length > 0 && inputs["forceDestroy"] !== true
          ? `deleting S3 Bucket (${id}): BucketNotEmpty: The bucket you tried to delete is not empty`
          : undefined,
    },
    effect: { delete: ({ state }, { id }) => Reflect.deleteProperty(state.objects, id) },
  },
  [IMAGE]: {
    refuse: { create: tagTaken, update: tagTaken },
    effect: { create: push, update: push, delete: unpublish },
  },
};

/** Why AWS refuses a call; undefined where it does not. */
export function refusalOf(operation: Operation, cloud: Holdings, thing: Thing): string | undefined {
  const own = RULES[thing.type]?.refuse?.[operation]?.(cloud, thing);
  if (own !== undefined) return own;
  if (operation === "delete") return dependants(cloud, thing);
  return (operation === "create" ? nameTaken(cloud, thing) : undefined) ?? missingReference(cloud, thing);
}

/** Brings about what a call does to other things. */
export function effectsOf(operation: Operation, cloud: Holdings, thing: Thing): void {
  RULES[thing.type]?.effect?.[operation]?.(cloud, thing);
}

function nameTaken(cloud: Holdings, { type, id }: Thing): string | undefined {
  const code = NAME_TAKEN[type];
  return code !== undefined && cloud.find(type, id)
    ? `creating ${type} (${id}): ${code}: it already exists`
    : undefined;
}

function missingReference(cloud: Holdings, thing: Thing): string | undefined {
  for (const { type, of } of REFERENCES[thing.type] ?? []) {
    for (const wanted of of(thing.inputs)) {
      if (!refersTo(cloud, type, wanted)) return `${thing.type} (${thing.id}): there is no ${type} '${wanted}'`;
    }
  }
  return undefined;
}

function refersTo(cloud: Holdings, type: string, idOrArn: string): boolean {
  return cloud.all(type).some(({ id, outputs }) => id === idOrArn || outputs["arn"] === idOrArn);
}

function dependants(cloud: Holdings, { type, id, outputs }: Thing): string | undefined {
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

function tagTaken({ state }: Holdings, { inputs, outputs }: Thing): string | undefined {
  return pushed(inputs)
    .filter(({ repository, tag }) => (state.images[repository]?.[tag] ?? outputs["digest"]) !== outputs["digest"])
    .map(({ tag }) => `pushing the image: ImageTagAlreadyExistsException: the tag '${tag}' is immutable`)[0];
}

function push({ state }: Holdings, { inputs, outputs }: Thing): void {
  for (const { repository, tag } of pushed(inputs)) {
    (state.images[repository] ??= {})[tag] = text(outputs["digest"]);
  }
}

function unpublish({ state }: Holdings, { inputs }: Thing): void {
  for (const { repository, tag } of pushed(inputs)) Reflect.deleteProperty(state.images[repository] ?? {}, tag);
}

/** A repository takes its images with it, those that no stack manages any more included. */
function dropImages({ state }: Holdings, { id }: Thing): void {
  Reflect.deleteProperty(state.images, id);
  for (const [address, { type, inputs }] of Object.entries(state.things)) {
    if (type === IMAGE && pushed(inputs).some(({ repository }) => repository === id)) {
      Reflect.deleteProperty(state.things, address);
    }
  }
}

/** Where a build pushes to: `registry/repository:tag`. */
function pushed(inputs: Properties): { repository: string; tag: string }[] {
  return (inputs["tags"] as string[]).map((reference) => {
    const [, repository = "", tag = ""] = /^[^/]+\/(.+):([^:/]+)$/.exec(reference) ?? [];
    return { repository, tag };
  });
}

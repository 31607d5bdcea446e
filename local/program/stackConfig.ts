import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";

/** Region of a plan if neither the stack nor the environment sets one. */
export const DEFAULT_REGION = "us-east-1";

/** The configuration of a stack cannot be read. */
export class StackConfigError extends Error {
  override readonly name = "StackConfigError";
}

const ROOT = new URL("../../", import.meta.url);

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A list, which the Pulumi CLI gives to a program as JSON. */
const list = z.array(z.unknown()).transform((items) => JSON.stringify(items));

const value = z.union([scalar, list]);

const projectFile = z.looseObject({
  name: z.string(),
  config: z.record(z.string(), z.looseObject({ default: value.optional() })).default({}),
});

/** What a plan puts in the place of an encrypted value, which only the Pulumi CLI decrypts. */
export const ENCRYPTED = "[secret]";

const encrypted = z.strictObject({ secure: z.string() }).transform(() => ENCRYPTED);

const stackFile = z.looseObject({ config: z.record(z.string(), z.union([value, encrypted])).nullish() });

/** The sources of a stack's configuration. */
export interface StackConfigOptions {
  /**
   * Name of the stack; without a stack file it has the defaults of Pulumi.yaml.
   *
   * @default "default"
   */
  readonly stack?: string;
  /** Values that override the files; keys without a namespace belong to the project. */
  readonly overrides?: Readonly<Record<string, string>>;
  /**
   * Folder of Pulumi.yaml.
   *
   * @default the root of this project
   */
  readonly folder?: URL;
  /**
   * Region if no file sets one.
   *
   * @default {@link DEFAULT_REGION}
   */
  readonly region?: string;
}

/**
 * Merges the defaults of Pulumi.yaml, the stack file and overrides as the Pulumi CLI does.
 *
 * @returns values by namespaced key, such as `{"amplify-vep:minCapacity": "1", "aws:region": "us-east-1"}`
 * @throws StackConfigError if Pulumi.yaml is missing, or a file is not a valid project or stack file
 */
export function stackConfig(options: StackConfigOptions = {}): Record<string, string> {
  const folder = options.folder ?? ROOT;
  const project = readProject(folder);
  const stack = read(new URL(`Pulumi.${options.stack ?? "default"}.yaml`, folder), stackFile);
  const defaults = Object.entries(project.config).flatMap(([key, { default: initial }]) =>
    initial === undefined ? [] : [[key, initial] as const],
  );
  const layers = [
    [["aws:region", options.region ?? DEFAULT_REGION] as const],
    defaults,
    Object.entries(stack?.config ?? {}),
    Object.entries(options.overrides ?? {}),
  ];
  return Object.fromEntries(
    layers.flat().map(([key, set]) => [key.includes(":") ? key : `${project.name}:${key}`, String(set)]),
  );
}

/** The keys whose values are encrypted in the stack's file. */
export function encryptedKeys(config: Readonly<Record<string, string>>): string[] {
  return Object.keys(config).filter((key) => config[key] === ENCRYPTED);
}

/** Name of the project in Pulumi.yaml, which is also the namespace of its configuration. */
export function projectName(): string {
  return readProject(ROOT).name;
}

function readProject(folder: URL): z.infer<typeof projectFile> {
  const project = read(new URL("Pulumi.yaml", folder), projectFile);
  if (project === undefined) throw new StackConfigError(`There is no Pulumi.yaml in ${fileURLToPath(folder)}.`);
  return project;
}

function read<Schema extends z.ZodType>(file: URL, schema: Schema): z.infer<Schema> | undefined {
  const text = readIfPresent(file);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parse(text) ?? {});
  if (!parsed.success) throw new StackConfigError(`${fileURLToPath(file)}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function readIfPresent(file: URL): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

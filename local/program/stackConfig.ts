import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";

/** The region that a plan assumes where neither the stack nor the environment names one. */
export const DEFAULT_REGION = "us-east-1";

/** The configuration of a stack cannot be read, or an override is malformed. */
export class StackConfigError extends Error {
  override readonly name = "StackConfigError";
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const projectFile = z.looseObject({
  name: z.string(),
  config: z.record(z.string(), z.looseObject({ default: scalar.optional() })).default({}),
});

/** What a plan puts in the place of an encrypted value, which only the Pulumi CLI decrypts. */
export const ENCRYPTED = "[secret]";

const encrypted = z.strictObject({ secure: z.string() }).transform(() => ENCRYPTED);

const stackFile = z.looseObject({ config: z.record(z.string(), z.union([scalar, encrypted])).nullish() });

/** What a stack's configuration is merged from. */
export interface StackConfigOptions {
  /** Name of the stack; one without a file has the project's defaults. Default: `default`. */
  readonly stack?: string;
  /** Values that win over the files; keys without a namespace are the project's. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Folder of Pulumi.yaml. Default: the root of this project. */
  readonly folder?: URL;
  /** Region where no file names one. Default: {@link DEFAULT_REGION}. */
  readonly region?: string;
}

/**
 * Merges Pulumi.yaml's defaults, the stack's file and overrides, as the Pulumi CLI does, into namespaced keys.
 *
 * @returns a map such as `{"amplify-vep:minCapacity": "1", "aws:region": "us-east-1"}`
 * @throws StackConfigError where a file is no valid project or stack file
 */
export function stackConfig(options: StackConfigOptions = {}): Record<string, string> {
  const folder = options.folder ?? new URL("../../", import.meta.url);
  const project = read(new URL("Pulumi.yaml", folder), projectFile);
  if (project === undefined) throw new StackConfigError(`There is no Pulumi.yaml in ${fileURLToPath(folder)}.`);
  const stack = read(new URL(`Pulumi.${options.stack ?? "default"}.yaml`, folder), stackFile);
  const defaults = Object.entries(project.config).flatMap(([key, { default: value }]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  const layers = [
    [["aws:region", options.region ?? DEFAULT_REGION] as const],
    defaults,
    Object.entries(stack?.config ?? {}),
    Object.entries(options.overrides ?? {}),
  ];
  return Object.fromEntries(
    layers.flat().map(([key, value]) => [key.includes(":") ? key : `${project.name}:${key}`, String(value)]),
  );
}

/** The keys whose values are encrypted in the stack's file. */
export function encryptedKeys(config: Readonly<Record<string, string>>): string[] {
  return Object.keys(config).filter((key) => config[key] === ENCRYPTED);
}

/** The project's name, as Pulumi.yaml gives it: the namespace of its configuration. */
export function projectName(folder = new URL("../../", import.meta.url)): string {
  const project = read(new URL("Pulumi.yaml", folder), projectFile);
  if (project === undefined) throw new StackConfigError(`There is no Pulumi.yaml in ${fileURLToPath(folder)}.`);
  return project.name;
}

function read<Schema extends z.ZodType>(file: URL, schema: Schema): z.infer<Schema> | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parse(text) ?? {});
  if (!parsed.success) throw new StackConfigError(`${fileURLToPath(file)}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function readIfThere(file: URL): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

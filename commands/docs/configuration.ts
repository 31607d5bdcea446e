import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { table } from "./markdown.js";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const projectFile = z.object({
  config: z.record(
    z.string(),
    z.object({
      type: z.string().optional(),
      default: z.union([scalar, z.tuple([]).transform(() => "[]")]).optional(),
      description: z.string().optional(),
    }),
  ),
});

const stackFile = z.object({ config: z.record(z.string(), scalar) });

const STACKS = ["dev", "prod"] as const;

/** The configuration keys of Pulumi.yaml, with the values that the stacks `dev` and `prod` set instead. */
export function configurationTable(): string {
  const { config } = projectFile.parse(parse(readFileSync("Pulumi.yaml", "utf8")));
  const overrides = STACKS.map((stack) => stackFile.parse(parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8"))).config);
  const rows = Object.entries(config)
    .filter(([name]) => !name.includes(":"))
    .map(([name, { type = "string", default: value, description = "" }]) => [
      `\`${name}\``,
      type,
      code(value),
      ...overrides.map((stack) => code(stack[`amplify-vep:${name}`])),
      description.trim(),
    ]);
  return table(["key", "type", "default", ...STACKS, "what it does"], rows);
}

function code(value: z.infer<typeof scalar> | undefined): string {
  if (value === undefined) return "";
  return value === "" ? '`""`' : `\`${value}\``;
}

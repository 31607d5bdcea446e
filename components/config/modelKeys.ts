import * as z from "zod";
import { MAX_MORE_VERSIONS, MODEL_B_MODES } from "../../contract/models.js";
import { gpuInstance } from "../shared/gpuInstances.js";
import { isImageReference } from "../shared/imageReference.js";
import { s3Folder } from "../shared/s3Location.js";
import { boolean, integer, oneOf, text, type Key } from "./schemas.js";

/** One entry of `models`: a version beside `base`. */
const entry = z.strictObject({
  /** First part of the names of its resources, with the prefix before it. */
  name: z
    .string()
    .regex(/^[a-z](?:[a-z0-9]|-(?!-))*$/, "allowed are lower-case letters, digits and single hyphens")
    .regex(/[a-z0-9]$/, "must end with a letter or digit"),
  /** Model on the hub that is built into the image; with `imageUri`, the model that the image has. */
  modelId: z
    .string()
    .regex(/^[\w.-]{1,127}\/[\w.-]{1,128}$/, "allowed is a model on the Hugging Face hub as owner/name")
    .optional(),
  /** Default: main. */
  revision: z
    .string()
    .regex(/^[\w./-]{1,256}$/, "allowed is a branch, tag or commit")
    .optional(),
  imageUri: z.string().refine(isImageReference, "allowed is an image with its digest or tag").optional(),
  modelDataUrl: z
    .string()
    .refine((url) => s3Folder(url) !== undefined, "allowed is a folder in S3 as s3://bucket/folder/")
    .optional(),
  /** Default: `instanceType` of the stack. */
  instanceType: z
    .string()
    .refine((type) => gpuInstance(type) !== undefined, "allowed is a GPU instance type such as ml.g6.2xlarge")
    .optional(),
  /** Default: 0, which costs nothing while the version is idle. */
  minCapacity: z.int().min(0).max(20).optional(),
  /** Default: `maxCapacity` of the stack. */
  maxCapacity: z.int().min(1).max(20).optional(),
  /** Default: no instance is kept up in working hours. */
  workHoursCapacity: z.int().min(1).max(20).optional(),
});
export type ModelEntry = Readonly<z.infer<typeof entry>>;

const entries = z.array(entry).max(MAX_MORE_VERSIONS).readonly();

/** The keys of model versions. */
export const MODEL_KEYS = {
  models: {
    schema: z.string().transform(parsedJson).pipe(entries),
    allowed:
      `a list of at most ${MAX_MORE_VERSIONS} versions, each with its name and modelId (with or without revision), ` +
      "imageUri or modelDataUrl, and with or without instanceType, minCapacity, maxCapacity and workHoursCapacity",
    reason: (value) => {
      const read = entries.safeParse(parsedJson(value));
      return read.success
        ? undefined
        : read.error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`).join("; ");
    },
    suggestion: () => '[{"name":"v2","modelId":"chandar-lab/AMPLIFY_350M"}]',
    fix:
      "pulumi config set --path 'models[0].name' v2 && " +
      "pulumi config set --path 'models[0].modelId' chandar-lab/AMPLIFY_350M",
  } satisfies Key<z.ZodType<readonly ModelEntry[], string>>,
  modelB: text(/^(?:[a-z][a-z0-9-]*)?$/, {
    allowed: "empty, or the name of a version",
    suggestion: () => "v2",
  }),
  modelBShare: integer(0, 100, 20),
  modelBMode: oneOf(...MODEL_B_MODES),
  modelGovernance: boolean(false),
  modelGuard: boolean(false),
} as const;

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `models[0].name` */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}.${String(part)}`),
    "models",
  );
}

import fc from "fast-check";
import * as z from "zod";
import type { OpenApi, Operation } from "../../../../contract/openApi.js";
import type { JsonSchema } from "../../../../contract/toolSchemas.js";

/** A request as a client sends it. */
export interface ApiRequest {
  readonly method: "get" | "post";
  /** The path of the document, such as `/predictions/{output_id}`. */
  readonly template: string;
  /** Path and query. */
  readonly target: string;
  readonly body?: string;
}

/** Short proteins: the model has done all of them after a moment. */
const SEQUENCES = ["MKTAYIAK", ">a protein\nMKVLAAG", "mktvrq", "M"];

const word = fc.oneof(
  fc.constantFrom(
    "",
    "K2A",
    "M1A;K2T",
    "1-3,5",
    "completed",
    "round-1",
    "0",
    "-1",
    "10",
    "1e3",
    "summary",
    "%00",
    "../..",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);

const json = fc.jsonValue({ maxDepth: 2 });

/**
 * Requests made from a document of OpenAPI: each has a method of it, and parameters and a body that are right, wrong in one
 * place, or anything.
 *
 * @param ids ids of jobs that exist
 */
export function requests(document: OpenApi, ids: readonly string[]): fc.Arbitrary<ApiRequest> {
  const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ template, method: method as "get" | "post", operation })),
  );
  return fc.oneof(
    ...operations.map(({ template, method, operation }) =>
      fc
        .record({
          inPath: fc.oneof(
            fc.constantFrom(...ids),
            fc.uuid(),
            word.filter((text) => text !== ""),
          ),
          query: queryOf(operation),
          body: bodyOf(document, operation),
        })
        .map(({ inPath, query, body }) => ({
          method,
          template,
          target: `${template.replace(/\{\w+\}/, () => encodeURIComponent(inPath))}${query}`,
          ...(method === "post" && { body }),
        })),
    ),
  );
}

function queryOf({ parameters = [] }: Operation): fc.Arbitrary<string> {
  const names = parameters.filter(({ in: place }) => place === "query").map(({ name }) => name);
  const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names, "top") }, { weight: 1, arbitrary: word });
  return fc
    .array(fc.tuple(name, word), { maxLength: 3 })
    .map((pairs) => (pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`));
}

function bodyOf(document: OpenApi, { requestBody }: Operation): fc.Arbitrary<string> {
  if (requestBody === undefined) return fc.oneof(fc.constant(""), word);
  const content = requestBody["content"] as Readonly<Record<string, { readonly schema: JsonSchema }>>;
  const { properties } = resolved(document, content["application/json"]?.schema ?? {}) as {
    properties: Record<string, JsonSchema>;
  };
  const fields = Object.entries(properties).map(([name, schema]) => [name, valueOf(name, schema)] as const);
  const valid = fc.record(Object.fromEntries(fields), { requiredKeys: ["sequence"] });
  return fc.oneof(
    { weight: 5, arbitrary: valid.map((body) => JSON.stringify(body)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(valid, fc.constantFrom(...Object.keys(properties), "sequenze"), json)
        .map(([body, name, value]) => JSON.stringify({ ...body, [name]: value })),
    },
    { weight: 1, arbitrary: json.map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: word },
  );
}

/** Values that fit each other and every one of the proteins. */
const FITTING: Readonly<Record<string, readonly unknown[]>> = {
  sequence: SEQUENCES,
  name: ["a protein", "\u{1F9EC}"],
  tags: [["round-1"], []],
  variants: ["M1A", ["M1K", "p.Met1Leu"], "M1A; M1C"],
  positions: ["1", "1-1"],
  numbering_offset: [0],
  model: ["base"],
};

/** A value of a property of a body: mostly one that fits, else any of its type. */
function valueOf(name: string, schema: JsonSchema): fc.Arbitrary<unknown> {
  const ofType = valueOfType(schema);
  const fitting = FITTING[name];
  if (fitting === undefined) return ofType;
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: ofType });
}

function valueOfType(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as unknown[]));
  switch (schema["type"]) {
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: Number(schema["minimum"]), max: Number(schema["maximum"]) });
    case "array":
      return fc.array(word, { maxLength: 3 });
    default:
      return word;
  }
}

/** Says what is wrong with a response: a status, a header or a body that the document does not have. */
export function faultsOf(
  document: OpenApi,
  { template, method }: ApiRequest,
  response: { readonly status: number; readonly headers: Headers; readonly text: string },
): string[] {
  const declared = document.paths[template]?.[method]?.responses[String(response.status)];
  if (declared === undefined) return [`status ${response.status} is not in the document`];
  const headers = Object.keys(declared["headers"] ?? {}).filter((name) => !response.headers.has(name));
  const content = declared["content"] as Readonly<Record<string, { readonly schema: JsonSchema }>>;
  const schema = resolved(document, content["application/json"]?.schema ?? {});
  const read = z.fromJSONSchema(schema, { defaultTarget: "openapi-3.0" }).safeParse(JSON.parse(response.text));
  return [
    ...headers.map((name) => `header ${name} is missing`),
    ...(read.error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`),
  ];
}

/** A schema with the schemas in the place of references to them. */
function resolved(document: OpenApi, schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema, (_key, value: unknown) => {
    const reference = (value as { $ref?: unknown } | null)?.$ref;
    return typeof reference === "string" ? document.components.schemas[reference.split("/").at(-1) ?? ""] : value;
  });
  return JSON.parse(text) as JsonSchema;
}

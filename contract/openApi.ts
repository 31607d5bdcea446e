import { API_VERSION } from "./apiVersion.js";
import { apiRoutes, GATEWAY_STATUS, HTTP_STATUS, type ApiRoute } from "./httpApi.js";
import { schemaOf, TOOLS, type JsonSchema } from "./toolSchemas.js";
import { toolFailure } from "./toolData.js";
import { TOOL_INPUTS } from "./tools.js";

/** One method of a document. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: JsonSchema;
  readonly responses: Readonly<Record<string, JsonSchema>>;
}

/** A parameter of the path or the query. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

/** A document of OpenAPI 3.0, the newest version that API Gateway takes. */
export interface OpenApi {
  readonly openapi: "3.0.3";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<ApiRoute["method"], Operation>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** Title of the document. */
export const API_TITLE = "amplify-vep";

/**
 * The HTTP API as a document.
 *
 * @param options.uploads whether the stack takes FASTA files
 */
export function openApi(options: { readonly uploads: boolean }): OpenApi {
  const routes = apiRoutes(options);
  const paths: Record<string, Partial<Record<ApiRoute["method"], Operation>>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  const schemas = routes.flatMap((route) => [
    ...(route.inBody ? [[inputName(route), schemaOf(TOOL_INPUTS[route.tool], "input", "openapi-3.0")] as const] : []),
    [dataName(route), schemaOf(TOOLS[route.tool].data, "output", "openapi-3.0")] as const,
  ]);
  return {
    openapi: "3.0.3",
    info: {
      title: API_TITLE,
      version: API_VERSION,
      description: "Predicts the effects of substitutions in proteins. Research use only.",
    },
    paths,
    components: { schemas: { ...Object.fromEntries(schemas), Failure: FAILURE } },
  };
}

/** API Gateway's own refusals have fewer fields than those of the tools. */
const FAILURE: JsonSchema = { ...schemaOf(toolFailure, "output", "openapi-3.0"), required: ["message"] };

function operationOf(route: ApiRoute): Operation {
  const { operationId, summary, status } = route;
  const parameters = parametersOf(route);
  return {
    operationId,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.inBody && { requestBody: { required: true, ...json({ $ref: reference(inputName(route)) }) } }),
    responses: { [status]: successOf(route), ...FAILURES },
  };
}

function parametersOf({ tool, inPath, inQuery }: ApiRoute): Parameter[] {
  const { properties } = schemaOf(TOOL_INPUTS[tool], "input", "openapi-3.0") as {
    properties: Record<string, JsonSchema>;
  };
  const described = (name: string): Pick<Parameter, "description" | "schema"> => {
    const { description, ...schema } = properties[name] ?? { type: "string", description: "id of the upload" };
    return { description: String(description), schema: textOrNumber(schema) };
  };
  return [
    ...(inPath ? [{ name: inPath, in: "path" as const, required: true, ...described(inPath) }] : []),
    ...inQuery.map((name) => ({ name, in: "query" as const, required: false, ...described(name) })),
  ];
}

/** A query has texts, also where the tool takes a list instead. */
function textOrNumber({ anyOf, ...schema }: JsonSchema): JsonSchema {
  return anyOf === undefined ? schema : { type: "string" };
}

function successOf(route: ApiRoute): JsonSchema {
  const text = { type: "string" };
  const wait = {
    "Retry-After": { description: "seconds until the next call makes sense", schema: { type: "integer" } },
  };
  const location = { Location: { description: "address to poll", schema: text } };
  return {
    description: "success",
    headers: { ...(route.status !== 200 && location), ...(route.tool === "invoke_endpoint" && wait) },
    ...json({
      type: "object",
      properties: {
        success: { type: "boolean", enum: [true] },
        message: text,
        timestamp: text,
        data: { $ref: reference(dataName(route)) },
      },
      required: ["success", "message", "timestamp", "data"],
    }),
  };
}

/** Every status but that of a success: with the codes of the tools, or why API Gateway answers it. */
const FAILURES: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  [...new Set([...Object.values(HTTP_STATUS), ...Object.keys(GATEWAY_STATUS).map(Number)])].sort().map((status) => {
    const codes = Object.entries(HTTP_STATUS).filter(([, other]) => other === status);
    const gateway = (GATEWAY_STATUS as Readonly<Record<number, string>>)[status];
    const words = [...codes.map(([code]) => code), ...(gateway === undefined ? [] : [gateway])];
    return [String(status), { description: words.join(", "), ...json({ $ref: reference("Failure") }) }];
  }),
);

function json(schema: JsonSchema): JsonSchema {
  return { content: { "application/json": { schema } } };
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}

/** API Gateway takes letters and digits only. */
function inputName({ tool }: ApiRoute): string {
  return `${pascal(tool)}Input`;
}

function dataName({ tool }: ApiRoute): string {
  return `${pascal(tool)}Data`;
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

import type * as z from "zod";
import { API_VERSION } from "./apiVersion.js";
import { apiRoutes, GATEWAY_STATUS, HTTP_STATUS, type ApiRoute, type Route } from "./httpApi.js";
import { schemaOf, TOOLS, type JsonSchema } from "./toolSchemas.js";
import { toolFailure } from "./toolData.js";
import { TOOL_INPUTS } from "./tools.js";
import { workflowInput } from "./workflow.js";
import { WORKFLOW_ROUTES, type WorkflowRoute } from "./workflowApi.js";
import { workflowData, workflowResultsData } from "./workflowData.js";

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
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Route["method"], Operation>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** Title of the document. */
export const API_TITLE = "amplify-vep";

/** What a stack can have or not. */
export interface ApiOptions {
  /** Whether the stack takes FASTA files. */
  readonly uploads: boolean;
  /** Whether the stack has workflows. */
  readonly evidence: boolean;
}

/** The HTTP API as a document. */
export function openApi(options: ApiOptions): OpenApi {
  const routes = [
    ...apiRoutes(options).map(describedTool),
    ...(options.evidence ? WORKFLOW_ROUTES.map(describedWorkflow) : []),
  ];
  const paths: Record<string, Partial<Record<Route["method"], Operation>>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  const schemas = routes.flatMap(({ input, data }) => [
    ...(input ? [[input.name, schemaOf(input.schema, "input", "openapi-3.0")] as const] : []),
    [data.name, schemaOf(data.schema, "output", "openapi-3.0")] as const,
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

interface NamedSchema {
  readonly name: string;
  readonly schema: z.ZodType;
}

/** A method with its schemas. */
interface DescribedRoute extends Route {
  readonly parameters: readonly Parameter[];
  /** The body; undefined for none. */
  readonly input: NamedSchema | undefined;
  readonly data: NamedSchema;
  /** Whether Retry-After says when the next call makes sense. */
  readonly waits: boolean;
}

function describedTool(route: ApiRoute): DescribedRoute {
  const { tool } = route;
  return {
    ...route,
    parameters: parametersOf(route),
    input: route.inBody && { name: `${pascal(tool)}Input`, schema: TOOL_INPUTS[tool] },
    data: { name: `${pascal(tool)}Data`, schema: TOOLS[tool].data },
    waits: tool === "invoke_endpoint",
  };
}

function describedWorkflow(route: WorkflowRoute): DescribedRoute {
  const { action, path } = route;
  const id: Parameter = {
    name: "workflow_id",
    in: "path",
    required: true,
    description: "id of the workflow",
    schema: { type: "string" },
  };
  return {
    ...route,
    parameters: path.includes("{workflow_id}") ? [id] : [],
    input: action === "start_workflow" ? { name: "WorkflowInput", schema: workflowInput } : undefined,
    data:
      action === "get_workflow_results"
        ? { name: "WorkflowResultsData", schema: workflowResultsData }
        : { name: "WorkflowData", schema: workflowData },
    waits: action === "start_workflow",
  };
}

/** API Gateway's own refusals have fewer fields than those of the tools. */
const FAILURE: JsonSchema = { ...schemaOf(toolFailure, "output", "openapi-3.0"), required: ["message"] };

function operationOf(route: DescribedRoute): Operation {
  const { operationId, summary, status, parameters, input } = route;
  return {
    operationId,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(input && { requestBody: { required: true, ...json({ $ref: reference(input.name) }) } }),
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

function successOf({ status, waits, data }: DescribedRoute): JsonSchema {
  const text = { type: "string" };
  const wait = {
    "Retry-After": { description: "seconds until the next call makes sense", schema: { type: "integer" } },
  };
  const location = { Location: { description: "address to poll", schema: text } };
  return {
    description: "success",
    headers: { ...(status !== 200 && location), ...(waits && wait) },
    ...json({
      type: "object",
      properties: {
        success: { type: "boolean", enum: [true] },
        message: text,
        timestamp: text,
        data: { $ref: reference(data.name) },
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
function pascal(name: string): string {
  return name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

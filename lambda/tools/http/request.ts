import type * as z from "zod";
import { InputError, quoted, shortened, ToolError } from "../../../contract/errors.js";
import { SUBMITTED_PREFIX } from "../../../contract/fastaDrop.js";
import { API_ROUTES, type ApiRoute } from "../../../contract/httpApi.js";
import { s3Uri } from "../../../contract/storage.js";
import { TOOL_INPUTS } from "../../../contract/tools.js";
import { FaultList, unknownArgument } from "../../../contract/arguments.js";
import { readBody, type HttpRequest } from "../../shared/httpEvent.js";
import type { ToolCall } from "../toolCall.js";

/** @throws ToolError `UNKNOWN_TOOL` if the API has no such method */
export function routeOf({ httpMethod, resource }: HttpRequest): ApiRoute {
  const found = API_ROUTES.find(({ method, path }) => method === httpMethod.toLowerCase() && path === resource);
  if (found) return found;
  throw new ToolError("UNKNOWN_TOOL", `The API has no method ${quoted(`${httpMethod} ${resource}`)}.`);
}

/**
 * The call of a tool that a request asks for.
 *
 * @param bucketName the bucket of the stack
 * @throws ToolError `UNKNOWN_TOOL`, or InputError with what is wrong with query or body
 */
export function calledTool(request: HttpRequest, bucketName: string): ToolCall {
  const route = routeOf(request);
  const given = route.inBody ? readBody(request) : readQuery(request, route);
  return {
    tool: route.tool,
    input: { ...given, ...inPath(request, route, bucketName), ...route.always },
    namedInEvent: true,
  };
}

function inPath(
  { pathParameters }: HttpRequest,
  { inPath: name }: ApiRoute,
  bucket: string,
): Readonly<Record<string, string>> {
  if (name === undefined) return {};
  const value = pathParameters?.[name] ?? "";
  return name === "output_id" ? { output_id: value } : { s3_uri: s3Uri({ bucket, key: uploadKey(value) }) };
}

/** The key of the file that is uploaded with a form, by the id of the upload. */
function uploadKey(id: string): string {
  if (/^[0-9a-f-]{32,36}$/.test(id)) return `${SUBMITTED_PREFIX}${id}.fasta`;
  throw new InputError("INVALID_INPUT", `${quoted(id)} is not the id of an upload; take the one of POST /uploads.`);
}

/** A query has texts: those of numbers become numbers, and what is no number is left for the tool to refuse. */
function readQuery({ queryStringParameters }: HttpRequest, route: ApiRoute): Record<string, unknown> {
  const faults = new FaultList();
  const shape: Readonly<Record<string, z.ZodType | undefined>> = TOOL_INPUTS[route.tool].shape;
  const read: Record<string, unknown> = {};
  for (const [name, value = ""] of Object.entries(queryStringParameters ?? {})) {
    if (!route.inQuery.includes(name)) {
      faults.add(shortened(name), unknownArgument(name, route.inQuery));
      continue;
    }
    const number = Number(value);
    read[name] = value.trim() !== "" && shape[name]?.safeParse(number).success === true ? number : value;
  }
  faults.throwIfAny();
  return read;
}

import { z } from "zod";
import { ERROR_CODES } from "../../contract/errors.js";
import { API_ROUTES, GATEWAY_STATUS, HTTP_STATUS } from "../../contract/httpApi.js";
import { table } from "./markdown.js";

/** The inputs of a tool, from its schema: name, type, default and description. */
export function inputTable(input: z.ZodObject): string {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: "input" });
  const rows = Object.entries(properties).map(([name, property]) => {
    if (typeof property === "boolean") return [name, "any", "", ""];
    const { default: fallback, description = "" } = property;
    const missing = required.includes(name) ? "required" : "";
    return [
      `\`${name}\``,
      typeOf(property),
      fallback === undefined ? missing : `\`${JSON.stringify(fallback)}\``,
      description,
    ];
  });
  return table(["input", "type", "default", "what it is"], rows);
}

function typeOf(schema: z.core.JSONSchema.BaseSchema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(" or ");
  if (schema.anyOf)
    return schema.anyOf.map((option) => (typeof option === "boolean" ? "any" : typeOf(option))).join(" or ");
  return schema.type === "array" ? "list" : [schema.type ?? "any"].flat().join(" or ");
}

/** Every error code, and when a tool returns it. */
export function errorTable(): string {
  return table(
    ["code", "when"],
    Object.entries(ERROR_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
  );
}

/** Every method of the HTTP API. */
export function methodTable(): string {
  return table(
    ["method", "tool", "success", "what it does"],
    API_ROUTES.map(({ method, path, inQuery, tool, status, summary, uploads }) => [
      `\`${method.toUpperCase()} ${path}${inQuery.length > 0 ? `?${inQuery.join("&")}` : ""}\``,
      `\`${tool}\``,
      String(status),
      `${summary}${uploads ? " Only with `fastaDrop`." : ""}`,
    ]),
  );
}

/** Every status of an error of the HTTP API: the codes of the tools, and why API Gateway answers it. */
export function statusTable(): string {
  const refusals: Readonly<Record<string, string>> = GATEWAY_STATUS;
  const statuses = new Set([...Object.values(HTTP_STATUS).map(String), ...Object.keys(refusals)]);
  const rows = [...statuses].sort().map((status) => {
    const codes = Object.entries(HTTP_STATUS).filter(([, other]) => String(other) === status);
    return [status, codes.map(([code]) => `\`${code}\``).join(", "), refusals[status] ?? ""];
  });
  return table(["status", "`error_code`", "or API Gateway itself"], rows);
}

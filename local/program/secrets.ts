import { runtime } from "@pulumi/pulumi";

/**
 * Plain values in the place of Pulumi's wrapped secrets, at any depth: what a provider is given. Assets stay as they are.
 */
export function withoutSecrecy(value: unknown): unknown {
  if (runtime.isRpcSecret(value)) return withoutSecrecy(runtime.unwrapRpcSecret(value));
  if (Array.isArray(value)) return value.map(withoutSecrecy);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrecy(inner)]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { namesOf } from "../../shared/awsCall.js";
import { SourceError } from "./sourceError.js";

/** How long a key is used before it is read again, in milliseconds: operators change keys. */
const KEPT_MS = 300_000;

/**
 * Reads the operator's key for NCBI from Systems Manager, once in five minutes.
 *
 * @param parameter name of the SecureString; undefined if there is none
 * @returns a function that returns the key, or undefined if there is none
 */
export function ncbiKeyReader(
  ssm: SSMClient,
  parameter: string | undefined,
  now: () => number,
): () => Promise<string | undefined> {
  let kept: { readonly key: string; readonly until: number } | undefined;
  return async () => {
    if (parameter === undefined) return undefined;
    if (kept && kept.until > now()) return kept.key;
    kept = { key: await readKey(ssm, parameter), until: now() + KEPT_MS };
    return kept.key;
  };
}

/** @throws SourceError if the key cannot be read: without it, the operator would get another rate than the one asked for */
async function readKey(ssm: SSMClient, parameter: string): Promise<string> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
    const key = Parameter?.Value?.trim() ?? "";
    if (key !== "") return key;
  } catch (error) {
    const [name = "error"] = namesOf(error);
    throw new SourceError("unavailable", `the key for NCBI cannot be read from the parameter ${parameter} (${name})`);
  }
  throw new SourceError("unavailable", `the key for NCBI in the parameter ${parameter} is empty`);
}

import type { Output } from "@pulumi/pulumi";
import { HttpApi, type HttpApiArgs } from "./httpApi.js";

export interface ApiArgs extends HttpApiArgs {
  /** Whether there is an HTTP API. */
  readonly api: boolean;
}

export interface ApiParts {
  /** Address of the API; undefined without `api`. */
  readonly apiUrl?: Output<string>;
  /** Where callers get tokens, and their client there; only with `apiAuth` cognito. */
  readonly apiTokenUrl?: Output<string>;
  readonly apiClientId?: Output<string>;
  readonly apiClientSecret?: Output<string>;
}

/** Creates the HTTP API. */
export function httpApiOf({ api, ...args }: ApiArgs): ApiParts {
  if (!api) return {};
  const { url, issuer } = new HttpApi(`${args.prefix}-api`, args);
  return {
    apiUrl: url,
    ...(issuer && {
      apiTokenUrl: issuer.tokenUrl,
      apiClientId: issuer.clientId,
      apiClientSecret: issuer.clientSecret,
    }),
  };
}

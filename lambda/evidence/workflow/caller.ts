import * as z from "zod";
import { ToolError } from "../../../contract/errors.js";
import { DIRECT_OWNER } from "../../../contract/workflow.js";

/** Who calls, and from where. */
export interface Caller {
  readonly owner: string;
  /** IP address; `lambda` for a direct call, of which Lambda says nothing. */
  readonly sourceIp: string;
}

/** A direct call of the function: all who may call it share their workflows. */
export const DIRECT: Caller = { owner: DIRECT_OWNER, sourceIp: "lambda" };

const event = z.object({
  requestContext: z.object({
    identity: z.object({ sourceIp: z.string(), userArn: z.string().nullish() }),
    authorizer: z
      .object({ claims: z.object({ sub: z.string().optional(), client_id: z.string().optional() }) })
      .nullish()
      .catch(undefined),
  }),
});

/**
 * The caller of a request of the HTTP API, as API Gateway has checked it: the ARN of an IAM identity, or the user or client
 * of a token of Cognito.
 *
 * @throws ToolError `ACCESS_DENIED` if API Gateway names nobody
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function callerOf(given: unknown): Caller {
  const context = event.safeParse(given).data?.requestContext;
  const claims = context?.authorizer?.claims;
  const token = claims?.sub ?? claims?.client_id;
  const owner = context?.identity.userArn ?? (token === undefined ? undefined : `cognito:${token}`);
  if (context !== undefined && owner !== undefined) return { owner, sourceIp: context.identity.sourceIp };
  throw new ToolError(
    "ACCESS_DENIED",
    "API Gateway does not say who calls; workflows belong to their caller. Sign the request, or send a token.",
  );
}

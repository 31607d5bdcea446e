/** Names of the HTTP API, fixed in advance: alarms and log groups are created before what they watch. */
export interface ApiNames {
  /** The API of API Gateway. */
  readonly api: string;
  /** The log group of its access logs. */
  readonly logGroup: string;
}

/** @param prefix first part of all names of the stack */
export function apiNames(prefix: string): ApiNames {
  const api = `${prefix}-api`;
  return { api, logGroup: `/aws/apigateway/${api}` };
}

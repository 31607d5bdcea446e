/** The header of a request that was signed for a service; the twin checks no signature. */
export function signedFor(service: string): Record<string, string> {
  const scope = `20260101/us-east-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=host, Signature=0` };
}

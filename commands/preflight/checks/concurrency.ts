import { GetAccountSettingsCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { findingsOf, type Finding } from "../finding.js";

/**
 * What Lambda keeps for functions that reserve nothing; an account with less in all keeps everything.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const KEPT_UNRESERVED = 100;

/**
 * Looks at Lambda's concurrent executions: new accounts have 10 in all, and none of them can be reserved.
 *
 * @param options.reserved what the tools' function reserves; -1 reserves none
 */
export async function concurrency(
  lambda: LambdaClient,
  { reserved, region }: { readonly reserved: number; readonly region: string },
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("Lambda concurrency");
  const { AccountLimit: account } = await lambda.send(new GetAccountSettingsCommand({}));
  const limit = account?.ConcurrentExecutions ?? 0;
  const unreserved = account?.UnreservedConcurrentExecutions ?? limit;
  const kept = Math.min(KEPT_UNRESERVED, limit);
  const increase =
    `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 ` +
    `--desired-value 1000 --region ${region}`;
  if (reserved > 0 && unreserved - reserved < kept) {
    const sentence = `lambdaReservedConcurrency is ${reserved}, but of ${unreserved} unreserved executions ${kept} must stay.`;
    return [bad("fault", sentence, `pulumi config set lambdaReservedConcurrency -- -1, or ${increase}`)];
  }
  if (limit < KEPT_UNRESERVED) {
    const sentence = `All functions of the account share ${limit} executions at a time: more callers are throttled.`;
    return [bad("warning", sentence, increase)];
  }
  return [
    ok(`${unreserved} of ${limit} executions are unreserved${reserved > 0 ? `, ${reserved} are reserved` : ""}.`),
  ];
}

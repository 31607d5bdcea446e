import { GetAccountSettingsCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { findingsOf, type Finding } from "../finding.js";

/**
 * Concurrent executions that Lambda keeps unreserved; an account with a lower limit can reserve none.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const KEPT_UNRESERVED = 100;

/**
 * Checks the concurrent executions of Lambda: new accounts have 10, and can reserve none of them.
 *
 * @param options.reserved concurrency that the tools' function reserves; -1 reserves none
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
    const sentence = `lambdaReservedConcurrency is ${reserved}, but ${kept} of the ${unreserved} unreserved executions must stay unreserved.`;
    return [bad("fault", sentence, `pulumi config set lambdaReservedConcurrency -- -1, or ${increase}`)];
  }
  if (limit < KEPT_UNRESERVED) {
    const sentence = `All functions of the account share ${limit} concurrent executions: further calls are throttled.`;
    return [bad("warning", sentence, increase)];
  }
  return [
    ok(`${unreserved} of ${limit} executions are unreserved${reserved > 0 ? `, ${reserved} are reserved` : ""}.`),
  ];
}

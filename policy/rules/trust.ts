import { statementsOf, type Condition, type Principal, type Statement } from "../documents.js";
import { resourceRule, unless } from "../rule.js";

/** Conditions that limit a service to requests on behalf of one account: the protection against a confused deputy. */
const SOURCE_KEYS: ReadonlySet<string> = new Set(["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid"]);

/**
 * Further conditions that limit the use of a key to one account or purpose: CloudWatch Logs names the log group in the
 * encryption context, and ViaService names a service that acts for a caller.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
const KEY_CONDITIONS = /^kms:(?:encryptioncontext:|viaservice$|calleraccount$)/;

/** Conditions with which `Principal: *` does not mean everybody. */
const NARROWING_KEYS: ReadonlySet<string> = new Set([
  ...SOURCE_KEYS,
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "kms:calleraccount",
]);

/** A service assumes a role, or uses a resource, on behalf of this account only. */
export const noConfusedDeputy = resourceRule(
  {
    name: "no-confused-deputy",
    description:
      "A service that assumes a role, or uses a resource, is limited to this account (SourceAccount, SourceArn)",
    severity: "high",
    fix: "Add a condition on aws:SourceAccount or aws:SourceArn.",
  },
  {
    "aws:iam/role:Role": ({ assumeRolePolicy }) => statementsOf(assumeRolePolicy).flatMap(deputies),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ({ policy }) => statementsOf(policy).flatMap(deputies),
    "aws:kms/key:Key": ({ policy }) =>
      policy === undefined
        ? []
        : statementsOf(policy)
            .filter((statement) => !statement.conditions.some(tiesKey))
            .flatMap(deputies),
    "aws:lambda/permission:Permission": ({ principal, sourceAccount, sourceArn }) =>
      unless(
        !principal.includes(".amazonaws.com") || sourceAccount !== undefined || sourceArn !== undefined,
        `${principal} may call the function on behalf of any account: set sourceArn or sourceAccount.`,
      ),
    "aws:s3/bucketPolicy:BucketPolicy": ({ policy }) => statementsOf(policy).flatMap(deputies),
    "aws:sns/topicPolicy:TopicPolicy": ({ policy }) => statementsOf(policy).flatMap(deputies),
    "aws:sqs/queuePolicy:QueuePolicy": ({ policy }) => statementsOf(policy).flatMap(deputies),
  },
);

/** Nothing is public. */
export const noPublicAccess = resourceRule(
  {
    name: "no-public-access",
    description:
      "No policy allows access to everybody, no bucket has a public ACL, no function has a URL without authorization",
    severity: "critical",
    fix: "Name the principals, or remove the statement, ACL or URL.",
  },
  {
    "aws:apigateway/restApi:RestApi": ({ policy }) => (policy === undefined ? [] : statementsOf(policy).flatMap(open)),
    "aws:iam/role:Role": ({ assumeRolePolicy }) => statementsOf(assumeRolePolicy).flatMap(open),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ({ policy }) => statementsOf(policy).flatMap(open),
    "aws:kms/key:Key": ({ policy }) => (policy === undefined ? [] : statementsOf(policy).flatMap(open)),
    "aws:lambda/functionUrl:FunctionUrl": ({ authorizationType }) =>
      unless(authorizationType === "AWS_IAM", `The URL of the function has no authorization (${authorizationType}).`),
    "aws:lambda/permission:Permission": ({ principal, principalOrgId }) =>
      unless(principal !== "*" || principalOrgId !== undefined, "Everybody may call the function."),
    "aws:s3/bucketAcl:BucketAcl": ({ acl }) => publicAcl(acl),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the rule looks for what should not be used
    "aws:s3/bucket:Bucket": ({ acl }) => publicAcl(acl),
    "aws:s3/bucketPolicy:BucketPolicy": ({ policy }) => statementsOf(policy).flatMap(open),
    "aws:sns/topicPolicy:TopicPolicy": ({ policy }) => statementsOf(policy).flatMap(open),
    "aws:sqs/queuePolicy:QueuePolicy": ({ policy }) => statementsOf(policy).flatMap(open),
  },
);

function deputies({ label, allows, principals, conditions }: Statement): readonly string[] {
  const services = principals.filter(({ kind }) => kind === "Service").map(({ id }) => id);
  const held = conditions.some((condition) => tests(condition, SOURCE_KEYS));
  return unless(
    !allows || services.length === 0 || held,
    `Statement ${label} allows ${services.join(", ")} access for any account: add a condition on aws:SourceAccount or aws:SourceArn.`,
  );
}

function tiesKey({ key, values }: Condition): boolean {
  return KEY_CONDITIONS.test(key) && values.length > 0 && !values.includes("*");
}

function open({ label, allows, principals, conditions }: Statement): readonly string[] {
  const narrowed = conditions.some((condition) => tests(condition, NARROWING_KEYS));
  return unless(!allows || !principals.some(isEverybody) || narrowed, `Statement ${label} allows access to everybody.`);
}

function isEverybody({ kind }: Principal): boolean {
  return kind === "*";
}

/** Whether a condition requires one of the keys: a negated operator, or the value `*`, requires nothing. */
function tests({ operator, key, values }: Condition, keys: ReadonlySet<string>): boolean {
  const demands = /^(?:ForA\w+:)?(?:String|Arn)(?:Equals|EqualsIgnoreCase|Like)$/.test(operator);
  return keys.has(key) && demands && values.length > 0 && !values.includes("*");
}

function publicAcl(acl: string | undefined): readonly string[] {
  const open = acl?.startsWith("public-") === true || acl === "authenticated-read";
  return unless(!open, `The ACL '${String(acl)}' opens the bucket to everybody.`);
}

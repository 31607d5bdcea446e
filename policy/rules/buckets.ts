import { statementsOf, type Statement } from "../documents.js";
import { refersTo } from "../references.js";
import { ofType, resourceRule, stackRule, unless, type Subject, type Typed, type Violation } from "../rule.js";
import type { ResourceType } from "../resources.js";

/** Properties by which other resources name a bucket. */
export const BUCKET_IDENTITY = ["bucket", "id"] as const;

/** What every bucket needs beside it, and what is missing without it. */
const GUARDS = {
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "blocks public access",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "enforces the owner of its objects",
  "aws:s3/bucketPolicy:BucketPolicy": "refuses what does not come over TLS",
} as const satisfies Partial<Record<ResourceType, string>>;

/** Every bucket has its guards beside it. */
export const bucketsAreGuarded = stackRule(
  {
    name: "buckets-are-guarded",
    description: "Every bucket has a public access block, enforced ownership and a policy of its own",
    severity: "critical",
    mend: "Add the missing resource beside the bucket.",
  },
  (stack) => ofType(stack, "aws:s3/bucket:Bucket").flatMap((bucket) => missingGuards(bucket, stack)),
);

/** A block on public access blocks all of it. */
export const publicAccessBlocked = resourceRule(
  {
    name: "public-access-blocked",
    description: "A bucket's public access block has all four switches on, and its owner owns every object",
    severity: "critical",
    mend: "Set blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets and BucketOwnerEnforced.",
  },
  {
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (block) =>
      (["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const).flatMap((name) =>
        unless(block[name] === true, `${name} is not true.`),
      ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ({ rule }) =>
      unless(
        rule.objectOwnership === "BucketOwnerEnforced",
        `objectOwnership is '${rule.objectOwnership}': set BucketOwnerEnforced, which turns ACLs off.`,
      ),
  },
);

/** Nobody reaches a bucket without TLS 1.2 or newer. */
export const tlsOnly = resourceRule(
  {
    name: "tls-only",
    description: "A bucket's policy denies everybody what comes without TLS, or over a version older than 1.2",
    severity: "high",
    mend: "Deny s3:* where aws:SecureTransport is false, and where s3:TlsVersion is below 1.2.",
  },
  {
    "aws:s3/bucketPolicy:BucketPolicy": ({ policy }) => {
      const statements = statementsOf(policy);
      return [
        ...unless(
          statements.some((statement) => deniesAll(statement, "Bool", "aws:securetransport", ["false"])),
          "The policy does not deny what comes without TLS.",
        ),
        ...unless(
          statements.some((statement) => deniesAll(statement, "NumericLessThan", "s3:tlsversion", ["1.2", "1.3"])),
          "The policy does not deny TLS older than 1.2.",
        ),
      ];
    },
  },
);

function missingGuards(bucket: Typed<"aws:s3/bucket:Bucket">, stack: readonly Subject[]): Violation[] {
  return Object.entries(GUARDS)
    .filter(
      ([type]) => !stack.some((other) => other.type === type && refersTo(other, "bucket", bucket, BUCKET_IDENTITY)),
    )
    .map(([type, purpose]) => ({
      urn: bucket.urn,
      message: `Nothing ${purpose} for bucket '${bucket.name}': add a ${type.slice(type.lastIndexOf(":") + 1)}.`,
    }));
}

/** Whether a statement denies everybody everything, in the bucket and on it, when a condition holds. */
function deniesAll(statement: Statement, operator: string, key: string, values: readonly string[]): boolean {
  const { allows, principals, actions, resources, conditions } = statement;
  const [condition, ...more] = conditions;
  return (
    !allows &&
    principals.some(({ kind }) => kind === "*") &&
    actions.some((action) => action === "s3:*" || action === "*") &&
    (resources.includes("*") || (resources.some(isObjects) && resources.some((resource) => !isObjects(resource)))) &&
    // A further condition would leave gaps.
    more.length === 0 &&
    condition?.operator === operator &&
    condition.key === key &&
    condition.values.some((value) => values.includes(value))
  );
}

function isObjects(resource: string): boolean {
  return resource.endsWith("/*");
}

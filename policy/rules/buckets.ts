import { statementsOf, type Statement } from "../documents.js";
import { refersTo } from "../references.js";
import { ofType, resourceRule, stackRule, unless, type Subject, type Typed, type Violation } from "../rule.js";
import type { ResourceType } from "../resources.js";

/** Properties by which other resources name a bucket. */
export const BUCKET_IDENTITY = ["bucket", "id"] as const;

/** The resources that every bucket needs, each with its purpose. */
const GUARDS = {
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "blocks public access",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "enforces the owner of its objects",
  "aws:s3/bucketPolicy:BucketPolicy": "refuses requests without TLS",
} as const satisfies Partial<Record<ResourceType, string>>;

/** Every bucket has the resources that protect it. */
export const bucketsAreGuarded = stackRule(
  {
    name: "buckets-are-guarded",
    description: "Every bucket has a public access block, enforced ownership and a policy of its own",
    severity: "critical",
    fix: "Add the missing resource beside the bucket.",
  },
  (stack) => ofType(stack, "aws:s3/bucket:Bucket").flatMap((bucket) => missingGuards(bucket, stack)),
);

/** A public access block blocks all public access. */
export const publicAccessBlocked = resourceRule(
  {
    name: "public-access-blocked",
    description: "The public access block of a bucket has all four settings on, and the bucket owner owns every object",
    severity: "critical",
    fix: "Set blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets and BucketOwnerEnforced.",
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

/** Nobody can use a bucket without TLS 1.2 or newer. */
export const tlsOnly = resourceRule(
  {
    name: "tls-only",
    description: "The policy of a bucket denies every request without TLS, or with a version older than 1.2",
    severity: "high",
    fix: "Deny s3:* where aws:SecureTransport is false, and where s3:TlsVersion is below 1.2.",
  },
  {
    "aws:s3/bucketPolicy:BucketPolicy": ({ policy }) => {
      const statements = statementsOf(policy);
      return [
        ...unless(
          statements.some((statement) => deniesAll(statement, "Bool", "aws:securetransport", ["false"])),
          "The policy does not deny requests without TLS.",
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

/** Whether a statement denies all actions to everybody, on the bucket and its objects, under one condition. */
function deniesAll(statement: Statement, operator: string, key: string, values: readonly string[]): boolean {
  const { allows, principals, actions, resources, conditions } = statement;
  const [condition, ...more] = conditions;
  return (
    !allows &&
    principals.some(({ kind }) => kind === "*") &&
    actions.some((action) => action === "s3:*" || action === "*") &&
    (resources.includes("*") || (resources.some(isObjects) && resources.some((resource) => !isObjects(resource)))) &&
    // A further condition would allow some requests.
    more.length === 0 &&
    condition?.operator === operator &&
    condition.key === key &&
    condition.values.some((value) => values.includes(value))
  );
}

function isObjects(resource: string): boolean {
  return resource.endsWith("/*");
}

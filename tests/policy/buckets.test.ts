import type { Subject } from "../../policy/rule.js";
import { bucketsAreGuarded, publicAccessBlocked, tlsOnly } from "../../policy/rules/buckets.js";
import { describeRule, resource, urnOf, withUnknown } from "./support/cases.js";

const bucket = resource("aws:s3/bucket:Bucket", { bucket: "data-1a2b3c4" }, { name: "data" });
interface Guard {
  readonly bucket: string;
  readonly [property: string]: unknown;
}

const guards = (link: (guard: Guard) => Guard = (guard) => guard, references: Subject["references"] = {}) => [
  resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", link({ bucket: "data-1a2b3c4" }), { references }),
  resource("aws:s3/bucketOwnershipControls:BucketOwnershipControls", link({ bucket: "data-1a2b3c4" }), { references }),
  resource("aws:s3/bucketPolicy:BucketPolicy", link({ bucket: "data-1a2b3c4" }), { references }),
];
const unknownBucket = (guard: Guard) => withUnknown(guard, "bucket");

describeRule(bucketsAreGuarded, {
  holds: [
    { what: "a bucket with its guards", stack: [bucket, ...guards()] },
    {
      what: "a bucket whose name is not known yet",
      stack: [bucket, ...guards(unknownBucket, { bucket: [urnOf("aws:s3/bucket:Bucket", "data")] })],
    },
  ],
  broken: [
    {
      what: "a bucket alone",
      stack: [bucket],
      says: /blocks public access.*\n.*enforces the owner.*\n.*TLS for bucket 'data'/,
    },
    {
      what: "one guard missing",
      stack: [bucket, ...guards().slice(0, 2)],
      says: /^Nothing refuses requests without TLS.*add a BucketPolicy\.$/,
    },
    {
      what: "guards of another bucket",
      stack: [bucket, ...guards(() => ({ bucket: "other" }))],
      says: /blocks public access/,
    },
    {
      what: "guards of a bucket that is not known",
      stack: [bucket, ...guards(unknownBucket)],
      says: /blocks public access/,
    },
  ],
});

const OPEN = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

describeRule(publicAccessBlocked, {
  holds: [
    { what: "all four switches on", stack: [resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", OPEN)] },
    {
      what: "an enforced owner",
      stack: [
        resource("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
          rule: { objectOwnership: "BucketOwnerEnforced" },
        }),
      ],
    },
  ],
  broken: [
    ...Object.keys(OPEN).map((name) => ({
      what: `${name} off`,
      stack: [resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { ...OPEN, [name]: false })],
      says: new RegExp(`^${name} is not true\\.$`),
    })),
    {
      what: "owners that write",
      stack: [
        resource("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
          rule: { objectOwnership: "ObjectWriter" },
        }),
      ],
      says: /objectOwnership is 'ObjectWriter'/,
    },
  ],
});

const deny = (Condition: object, more: object = {}) => ({
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
  Condition,
  ...more,
});
const noTls = (more?: object) => deny({ Bool: { "aws:SecureTransport": "false" } }, more);
const oldTls = (more?: object) => deny({ NumericLessThan: { "s3:TlsVersion": "1.2" } }, more);
const policy = (...statements: object[]) => [
  resource("aws:s3/bucketPolicy:BucketPolicy", { policy: JSON.stringify({ Statement: statements }) }),
];

describeRule(tlsOnly, {
  holds: [
    { what: "denials of both kinds", stack: policy(noTls(), oldTls()) },
    { what: "a newer version demanded", stack: policy(noTls(), deny({ NumericLessThan: { "s3:TlsVersion": 1.3 } })) },
  ],
  broken: [
    {
      what: "no denial",
      stack: policy({ Effect: "Allow", Action: "s3:GetObject" }),
      says: /without TLS.*\n.*older than 1\.2/,
    },
    { what: "old versions let in", stack: policy(noTls()), says: /^The policy does not deny TLS older than 1\.2\.$/ },
    {
      what: "a denial to one",
      stack: policy(noTls({ Principal: { AWS: "123456789012" } }), oldTls()),
      says: /without TLS/,
    },
    {
      what: "a denial of reading only",
      stack: policy(noTls({ Action: "s3:GetObject" }), oldTls()),
      says: /without TLS/,
    },
    {
      what: "a denial on objects only",
      stack: policy(noTls({ Resource: "arn:aws:s3:::data/*" }), oldTls()),
      says: /without TLS/,
    },
    {
      what: "the opposite",
      stack: policy(deny({ Bool: { "aws:SecureTransport": "true" } }), oldTls()),
      says: /without TLS/,
    },
    {
      what: "a denial with a further condition",
      stack: policy(
        deny({ Bool: { "aws:SecureTransport": "false" }, StringEquals: { "aws:PrincipalAccount": "1" } }),
        oldTls(),
      ),
      says: /without TLS/,
    },
  ],
});

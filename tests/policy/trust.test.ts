import { noConfusedDeputy, noPublicAccess } from "../../policy/rules/trust.js";
import { describeRule, resource } from "./support/cases.js";

const ACCOUNT = "123456789012";

const document = (statement: object) => ({
  Version: "2012-10-17" as const,
  Statement: [{ Effect: "Allow" as const, Action: "*", Resource: "*", ...statement }],
});
const role = (statement: object) => [
  resource("aws:iam/role:Role", { assumeRolePolicy: document({ Action: "sts:AssumeRole", ...statement }) }),
];
const bucketPolicy = (statement: object) => [
  resource("aws:s3/bucketPolicy:BucketPolicy", { policy: document(statement) }),
];
const key = (statement: object) => [resource("aws:kms/key:Key", { policy: JSON.stringify(document(statement)) })];

const LAMBDA = { Principal: { Service: "lambda.amazonaws.com" } };
const IN_ACCOUNT = { Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } } };

describeRule(noConfusedDeputy, {
  holds: [
    { what: "a service held to the account", stack: role({ ...LAMBDA, ...IN_ACCOUNT }) },
    {
      what: "a service held to a resource",
      stack: role({ ...LAMBDA, Condition: { ArnLike: { "AWS:SourceArn": `arn:aws:lambda:*:${ACCOUNT}:function:f` } } }),
    },
    { what: "a role of the account", stack: role({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/deploy` } }) },
    { what: "a denial of a service", stack: bucketPolicy({ Effect: "Deny", ...LAMBDA }) },
    {
      what: "logs held to their group by the encryption context of a key",
      stack: key({
        Principal: { Service: "logs.us-east-1.amazonaws.com" },
        Condition: {
          ArnEquals: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:g` },
        },
      }),
    },
    { what: "a key without a policy of its own", stack: [resource("aws:kms/key:Key", {})] },
    {
      what: "a permission with a source",
      stack: [
        resource("aws:lambda/permission:Permission", { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::data" }),
      ],
    },
  ],
  broken: [
    {
      what: "a service without a condition",
      stack: role(LAMBDA),
      says: /allows lambda\.amazonaws\.com access for any account/,
    },
    {
      what: "a condition on something else",
      stack: role({ ...LAMBDA, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
      says: /any account/,
    },
    {
      what: "a condition that anything meets",
      stack: role({ ...LAMBDA, Condition: { StringLike: { "aws:SourceAccount": "*" } } }),
      says: /any account/,
    },
    {
      what: "a condition on another account",
      stack: role({ ...LAMBDA, Condition: { StringNotEquals: { "aws:SourceAccount": ACCOUNT } } }),
      says: /any account/,
    },
    {
      what: "the encryption context where there is no key",
      stack: role({ ...LAMBDA, Condition: { StringLike: { "kms:EncryptionContext:x": "y" } } }),
      says: /any account/,
    },
    {
      what: "a service let into a bucket",
      stack: bucketPolicy({ Principal: { Service: ["logging.s3.amazonaws.com"] } }),
      says: /logging\.s3/,
    },
    {
      what: "a service let into a topic",
      stack: [
        resource("aws:sns/topicPolicy:TopicPolicy", {
          policy: document({ Principal: { Service: "cloudwatch.amazonaws.com" } }),
        }),
      ],
      says: /cloudwatch/,
    },
    {
      what: "a service let into a queue",
      stack: [
        resource("aws:sqs/queuePolicy:QueuePolicy", {
          policy: document({ Principal: { Service: "sns.amazonaws.com" } }),
        }),
      ],
      says: /sns/,
    },
    { what: "a service let to a key", stack: key({ Principal: { Service: "sns.amazonaws.com" } }), says: /sns/ },
    {
      what: "a permission without a source",
      stack: [resource("aws:lambda/permission:Permission", { principal: "s3.amazonaws.com" })],
      says: /s3\.amazonaws\.com may call the function on behalf of any account/,
    },
  ],
});

describeRule(noPublicAccess, {
  holds: [
    { what: "a named principal", stack: bucketPolicy({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }) },
    { what: "a denial to everybody", stack: bucketPolicy({ Effect: "Deny", Principal: "*" }) },
    {
      what: "everybody of one organisation",
      stack: bucketPolicy({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
    },
    { what: "a private ACL", stack: [resource("aws:s3/bucketAcl:BucketAcl", { acl: "private" })] },
    {
      what: "an address with sign-in",
      stack: [resource("aws:lambda/functionUrl:FunctionUrl", { authorizationType: "AWS_IAM" })],
    },
    {
      what: "a permission for one account",
      stack: [resource("aws:lambda/permission:Permission", { principal: ACCOUNT })],
    },
  ],
  broken: [
    {
      what: "everybody",
      stack: bucketPolicy({ Sid: "Open", Principal: "*" }),
      says: /Statement Open allows access to everybody/,
    },
    { what: "every account", stack: bucketPolicy({ Principal: { AWS: ["*"] } }), says: /everybody/ },
    { what: "everybody but one", stack: bucketPolicy({ NotPrincipal: { AWS: ACCOUNT } }), says: /everybody/ },
    {
      what: "everybody outside one organisation",
      stack: bucketPolicy({ Principal: "*", Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } } }),
      says: /everybody/,
    },
    { what: "a role that everybody assumes", stack: role({ Principal: { AWS: "*" } }), says: /everybody/ },
    { what: "a key for everybody", stack: key({ Principal: "*" }), says: /everybody/ },
    {
      what: "a public ACL",
      stack: [resource("aws:s3/bucketAcl:BucketAcl", { acl: "public-read" })],
      says: /'public-read' opens/,
    },
    {
      what: "an ACL for every account",
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the rule looks for what should not be used
      stack: [resource("aws:s3/bucket:Bucket", { acl: "authenticated-read" })],
      says: /'authenticated-read' opens/,
    },
    {
      what: "an address without sign-in",
      stack: [resource("aws:lambda/functionUrl:FunctionUrl", { authorizationType: "NONE" })],
      says: /has no authorization/,
    },
    {
      what: "a function for everybody",
      stack: [resource("aws:lambda/permission:Permission", { principal: "*" })],
      says: /Everybody may call/,
    },
  ],
});

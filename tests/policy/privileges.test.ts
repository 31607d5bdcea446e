import { leastPrivilege, noLogGroupCreation } from "../../policy/rules/privileges.js";
import { describeRule, resource } from "./support/cases.js";

const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/jobs";

const rolePolicy = (statement: object) => [
  resource("aws:iam/rolePolicy:RolePolicy", {
    policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "Test", Effect: "Allow", ...statement }] }),
  }),
];

const attachment = (policyArn: string) => [
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { policyArn }),
];

describeRule(leastPrivilege, {
  holds: [
    { what: "named actions on a named resource", stack: rolePolicy({ Action: "dynamodb:GetItem", Resource: TABLE }) },
    {
      what: "a prefix of a bucket",
      stack: rolePolicy({ Action: ["s3:GetObject"], Resource: "arn:aws:s3:::data/in/*" }),
    },
    {
      what: "an action without resources on *",
      stack: rolePolicy({ Action: "ecr:GetAuthorizationToken", Resource: "*" }),
    },
    { what: "a denial of everything", stack: rolePolicy({ Effect: "Deny", Action: "*", Resource: "*" }) },
    {
      what: "the variants of a data key",
      stack: rolePolicy({ Action: "kms:GenerateDataKey*", Resource: `${TABLE}/key` }),
    },
    {
      what: "a policy document that is no text",
      stack: [
        resource("aws:iam/policy:Policy", {
          policy: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: TABLE }],
          },
        }),
      ],
    },
    {
      what: "a policy of AWS's for one purpose",
      stack: attachment("arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"),
    },
  ],
  broken: [
    {
      what: "every action",
      stack: rolePolicy({ Action: "*", Resource: TABLE }),
      says: /Test allows \*: name each action/,
    },
    { what: "a whole service", stack: rolePolicy({ Action: ["s3:*"], Resource: TABLE }), says: /allows s3:\*/ },
    { what: "part of a service", stack: rolePolicy({ Action: "s3:Get*", Resource: TABLE }), says: /allows s3:Get\*/ },
    {
      what: "every resource",
      stack: rolePolicy({ Action: "dynamodb:GetItem", Resource: "*" }),
      says: /dynamodb:GetItem on \*/,
    },
    {
      what: "every bucket",
      stack: rolePolicy({ Action: "s3:GetObject", Resource: "arn:aws:s3:::*" }),
      says: /s3:GetObject on arn/,
    },
    {
      what: "an action with resources beside one without, on *",
      stack: rolePolicy({ Action: ["xray:PutTraceSegments", "sqs:SendMessage"], Resource: "*" }),
      says: /^Statement Test allows sqs:SendMessage on \*: name its resources\.$/,
    },
    {
      what: "all actions except some",
      stack: rolePolicy({ NotAction: "iam:*", Resource: TABLE }),
      says: /all actions except some/,
    },
    {
      what: "all resources except some",
      stack: rolePolicy({ Action: "sqs:SendMessage", NotResource: TABLE }),
      says: /all resources except some/,
    },
    {
      what: "a wide policy inside a role",
      stack: [
        resource("aws:iam/role:Role", {
          inlinePolicies: [
            { policy: JSON.stringify({ Statement: { Effect: "Allow", Action: "sns:*", Resource: TABLE } }) },
          ],
        }),
      ],
      says: /Statement 1 allows sns:\*/,
    },
    {
      what: "AWS's policy for administrators",
      stack: attachment("arn:aws:iam::aws:policy/AdministratorAccess"),
      says: /AdministratorAccess grants/,
    },
    {
      what: "AWS's policy for all of SageMaker",
      stack: attachment("arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"),
      says: /AmazonSageMakerFullAccess grants/,
    },
  ],
});

describeRule(noLogGroupCreation, {
  holds: [
    {
      what: "writing to a log group",
      stack: rolePolicy({ Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: TABLE }),
    },
    { what: "a denial", stack: rolePolicy({ Effect: "Deny", Action: "logs:CreateLogGroup", Resource: "*" }) },
  ],
  broken: [
    {
      what: "the action itself",
      stack: rolePolicy({ Action: ["logs:CreateLogGroup"], Resource: TABLE }),
      says: /Test allows logs:CreateLogGroup/,
    },
    {
      what: "a wildcard that covers it",
      stack: rolePolicy({ Action: "logs:*", Resource: TABLE }),
      says: /logs:CreateLogGroup/,
    },
    {
      what: "all actions except some",
      stack: rolePolicy({ NotAction: "s3:GetObject", Resource: TABLE }),
      says: /logs:CreateLogGroup/,
    },
    {
      what: "AWS's policy for Lambda",
      stack: attachment("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
      says: /AWSLambdaBasicExecutionRole may create log groups/,
    },
  ],
});

import { createHash } from "node:crypto";

/** One change of the configuration, and the calls that it causes. */
export interface Step {
  readonly settings: Readonly<Record<string, string>>;
  /** All calls to the cloud, in any order, see `lines`. */
  readonly calls: readonly string[];
  /** The calls whose order matters, in that order. */
  readonly order?: readonly string[];
}

/** Changes of one deployed stack, with one `up` per step. */
export interface Roll {
  readonly title: string;
  readonly steps: readonly Step[];
  /** Endings of the logical names of resources that leave the stack and are retained in AWS. */
  readonly retained?: readonly string[];
}

const NEW_CONFIGURATION = [
  "create EndpointConfiguration config",
  "update MetricAlarm bad-image: dimensions",
  "update Endpoint endpoint: endpointConfigName",
  "delete EndpointConfiguration config",
];

/** A new model and configuration, whose errors the rollback alarm counts, the update of the endpoint, then the deletion of the old model and configuration. */
const NEW_MODEL = ["create Model model", ...NEW_CONFIGURATION, "delete Model model"];

const NEW_IMAGE = ["update Image image-build: buildArgs, tags", ...NEW_MODEL];

/** The alarm on the full capacity names the number of instances. */
const FULL_CAPACITY = "update MetricAlarm full-capacity: alarmDescription, metricQueries";

const PREBUILT = "123456789012.dkr.ecr.us-east-1.amazonaws.com/prebuilt";

/** The functions read the settings of the model from their environment. */
const FUNCTIONS = ["tools", "recorder", "sweeper"];
const FUNCTIONS_UPDATED = FUNCTIONS.map((name) => `update Function ${name}-function: environment`);

/** A new policy before the calls that need it, and the deletion of the old one after them. */
function newPolicy(user: "endpoint" | "tools", calls: readonly string[]): string[] {
  return [`create RolePolicy ${user}-policy`, ...calls, `delete RolePolicy ${user}-policy`];
}

/** The policy that lets the endpoint read the weights of a URL. */
function weightsPolicy(url: string): string {
  return `endpoint-weights-${createHash("sha256").update(url).digest("hex").slice(0, 8)}`;
}

/** Changes of a deployed stack with default settings. */
export const MATRIX: readonly Roll[] = [
  {
    title: "another instance type",
    steps: [
      {
        settings: { instanceType: "ml.g5.2xlarge" },
        calls: [
          "delete Policy grow",
          "delete Policy rest",
          "delete Target target",
          "delete RandomId registration",
          "create RandomId registration",
          ...NEW_CONFIGURATION,
          "update Dashboard dashboard: dashboardBody",
          "create Target target",
          "create Policy grow",
          "create Policy rest",
          "update MetricAlarm rest-alarm: alarmActions",
        ],
        order: [
          "delete Policy rest",
          "delete Target target",
          "create EndpointConfiguration config",
          "update Endpoint endpoint: endpointConfigName",
          "create Target target",
          "create Policy rest",
          "update MetricAlarm rest-alarm: alarmActions",
          "delete EndpointConfiguration config",
        ],
      },
    ],
  },
  {
    title: "scaling disabled, another instance type, and scaling enabled again",
    steps: [
      {
        settings: { enableAutoscaling: "false" },
        calls: [
          "delete MetricAlarm rest-alarm",
          "delete Policy grow",
          "delete Policy rest",
          "delete Target target",
          "delete MetricAlarm idle-gpu",
          FULL_CAPACITY,
          "update Dashboard dashboard: dashboardBody",
        ],
        order: ["delete MetricAlarm rest-alarm", "delete Policy rest", "delete Target target"],
      },
      {
        settings: { instanceType: "ml.g5.2xlarge" },
        calls: [
          "delete RandomId registration",
          "create RandomId registration",
          ...NEW_CONFIGURATION,
          "update Dashboard dashboard: dashboardBody",
        ],
        order: NEW_CONFIGURATION,
      },
      {
        settings: { enableAutoscaling: "true" },
        calls: [
          "create Target target",
          "create Policy grow",
          "create Policy rest",
          "create MetricAlarm rest-alarm",
          "create MetricAlarm idle-gpu",
          FULL_CAPACITY,
          "update Dashboard dashboard: dashboardBody",
        ],
        order: ["create Target target", "create Policy rest", "create MetricAlarm rest-alarm"],
      },
    ],
  },
  {
    title: "another model, and another revision",
    steps: [{ modelId: "chandar-lab/AMPLIFY_120M" }, { modelRevision: "0123456789abcdef0123456789abcdef01234567" }].map(
      (settings) => ({ settings, calls: [...NEW_IMAGE, ...FUNCTIONS_UPDATED], order: NEW_IMAGE }),
    ),
  },
  {
    title: "a prebuilt image, and another prebuilt image",
    steps: [
      {
        settings: { imageUri: `${PREBUILT}@sha256:${"1".repeat(64)}` },
        calls: [...newPolicy("endpoint", NEW_MODEL), ...FUNCTIONS_UPDATED],
        order: newPolicy("endpoint", NEW_MODEL),
      },
      {
        settings: { imageUri: `${PREBUILT}@sha256:${"2".repeat(64)}` },
        calls: [...NEW_MODEL, ...FUNCTIONS_UPDATED],
        order: NEW_MODEL,
      },
    ],
    retained: ["image-repository", "image-lifecycle", "image-build"],
  },
  {
    title: "weights from S3, from another folder there, and from the hub again",
    steps: [
      {
        settings: { modelDataUrl: "s3://weights/1/" },
        calls: [...NEW_IMAGE, `create RolePolicy ${weightsPolicy("s3://weights/1/")}`, ...FUNCTIONS_UPDATED],
        order: [`create RolePolicy ${weightsPolicy("s3://weights/1/")}`, ...NEW_MODEL],
      },
      {
        settings: { modelDataUrl: "s3://weights/2/" },
        calls: [
          `create RolePolicy ${weightsPolicy("s3://weights/2/")}`,
          ...NEW_MODEL,
          `delete RolePolicy ${weightsPolicy("s3://weights/1/")}`,
          ...FUNCTIONS_UPDATED,
        ],
        order: [
          `create RolePolicy ${weightsPolicy("s3://weights/2/")}`,
          ...NEW_MODEL,
          `delete RolePolicy ${weightsPolicy("s3://weights/1/")}`,
        ],
      },
      {
        settings: { modelDataUrl: "" },
        calls: [...NEW_IMAGE, ...FUNCTIONS_UPDATED, `delete RolePolicy ${weightsPolicy("s3://weights/2/")}`],
        order: [...NEW_IMAGE, `delete RolePolicy ${weightsPolicy("s3://weights/2/")}`],
      },
    ],
  },
  {
    title: "more concurrent invocations",
    steps: [
      {
        settings: { maxConcurrentInvocations: "8" },
        calls: [...NEW_CONFIGURATION, ...FUNCTIONS_UPDATED],
        order: NEW_CONFIGURATION,
      },
    ],
  },
  {
    title: "shorter invocations",
    steps: [
      {
        settings: { maxInvocationSeconds: "900" },
        calls: [
          "update Endpoint endpoint: deploymentConfig",
          "update MetricAlarm model-latency: alarmDescription, threshold",
          "update MetricAlarm failed-requests: alarmDescription",
          ...FUNCTIONS_UPDATED,
        ],
      },
    ],
  },
  {
    title: "minimum capacity 0, a higher maximum, and equal minimum and maximum",
    steps: [
      {
        settings: { minCapacity: "0" },
        calls: [
          "update Target target: minCapacity",
          "update Policy rest: stepScalingPolicyConfiguration",
          "update MetricAlarm rest-alarm: alarmDescription",
          "update MetricAlarm idle-gpu: alarmDescription, metricQueries",
          "create Policy wake",
          "create MetricAlarm wake-alarm",
        ],
        order: ["update Target target: minCapacity", "create Policy wake", "create MetricAlarm wake-alarm"],
      },
      {
        settings: { maxCapacity: "5" },
        calls: ["update Target target: maxCapacity", FULL_CAPACITY, ...FUNCTIONS_UPDATED],
      },
      {
        settings: { minCapacity: "5" },
        calls: [
          "update Target target: minCapacity",
          "delete MetricAlarm rest-alarm",
          "delete MetricAlarm idle-gpu",
          "update Dashboard dashboard: dashboardBody",
          "delete MetricAlarm wake-alarm",
          "delete Policy rest",
          "delete Policy wake",
          "delete Policy grow",
        ],
        order: ["delete MetricAlarm rest-alarm", "delete Policy rest"],
      },
    ],
  },
  {
    title: "alarms by mail, another address, and a longer log retention",
    steps: [
      { settings: { alarmEmail: "alarms@example.org" }, calls: ["create TopicSubscription alarms-email"] },
      {
        settings: { alarmEmail: "others@example.org" },
        calls: ["create TopicSubscription alarms-email", "delete TopicSubscription alarms-email"],
      },
      {
        settings: { logRetentionDays: "90" },
        calls: [
          ...["endpoint", ...FUNCTIONS].map((name) => `update LogGroup ${name}-logs: retentionInDays`),
          "update BucketLifecycleConfiguration access-logs-lifecycle: rules",
        ],
      },
    ],
  },
  {
    title: "a customer-managed key, and an isolated network",
    steps: [
      {
        settings: { encryption: "kms" },
        calls: [
          "create Key key",
          "update BucketServerSideEncryptionConfiguration data-encryption: rules",
          "update Table jobs: serverSideEncryption",
          ...["alarms", "success-topic", "error-topic"].map((topic) => `update Topic ${topic}: kmsMasterKeyId`),
          ...["notifications", "dead-letters"].map(
            (queue) => `update Queue ${queue}: kmsMasterKeyId, sqsManagedSseEnabled`,
          ),
          ...["endpoint", ...FUNCTIONS].map((name) => `update LogGroup ${name}-logs: kmsKeyId`),
          ...NEW_CONFIGURATION,
        ],
        order: ["create Key key", ...NEW_CONFIGURATION],
      },
      {
        settings: { network: "isolated" },
        calls: [
          "create Vpc vpc",
          "create DefaultSecurityGroup default-group",
          ...["subnet-a", "subnet-b"].flatMap((subnet) => [
            `create Subnet ${subnet}`,
            `create RouteTableAssociation ${subnet}-routes`,
          ]),
          "create RouteTable routes",
          ...["tools", "model", "services"].map((group) => `create SecurityGroup ${group}-group`),
          ...["s3", "dynamodb", "sagemaker-api", "sagemaker-runtime"].map((name) => `create VpcEndpoint ${name}`),
          ...["tools-to-services", "tools-to-s3", "tools-to-dynamodb", "model-to-s3"].map(
            (rule) => `create SecurityGroupEgressRule ${rule}-out`,
          ),
          "create SecurityGroupIngressRule tools-to-services-in",
          ...["endpoint", ...FUNCTIONS].map((name) => `create RolePolicy ${name}-network-policy`),
          ...FUNCTIONS.map((name) => `update Function ${name}-function: vpcConfig`),
          ...NEW_MODEL,
        ],
        order: ["create RolePolicy endpoint-network-policy", ...NEW_MODEL],
      },
    ],
  },
];

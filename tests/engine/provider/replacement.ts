/** Which changes of a type's inputs need a replacement. */
export interface Replacement {
  /**
   * Properties, or paths into them, whose change forces a replacement. `path#` compares only whether there is a value
   * at the path. `all` is every property except `tags`. Other properties are updated in place.
   */
  readonly forcing: "all" | readonly string[];
  /** Keys, at any depth, whose changes are ignored. */
  readonly ignored?: readonly string[];
  /** Whether the provider deletes the old resource first. Default: no. */
  readonly deleteBeforeReplace?: boolean;
  /** File below `internal/service/` of hashicorp/terraform-provider-aws, or another provider's source. */
  readonly source: string;
}

/**
 * Replacement by type, from the providers' schemas (`ForceNew`), with Pulumi's property names.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service
 */
const REPLACEMENT: Readonly<Record<string, Replacement>> = {
  "aws:apigateway/apiKey:ApiKey": { forcing: ["value"], source: "apigateway/api_key.go" },
  "aws:apigateway/deployment:Deployment": {
    forcing: ["restApi", "triggers", "variables"],
    source: "apigateway/deployment.go",
  },
  "aws:apigateway/methodSettings:MethodSettings": {
    forcing: ["methodPath", "restApi", "stageName"],
    source: "apigateway/method_settings.go",
  },
  "aws:apigateway/restApi:RestApi": { forcing: [], source: "apigateway/rest_api.go" },
  "aws:apigateway/stage:Stage": { forcing: ["restApi", "stageName"], source: "apigateway/stage.go" },
  "aws:apigateway/usagePlan:UsagePlan": { forcing: [], source: "apigateway/usage_plan.go" },
  "aws:apigateway/usagePlanKey:UsagePlanKey": { forcing: "all", source: "apigateway/usage_plan_key.go" },
  "aws:appautoscaling/policy:Policy": {
    forcing: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
    source: "appautoscaling/policy.go",
  },
  "aws:appautoscaling/scheduledAction:ScheduledAction": {
    forcing: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
    source: "appautoscaling/scheduled_action.go",
  },
  "aws:appautoscaling/target:Target": {
    forcing: ["resourceId", "scalableDimension", "serviceNamespace"],
    source: "appautoscaling/target.go",
  },
  "aws:athena/namedQuery:NamedQuery": { forcing: "all", source: "athena/named_query.go" },
  "aws:athena/workgroup:Workgroup": { forcing: ["name"], source: "athena/workgroup.go" },
  "aws:bedrock/agentcoreGateway:AgentcoreGateway": { forcing: ["name"], source: "bedrockagentcore/gateway.go" },
  "aws:bedrock/agentcoreGatewayTarget:AgentcoreGatewayTarget": {
    forcing: ["gatewayIdentifier"],
    source: "bedrockagentcore/gateway_target.go",
  },
  "aws:budgets/budget:Budget": { forcing: ["accountId", "name"], source: "budgets/budget.go" },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": { forcing: ["alarmName"], source: "cloudwatch/composite_alarm.go" },
  "aws:cloudwatch/queryDefinition:QueryDefinition": { forcing: [], source: "logs/query_definition.go" },
  "aws:cloudwatch/dashboard:Dashboard": { forcing: ["dashboardName"], source: "cloudwatch/dashboard.go" },
  "aws:cloudwatch/eventRule:EventRule": { forcing: ["eventBusName", "name"], source: "events/rule.go" },
  "aws:cloudwatch/eventTarget:EventTarget": {
    forcing: ["eventBusName", "rule", "targetId"],
    source: "events/target.go",
  },
  "aws:cloudwatch/logGroup:LogGroup": { forcing: ["logGroupClass", "name"], source: "logs/group.go" },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { forcing: ["name"], source: "cloudwatch/metric_alarm.go" },
  "aws:codebuild/project:Project": { forcing: ["name"], source: "codebuild/project.go" },
  "aws:cognito/resourceServer:ResourceServer": {
    forcing: ["identifier", "userPoolId"],
    source: "cognitoidp/resource_server.go",
  },
  "aws:cognito/userPool:UserPool": {
    forcing: ["aliasAttributes", "usernameAttributes"],
    source: "cognitoidp/user_pool.go",
  },
  "aws:cognito/userPoolClient:UserPoolClient": {
    forcing: ["generateSecret", "userPoolId"],
    source: "cognitoidp/user_pool_client.go",
  },
  "aws:cognito/userPoolDomain:UserPoolDomain": {
    forcing: ["domain", "userPoolId"],
    source: "cognitoidp/user_pool_domain.go",
  },
  "aws:dynamodb/resourcePolicy:ResourcePolicy": { forcing: ["resourceArn"], source: "dynamodb/resource_policy.go" },
  "aws:dynamodb/table:Table": {
    forcing: ["hashKey", "localSecondaryIndexes", "name", "rangeKey"],
    source: "dynamodb/table.go",
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    forcing: ["vpcId"],
    source: "ec2/vpc_default_security_group.go",
  },
  "aws:ec2/flowLog:FlowLog": { forcing: "all", source: "ec2/vpc_flow_log.go" },
  "aws:ec2/routeTable:RouteTable": { forcing: ["vpcId"], source: "ec2/vpc_route_table.go" },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    forcing: ["gatewayId", "subnetId"],
    source: "ec2/vpc_route_table_association.go",
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    forcing: ["description", "name", "vpcId"],
    source: "ec2/vpc_security_group.go",
  },
  "aws:ec2/subnet:Subnet": {
    forcing: ["availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "outpostArn", "vpcId"],
    source: "ec2/vpc_subnet.go",
  },
  "aws:ec2/vpc:Vpc": { forcing: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"], source: "ec2/vpc_.go" },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    forcing: [
      "resourceConfigurationArn",
      "serviceName",
      "serviceNetworkArn",
      "serviceRegion",
      "vpcEndpointType",
      "vpcId",
    ],
    source: "ec2/vpc_endpoint.go",
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": { forcing: ["policy", "repository"], source: "ecr/lifecycle_policy.go" },
  "aws:ecr/repository:Repository": { forcing: ["encryptionConfigurations", "name"], source: "ecr/repository.go" },
  "aws:glue/catalogDatabase:CatalogDatabase": { forcing: ["catalogId", "name"], source: "glue/catalog_database.go" },
  "aws:glue/catalogTable:CatalogTable": {
    forcing: ["catalogId", "databaseName", "name", "openTableFormatInput"],
    source: "glue/catalog_table.go",
  },
  "aws:iam/role:Role": { forcing: ["name", "path"], source: "iam/role.go" },
  "aws:iam/rolePolicy:RolePolicy": { forcing: ["name", "role"], source: "iam/role_policy.go" },
  "aws:kinesis/stream:Stream": { forcing: ["name"], source: "kinesis/stream.go" },
  "aws:kms/key:Key": {
    forcing: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
    source: "kms/key.go",
  },
  "aws:lambda/invocation:Invocation": {
    forcing: ["functionName", "input", "qualifier", "triggers"],
    source: "lambda/invocation.go",
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    forcing: ["eventSourceArn", "selfManagedEventSource", "startingPosition", "startingPositionTimestamp"],
    source: "lambda/event_source_mapping.go",
  },
  "aws:lambda/function:Function": { forcing: ["name", "packageType"], source: "lambda/function.go" },
  "aws:lambda/permission:Permission": { forcing: "all", source: "lambda/permission.go" },
  "aws:s3/bucket:Bucket": { forcing: ["bucket", "objectLockEnabled"], source: "s3/bucket.go" },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    forcing: ["bucket", "expectedBucketOwner"],
    source: "s3/bucket_lifecycle_configuration.go",
  },
  "aws:s3/bucketLogging:BucketLogging": {
    forcing: ["bucket", "expectedBucketOwner"],
    source: "s3/bucket_logging.go",
  },
  "aws:s3/bucketNotification:BucketNotification": { forcing: ["bucket"], source: "s3/bucket_notification.go" },
  "aws:s3/bucketObjectv2:BucketObjectv2": { forcing: ["bucket", "key"], source: "s3/object.go" },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    forcing: ["bucket"],
    source: "s3/bucket_ownership_controls.go",
  },
  "aws:s3/bucketPolicy:BucketPolicy": { forcing: ["bucket"], source: "s3/bucket_policy.go" },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    forcing: ["bucket"],
    source: "s3/bucket_public_access_block.go",
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    forcing: ["bucket", "expectedBucketOwner"],
    source: "s3/bucket_server_side_encryption_configuration.go",
  },
  "aws:sagemaker/endpoint:Endpoint": {
    forcing: ["name", "deploymentConfig.autoRollbackConfiguration#"],
    source: "sagemaker/endpoint.go",
  },
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": {
    forcing: "all",
    source: "sagemaker/endpoint_configuration.go",
  },
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": {
    forcing: ["modelPackageGroupDescription", "modelPackageGroupName"],
    source: "sagemaker/model_package_group.go",
  },
  "aws:sagemaker/model:Model": { forcing: "all", source: "sagemaker/model.go" },
  "aws:scheduler/schedule:Schedule": { forcing: ["groupName", "name"], source: "scheduler/schedule.go" },
  "aws:scheduler/scheduleGroup:ScheduleGroup": { forcing: ["name"], source: "scheduler/schedule_group.go" },
  "aws:sfn/stateMachine:StateMachine": { forcing: ["name", "type"], source: "sfn/state_machine.go" },
  "aws:sns/topic:Topic": { forcing: ["fifoTopic", "name"], source: "sns/topic.go" },
  "aws:sns/topicPolicy:TopicPolicy": { forcing: ["arn"], source: "sns/topic_policy.go" },
  "aws:sns/topicSubscription:TopicSubscription": {
    forcing: ["endpoint", "protocol", "topic"],
    source: "sns/topic_subscription.go",
  },
  "aws:sqs/queue:Queue": { forcing: ["fifoQueue", "name"], source: "sqs/queue.go" },
  "aws:sqs/queuePolicy:QueuePolicy": { forcing: ["queueUrl"], source: "sqs/queue_policy.go" },
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": {
    forcing: ["queueUrl"],
    source: "sqs/queue_redrive_allow_policy.go",
  },
  "aws:ssm/parameter:Parameter": { forcing: ["dataType", "name"], source: "ssm/parameter.go" },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    forcing: ["securityGroupId"],
    source: "ec2/vpc_security_group_ingress_rule.go",
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    forcing: ["securityGroupId"],
    source: "ec2/vpc_security_group_ingress_rule.go",
  },
  "docker-build:index:Image": {
    forcing: [],
    // The registry's token is new at every run.
    ignored: ["password"],
    source: "https://github.com/pulumi/pulumi-docker-build/blob/main/provider/internal/image.go",
  },
  "random:index/randomId:RandomId": {
    forcing: "all",
    source: "https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/id",
  },
};

/** The table has no entry for a type: its provider's schema has to be looked up first. */
export class UnknownTypeError extends Error {
  override readonly name = "UnknownTypeError";

  constructor(type: string) {
    super(
      `${type} is not in the table of replacements; add it with the properties that its provider's schema marks ForceNew.`,
    );
  }
}

/**
 * The entry of a type.
 *
 * @throws UnknownTypeError for a type that is not in the table
 */
export function replacementOf(type: string): Replacement {
  const replacement = REPLACEMENT[type];
  if (!replacement) throw new UnknownTypeError(type);
  return replacement;
}

/**
 * By type: how to delete in AWS what an interrupted creation left there. `{name}` stands for an input of the resource,
 * `ID` for each id or the end of each ARN that the line above prints. Without a line, the next `pulumi up` repeats the
 * call, and AWS overwrites.
 */
export const LEFTOVERS: Readonly<Record<string, readonly string[]>> = {
  "aws:apigateway/apiKey:ApiKey": [
    'aws apigateway get-api-keys --name-query {name} --output text --query "items[].id | [?{unknownId}]"',
    "aws apigateway delete-api-key --api-key ID",
  ],
  "aws:apigateway/deployment:Deployment": [
    'aws apigateway get-deployments --rest-api-id {restApi} --output text --query "items[].id | [?{unknownId}]"',
    "aws apigateway delete-deployment --rest-api-id {restApi} --deployment-id ID",
  ],
  "aws:apigateway/methodSettings:MethodSettings": [],
  "aws:apigateway/restApi:RestApi": [tagged("apigateway:restapis"), "aws apigateway delete-rest-api --rest-api-id ID"],
  "aws:apigateway/stage:Stage": ["aws apigateway delete-stage --rest-api-id {restApi} --stage-name {stageName}"],
  "aws:apigateway/usagePlan:UsagePlan": [
    "aws apigateway get-usage-plans --output text --query \"items[?name=='{name}'].id | [?{unknownId}]\"",
    "aws apigateway delete-usage-plan --usage-plan-id ID",
  ],
  "aws:apigateway/usagePlanKey:UsagePlanKey": [
    "aws apigateway delete-usage-plan-key --usage-plan-id {usagePlanId} --key-id {keyId}",
  ],
  "aws:appautoscaling/policy:Policy": [
    "aws application-autoscaling delete-scaling-policy --policy-name {name} --resource-id {resourceId} --service-namespace {serviceNamespace} --scalable-dimension {scalableDimension}",
  ],
  "aws:appautoscaling/scheduledAction:ScheduledAction": [
    "aws application-autoscaling delete-scheduled-action --scheduled-action-name {name} --resource-id {resourceId} --service-namespace {serviceNamespace} --scalable-dimension {scalableDimension}",
  ],
  "aws:appautoscaling/target:Target": [],
  "aws:athena/namedQuery:NamedQuery": [
    'aws athena list-named-queries --work-group {workgroup} --output text --query "NamedQueryIds[?{unknownId}]"',
    "aws athena delete-named-query --named-query-id ID",
  ],
  "aws:athena/workgroup:Workgroup": ["aws athena delete-work-group --recursive-delete-option --work-group {name}"],
  "aws:batch/computeEnvironment:ComputeEnvironment": [
    "aws batch update-compute-environment --state DISABLED --compute-environment {name}",
    "aws batch delete-compute-environment --compute-environment {name}",
  ],
  // Registered again, it is another revision.
  "aws:batch/jobDefinition:JobDefinition": [],
  "aws:batch/jobQueue:JobQueue": [
    "aws batch update-job-queue --state DISABLED --job-queue {name}",
    "aws batch delete-job-queue --job-queue {name}",
  ],
  "aws:bedrock/agentcoreGateway:AgentcoreGateway": [
    "aws bedrock-agentcore-control list-gateways --output text --query \"items[?name=='{name}'].gatewayId\"",
    "aws bedrock-agentcore-control delete-gateway --gateway-identifier ID",
  ],
  "aws:bedrock/agentcoreGatewayTarget:AgentcoreGatewayTarget": [
    "aws bedrock-agentcore-control list-gateway-targets --gateway-identifier {gatewayIdentifier} --output text --query \"items[?name=='{name}'].targetId\"",
    "aws bedrock-agentcore-control delete-gateway-target --gateway-identifier {gatewayIdentifier} --target-id ID",
  ],
  "aws:budgets/budget:Budget": [
    'aws budgets delete-budget --budget-name {name} --account-id "$(aws sts get-caller-identity --output text --query Account)"',
  ],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": [],
  "aws:cloudwatch/dashboard:Dashboard": [],
  "aws:cloudwatch/eventRule:EventRule": ["aws events delete-rule --name {name}"],
  "aws:cloudwatch/eventTarget:EventTarget": [],
  "aws:cloudwatch/logGroup:LogGroup": ["aws logs delete-log-group --log-group-name {name}"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["aws cloudwatch delete-alarms --alarm-names {name}"],
  "aws:cloudwatch/queryDefinition:QueryDefinition": [
    'aws logs describe-query-definitions --query-definition-name-prefix {name} --output text --query "queryDefinitions[].queryDefinitionId | [?{unknownId}]"',
    "aws logs delete-query-definition --query-definition-id ID",
  ],
  "aws:codebuild/project:Project": ["aws codebuild delete-project --name {name}"],
  "aws:cognito/resourceServer:ResourceServer": [
    "aws cognito-idp delete-resource-server --user-pool-id {userPoolId} --identifier {identifier}",
  ],
  "aws:cognito/userPool:UserPool": [
    tagged("cognito-idp:userpool"),
    "aws cognito-idp delete-user-pool --user-pool-id ID",
  ],
  "aws:cognito/userPoolClient:UserPoolClient": [
    'aws cognito-idp list-user-pool-clients --user-pool-id {userPoolId} --output text --query "UserPoolClients[].ClientId | [?{unknownId}]"',
    "aws cognito-idp delete-user-pool-client --user-pool-id {userPoolId} --client-id ID",
  ],
  "aws:cognito/userPoolDomain:UserPoolDomain": [
    "aws cognito-idp delete-user-pool-domain --user-pool-id {userPoolId} --domain {domain}",
  ],
  "aws:dynamodb/resourcePolicy:ResourcePolicy": [],
  "aws:dynamodb/table:Table": [
    "aws dynamodb update-table --no-deletion-protection-enabled --table-name {name}",
    "aws dynamodb delete-table --table-name {name}",
  ],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [],
  "aws:ec2/flowLog:FlowLog": [tagged("ec2:vpc-flow-log"), "aws ec2 delete-flow-logs --flow-log-ids ID"],
  "aws:ec2/routeTable:RouteTable": [tagged("ec2:route-table"), "aws ec2 delete-route-table --route-table-id ID"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    "aws ec2 describe-route-tables --route-table-ids {routeTableId} --output text --query \"RouteTables[].Associations[?SubnetId=='{subnetId}'].RouteTableAssociationId\"",
    "aws ec2 disassociate-route-table --association-id ID",
  ],
  "aws:ec2/securityGroup:SecurityGroup": [tagged("ec2:security-group"), "aws ec2 delete-security-group --group-id ID"],
  "aws:ec2/subnet:Subnet": [tagged("ec2:subnet"), "aws ec2 delete-subnet --subnet-id ID"],
  "aws:ec2/vpc:Vpc": [tagged("ec2:vpc"), "aws ec2 delete-vpc --vpc-id ID"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [tagged("ec2:vpc-endpoint"), "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids ID"],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": [],
  "aws:ecr/repository:Repository": ["aws ecr delete-repository --repository-name {name}"],
  "aws:glue/catalogDatabase:CatalogDatabase": ["aws glue delete-database --name {name}"],
  "aws:glue/catalogTable:CatalogTable": ["aws glue delete-table --database-name {databaseName} --name {name}"],
  "aws:iam/role:Role": ["aws iam delete-role --role-name {name}"],
  "aws:iam/rolePolicy:RolePolicy": ["aws iam delete-role-policy --role-name {role} --policy-name {name}"],
  "aws:kinesis/stream:Stream": ["aws kinesis delete-stream --stream-name {name}"],
  "aws:kms/key:Key": [tagged("kms:key"), "aws kms schedule-key-deletion --pending-window-in-days 7 --key-id ID"],
  "aws:lambda/eventSourceMapping:EventSourceMapping": [
    'aws lambda list-event-source-mappings --function-name {functionName} --output text --query "EventSourceMappings[].UUID | [?{unknownId}]"',
    "aws lambda delete-event-source-mapping --uuid ID",
  ],
  "aws:lambda/function:Function": ["aws lambda delete-function --function-name {name}"],
  "aws:lambda/invocation:Invocation": [],
  "aws:lambda/permission:Permission": [
    "aws lambda remove-permission --function-name {function} --statement-id {statementId}",
  ],
  "aws:s3/bucket:Bucket": ["aws s3api delete-bucket --bucket {bucket}"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": [],
  "aws:s3/bucketLogging:BucketLogging": [],
  "aws:s3/bucketNotification:BucketNotification": [],
  "aws:s3/bucketObjectv2:BucketObjectv2": [],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": [],
  "aws:s3/bucketPolicy:BucketPolicy": [],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [],
  // SageMaker deletes no endpoint that it still creates. The first line ends with an error where the endpoint failed.
  "aws:sagemaker/endpoint:Endpoint": [
    "aws sagemaker wait endpoint-in-service --endpoint-name {name}",
    "aws sagemaker delete-endpoint --endpoint-name {name}",
    "aws sagemaker wait endpoint-deleted --endpoint-name {name}",
  ],
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": [
    "aws sagemaker delete-endpoint-config --endpoint-config-name {name}",
  ],
  "aws:sagemaker/model:Model": ["aws sagemaker delete-model --model-name {name}"],
  "aws:sagemaker/modelPackageGroup:ModelPackageGroup": [
    "aws sagemaker delete-model-package-group --model-package-group-name {modelPackageGroupName}",
  ],
  "aws:scheduler/schedule:Schedule": ["aws scheduler delete-schedule --group-name {groupName} --name {name}"],
  "aws:scheduler/scheduleGroup:ScheduleGroup": ["aws scheduler delete-schedule-group --name {name}"],
  "aws:sfn/stateMachine:StateMachine": [
    "aws stepfunctions list-state-machines --output text --query \"stateMachines[?name=='{name}'].stateMachineArn\"",
    "aws stepfunctions delete-state-machine --state-machine-arn ID",
  ],
  "aws:sns/topic:Topic": [
    "aws sns list-topics --output text --query \"Topics[?ends_with(TopicArn, ':{name}')].TopicArn\"",
    "aws sns delete-topic --topic-arn ID",
  ],
  "aws:sns/topicPolicy:TopicPolicy": [],
  "aws:sns/topicSubscription:TopicSubscription": [],
  "aws:sqs/queue:Queue": [
    "aws sqs get-queue-url --queue-name {name} --output text --query QueueUrl",
    "aws sqs delete-queue --queue-url ID",
  ],
  "aws:sqs/queuePolicy:QueuePolicy": [],
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": [],
  "aws:ssm/parameter:Parameter": ["aws ssm delete-parameter --name {name}"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [
    tagged("ec2:security-group-rule"),
    "aws ec2 revoke-security-group-egress --group-id {securityGroupId} --security-group-rule-ids ID",
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    tagged("ec2:security-group-rule"),
    "aws ec2 revoke-security-group-ingress --group-id {securityGroupId} --security-group-rule-ids ID",
  ],
  // A repository with immutable tags refuses the tag of the interrupted push.
  "docker-build:index:Image": ["aws ecr batch-delete-image --repository-name {repository} --image-ids imageTag={tag}"],
  "random:index/randomId:RandomId": [],
};

/** By type: what to run where an update was interrupted. */
export const HALF_UPDATED: Readonly<Record<string, readonly string[]>> = {
  "aws:sagemaker/endpoint:Endpoint": ["aws sagemaker wait endpoint-in-service --endpoint-name {name}"],
  "docker-build:index:Image": LEFTOVERS["docker-build:index:Image"] ?? [],
};

/** Finds the resources of a kind with the stack's tags that the state does not know. */
function tagged(kind: string): string {
  return (
    `aws resourcegroupstaggingapi get-resources --resource-type-filters ${kind} ` +
    "--tag-filters Key=Project,Values={Project} Key=Stack,Values={Stack} --output text " +
    '--query "ResourceTagMappingList[?{unknown}].ResourceARN"'
  );
}

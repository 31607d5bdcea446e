import type * as aws from "@pulumi/aws";

/** The inputs of each type of resource that a rule checks. Types only: the pack loads no provider SDK. */
export interface ResourceArgs {
  "aws:apigateway/method:Method": aws.apigateway.MethodArgs;
  "aws:apigateway/methodSettings:MethodSettings": aws.apigateway.MethodSettingsArgs;
  "aws:apigateway/restApi:RestApi": aws.apigateway.RestApiArgs;
  "aws:apigateway/stage:Stage": aws.apigateway.StageArgs;
  "aws:appautoscaling/policy:Policy": aws.appautoscaling.PolicyArgs;
  "aws:appautoscaling/target:Target": aws.appautoscaling.TargetArgs;
  "aws:athena/workgroup:Workgroup": aws.athena.WorkgroupArgs;
  "aws:bedrock/agentcoreGateway:AgentcoreGateway": aws.bedrock.AgentcoreGatewayArgs;
  "aws:cloudwatch/logGroup:LogGroup": aws.cloudwatch.LogGroupArgs;
  "aws:codebuild/project:Project": aws.codebuild.ProjectArgs;
  "aws:dynamodb/table:Table": aws.dynamodb.TableArgs;
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": aws.ec2.EgressOnlyInternetGatewayArgs;
  "aws:ec2/internetGateway:InternetGateway": aws.ec2.InternetGatewayArgs;
  "aws:ec2/natGateway:NatGateway": aws.ec2.NatGatewayArgs;
  "aws:ec2/securityGroup:SecurityGroup": aws.ec2.SecurityGroupArgs;
  "aws:ec2/subnet:Subnet": aws.ec2.SubnetArgs;
  "aws:ec2/vpcEndpoint:VpcEndpoint": aws.ec2.VpcEndpointArgs;
  "aws:ecr/repository:Repository": aws.ecr.RepositoryArgs;
  "aws:ecr/repositoryPolicy:RepositoryPolicy": aws.ecr.RepositoryPolicyArgs;
  "aws:iam/policy:Policy": aws.iam.PolicyArgs;
  "aws:iam/role:Role": aws.iam.RoleArgs;
  "aws:iam/rolePolicy:RolePolicy": aws.iam.RolePolicyArgs;
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": aws.iam.RolePolicyAttachmentArgs;
  "aws:kinesis/stream:Stream": aws.kinesis.StreamArgs;
  "aws:kms/key:Key": aws.kms.KeyArgs;
  "aws:lambda/function:Function": aws.lambda.FunctionArgs;
  "aws:lambda/functionUrl:FunctionUrl": aws.lambda.FunctionUrlArgs;
  "aws:lambda/permission:Permission": aws.lambda.PermissionArgs;
  "aws:s3/bucket:Bucket": aws.s3.BucketArgs;
  "aws:s3/bucketAcl:BucketAcl": aws.s3.BucketAclArgs;
  "aws:s3/bucketLogging:BucketLogging": aws.s3.BucketLoggingArgs;
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": aws.s3.BucketOwnershipControlsArgs;
  "aws:s3/bucketPolicy:BucketPolicy": aws.s3.BucketPolicyArgs;
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": aws.s3.BucketPublicAccessBlockArgs;
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": aws.s3.BucketServerSideEncryptionConfigurationArgs;
  "aws:sagemaker/endpoint:Endpoint": aws.sagemaker.EndpointArgs;
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": aws.sagemaker.EndpointConfigurationArgs;
  "aws:sagemaker/model:Model": aws.sagemaker.ModelArgs;
  "aws:sfn/stateMachine:StateMachine": aws.sfn.StateMachineArgs;
  "aws:sns/topic:Topic": aws.sns.TopicArgs;
  "aws:sns/topicPolicy:TopicPolicy": aws.sns.TopicPolicyArgs;
  "aws:sns/topicSubscription:TopicSubscription": aws.sns.TopicSubscriptionArgs;
  "aws:sqs/queue:Queue": aws.sqs.QueueArgs;
  "aws:sqs/queuePolicy:QueuePolicy": aws.sqs.QueuePolicyArgs;
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": aws.vpc.SecurityGroupEgressRuleArgs;
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": aws.vpc.SecurityGroupIngressRuleArgs;
}

export type ResourceType = keyof ResourceArgs;

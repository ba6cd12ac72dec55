/**
 * The rules written in TypeScript. A face of its own, because it loads the IAM engine: who has only Guard rules to run
 * does without it.
 */
import type { RuleInfo } from '../run/rule-info.js';
import { check as cloudformationHookStackComplete } from '../cloudformation/cloudformation-hook-stack-complete.js';
import { check as cloudformationStacksetRingsOrdered } from '../cloudformation/cloudformation-stackset-rings-ordered.js';
import { check as codebuildProjectPrivateEndpoints } from '../codebuild/codebuild-project-private-endpoints.js';
import { check as codepipelineApprovalTopicSubscribed } from '../codepipeline/codepipeline-approval-topic-subscribed.js';
import { check as codepipelinePipelineApprovalBeforeDeploy } from '../codepipeline/codepipeline-pipeline-approval-before-deploy.js';
import { check as codepipelinePipelineApprovalInformed } from '../codepipeline/codepipeline-pipeline-approval-informed.js';
import { check as datazoneProjectOneAccount } from '../datazone/datazone-project-one-account.js';
import { check as ec2IsolatedNetworkNoInternet } from '../ec2/ec2-isolated-network-no-internet.js';
import { check as ec2IsolatedVpcEndpoints } from '../ec2/ec2-isolated-vpc-endpoints.js';
import { check as ec2PrivateSubnetsS3Gateway } from '../ec2/ec2-private-subnets-s3-gateway.js';
import { check as ec2S3InterfaceEndpointNeeded } from '../ec2/ec2-s3-interface-endpoint-needed.js';
import { check as ec2VpcEndpointPolicyNarrow } from '../ec2/ec2-vpc-endpoint-policy-narrow.js';
import { check as ec2VpcEndpointServiceExists } from '../ec2/ec2-vpc-endpoint-service-exists.js';
import { check as ec2VpcFlowLog } from '../ec2/ec2-vpc-flow-log.js';
import { check as ecsTaskDefinitionPullsAgent } from '../ecs/ecs-task-definition-pulls-agent.js';
import { check as emrClusterBootstrapOwnBuckets } from '../emr/emr-cluster-bootstrap-own-buckets.js';
import { check as eventsBusArchived } from '../events/events-bus-archived.js';
import { check as glueJobLakeGoverned } from '../glue/glue-job-lake-governed.js';
import { check as guarddutyAgentsReachEndpoint } from '../guardduty/guardduty-agents-reach-endpoint.js';
import { check as guarddutyDetectorFindingsNoticed } from '../guardduty/guardduty-detector-findings-noticed.js';
import { check as guarddutyRuleReachesTarget } from '../guardduty/guardduty-rule-reaches-target.js';
import { check as iamManagedPolicyBoundaryAllows } from '../iam/iam-managed-policy-boundary-allows.js';
import { check as iamPoliciesWithoutErrors } from '../iam/iam-policies-without-errors.js';
import { check as iamPolicyAuditLogsUntouched } from '../iam/iam-policy-audit-logs-untouched.js';
import { check as iamPolicyNamedActions } from '../iam/iam-policy-named-actions.js';
import { check as iamPolicySecretReadersOnlyRead } from '../iam/iam-policy-secret-readers-only-read.js';
import { check as iamPolicySecretReadsScoped } from '../iam/iam-policy-secret-reads-scoped.js';
import { check as iamPolicyTenantDatabaseUserOwn } from '../iam/iam-policy-tenant-database-user-own.js';
import { check as iamPolicyTenantListsOwn } from '../iam/iam-policy-tenant-lists-own.js';
import { check as iamPolicyTenantObjectsOwn } from '../iam/iam-policy-tenant-objects-own.js';
import { check as iamRoleBuildRegistryScoped } from '../iam/iam-role-build-registry-scoped.js';
import { check as iamRoleHookNarrow } from '../iam/iam-role-hook-narrow.js';
import { check as iamRoleLakeThroughLakeformation } from '../iam/iam-role-lake-through-lakeformation.js';
import { check as iamRoleNoLakeAdministration } from '../iam/iam-role-no-lake-administration.js';
import { check as iamRoleOneWorkload } from '../iam/iam-role-one-workload.js';
import { check as iamRoleTenantBrokerLimited } from '../iam/iam-role-tenant-broker-limited.js';
import { check as iamRoleTenantSessionShort } from '../iam/iam-role-tenant-session-short.js';
import { check as iamRoleTenantShaped } from '../iam/iam-role-tenant-shaped.js';
import { check as iamRoleTrustClosed } from '../iam/iam-role-trust-closed.js';
import { check as iamRoleTrustExternalId } from '../iam/iam-role-trust-external-id.js';
import { check as iamRoleTrustSourceIdentity } from '../iam/iam-role-trust-source-identity.js';
import { check as iamRoleTrustWebIdentitySubject } from '../iam/iam-role-trust-web-identity-subject.js';
import { check as iamRoleWarehouseNamedBuckets } from '../iam/iam-role-warehouse-named-buckets.js';
import { check as kmsKeyOneApplicationAndStage } from '../kms/kms-key-one-application-and-stage.js';
import { check as kmsKeyOneDataClass } from '../kms/kms-key-one-data-class.js';
import { check as kmsKeyOneDataType } from '../kms/kms-key-one-data-type.js';
import { check as kmsKeyPolicyDutiesSeparate } from '../kms/kms-key-policy-duties-separate.js';
import { check as kmsKeyPolicyOwnPrincipals } from '../kms/kms-key-policy-own-principals.js';
import { check as lakeformationCatalogueTagged } from '../lakeformation/lakeformation-catalogue-tagged.js';
import { check as lakeformationLocationRegistered } from '../lakeformation/lakeformation-location-registered.js';
import { check as lakeformationPermissionsSensitiveColumns } from '../lakeformation/lakeformation-permissions-sensitive-columns.js';
import { check as lakeformationSettingsApprovedAdmins } from '../lakeformation/lakeformation-settings-approved-admins.js';
import { check as lambdaFunctionDatabaseInVpc } from '../lambda/lambda-function-database-in-vpc.js';
import { check as lambdaFunctionTenantBrokerAuthorized } from '../lambda/lambda-function-tenant-broker-authorized.js';
import { check as lambdaPermissionSourceExact } from '../lambda/lambda-permission-source-exact.js';
import { check as mwaaEnvironmentHeartbeatWatched } from '../mwaa/mwaa-environment-heartbeat-watched.js';
import { check as rdsDatabaseNoPublicRoute } from '../rds/rds-database-no-public-route.js';
import { check as redshiftClusterPausedWhenIdle } from '../redshift/redshift-cluster-paused-when-idle.js';
import { check as redshiftWarehouseApprovedRoles } from '../redshift/redshift-warehouse-approved-roles.js';
import { check as redshiftWarehouseBehindProxy } from '../redshift/redshift-warehouse-behind-proxy.js';
import { check as s3AccessPointPolicyScoped } from '../s3/s3-access-point-policy-scoped.js';
import { check as s3BucketArchiveLocked } from '../s3/s3-bucket-archive-locked.js';
import { check as s3BucketBackupReplicated } from '../s3/s3-bucket-backup-replicated.js';
import { check as s3BucketHasBucketpolicy } from '../s3/s3-bucket-has-bucketpolicy.js';
import { check as s3BucketLifecycleByAge } from '../s3/s3-bucket-lifecycle-by-age.js';
import { check as s3BucketLifecycleFitsRetention } from '../s3/s3-bucket-lifecycle-fits-retention.js';
import { check as s3BucketNotificationsOwnAccount } from '../s3/s3-bucket-notifications-own-account.js';
import { check as s3BucketOnePurpose } from '../s3/s3-bucket-one-purpose.js';
import { check as s3BucketpolicyAccessPointsOnly } from '../s3/s3-bucketpolicy-access-points-only.js';
import { check as s3BucketpolicyGrantsRoles } from '../s3/s3-bucketpolicy-grants-roles.js';
import { check as s3BucketpolicyKnownNetworks } from '../s3/s3-bucketpolicy-known-networks.js';
import { check as s3BucketpolicyOrganizationReads } from '../s3/s3-bucketpolicy-organization-reads.js';
import { check as s3BucketpolicyRefusesHttp } from '../s3/s3-bucketpolicy-refuses-http.js';
import { check as s3BucketpolicyRuleBucketClosed } from '../s3/s3-bucketpolicy-rule-bucket-closed.js';
import { check as securitylakeLakeSourcesComplete } from '../securitylake/securitylake-lake-sources-complete.js';
import { check as sesReceiptRuleStoresMail } from '../ses/ses-receipt-rule-stores-mail.js';
import { check as snsTopicPolicyScoped } from '../sns/sns-topic-policy-scoped.js';
import { check as sqsDeadLetterQueueWatched } from '../sqs/sqs-dead-letter-queue-watched.js';
import { check as sqsQueueFailedMessagesKept } from '../sqs/sqs-queue-failed-messages-kept.js';
import { check as sqsQueuePolicyScoped } from '../sqs/sqs-queue-policy-scoped.js';
import { check as templateSettingsNoCredentials } from '../template/template-settings-no-credentials.js';
import type { CodeRule } from './run.js';

/** What each rule does, by its id. */
const CHECKS: Readonly<Record<string, CodeRule['check']>> = {
  'cloudformation-hook-stack-complete': cloudformationHookStackComplete,
  'cloudformation-stackset-rings-ordered': cloudformationStacksetRingsOrdered,
  'codebuild-project-private-endpoints': codebuildProjectPrivateEndpoints,
  'codepipeline-approval-topic-subscribed': codepipelineApprovalTopicSubscribed,
  'codepipeline-pipeline-approval-before-deploy': codepipelinePipelineApprovalBeforeDeploy,
  'codepipeline-pipeline-approval-informed': codepipelinePipelineApprovalInformed,
  'datazone-project-one-account': datazoneProjectOneAccount,
  'ec2-isolated-network-no-internet': ec2IsolatedNetworkNoInternet,
  'ec2-isolated-vpc-endpoints': ec2IsolatedVpcEndpoints,
  'ec2-private-subnets-s3-gateway': ec2PrivateSubnetsS3Gateway,
  'ec2-s3-interface-endpoint-needed': ec2S3InterfaceEndpointNeeded,
  'ec2-vpc-endpoint-policy-narrow': ec2VpcEndpointPolicyNarrow,
  'ec2-vpc-endpoint-service-exists': ec2VpcEndpointServiceExists,
  'ec2-vpc-flow-log': ec2VpcFlowLog,
  'ecs-task-definition-pulls-agent': ecsTaskDefinitionPullsAgent,
  'emr-cluster-bootstrap-own-buckets': emrClusterBootstrapOwnBuckets,
  'events-bus-archived': eventsBusArchived,
  'glue-job-lake-governed': glueJobLakeGoverned,
  'guardduty-agents-reach-endpoint': guarddutyAgentsReachEndpoint,
  'guardduty-detector-findings-noticed': guarddutyDetectorFindingsNoticed,
  'guardduty-rule-reaches-target': guarddutyRuleReachesTarget,
  'iam-managed-policy-boundary-allows': iamManagedPolicyBoundaryAllows,
  'iam-policies-without-errors': iamPoliciesWithoutErrors,
  'iam-policy-audit-logs-untouched': iamPolicyAuditLogsUntouched,
  'iam-policy-named-actions': iamPolicyNamedActions,
  'iam-policy-secret-readers-only-read': iamPolicySecretReadersOnlyRead,
  'iam-policy-secret-reads-scoped': iamPolicySecretReadsScoped,
  'iam-policy-tenant-database-user-own': iamPolicyTenantDatabaseUserOwn,
  'iam-policy-tenant-lists-own': iamPolicyTenantListsOwn,
  'iam-policy-tenant-objects-own': iamPolicyTenantObjectsOwn,
  'iam-role-build-registry-scoped': iamRoleBuildRegistryScoped,
  'iam-role-hook-narrow': iamRoleHookNarrow,
  'iam-role-lake-through-lakeformation': iamRoleLakeThroughLakeformation,
  'iam-role-no-lake-administration': iamRoleNoLakeAdministration,
  'iam-role-one-workload': iamRoleOneWorkload,
  'iam-role-tenant-broker-limited': iamRoleTenantBrokerLimited,
  'iam-role-tenant-session-short': iamRoleTenantSessionShort,
  'iam-role-tenant-shaped': iamRoleTenantShaped,
  'iam-role-trust-closed': iamRoleTrustClosed,
  'iam-role-trust-external-id': iamRoleTrustExternalId,
  'iam-role-trust-source-identity': iamRoleTrustSourceIdentity,
  'iam-role-trust-web-identity-subject': iamRoleTrustWebIdentitySubject,
  'iam-role-warehouse-named-buckets': iamRoleWarehouseNamedBuckets,
  'kms-key-one-application-and-stage': kmsKeyOneApplicationAndStage,
  'kms-key-one-data-class': kmsKeyOneDataClass,
  'kms-key-one-data-type': kmsKeyOneDataType,
  'kms-key-policy-duties-separate': kmsKeyPolicyDutiesSeparate,
  'kms-key-policy-own-principals': kmsKeyPolicyOwnPrincipals,
  'lakeformation-catalogue-tagged': lakeformationCatalogueTagged,
  'lakeformation-location-registered': lakeformationLocationRegistered,
  'lakeformation-permissions-sensitive-columns': lakeformationPermissionsSensitiveColumns,
  'lakeformation-settings-approved-admins': lakeformationSettingsApprovedAdmins,
  'lambda-function-database-in-vpc': lambdaFunctionDatabaseInVpc,
  'lambda-function-tenant-broker-authorized': lambdaFunctionTenantBrokerAuthorized,
  'lambda-permission-source-exact': lambdaPermissionSourceExact,
  'mwaa-environment-heartbeat-watched': mwaaEnvironmentHeartbeatWatched,
  'rds-database-no-public-route': rdsDatabaseNoPublicRoute,
  'redshift-cluster-paused-when-idle': redshiftClusterPausedWhenIdle,
  'redshift-warehouse-approved-roles': redshiftWarehouseApprovedRoles,
  'redshift-warehouse-behind-proxy': redshiftWarehouseBehindProxy,
  's3-access-point-policy-scoped': s3AccessPointPolicyScoped,
  's3-bucket-archive-locked': s3BucketArchiveLocked,
  's3-bucket-backup-replicated': s3BucketBackupReplicated,
  's3-bucket-has-bucketpolicy': s3BucketHasBucketpolicy,
  's3-bucket-lifecycle-by-age': s3BucketLifecycleByAge,
  's3-bucket-lifecycle-fits-retention': s3BucketLifecycleFitsRetention,
  's3-bucket-notifications-own-account': s3BucketNotificationsOwnAccount,
  's3-bucket-one-purpose': s3BucketOnePurpose,
  's3-bucketpolicy-access-points-only': s3BucketpolicyAccessPointsOnly,
  's3-bucketpolicy-grants-roles': s3BucketpolicyGrantsRoles,
  's3-bucketpolicy-known-networks': s3BucketpolicyKnownNetworks,
  's3-bucketpolicy-organization-reads': s3BucketpolicyOrganizationReads,
  's3-bucketpolicy-refuses-http': s3BucketpolicyRefusesHttp,
  's3-bucketpolicy-rule-bucket-closed': s3BucketpolicyRuleBucketClosed,
  'securitylake-lake-sources-complete': securitylakeLakeSourcesComplete,
  'ses-receipt-rule-stores-mail': sesReceiptRuleStoresMail,
  'sns-topic-policy-scoped': snsTopicPolicyScoped,
  'sqs-dead-letter-queue-watched': sqsDeadLetterQueueWatched,
  'sqs-queue-failed-messages-kept': sqsQueueFailedMessagesKept,
  'sqs-queue-policy-scoped': sqsQueuePolicyScoped,
  'template-settings-no-credentials': templateSettingsNoCredentials,
};

/** Ids of all rules written in TypeScript. */
export const CODE_RULE_IDS: readonly string[] = Object.keys(CHECKS);

/**
 * A rule ready to run.
 *
 * @param types - The resource types of its metadata: what it reads.
 * @throws RangeError when there is no such rule.
 */
export function codeRule(info: RuleInfo, types: readonly string[]): CodeRule {
  const check = CHECKS[info.id];
  if (check === undefined) throw new RangeError(`no rule in TypeScript is called ${info.id}`);
  return { info, types, check };
}

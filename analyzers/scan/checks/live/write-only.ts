/**
 * The properties that the handlers of a resource type take and never tell: the write-only properties of its schema
 * ("writeOnlyProperties", https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html).
 * Cloud Control leaves them out of what it answers, so that one that is not there says nothing.
 *
 * Taken from the registry schemas of us-east-1 as cfn-lint 1.51.0 carries them, on 2026-11-21. A type that is not listed has
 * none.
 */
const TABLE = `
AWS::ACMPCA::Certificate ApiPassthrough CertificateSigningRequest SigningAlgorithm TemplateArn Validity ValidityNotBefore
AWS::ACMPCA::CertificateAuthority CsrExtensions KeyStorageSecurityStandard RevocationConfiguration Subject
AWS::ACMPCA::CertificateAuthorityActivation Certificate CertificateChain
AWS::AmazonMQ::Broker Configuration DataReplicationPrimaryBrokerArn EngineVersion LdapServerMetadata/ServiceAccountPassword Users
AWS::AmazonMQ::Configuration Data
AWS::Amplify::App AccessToken AutoBranchCreationConfig BasicAuthConfig OauthToken
AWS::Amplify::Branch BasicAuthConfig
AWS::Amplify::Domain CertificateSettings
AWS::ApiGateway::ApiKey GenerateDistinctId
AWS::ApiGateway::Deployment DeploymentCanarySettings StageDescription StageName
AWS::ApiGateway::RestApi Body BodyS3Location CloneFrom FailOnWarnings Mode Parameters
AWS::ApiGatewayV2::Api BasePath Body BodyS3Location CredentialsArn DisableSchemaValidation FailOnWarnings RouteKey Target
AWS::ApiGatewayV2::Authorizer AuthorizerCredentialsArn AuthorizerPayloadFormatVersion AuthorizerResultTtlInSeconds AuthorizerUri EnableSimpleResponses
AWS::ApiGatewayV2::Deployment StageName
AWS::ApiGatewayV2::Route AuthorizerId RequestParameters
AWS::AppConfig::ConfigurationProfile DeletionProtectionCheck
AWS::AppConfig::Deployment DynamicExtensionParameters
AWS::AppConfig::Environment DeletionProtectionCheck
AWS::AppConfig::Extension LatestVersionNumber
AWS::AppConfig::ExtensionAssociation ExtensionIdentifier ResourceIdentifier
AWS::AppConfig::HostedConfigurationVersion LatestVersionNumber
AWS::AppFlow::ConnectorProfile ConnectorProfileConfig KMSArn
AWS::AppRunner::ObservabilityConfiguration Tags
AWS::AppRunner::Service AutoScalingConfigurationArn Tags
AWS::AppRunner::VpcConnector Tags
AWS::AppRunner::VpcIngressConnection Tags
AWS::AppStream::AppBlockBuilder AppBlockArns
AWS::AppStream::Application AttributesToDelete
AWS::AppStream::DirectoryConfig ServiceAccountCredentials/AccountPassword
AWS::AppStream::ImageBuilder ImageName SoftwaresToInstall SoftwaresToUninstall
AWS::AppStream::Stack AttributesToDelete DeleteStorageConnectors
AWS::AppSync::ChannelNamespace CodeS3Location
AWS::AppSync::FunctionConfiguration CodeS3Location RequestMappingTemplateS3Location ResponseMappingTemplateS3Location
AWS::AppSync::Resolver CodeS3Location RequestMappingTemplateS3Location ResponseMappingTemplateS3Location
AWS::AppSync::SourceApiAssociation MergedApiIdentifier SourceApiIdentifier
AWS::ApplicationAutoScaling::ScalableTarget RoleARN
AWS::ApplicationAutoScaling::ScalingPolicy ScalingTargetId TargetTrackingScalingPolicyConfiguration/PredefinedMetricSpecification/ResourceLabel
AWS::ApplicationInsights::Application AttachMissingPermission ComponentMonitoringSettings CustomComponents GroupingType LogPatternSets OpsItemSNSTopicArn SNSNotificationArn
AWS::Athena::WorkGroup RecursiveDeleteOption WorkGroupConfiguration/AdditionalConfiguration WorkGroupConfigurationUpdates
AWS::AuditManager::Assessment Description Name
AWS::AutoScaling::AutoScalingGroup InstanceId SkipZonalShiftValidation
AWS::AutoScaling::LaunchConfiguration ClassicLinkVPCId ClassicLinkVPCSecurityGroups InstanceId
AWS::Backup::BackupVault LockConfiguration/ChangeableForDays
AWS::BackupGateway::Hypervisor KmsKeyArn LogGroupArn Name Password Username
AWS::Batch::ComputeEnvironment ComputeResources/UpdateToLatestImageVersion ReplaceComputeEnvironment UpdatePolicy
AWS::Batch::JobDefinition ResourceRetentionPolicy
AWS::Bedrock::Agent ActionGroups/*/SkipResourceInUseCheckOnDelete AutoPrepare SkipResourceInUseCheckOnDelete
AWS::Bedrock::ApplicationInferenceProfile ModelSource
AWS::Bedrock::AutomatedReasoningPolicy ForceDelete KmsKeyId PolicyDefinition
AWS::Bedrock::AutomatedReasoningPolicyVersion LastUpdatedDefinitionHash
AWS::Bedrock::Flow DefinitionS3Location DefinitionString DefinitionSubstitutions
AWS::Bedrock::GuardrailVersion GuardrailIdentifier
AWS::Bedrock::Prompt Variants/*/TemplateConfiguration/Text/TextS3Location
AWS::BedrockAgentCore::ApiKeyCredentialProvider ApiKey
AWS::BedrockAgentCore::OAuth2CredentialProvider Oauth2ProviderConfigInput
AWS::BedrockAgentCore::Policy ValidationMode
AWS::Cassandra::Table AutoScalingSpecifications ReplicaSpecifications
AWS::CloudFormation::HookVersion SchemaHandlerPackage
AWS::CloudFormation::ModuleDefaultVersion ModuleName VersionId
AWS::CloudFormation::ModuleVersion ModulePackage
AWS::CloudFormation::PublicTypeVersion Arn
AWS::CloudFormation::ResourceVersion SchemaHandlerPackage
AWS::CloudFormation::Stack TemplateURL
AWS::CloudFormation::StackSet CallAs OperationPreferences StackInstancesGroup TemplateURL
AWS::CloudFormation::TypeActivation AutoUpdate ExecutionRoleArn LoggingConfig MajorVersion Type VersionBump
AWS::CloudFront::AnycastIpList IpamCidrConfigs
AWS::CloudFront::ConnectionFunction AutoPublish
AWS::CloudFront::DistributionTenant ManagedCertificateRequest
AWS::CloudFront::Function AutoPublish
AWS::CloudFront::KeyValueStore ImportSource
AWS::CloudFront::TrustStore CaCertificatesBundleSource
AWS::CodePipeline::CustomActionType ConfigurationProperties/*/Type
AWS::CodePipeline::Pipeline RestartExecutionOnUpdate
AWS::CodePipeline::Webhook RegisterWithThirdParty TargetPipelineVersion
AWS::CodeStarNotifications::NotificationRule EventTypeId TargetAddress
AWS::Cognito::IdentityPool CognitoEvents CognitoStreams PushSync
AWS::Cognito::ManagedLoginBranding ClientId ReturnMergedResources
AWS::Cognito::Terms ClientId
AWS::Cognito::UserPool EnabledMfas
AWS::Cognito::UserPoolDomain ManagedLoginVersion
AWS::Cognito::UserPoolUser ClientMetadata DesiredDeliveryMediums ForceAliasCreation MessageAction ValidationData
AWS::Config::ConfigRule Source/CustomPolicyDetails/PolicyText
AWS::Config::ConformancePack TemplateBody TemplateS3Uri TemplateSSMDocumentDetails
AWS::Config::OrganizationConformancePack TemplateBody TemplateS3Uri
AWS::Connect::Instance DirectoryId
AWS::Connect::PhoneNumber Prefix
AWS::Connect::Prompt S3Uri
AWS::Connect::User Password
AWS::Connect::Workspace Media/*/Source
AWS::CustomerProfiles::Integration FlowDefinition
AWS::DMS::DataMigration DataMigrationIdentifier
AWS::DMS::DataProvider DataProviderIdentifier ExactSettings
AWS::DMS::InstanceProfile InstanceProfileIdentifier
AWS::DMS::MigrationProject InstanceProfileIdentifier MigrationProjectIdentifier SourceDataProviderDescriptors/*/DataProviderIdentifier TargetDataProviderDescriptors/*/DataProviderIdentifier
AWS::DMS::ReplicationConfig ResourceIdentifier
AWS::DSQL::Cluster KmsEncryptionKey
AWS::DataSync::Agent ActivationKey
AWS::DataSync::LocationAzureBlob AzureBlobContainerUrl AzureBlobSasConfiguration Subdirectory
AWS::DataSync::LocationEFS EfsFilesystemArn Subdirectory
AWS::DataSync::LocationFSxLustre FsxFilesystemArn Subdirectory
AWS::DataSync::LocationFSxONTAP Protocol/SMB/Password Subdirectory
AWS::DataSync::LocationFSxOpenZFS FsxFilesystemArn Subdirectory
AWS::DataSync::LocationFSxWindows FsxFilesystemArn Password Subdirectory
AWS::DataSync::LocationHDFS KerberosKeytab KerberosKrb5Conf Subdirectory
AWS::DataSync::LocationNFS ServerHostname Subdirectory
AWS::DataSync::LocationObjectStorage BucketName SecretKey ServerHostname Subdirectory
AWS::DataSync::LocationS3 S3BucketArn Subdirectory
AWS::DataSync::LocationSMB KerberosKeytab KerberosKrb5Conf Password ServerHostname Subdirectory
AWS::DataZone::Connection AwsLocation Configurations DomainIdentifier EnableTrustedIdentityPropagation EnvironmentIdentifier ProjectIdentifier Props Scope
AWS::DataZone::DataSource AssetFormsInput Configuration ConnectionIdentifier DomainIdentifier EnvironmentIdentifier ProjectIdentifier
AWS::DataZone::Domain ServiceRole
AWS::DataZone::Environment DeploymentOrder DomainIdentifier EnvironmentAccountIdentifier EnvironmentAccountRegion EnvironmentBlueprintIdentifier EnvironmentConfigurationId EnvironmentProfileIdentifier EnvironmentRoleArn ProjectIdentifier
AWS::DataZone::EnvironmentActions DomainIdentifier EnvironmentIdentifier Identifier
AWS::DataZone::EnvironmentBlueprintConfiguration DomainIdentifier EnvironmentBlueprintIdentifier EnvironmentRolePermissionBoundary GlobalParameters ProvisioningConfigurations
AWS::DataZone::EnvironmentProfile DomainIdentifier EnvironmentBlueprintIdentifier ProjectIdentifier
AWS::DataZone::GroupProfile DomainIdentifier GroupIdentifier GroupType RolePrincipalArn
AWS::DataZone::Owner Owner
AWS::DataZone::PolicyGrant Principal/DomainUnit/DomainUnitGrantFilter Principal/Project/ProjectGrantFilter
AWS::DataZone::Project DomainIdentifier MembershipAssignments ProjectExecutionRole ProjectProfileId ProjectProfileVersion UserParameters
AWS::DataZone::ProjectMembership Designation Member
AWS::DataZone::ProjectProfile DomainUnitIdentifier UseDefaultConfigurations
AWS::DataZone::SubscriptionTarget DomainIdentifier EnvironmentIdentifier
AWS::DataZone::UserProfile DomainIdentifier SessionName UserIdentifier UserType
AWS::Detective::MemberInvitation DisableEmailNotification Message
AWS::DevOpsAgent::Association Configuration/Dynatrace/EnableWebhookUpdates Configuration/EventChannel/EnableWebhookUpdates Configuration/GitLab/EnableWebhookUpdates Configuration/MCPServer/EnableWebhookUpdates Configuration/MCPServerDatadog/EnableWebhookUpdates Configuration/MCPServerSplunk/EnableWebhookUpdates Configuration/PagerDuty/EnableWebhookUpdates Configuration/ServiceNow/EnableWebhookUpdates LinkedAssociationIds
AWS::DevOpsAgent::PrivateConnection Certificate ConnectionConfiguration/ServiceManaged/IpAddressType ConnectionConfiguration/ServiceManaged/Ipv4AddressesPerEni ConnectionConfiguration/ServiceManaged/PortRanges ConnectionConfiguration/ServiceManaged/SecurityGroupIds ConnectionConfiguration/ServiceManaged/SubnetIds
AWS::DevOpsAgent::Service ServiceDetails
AWS::DeviceFarm::TestGridProject VpcConfig
AWS::DirectConnect::Connection RequestMACSec
AWS::DirectConnect::DirectConnectGatewayAssociation AcceptDirectConnectGatewayAssociationProposalRoleArn
AWS::DirectConnect::Lag RequestMACSec
AWS::DirectConnect::PrivateVirtualInterface AllocatePrivateVirtualInterfaceRoleArn
AWS::DirectConnect::PublicVirtualInterface AllocatePublicVirtualInterfaceRoleArn
AWS::DirectConnect::TransitVirtualInterface AllocateTransitVirtualInterfaceRoleArn
AWS::DirectoryService::SimpleAD Password
AWS::DocDB::GlobalCluster SourceDBClusterIdentifier
AWS::DocDBElastic::Cluster AdminUserPassword
AWS::DynamoDB::GlobalTable GlobalSecondaryIndexes/*/WriteProvisionedThroughputSettings/WriteCapacityAutoScalingSettings/SeedCapacity GlobalTableSourceArn Replicas/*/GlobalSecondaryIndexes/*/ReadProvisionedThroughputSettings/ReadCapacityAutoScalingSettings/SeedCapacity Replicas/*/ReadProvisionedThroughputSettings/ReadCapacityAutoScalingSettings/SeedCapacity WriteProvisionedThroughputSettings/WriteCapacityAutoScalingSettings/SeedCapacity
AWS::DynamoDB::Table ImportSourceSpecification
AWS::EC2::CapacityReservation UnusedReservationBillingOwnerId
AWS::EC2::EC2Fleet LaunchTemplateConfigs/*/Overrides/*/Placement/Affinity LaunchTemplateConfigs/*/Overrides/*/Placement/AvailabilityZone LaunchTemplateConfigs/*/Overrides/*/Placement/HostId LaunchTemplateConfigs/*/Overrides/*/Placement/HostResourceGroupArn LaunchTemplateConfigs/*/Overrides/*/Placement/PartitionNumber LaunchTemplateConfigs/*/Overrides/*/Placement/SpreadDomain LaunchTemplateConfigs/*/Overrides/*/Placement/Tenancy
AWS::EC2::EIP Address IpamPoolId TransferAddress
AWS::EC2::IPAMAllocation NetmaskLength
AWS::EC2::IPAMPrefixListResolver IpamId
AWS::EC2::Instance AdditionalInfo BlockDeviceMappings/*/NoDevice BlockDeviceMappings/*/VirtualName Ipv6AddressCount Ipv6Addresses LicenseSpecifications PropagateTagsToVolumeOnCreation
AWS::EC2::InstanceConnectEndpoint ClientToken
AWS::EC2::KeyPair KeyFormat
AWS::EC2::LaunchTemplate LaunchTemplateData TagSpecifications VersionDescription
AWS::EC2::NatGateway MaxDrainDurationSeconds
AWS::EC2::NetworkInsightsAccessScope ExcludePaths MatchPaths
AWS::EC2::NetworkInterface PublicIpDnsHostnameTypeSpecification
AWS::EC2::RouteServer PersistRoutesDuration
AWS::EC2::SecurityGroup SecurityGroupIngress/*/SourceSecurityGroupName
AWS::EC2::SpotFleet SpotFleetRequestConfigData/LaunchSpecifications/*/NetworkInterfaces/*/Groups SpotFleetRequestConfigData/TagSpecifications
AWS::EC2::Subnet EnableLniAtDeviceIndex Ipv4IpamPoolId Ipv4NetmaskLength Ipv6IpamPoolId Ipv6NetmaskLength
AWS::EC2::SubnetCidrBlock Ipv6IpamPoolId Ipv6NetmaskLength
AWS::EC2::TransitGateway EncryptionSupport
AWS::EC2::TransitGatewayVpcAttachment AddSubnetIds RemoveSubnetIds
AWS::EC2::VPC Ipv4IpamPoolId Ipv4NetmaskLength
AWS::EC2::VPCCidrBlock Ipv4IpamPoolId Ipv4NetmaskLength Ipv6IpamPoolId Ipv6NetmaskLength
AWS::EC2::VPCEncryptionControl EgressOnlyInternetGatewayExclusionInput ElasticFileSystemExclusionInput InternetGatewayExclusionInput LambdaExclusionInput NatGatewayExclusionInput VirtualPrivateGatewayExclusionInput VpcLatticeExclusionInput VpcPeeringExclusionInput
AWS::EC2::VPCEndpointService ContributorInsightsEnabled
AWS::EC2::VPCPeeringConnection AssumeRoleRegion PeerRoleArn
AWS::EC2::VPNConnection PreSharedKeyStorage VpnTunnelOptionsSpecifications/*/PreSharedKey
AWS::EC2::VerifiedAccessTrustProvider NativeApplicationOidcOptions/ClientSecret
AWS::ECR::PullThroughCacheRule CredentialArn CustomRoleArn UpstreamRegistry
AWS::ECR::Repository EmptyOnDelete
AWS::ECS::Cluster ServiceConnectDefaults
AWS::ECS::Daemon CapacityProviderArns DaemonName DaemonTaskDefinitionArn DeploymentConfiguration EnableECSManagedTags EnableExecuteCommand PropagateTags
AWS::ECS::ExpressGatewayService Cpu ExecutionRoleArn HealthCheckPath Memory NetworkConfiguration PrimaryContainer ScalingTarget TaskRoleArn
AWS::ECS::Service ForceNewDeployment ServiceConnectConfiguration VolumeConfigurations
AWS::EFS::FileSystem BypassPolicyLockoutSafetyCheck ReplicationConfiguration/Destinations/*/AvailabilityZoneName ReplicationConfiguration/Destinations/*/KmsKeyId
AWS::EFS::MountTarget IpAddressType
AWS::EKS::Addon PodIdentityAssociations PreserveOnDelete ResolveConflicts
AWS::EKS::Cluster AccessConfig/BootstrapClusterCreatorAdminPermissions BootstrapSelfManagedAddons Force
AWS::EKS::Nodegroup ForceUpdateEnabled
AWS::EMRContainers::SecurityConfiguration SecurityConfigurationData/AuthenticationConfiguration/IdentityCenterConfiguration/IdentityCenterApplicationAssignmentRequired SecurityConfigurationData/AuthenticationConfiguration/IdentityCenterConfiguration/IdentityCenterInstanceARN SecurityConfigurationData/AuthorizationConfiguration/LakeFormationConfiguration/QueryAccessControlEnabled SecurityConfigurationData/EncryptionConfiguration/AtRestEncryptionConfiguration
AWS::EVS::Environment Hosts InitialVlans
AWS::ElastiCache::CacheCluster CacheSecurityGroupNames PreferredAvailabilityZone SnapshotArns SnapshotName
AWS::ElastiCache::GlobalReplicationGroup AutomaticFailoverEnabled CacheNodeType EngineVersion GlobalNodeGroupCount GlobalReplicationGroupDescription GlobalReplicationGroupIdSuffix RegionalConfigurations
AWS::ElastiCache::ReplicationGroup AuthToken CacheParameterGroupName CacheSecurityGroupNames CacheSubnetGroupName EngineVersion KmsKeyId NodeGroupConfiguration NotificationTopicArn NumNodeGroups PreferredCacheClusterAZs PreferredMaintenanceWindow PrimaryClusterId ReplicasPerNodeGroup SecurityGroupIds SnapshotArns SnapshotName
AWS::ElastiCache::ServerlessCache FinalSnapshotName SnapshotArnsToRestore
AWS::ElastiCache::User AccessString AuthenticationMode NoPasswordRequired Passwords
AWS::ElasticBeanstalk::ConfigurationTemplate EnvironmentId SourceConfiguration/ApplicationName SourceConfiguration/TemplateName
AWS::ElasticBeanstalk::Environment OptionSettings TemplateName
AWS::ElasticLoadBalancingV2::Listener DefaultActions/*/AuthenticateOidcConfig/ClientSecret
AWS::ElasticLoadBalancingV2::ListenerRule Actions/*/AuthenticateOidcConfig/ClientSecret ListenerArn
AWS::ElasticLoadBalancingV2::LoadBalancer EnableCapacityReservationProvisionStabilize
AWS::ElasticLoadBalancingV2::TrustStore CaCertificatesBundleS3Bucket CaCertificatesBundleS3Key CaCertificatesBundleS3ObjectVersion
AWS::ElasticLoadBalancingV2::TrustStoreRevocation RevocationContents
AWS::Events::Connection AuthParameters
AWS::Events::EventBus EventSourceName
AWS::Events::EventBusPolicy Action Condition Principal
AWS::FMS::Policy DeleteAllPolicyResources
AWS::FSx::S3AccessPointAttachment S3AccessPoint/Policy
AWS::FinSpace::Environment FederationParameters/AttributeMap SuperuserParameters Tags
AWS::GameLift::Build StorageLocation
AWS::GameLift::ContainerFleet DeploymentConfiguration GameServerContainerGroupDefinitionName PerInstanceContainerGroupDefinitionName
AWS::GameLift::ContainerGroupDefinition SourceVersionNumber
AWS::GameLift::Fleet ApplyCapacity
AWS::GameLift::GameServerGroup AutoScalingPolicy DeleteOption LaunchTemplate MaxSize MinSize VpcSubnets
AWS::GlobalAccelerator::CrossAccountAttachment Resources/*/Region
AWS::GlobalAccelerator::EndpointGroup EndpointConfigurations/*/AttachmentArn
AWS::Glue::Catalog CatalogProperties/DataLakeAccessProperties/AllowFullTableExternalDataAccess OverwriteChildResourcePermissionsWithDefault
AWS::Glue::Integration IntegrationConfig/ContinuousSync IntegrationConfig/SourceProperties
AWS::Glue::Schema SchemaDefinition
AWS::Glue::Trigger StartOnCreation
AWS::Grafana::Workspace ClientToken
AWS::GreengrassV2::ComponentVersion InlineRecipe LambdaFunction
AWS::GroundStation::DataflowEndpointGroupV2 Endpoints
AWS::GuardDuty::IPSet Activate
AWS::GuardDuty::Member DisableEmailNotification Message
AWS::GuardDuty::ThreatEntitySet Activate
AWS::GuardDuty::ThreatIntelSet Activate
AWS::GuardDuty::TrustedEntitySet Activate
AWS::IAM::SAMLProvider AddPrivateKey RemovePrivateKey
AWS::IAM::ServerCertificate CertificateBody CertificateChain PrivateKey
AWS::IAM::ServiceLinkedRole AWSServiceName CustomSuffix
AWS::IAM::User LoginProfile/Password
AWS::IVS::IngestConfiguration InsecureIngest
AWS::IVS::PlaybackKeyPair PublicKeyMaterial
AWS::ImageBuilder::Component Data Uri
AWS::ImageBuilder::ContainerRecipe DockerfileTemplateData DockerfileTemplateUri ImageOsVersionOverride PlatformOverride
AWS::ImageBuilder::Image DeletionSettings ImagePipelineExecutionSettings
AWS::ImageBuilder::Workflow Data Uri
AWS::InspectorV2::CodeSecurityIntegration CreateIntegrationDetails UpdateIntegrationDetails
AWS::Interconnect::Connection RemoteAccount RemoteOwnerAccount
AWS::InternetMonitor::Monitor IncludeLinkedAccounts LinkedAccountId ResourcesToAdd ResourcesToRemove
AWS::IoT::CACertificate RemoveAutoRegistration VerificationCertificatePem
AWS::IoT::Certificate CACertificatePem CertificateSigningRequest
AWS::IoT::Command LastUpdatedAt
AWS::IoT::DomainConfiguration ServerCertificateArns ValidationCertificateArn
AWS::IoT::JobTemplate AbortConfig DestinationPackageVersions Document DocumentSource JobArn JobExecutionsRetryConfig JobExecutionsRolloutConfig MaintenanceWindows PresignedUrlConfig TimeoutConfig
AWS::IoTFleetWise::Campaign Action
AWS::IoTFleetWise::DecoderManifest DefaultForUnmappedSignals
AWS::IoTFleetWise::Vehicle AssociationBehavior
AWS::IoTManagedIntegrations::ManagedThing AuthenticationMaterial AuthenticationMaterialType
AWS::IoTManagedIntegrations::ProvisioningProfile CaCertificate
AWS::IoTSiteWise::AssetModel AssetModelCompositeModels/*/CompositeModelProperties/*/DataTypeSpec AssetModelCompositeModels/*/CompositeModelProperties/*/Type/Metric/Variables/*/Value/HierarchyId AssetModelCompositeModels/*/CompositeModelProperties/*/Type/Metric/Variables/*/Value/PropertyPath/*/Name AssetModelCompositeModels/*/CompositeModelProperties/*/Type/Transform/Variables/*/Value/HierarchyExternalId AssetModelCompositeModels/*/CompositeModelProperties/*/Type/Transform/Variables/*/Value/HierarchyId AssetModelCompositeModels/*/CompositeModelProperties/*/Type/Transform/Variables/*/Value/HierarchyLogicalId AssetModelCompositeModels/*/CompositeModelProperties/*/Type/Transform/Variables/*/Value/PropertyPath/*/Name AssetModelProperties/*/DataTypeSpec AssetModelProperties/*/Type/Metric/Variables/*/Value/HierarchyId AssetModelProperties/*/Type/Metric/Variables/*/Value/PropertyPath/*/Name AssetModelProperties/*/Type/Transform/Variables/*/Value/HierarchyExternalId AssetModelProperties/*/Type/Transform/Variables/*/Value/HierarchyId AssetModelProperties/*/Type/Transform/Variables/*/Value/HierarchyLogicalId AssetModelProperties/*/Type/Transform/Variables/*/Value/PropertyPath/*/Name
AWS::IoTWireless::PartnerAccount Sidewalk SidewalkUpdate
AWS::IoTWireless::WirelessDeviceImportTask Sidewalk/DeviceCreationFile Sidewalk/SidewalkManufacturingSn
AWS::KMS::Key BypassPolicyLockoutSafetyCheck PendingWindowInDays RotationPeriodInDays
AWS::KMS::ReplicaKey PendingWindowInDays
AWS::Kinesis::Stream WarmThroughputMiBps
AWS::KinesisAnalyticsV2::Application ApplicationConfiguration/ApplicationCodeConfiguration/CodeContent/ZipFileContent ApplicationConfiguration/EnvironmentProperties RunConfiguration
AWS::KinesisFirehose::DeliveryStream AmazonOpenSearchServerlessDestinationConfiguration AmazonopensearchserviceDestinationConfiguration DatabaseSourceConfiguration DirectPutSourceConfiguration/ThroughputHintInMBs ElasticsearchDestinationConfiguration ExtendedS3DestinationConfiguration/CustomTimeZone ExtendedS3DestinationConfiguration/FileExtension HttpEndpointDestinationConfiguration/EndpointConfiguration/AccessKey HttpEndpointDestinationConfiguration/ProcessingConfiguration HttpEndpointDestinationConfiguration/S3Configuration/EncryptionConfiguration/KMSEncryptionConfig/AWSKMSKeyARN HttpEndpointDestinationConfiguration/SecretsManagerConfiguration IcebergDestinationConfiguration KinesisStreamSourceConfiguration MSKSourceConfiguration RedshiftDestinationConfiguration/Password RedshiftDestinationConfiguration/ProcessingConfiguration RedshiftDestinationConfiguration/S3BackupConfiguration/EncryptionConfiguration/KMSEncryptionConfig/AWSKMSKeyARN RedshiftDestinationConfiguration/S3BackupConfiguration/ErrorOutputPrefix RedshiftDestinationConfiguration/S3Configuration/EncryptionConfiguration/KMSEncryptionConfig/AWSKMSKeyARN RedshiftDestinationConfiguration/S3Configuration/ErrorOutputPrefix RedshiftDestinationConfiguration/SecretsManagerConfiguration/Enabled RedshiftDestinationConfiguration/SecretsManagerConfiguration/RoleARN RedshiftDestinationConfiguration/SecretsManagerConfiguration/SecretARN S3DestinationConfiguration SnowflakeDestinationConfiguration SplunkDestinationConfiguration/BufferingHints SplunkDestinationConfiguration/CloudWatchLoggingOptions SplunkDestinationConfiguration/ProcessingConfiguration SplunkDestinationConfiguration/S3Configuration/EncryptionConfiguration/NoEncryptionConfig SplunkDestinationConfiguration/SecretsManagerConfiguration
AWS::Lambda::Function Code/ImageUri Code/S3Bucket Code/S3Key Code/S3ObjectVersion Code/SourceKMSKeyArn Code/ZipFile PublishToLatestPublished SnapStart
AWS::Lambda::LayerVersion Content
AWS::Lambda::Url Qualifier TargetFunctionArn
AWS::LaunchWizard::Deployment Specifications
AWS::Lex::Bot AutoBuildBotLocales BotFileS3Location BotLocales Replication TestBotAliasSettings TestBotAliasTags
AWS::Lex::BotVersion BotVersionLocaleSpecification
AWS::LicenseManager::Grant AllowedOperations Principals Status
AWS::Lightsail::Database MasterUserPassword RelationalDatabaseParameters RotateMasterUserPassword
AWS::Lightsail::Instance UserData
AWS::Location::APIKey ForceDelete ForceUpdate NoExpiry
AWS::Logs::DeliverySource ResourceArn
AWS::Logs::Integration ResourceConfig
AWS::Logs::LogAnomalyDetector AccountId
AWS::M2::Application Definition
AWS::MSK::Cluster ZookeeperAccess
AWS::MSK::Configuration ServerProperties
AWS::MSK::Topic Configs
AWS::MWAA::Environment WorkerReplacementStrategy
AWS::ManagedBlockchain::Accessor Tags
AWS::MediaLive::CloudWatchAlarmTemplate GroupIdentifier
AWS::MediaLive::EventBridgeRuleTemplate GroupIdentifier
AWS::MediaLive::Multiplexprogram PreferredChannelPipeline
AWS::MediaLive::SignalMap CloudWatchAlarmTemplateGroupIdentifiers EventBridgeRuleTemplateGroupIdentifiers ForceRediscovery
AWS::MemoryDB::Cluster FinalSnapshotName MultiRegionClusterName SnapshotArns SnapshotName
AWS::MemoryDB::MultiRegionCluster MultiRegionClusterNameSuffix UpdateStrategy
AWS::MemoryDB::ParameterGroup Parameters
AWS::MemoryDB::User AccessString AuthenticationMode
AWS::Neptune::DBCluster DBInstanceParameterGroupName RestoreToTime RestoreType SnapshotIdentifier SourceDBClusterIdentifier UseLatestRestorableTime
AWS::Neptune::DBInstance AllowMajorVersionUpgrade DBSnapshotIdentifier
AWS::NeptuneGraph::PrivateGraphEndpoint GraphIdentifier SecurityGroupIds
AWS::NetworkManager::ConnectAttachment RoutingPolicyLabel
AWS::NetworkManager::ConnectPeer BgpOptions CoreNetworkAddress InsideCidrBlocks PeerAddress SubnetArn
AWS::NetworkManager::DirectConnectGatewayAttachment RoutingPolicyLabel
AWS::NetworkManager::SiteToSiteVpnAttachment RoutingPolicyLabel VpnConnectionArn
AWS::NetworkManager::TransitGatewayRouteTableAttachment RoutingPolicyLabel
AWS::NetworkManager::VpcAttachment RoutingPolicyLabel VpcArn
AWS::ODB::CloudVmCluster ScanListenerPortTcp
AWS::ODB::OdbNetwork CrossRegionS3RestoreSources DefaultDnsPrefix DeleteAssociatedResources KmsAccess KmsPolicyDocument S3Access S3PolicyDocument StsAccess StsPolicyDocument ZeroEtlAccess
AWS::ODB::OdbPeeringConnection AdditionalPeerNetworkCidrs OdbNetworkId PeerNetworkId PeerNetworkRouteTableIds
AWS::OSIS::Pipeline VpcOptions
AWS::Oam::Link LabelTemplate
AWS::Omics::Workflow ContainerRegistryMapUri DefinitionRepository DefinitionUri ParameterTemplatePath WorkflowBucketOwnerId readmeMarkdown readmeUri
AWS::Omics::WorkflowVersion ContainerRegistryMapUri DefinitionRepository DefinitionUri ParameterTemplatePath readmeMarkdown readmeUri
AWS::OpenSearchServerless::Collection EncryptionConfig Tags
AWS::OpenSearchServerless::Index Settings/Index/KnnAlgoParamEfSearch Settings/Index/RefreshInterval
AWS::OpenSearchServerless::SecurityConfig Name
AWS::OpenSearchService::Application KmsKeyArn
AWS::OpenSearchService::Domain AdvancedSecurityOptions/JWTOptions/PublicKey AdvancedSecurityOptions/MasterUserOptions AdvancedSecurityOptions/SAMLOptions/MasterBackendRole AdvancedSecurityOptions/SAMLOptions/MasterUserName
AWS::Organizations::Account RoleName
AWS::PCAConnectorAD::Template ReenrollAllCertificateHolders
AWS::PCAConnectorAD::TemplateGroupAccessControlEntry AccessRights GroupDisplayName
AWS::PCAConnectorSCEP::Connector VpcEndpointId
AWS::Panorama::ApplicationInstance ApplicationInstanceIdToReplace
AWS::Panorama::PackageVersion UpdatedLatestPatchVersion
AWS::PaymentCryptography::Key ReplicationRegions
AWS::Pipes::Pipe SourceParameters TargetParameters
AWS::QBusiness::Application IdentityCenterInstanceArn
AWS::QuickSight::ActionConnector AuthenticationConfig VpcConnectionArn
AWS::QuickSight::Analysis Definition FolderArns Parameters SourceEntity Status ValidationStrategy
AWS::QuickSight::Dashboard DashboardPublishOptions Definition FolderArns LinkSharingConfiguration Parameters SourceEntity ThemeArn ValidationStrategy VersionDescription
AWS::QuickSight::DataSet FieldFolders FolderArns IngestionWaitPolicy
AWS::QuickSight::DataSource Credentials FolderArns
AWS::QuickSight::Folder ParentFolderArn
AWS::QuickSight::Template Definition SourceEntity ValidationStrategy VersionDescription
AWS::QuickSight::Topic FolderArns
AWS::QuickSight::VPCConnection SubnetIds
AWS::RAM::ResourceShare PermissionArns Principals ResourceArns Sources
AWS::RDS::CustomDBEngineVersion Manifest SourceCustomDbEngineVersionIdentifier UseAwsProvidedLatestImage
AWS::RDS::DBCluster ClusterScalabilityType DBInstanceParameterGroupName DeleteAutomatedBackups MasterUserAuthenticationType MasterUserPassword RestoreToTime RestoreType SnapshotIdentifier SourceDBClusterIdentifier SourceDbClusterResourceId SourceRegion UseLatestRestorableTime
AWS::RDS::DBInstance AllowMajorVersionUpgrade ApplyImmediately AutomaticBackupReplicationKmsKeyId CertificateRotationRestart DBSnapshotIdentifier DeleteAutomatedBackups MasterUserAuthenticationType MasterUserPassword RestoreTime SourceDBInstanceAutomatedBackupsArn SourceDBInstanceIdentifier SourceDbiResourceId SourceRegion TdeCredentialPassword UseDefaultProcessorFeatures UseLatestRestorableTime
AWS::RDS::DBShardGroup MinACU
AWS::RTBFabric::Link HttpResponderAllowed ModuleConfigurationList
AWS::Rbin::Rule LockConfiguration
AWS::Redshift::Cluster Classic DeferMaintenance DeferMaintenanceDuration ManageMasterPassword MasterUserPassword SnapshotIdentifier
AWS::Redshift::ClusterSubnetGroup Tags
AWS::Redshift::EndpointAuthorization Force
AWS::Redshift::EventSubscription Tags
AWS::RedshiftServerless::Namespace AdminUserPassword FinalSnapshotName FinalSnapshotRetentionPeriod ManageAdminPassword RedshiftIdcApplicationArn
AWS::RedshiftServerless::Workgroup ConfigParameters RecoveryPointId SecurityGroupIds SnapshotArn SnapshotName SnapshotOwnerAccount SubnetIds
AWS::RefactorSpaces::Application ApiGatewayProxy
AWS::RefactorSpaces::Environment Description Name NetworkFabricType
AWS::RefactorSpaces::Route DefaultRoute RouteType ServiceIdentifier UriPathRoute
AWS::RefactorSpaces::Service Description EndpointType LambdaEndpoint Name UrlEndpoint VpcId
AWS::RoboMaker::RobotApplication RobotSoftwareSuite/Version Sources
AWS::RoboMaker::SimulationApplication RenderingEngine RobotSoftwareSuite/Version SimulationSoftwareSuite/Version Sources
AWS::RolesAnywhere::Profile RequireInstanceProperties
AWS::Route53GlobalResolver::AccessSource ClientToken
AWS::Route53GlobalResolver::AccessToken ClientToken
AWS::Route53GlobalResolver::DnsView ClientToken
AWS::Route53GlobalResolver::FirewallDomainList ClientToken DomainFileUrl Domains
AWS::Route53GlobalResolver::FirewallRule ClientToken QType
AWS::Route53GlobalResolver::GlobalResolver ClientToken
AWS::Route53Profiles::ProfileAssociation Arn
AWS::Route53RecoveryControl::RoutingControl ClusterArn
AWS::Route53Resolver::FirewallDomainList DomainFileUrl Domains
AWS::S3::AccessGrant S3PrefixType
AWS::S3::Bucket AccessControl BucketNamePrefix BucketNamespace LifecycleConfiguration/Rules/*/ExpiredObjectDeleteMarker LifecycleConfiguration/Rules/*/NoncurrentVersionExpirationInDays LifecycleConfiguration/Rules/*/NoncurrentVersionTransition LifecycleConfiguration/Rules/*/Transition MetadataConfiguration/InventoryTableConfiguration/EncryptionConfiguration MetadataConfiguration/JournalTableConfiguration/EncryptionConfiguration ReplicationConfiguration/Rules/*/Prefix
AWS::S3Files::FileSystem AcceptBucketWarning
AWS::S3Tables::Table IcebergMetadata WithoutMetadata
AWS::S3Vectors::VectorBucketPolicy VectorBucketName
AWS::SES::EmailIdentity DkimSigningAttributes/DomainSigningPrivateKey DkimSigningAttributes/DomainSigningSelector
AWS::SES::MailManagerIngressPoint IngressPointConfiguration
AWS::SNS::Subscription Region
AWS::SSM::Association WaitForSuccessTimeoutSeconds
AWS::SSM::Document Attachments UpdateMethod
AWS::SSM::Parameter AllowedPattern Description Policies Tier
AWS::SSMContacts::Contact Plan
AWS::SSMContacts::ContactChannel DeferActivation
AWS::SSMContacts::Plan RotationIds
AWS::SageMaker::DataQualityJobDefinition EndpointName
AWS::SageMaker::Domain Tags
AWS::SageMaker::Endpoint ExcludeRetainedVariantProperties RetainAllVariantProperties RetainDeploymentConfig
AWS::SageMaker::ImageVersion Alias Aliases
AWS::SageMaker::InferenceComponent DeploymentConfig RuntimeConfig/CopyCount Specification/Container/Image
AWS::SageMaker::InferenceExperiment DesiredState Schedule StatusReason
AWS::SageMaker::ModelBiasJobDefinition EndpointName
AWS::SageMaker::ModelExplainabilityJobDefinition EndpointName
AWS::SageMaker::ModelPackage AdditionalInferenceSpecificationsToAdd ClientToken
AWS::SageMaker::ModelQualityJobDefinition EndpointName
AWS::SageMaker::PartnerApp ClientToken
AWS::SageMaker::Space SpaceSettings
AWS::SageMaker::UserProfile Tags
AWS::SecretsManager::ResourcePolicy BlockPublicPolicy
AWS::SecretsManager::RotationSchedule HostedRotationLambda RotateImmediatelyOnUpdate
AWS::SecretsManager::Secret GenerateSecretString SecretString
AWS::SecurityHub::Hub EnableDefaultStandards
AWS::SecurityLake::DataLake MetaStoreManagerRoleArn
AWS::SecurityLake::SubscriberNotification NotificationConfiguration/HttpsNotificationConfiguration/AuthorizationApiKeyName NotificationConfiguration/HttpsNotificationConfiguration/AuthorizationApiKeyValue NotificationConfiguration/HttpsNotificationConfiguration/Endpoint NotificationConfiguration/HttpsNotificationConfiguration/HttpMethod NotificationConfiguration/HttpsNotificationConfiguration/TargetRoleArn
AWS::ServiceCatalog::AcceptedPortfolioShare AcceptLanguage
AWS::ServiceCatalog::CloudFormationProduct AcceptLanguage ProvisioningArtifactParameters/*/DisableTemplateValidation ReplaceProvisioningArtifacts
AWS::ServiceCatalog::LaunchNotificationConstraint AcceptLanguage
AWS::ServiceCatalog::LaunchRoleConstraint AcceptLanguage
AWS::ServiceCatalog::LaunchTemplateConstraint AcceptLanguage
AWS::ServiceCatalog::Portfolio AcceptLanguage
AWS::ServiceCatalog::PortfolioPrincipalAssociation AcceptLanguage
AWS::ServiceCatalog::PortfolioProductAssociation AcceptLanguage SourcePortfolioId
AWS::ServiceCatalog::PortfolioShare AcceptLanguage
AWS::ServiceCatalog::ResourceUpdateConstraint AcceptLanguage
AWS::ServiceCatalog::ServiceAction AcceptLanguage
AWS::ServiceCatalog::StackSetConstraint AcceptLanguage
AWS::StepFunctions::StateMachine Definition DefinitionS3Location DefinitionSubstitutions
AWS::StepFunctions::StateMachineAlias DeploymentPreference
AWS::StepFunctions::StateMachineVersion StateMachineArn
AWS::SupportApp::SlackWorkspaceConfiguration VersionId
AWS::Synthetics::Canary Code/S3Bucket Code/S3Key Code/S3ObjectVersion Code/Script DeleteLambdaResourcesOnCanaryDeletion DryRunAndUpdate ResourcesToReplicateTags RunConfig/EnvironmentVariables StartCanaryAfterCreation VisualReference VisualReferences
AWS::SystemsManagerSAP::Application ComponentsInfo Credentials DatabaseArn Instances SapInstanceNumber Sid
AWS::Timestream::InfluxDBCluster Bucket Organization Password Username
AWS::Timestream::InfluxDBInstance Bucket Organization Password Username
AWS::Timestream::ScheduledQuery ClientToken
AWS::Transfer::Certificate PrivateKey
AWS::Transfer::WebApp EndpointDetails/Vpc/SecurityGroupIds
AWS::VerifiedPermissions::PolicyStore EncryptionSettings
AWS::VpcLattice::AccessLogSubscription ResourceIdentifier
AWS::VpcLattice::Listener ServiceIdentifier
AWS::VpcLattice::ResourceConfiguration ResourceConfigurationAuthType ResourceConfigurationGroupId
AWS::VpcLattice::Rule ListenerIdentifier ServiceIdentifier
AWS::VpcLattice::ServiceNetworkServiceAssociation ServiceIdentifier ServiceNetworkIdentifier
AWS::VpcLattice::ServiceNetworkVpcAssociation ServiceNetworkIdentifier VpcIdentifier
AWS::Wisdom::MessageTemplate MessageTemplateAttachments/*/S3PresignedUrl
AWS::WorkSpacesWeb::IdentityProvider PortalArn
AWS::WorkSpacesWeb::UserSettings BrandingConfiguration/Favicon BrandingConfiguration/Logo BrandingConfiguration/Wallpaper
AWS::WorkspacesInstances::VolumeAssociation DisassociateMode
AWS::WorkspacesInstances::WorkspaceInstance ManagedInstance
AWS::XRay::ResourcePolicy BypassPolicyLockoutCheck
`;

let parsed: ReadonlyMap<string, readonly (readonly string[])[]> | undefined;

/** The paths of the write-only properties of a type; `*` stands for every element of a list or map. */
export function writeOnlyPaths(type: string): readonly (readonly string[])[] {
  parsed ??= new Map(
    TABLE.trim()
      .split('\n')
      .map((line) => {
        const [name = '', ...paths] = line.split(' ');
        return [name, paths.map((path) => path.split('/'))] as const;
      }),
  );
  return parsed.get(type) ?? [];
}

/** The types that have write-only properties. */
export function typesWithWriteOnlyProperties(): readonly string[] {
  writeOnlyPaths('');
  return [...parsed!.keys()];
}

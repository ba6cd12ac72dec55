/**
 * Resources that guard, or open a way, by being there. Checked against the pages of the types in the CloudFormation Template
 * Reference Guide (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
 */

/** Resources that guard by being there, with the property that names what they watch. */
export const GUARDS: ReadonlyMap<string, { readonly what: string; readonly watches?: string }> = new Map([
  ['AWS::Backup::Framework', { what: 'the audit of backups' }],
  ['AWS::Detective::Graph', { what: 'the analysis of findings' }],
  ['AWS::Backup::BackupPlan', { what: 'the plan of backups' }],
  ['AWS::Backup::BackupSelection', { what: 'what is backed up', watches: 'BackupPlanId' }],
  ['AWS::Config::ConformancePack', { what: 'rules on configurations' }],
  ['AWS::EC2::SnapshotBlockPublicAccess', { what: 'the block of public snapshots' }],
  ['AWS::EC2::VPCBlockPublicAccessOptions', { what: 'the block of the internet for VPCs' }],
  ['AWS::NetworkFirewall::Firewall', { what: 'the firewall of the network' }],
  ['AWS::NetworkFirewall::LoggingConfiguration', { what: 'the log of the firewall', watches: 'FirewallArn' }],
  ['AWS::Route53Resolver::FirewallRuleGroupAssociation', { what: 'the firewall of names', watches: 'VpcId' }],
  [
    'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation',
    { what: 'the record of names asked for', watches: 'ResourceId' },
  ],
  ['AWS::SecurityHub::Standard', { what: 'the checks of a standard' }],
  ['AWS::Shield::Protection', { what: 'protection from denial of service', watches: 'ResourceArn' }],
  ['AWS::CloudFormation::GuardHook', { what: 'a hook that checks deployments' }],
  ['AWS::CloudFormation::HookTypeConfig', { what: 'the settings of a hook' }],
  ['AWS::CloudFormation::LambdaHook', { what: 'a hook that checks deployments' }],
  ['AWS::Config::DeliveryChannel', { what: 'the delivery of configurations' }],
  ['AWS::ControlTower::EnabledBaseline', { what: 'a baseline of Control Tower' }],
  ['AWS::ControlTower::EnabledControl', { what: 'a control of Control Tower' }],
  ['AWS::FMS::Policy', { what: 'rules of the Firewall Manager' }],
  ['AWS::Lambda::CodeSigningConfig', { what: 'the check of signatures' }],
  ['AWS::Logs::AccountPolicy', { what: 'a rule on all logs' }],
  ['AWS::Logs::SubscriptionFilter', { what: 'the forwarding of logs', watches: 'LogGroupName' }],
  ['AWS::SecretsManager::RotationSchedule', { what: 'the rotation of a secret', watches: 'SecretId' }],
  ['AWS::SecurityHub::FindingAggregator', { what: 'the collection of findings' }],
  ['AWS::WAFv2::WebACL', { what: 'the web application firewall' }],
  ['AWS::AccessAnalyzer::Analyzer', { what: 'findings on access from outside' }],
  ['AWS::CloudTrail::Trail', { what: 'the record of calls' }],
  ['AWS::CloudTrail::EventDataStore', { what: 'the record of calls' }],
  ['AWS::Config::ConfigRule', { what: 'a rule on configurations' }],
  ['AWS::Config::ConfigurationRecorder', { what: 'the record of configurations' }],
  ['AWS::Config::OrganizationConfigRule', { what: 'a rule on configurations' }],
  ['AWS::EC2::FlowLog', { what: 'the record of traffic', watches: 'ResourceId' }],
  ['AWS::GuardDuty::Detector', { what: 'the detection of threats' }],
  ['AWS::Macie::Session', { what: 'the search for sensitive data' }],
  ['AWS::SecurityHub::Hub', { what: 'the collection of findings' }],
  ['AWS::WAFv2::WebACLAssociation', { what: 'the web application firewall', watches: 'ResourceArn' }],
  ['AWS::WAFv2::LoggingConfiguration', { what: 'the log of the web application firewall', watches: 'ResourceArn' }],
]);

/** Resources that open a way by being there. */
export const WAYS_IN: ReadonlyMap<string, string> = new Map([
  ['AWS::GuardDuty::Filter', 'a filter of findings'],
  ['AWS::InspectorV2::Filter', 'a filter of findings'],
  ['AWS::SecurityHub::AutomationRule', 'a rule that changes findings'],
  ['AWS::ECR::PublicRepository', 'a repository that everybody may read'],
  ['AWS::EKS::AccessEntry', 'access to a cluster'],
  ['AWS::EKS::PodIdentityAssociation', 'a role for pods'],
  ['AWS::RolesAnywhere::TrustAnchor', 'trust in an authority for certificates'],
  ['AWS::SSO::Assignment', 'a permission set for somebody'],
  ['AWS::EC2::EIPAssociation', 'a public address'],
  ['AWS::EC2::ClientVpnAuthorizationRule', 'a way in for clients of a VPN'],
  ['AWS::EC2::TransitGatewayAttachment', 'a link to a transit gateway'],
  ['AWS::EC2::TransitGatewayVpcAttachment', 'a link to a transit gateway'],
  ['AWS::EC2::VPCBlockPublicAccessExclusion', 'an exclusion from the block of the internet'],
  ['AWS::EC2::VPCGatewayAttachment', 'a gateway of the VPC'],
  ['AWS::EC2::VPCPeeringConnection', 'a link to another VPC'],
  ['AWS::RAM::ResourceShare', 'resources shared with others'],
]);

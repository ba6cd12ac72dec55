/**
 * Which resources need not be asked for: those that exist only inside of others, where there are none of these, and those
 * that are the same in every Region.
 */

/**
 * The type that resources of a type need, by the requirements of their properties in the CloudFormation reference: a route
 * needs a table, a table a VPC. Network parts of a VPC that another account shares are judged in that account. What can be
 * made in a shared VPC, or without one, is not here: security groups, endpoints, flow logs, internet gateways.
 */
const NEEDS: Readonly<Record<string, string>> = {
  'AWS::DataZone::Environment': 'AWS::DataZone::Project',
  'AWS::DataZone::EnvironmentProfile': 'AWS::DataZone::Project',
  'AWS::EC2::NatGateway': 'AWS::EC2::VPC',
  'AWS::EC2::Route': 'AWS::EC2::VPC',
  'AWS::EC2::RouteTable': 'AWS::EC2::VPC',
  'AWS::EC2::SecurityGroupIngress': 'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet': 'AWS::EC2::VPC',
  'AWS::EC2::SubnetRouteTableAssociation': 'AWS::EC2::VPC',
  'AWS::EC2::TransitGatewayAttachment': 'AWS::EC2::VPC',
  'AWS::EC2::TransitGatewayVpcAttachment': 'AWS::EC2::VPC',
  'AWS::EC2::VPCGatewayAttachment': 'AWS::EC2::VPC',
  'AWS::EC2::VPCPeeringConnection': 'AWS::EC2::VPC',
  'AWS::EKS::Addon': 'AWS::EKS::Cluster',
  'AWS::Glue::Table': 'AWS::Glue::Database',
  'AWS::LakeFormation::DataCellsFilter': 'AWS::Glue::Database',
  'AWS::LakeFormation::TagAssociation': 'AWS::LakeFormation::Tag',
  'AWS::RedshiftServerless::Workgroup': 'AWS::RedshiftServerless::Namespace',
  'AWS::S3::BucketPolicy': 'AWS::S3::Bucket',
  'AWS::SageMaker::UserProfile': 'AWS::SageMaker::Domain',
  'AWS::SecretsManager::RotationSchedule': 'AWS::SecretsManager::Secret',
  'AWS::SecurityLake::AwsLogSource': 'AWS::SecurityLake::DataLake',
};

/** The type without which there are no resources of a type; `null` where nobody knows of one. */
export function neededBy(type: string): string | null {
  return Object.hasOwn(NEEDS, type) ? NEEDS[type]! : null;
}

/** Types whose resources are the same in every Region: they are read once in an account, in its home Region. */
export const GLOBAL_TYPES: ReadonlySet<string> = new Set(['AWS::IAM::InstanceProfile', 'AWS::SSO::PermissionSet']);

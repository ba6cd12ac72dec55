/** Templates for what chance does not find: values that depend on each other across a document. */
import type { ValueMap } from '../../../template/index.js';

/** Name → template. */
export const handwritten: Readonly<Record<string, ValueMap>> = {
  'site-with-origin-access-control': {
    Resources: {
      Access: {
        Type: 'AWS::CloudFront::OriginAccessControl',
        Properties: {
          OriginAccessControlConfig: { Name: 'site', SigningBehavior: 'always', SigningProtocol: 'sigv4' },
        },
      },
      Assets: { Type: 'AWS::S3::Bucket', Properties: {} },
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Enabled: true,
            Origins: [
              {
                Id: 'by-reference',
                DomainName: { 'Fn::GetAtt': ['Assets', 'RegionalDomainName'] },
                OriginAccessControlId: { Ref: 'Access' },
              },
              {
                Id: 'by-name',
                DomainName: 'assets.s3.eu-west-1.amazonaws.com',
                OriginAccessControlId: 'E2QWRUHAPOMQZL',
              },
              { Id: 'api', DomainName: 'api.example.com' },
            ],
          },
        },
      },
    },
  },
  'site-with-own-certificate': {
    Resources: {
      Certificate: { Type: 'AWS::CertificateManager::Certificate', Properties: { DomainName: 'www.example.com' } },
      Site: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Enabled: true,
            ViewerCertificate: {
              AcmCertificateArn: { Ref: 'Certificate' },
              CloudFrontDefaultCertificate: false,
              MinimumProtocolVersion: 'TLSv1.2_2021',
              SslSupportMethod: 'sni-only',
            },
          },
        },
      },
    },
  },
  'fleet-of-two-instance-types': {
    Resources: {
      Fleet: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          MinSize: '2',
          MaxSize: '6',
          MixedInstancesPolicy: {
            LaunchTemplate: {
              LaunchTemplateSpecification: { LaunchTemplateId: 'lt-0123456789abcdef0', Version: '3' },
              Overrides: [{ InstanceType: 'm6i.large' }, { InstanceType: 'm7g.large' }],
            },
          },
        },
      },
    },
  },
  'classic-balancer-with-named-policy': {
    Resources: {
      Balancer: {
        Type: 'AWS::ElasticLoadBalancing::LoadBalancer',
        Properties: {
          Listeners: [
            {
              InstancePort: '443',
              LoadBalancerPort: '443',
              Protocol: 'HTTPS',
              PolicyNames: ['modern-tls'],
              SSLCertificateId: 'arn:aws:acm:eu-west-1:111122223333:certificate/1',
            },
          ],
          Policies: [
            {
              PolicyName: 'modern-tls',
              PolicyType: 'SSLNegotiationPolicyType',
              Attributes: [{ Name: 'Reference-Security-Policy', Value: 'ELBSecurityPolicy-TLS-1-2-2017-01' }],
            },
          ],
        },
      },
    },
  },
  'key-that-only-services-may-grant': {
    Resources: {
      Key: {
        Type: 'AWS::KMS::Key',
        Properties: {
          KeyPolicy: {
            Version: '2012-10-17',
            Statement: [
              {
                Sid: 'Administration',
                Effect: 'Allow',
                Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } },
                Action: 'kms:*',
                Resource: '*',
              },
              {
                Effect: 'Deny',
                Principal: { AWS: '*' },
                Action: 'kms:CreateGrant',
                Resource: '*',
                Condition: {
                  BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' },
                },
              },
            ],
          },
        },
      },
    },
  },
  'suppressed-and-conditional': {
    AWSTemplateFormatVersion: '2010-09-09',
    Parameters: { Setting: { Type: 'String', Default: 'true', AllowedValues: ['true', 'false'] } },
    Conditions: { Production: { 'Fn::Equals': [{ Ref: 'Setting' }, 'true'] } },
    Resources: {
      Logs: {
        Type: 'AWS::S3::Bucket',
        Condition: 'Production',
        DeletionPolicy: 'Retain',
        Metadata: { guard: { SuppressedRules: ['S3_BUCKET_LOGGING_ENABLED'] }, cfn_nag: { rules_to_suppress: [] } },
        Properties: { BucketName: { 'Fn::If': ['Production', 'logs', { Ref: 'AWS::NoValue' }] } },
      },
    },
  },
  'no-resources': { AWSTemplateFormatVersion: '2010-09-09', Description: 'nothing yet' },
  'empty-resources': { Resources: {} },
  'resource-without-properties': {
    Resources: { Queue: { Type: 'AWS::SQS::Queue' }, Topic: { Type: 'AWS::SNS::Topic' } },
  },
};

/**
 * A template as CloudFormation. Account and partition become those of the stack, so that one template serves every account.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
 */
import { fillList } from '../iam/templates/index.js';
import type { ParameterValues } from '../iam/templates/index.js';
import { isList, isMap, keysOf } from '../template/index.js';
import type { Value, ValueMap } from '../template/index.js';
import { fillPolicy } from './build.js';
import type { BuiltBoundary } from './build.js';
import type { BoundaryTemplate } from './model.js';

/** Characters that no parameter accepts, in place of account and partition until the texts are joined. */
const ACCOUNT = '\u{1}';
const PARTITION = '\u{2}';

/** @returns The template as data, with one resource. It needs `CAPABILITY_NAMED_IAM`, since the resource has a name. */
export function toCloudFormation(template: BoundaryTemplate, built: BuiltBoundary): ValueMap {
  const values = { ...built.values, account: ACCOUNT, partition: PARTITION };
  const resource = template.kind === 'boundary' ? managedPolicy(template, values) : role(template, values);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: template.title,
    Resources: { [template.kind === 'boundary' ? 'Boundary' : 'Role']: resource },
  };
}

function managedPolicy(template: BoundaryTemplate, values: ParameterValues): ValueMap {
  const full = String(values['boundaryName']);
  const slash = full.lastIndexOf('/');
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      ManagedPolicyName: full.slice(slash + 1),
      Path: slash < 0 ? '/' : `/${full.slice(0, slash)}/`,
      Description: template.title,
      PolicyDocument: joined(fillPolicy(template, 'boundary', values)),
    },
  };
}

function role(template: BoundaryTemplate, values: ParameterValues): ValueMap {
  const boundary = fillList('arn:{{partition}}:iam::{{account}}:policy/{{roleBoundary}}', values);
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: String(values['roleName']),
      Description: template.title,
      MaxSessionDuration: 3600,
      ...(boundary.length === 0 ? {} : { PermissionsBoundary: joined(boundary[0]!) }),
      AssumeRolePolicyDocument: joined(fillPolicy(template, 'trust', values)),
      Policies: [{ PolicyName: template.name, PolicyDocument: joined(fillPolicy(template, 'permissions', values)) }],
    },
  };
}

/** Texts that mention account or partition become `Fn::Sub`; policy variables in them are kept from it. */
function joined(value: unknown): Value {
  if (typeof value === 'string') {
    if (!value.includes(ACCOUNT) && !value.includes(PARTITION)) return value;
    const text = value
      .replaceAll('${', '${!')
      .replaceAll(ACCOUNT, '${AWS::AccountId}')
      .replaceAll(PARTITION, '${AWS::Partition}');
    return { 'Fn::Sub': text };
  }
  if (isList(value as Value)) return (value as readonly Value[]).map(joined);
  if (!isMap(value as Value)) return value as Value;
  const map = value as ValueMap;
  return Object.fromEntries(keysOf(map).map((key) => [key, joined(map[key]!)]));
}

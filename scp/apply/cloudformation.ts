/**
 * What is wanted as a CloudFormation template: `AWS::Organizations::Policy`
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html).
 */
import { API_POLICY_TYPES } from '../../organization/index.js';
import { parseContent } from './content.js';
import { OWNER_TAG } from './model.js';
import type { WantedPolicies } from './model.js';

/**
 * The template of a set. CloudFormation makes several policies at a time, and AWS Organizations refuses that: each
 * resource depends on the one before it.
 *
 * @returns JSON as data. `FullAWSAccess` is not in it: CloudFormation cannot detach what it did not attach.
 */
export function cloudFormationTemplate({ documents, attachments }: WantedPolicies, set: string): object {
  const names = new Map<string, number>();
  const logicalIds = documents.map(({ type, name }) => {
    const base = `${type}-${name}`
      .split(/[^A-Za-z0-9]+/)
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('')
      .slice(0, 240);
    const count = (names.get(base) ?? 0) + 1;
    names.set(base, count);
    return count === 1 ? base : `${base}${count}`;
  });
  const resources = documents.map(({ type, name, description, content }, index) => {
    const targets = attachments
      .filter((each) => each.type === type && each.documents.includes(name))
      .map(({ targetId }) => targetId);
    const resource = {
      Type: 'AWS::Organizations::Policy',
      ...(index > 0 && { DependsOn: logicalIds[index - 1]! }),
      Properties: {
        Name: name,
        Description: description,
        Type: API_POLICY_TYPES[type],
        Content: parseContent(content) ?? content,
        ...(targets.length > 0 && { TargetIds: targets }),
        Tags: [{ Key: OWNER_TAG, Value: set }],
      },
    };
    return [logicalIds[index]!, resource] as const;
  });
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Organization policies of the set ${set}; deploy in the management account, in us-east-1`,
    Resources: Object.fromEntries(resources),
  };
}

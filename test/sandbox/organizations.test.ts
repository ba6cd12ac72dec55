/** AWS Organizations as the sandbox answers it: shapes, refusals, quotas. */
import * as sdk from '@aws-sdk/client-organizations';
import type { OrganizationData } from '../../sandbox/index.js';
import { ServiceError } from '../../sandbox/errors.js';
import { callOrganizations, ORGANIZATIONS_OPERATIONS } from '../../sandbox/organizations/service.js';
import { departures } from './schema.js';
import { seeded } from './organization.js';

const MANAGEMENT = '111111111111';
const DENY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }],
});

/** Calls an operation; input, output and error are held to the schemas of the SDK. */
function call(data: OrganizationData, operation: string, input: object = {}, account = MANAGEMENT): unknown {
  const schemas = sdk as unknown as Readonly<Record<string, readonly unknown[]>>;
  const [, , , , inputSchema, outputSchema] = schemas[`${operation}$`]!;
  try {
    const output = callOrganizations(data, operation, input as Readonly<Record<string, unknown>>, account)!;
    expect(departures((inputSchema as () => never)(), input)).toStrictEqual([]);
    expect(departures((outputSchema as () => never)(), JSON.parse(JSON.stringify(output)))).toStrictEqual([]);
    return output;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const schema = schemas[`${error.code}$`];
    expect([error.code, schema?.[2]]).toStrictEqual([error.code, error.code]);
    expect(departures(schema!, { Message: error.message, ...error.fields })).toStrictEqual([]);
    throw error;
  }
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ServiceError) return [error.code, error.fields['Reason']].filter(Boolean).join(' ');
    throw error;
  }
  return 'no refusal';
}

function create(data: OrganizationData, name: string, content = DENY, type = 'SERVICE_CONTROL_POLICY'): string {
  const made = call(data, 'CreatePolicy', {
    Name: name,
    Description: '',
    Content: content,
    Type: type,
    Tags: [{ Key: 'team', Value: 'platform' }],
  }) as { Policy: { PolicySummary: { Id: string } } };
  return made.Policy.PolicySummary.Id;
}

describe('shapes', () => {
  it('are those of the schemas, for every operation', () => {
    const data = seeded();
    const policy = create(data, 'guard');
    const unit = 'ou-ab12-11111111';
    const inputs: Readonly<Record<string, object>> = {
      AttachPolicy: { PolicyId: policy, TargetId: unit },
      CreatePolicy: { Name: 'other', Description: 'x', Content: DENY, Type: 'SERVICE_CONTROL_POLICY' },
      DescribeAccount: { AccountId: '333333333333' },
      DescribeOrganization: {},
      DescribeOrganizationalUnit: { OrganizationalUnitId: unit },
      DescribePolicy: { PolicyId: policy },
      EnablePolicyType: { RootId: 'r-ab12', PolicyType: 'RESOURCE_CONTROL_POLICY' },
      ListAccounts: {},
      ListAccountsForParent: { ParentId: unit },
      ListChildren: { ParentId: 'r-ab12', ChildType: 'ORGANIZATIONAL_UNIT' },
      ListDelegatedAdministrators: { ServicePrincipal: 'guardduty.amazonaws.com' },
      ListDelegatedServicesForAccount: { AccountId: '222222222222' },
      ListOrganizationalUnitsForParent: { ParentId: 'r-ab12' },
      ListParents: { ChildId: '333333333333' },
      ListPolicies: { Filter: 'SERVICE_CONTROL_POLICY' },
      ListPoliciesForTarget: { TargetId: unit, Filter: 'SERVICE_CONTROL_POLICY' },
      ListRoots: { MaxResults: 1 },
      ListTagsForResource: { ResourceId: policy },
      ListTargetsForPolicy: { PolicyId: policy },
      TagResource: { ResourceId: unit, Tags: [{ Key: 'a', Value: 'b' }] },
      UntagResource: { ResourceId: unit, TagKeys: ['a'] },
      UpdatePolicy: { PolicyId: policy, Content: DENY.replace('s3', 'sqs') },
      DetachPolicy: { PolicyId: policy, TargetId: unit },
      DeletePolicy: { PolicyId: policy },
      DisablePolicyType: { RootId: 'r-ab12', PolicyType: 'SERVICE_CONTROL_POLICY' },
    };
    expect(Object.keys(inputs).sort()).toStrictEqual(Object.keys(ORGANIZATIONS_OPERATIONS).sort());
    const outputs = Object.entries(inputs).map(([name, input]): [string, unknown] => [name, call(data, name, input)]);
    const answers = Object.fromEntries(outputs);
    expect(answers['ListAccounts']).toMatchObject({ Accounts: { length: 5 } });
    expect(answers['ListChildren']).toStrictEqual({
      Children: ['ou-ab12-11111111', expect.anything(), expect.anything()].map((Id) => ({
        Id: Id as string,
        Type: 'ORGANIZATIONAL_UNIT',
      })),
    });
    expect(answers['ListPoliciesForTarget']).toMatchObject({
      Policies: [
        { Id: 'p-FullAWSAccess', AwsManaged: true },
        { Id: policy, AwsManaged: false },
      ],
    });
    expect(answers['ListTargetsForPolicy']).toStrictEqual({
      Targets: [
        {
          TargetId: unit,
          Arn: `arn:aws:organizations::111111111111:ou/o-exampleorgid/${unit}`,
          Name: 'Sandbox',
          Type: 'ORGANIZATIONAL_UNIT',
        },
      ],
    });
    expect(answers['DescribePolicy']).toMatchObject({ Policy: { Content: DENY } });
    expect(answers['ListTagsForResource']).toStrictEqual({ Tags: [{ Key: 'team', Value: 'platform' }] });
    expect(answers['ListParents']).toStrictEqual({ Parents: [{ Id: unit, Type: 'ORGANIZATIONAL_UNIT' }] });
  });
});

describe('pages', () => {
  it('hold twenty, and go on by their token', () => {
    const data = seeded();
    for (let index = 0; index < 44; index += 1) create(data, `guard ${index}`);
    const names: string[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      const found = call(data, 'ListPolicies', {
        Filter: 'SERVICE_CONTROL_POLICY',
        ...(token !== undefined && { NextToken: token }),
      }) as { Policies: { Name: string }[]; NextToken?: string };
      expect(found.Policies.length).toBeLessThanOrEqual(20);
      names.push(...found.Policies.map(({ Name }) => Name));
      token = found.NextToken;
      pages += 1;
    } while (token !== undefined);
    expect(pages).toBe(3);
    expect(new Set(names).size).toBe(45);
  });

  it('refuse tokens that are made up or of another list', () => {
    const data = seeded();
    const { NextToken } = call(data, 'ListAccounts', { MaxResults: 1 }) as { NextToken: string };
    for (const token of ['xxx', NextToken]) {
      expect(refusal(() => call(data, 'ListRoots', { NextToken: token }))).toBe(
        'InvalidInputException INVALID_NEXT_TOKEN',
      );
    }
    expect(refusal(() => call(data, 'ListAccounts', { MaxResults: 21 }))).toBe(
      'InvalidInputException MAX_VALUE_EXCEEDED',
    );
  });
});

describe('refusals', () => {
  const unit = 'ou-ab12-11111111';
  const data = seeded();
  const policy = create(data, 'guard');
  const tagPolicy = create(data, 'tags', '{"tags":{}}', 'TAG_POLICY');
  call(data, 'AttachPolicy', { PolicyId: policy, TargetId: unit });
  const scp = { Type: 'SERVICE_CONTROL_POLICY', Description: '' };

  it.each<readonly [operation: string, input: object, expected: string]>([
    ['AttachPolicy', { PolicyId: policy, TargetId: unit }, 'DuplicatePolicyAttachmentException'],
    ['AttachPolicy', { PolicyId: tagPolicy, TargetId: unit }, 'PolicyTypeNotEnabledException'],
    ['AttachPolicy', { PolicyId: policy, TargetId: '999999999999' }, 'TargetNotFoundException'],
    ['AttachPolicy', { PolicyId: 'p-00000000', TargetId: unit }, 'PolicyNotFoundException'],
    ['AttachPolicy', { PolicyId: 'guard', TargetId: unit }, 'InvalidInputException INVALID_SYNTAX_POLICY_ID'],
    ['AttachPolicy', { PolicyId: policy }, 'InvalidInputException INPUT_REQUIRED'],
    ['DetachPolicy', { PolicyId: policy, TargetId: 'r-ab12' }, 'PolicyNotAttachedException'],
    [
      'DetachPolicy',
      { PolicyId: 'p-FullAWSAccess', TargetId: 'r-ab12' },
      'ConstraintViolationException MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED',
    ],
    ['DeletePolicy', { PolicyId: policy }, 'PolicyInUseException'],
    ['DeletePolicy', { PolicyId: 'p-FullAWSAccess' }, 'InvalidInputException IMMUTABLE_POLICY'],
    ['CreatePolicy', { ...scp, Name: 'guard', Content: DENY }, 'DuplicatePolicyException'],
    ['CreatePolicy', { ...scp, Name: 'x', Content: '{' }, 'MalformedPolicyDocumentException'],
    [
      'CreatePolicy',
      { ...scp, Name: 'x', Content: DENY.replace('"Effect"', '"Principal":"*","Effect"') },
      'MalformedPolicyDocumentException',
    ],
    [
      'CreatePolicy',
      { Type: 'RESOURCE_CONTROL_POLICY', Description: '', Name: 'x', Content: DENY },
      'MalformedPolicyDocumentException',
    ],
    [
      'CreatePolicy',
      { ...scp, Name: 'x', Content: DENY + ' '.repeat(10_241 - DENY.length) },
      'ConstraintViolationException POLICY_CONTENT_LIMIT_EXCEEDED',
    ],
    [
      'CreatePolicy',
      { Name: 'x', Description: '', Content: DENY, Type: 'SCP' },
      'InvalidInputException INVALID_ENUM_POLICY_TYPE',
    ],
    ['UpdatePolicy', { PolicyId: tagPolicy, Content: '[]' }, 'MalformedPolicyDocumentException'],
    [
      'EnablePolicyType',
      { RootId: 'r-ab12', PolicyType: 'SERVICE_CONTROL_POLICY' },
      'PolicyTypeAlreadyEnabledException',
    ],
    ['EnablePolicyType', { RootId: 'r-zz99', PolicyType: 'TAG_POLICY' }, 'RootNotFoundException'],
    ['ListAccountsForParent', { ParentId: 'r-zz99' }, 'ParentNotFoundException'],
    ['DescribeAccount', { AccountId: '999999999999' }, 'AccountNotFoundException'],
    ['ListDelegatedServicesForAccount', { AccountId: '333333333333' }, 'AccountNotRegisteredException'],
    [
      'TagResource',
      { ResourceId: unit, Tags: [{ Key: 'aws:x', Value: '' }] },
      'InvalidInputException INVALID_SYSTEM_TAGS_PARAMETER',
    ],
    [
      'TagResource',
      { ResourceId: unit, Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })) },
      'ConstraintViolationException MAX_TAG_LIMIT_EXCEEDED',
    ],
  ])('%s %j: %s', (operation, input, expected) => {
    expect(refusal(() => call(data, operation, input))).toBe(expected);
  });

  it('of the eleventh policy at a target, and of the sixth RCP', () => {
    const full = seeded(['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']);
    const rcp = DENY.replace('"Effect"', '"Principal":"*","Effect"');
    const attach = (name: string, type: string, content: string): unknown =>
      call(full, 'AttachPolicy', { PolicyId: create(full, name, content, type), TargetId: unit });
    for (let index = 0; index < 9; index += 1) attach(`scp ${index}`, 'SERVICE_CONTROL_POLICY', DENY);
    for (let index = 0; index < 4; index += 1) attach(`rcp ${index}`, 'RESOURCE_CONTROL_POLICY', rcp);
    const expected = 'ConstraintViolationException MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED';
    expect(refusal(() => attach('one more', 'SERVICE_CONTROL_POLICY', DENY))).toBe(expected);
    expect(refusal(() => attach('one more', 'RESOURCE_CONTROL_POLICY', rcp))).toBe(expected);
    const managed = { PolicyId: 'p-RCPFullAWSAccess', TargetId: unit };
    expect(refusal(() => call(full, 'DetachPolicy', managed))).toBe('InvalidInputException NON_DETACHABLE_POLICY');
  });

  it('of callers who are no administrators of the organization', () => {
    expect(refusal(() => call(data, 'ListRoots', {}, '333333333333'))).toBe('AccessDeniedException');
    expect(refusal(() => call(data, 'DescribeOrganization', {}, '333333333333'))).toBe('no refusal');
    expect(refusal(() => call(data, 'ListRoots', {}, '222222222222'))).toBe('no refusal');
    expect(refusal(() => call(data, 'DeletePolicy', { PolicyId: policy }, '222222222222'))).toBe(
      'AccessDeniedException',
    );
    expect(refusal(() => call(data, 'ListRoots', {}, '999999999999'))).toBe('AWSOrganizationsNotInUseException');
  });
});

it('attaches the policies of AWS when a type is enabled, and forgets attachments when it is disabled', () => {
  const data = seeded([]);
  const attached = (): readonly string[] => {
    const { Policies } = call(data, 'ListPoliciesForTarget', {
      TargetId: '444444444444',
      Filter: 'SERVICE_CONTROL_POLICY',
    }) as { Policies: { Id: string }[] };
    return Policies.map(({ Id }) => Id);
  };
  const type = { RootId: 'r-ab12', PolicyType: 'SERVICE_CONTROL_POLICY' };
  expect(attached()).toStrictEqual([]);
  call(data, 'EnablePolicyType', type);
  call(data, 'AttachPolicy', { PolicyId: create(data, 'guard'), TargetId: '444444444444' });
  expect(attached()).toHaveLength(2);
  call(data, 'DisablePolicyType', type);
  call(data, 'EnablePolicyType', type);
  expect(attached()).toStrictEqual(['p-FullAWSAccess']);
});

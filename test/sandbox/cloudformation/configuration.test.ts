/** Which hooks run for what. */
import { concerns, readConfiguration } from '../../../sandbox/cloudformation/hooks/configuration.js';
import type { HookQuestion } from '../../../sandbox/cloudformation/hook-gate.js';

const ROLE = 'arn:aws:iam::300000000001:role/DeployApp';

function runs(settings: object, about: object = {}): boolean {
  const configuration = readConfiguration(
    JSON.stringify({
      CloudFormationConfiguration: {
        HookConfiguration: { HookInvocationStatus: 'ENABLED', TargetOperations: ['RESOURCE', 'STACK'], ...settings },
      },
    }),
  );
  return concerns(configuration, {
    target: 'RESOURCE',
    type: 'AWS::S3::Bucket',
    action: 'CREATE',
    stack: { name: 'prod-shop', roleArn: ROLE },
    ...about,
  } as unknown as HookQuestion);
}

const CASES: readonly (readonly [boolean, object, object?])[] = [
  [true, {}],
  [false, { HookInvocationStatus: 'DISABLED' }],
  [false, { TargetStacks: 'NONE' }],
  [true, { HookInvocationStatus: undefined, TargetStacks: 'ALL' }],
  [false, { TargetOperations: ['STACK'] }],
  [false, { TargetOperations: ['RESOURCE'] }, { target: 'STACK' }],
  [true, { TargetFilters: { TargetNames: ['AWS::S3::*'] } }],
  [true, { TargetFilters: { TargetNames: ['AWS::*::Buck?t'] } }],
  [false, { TargetFilters: { TargetNames: ['AWS::SQS::*', 'AWS::S3::Bucket?'] } }],
  [false, { TargetFilters: { TargetNames: ['AWS::S3::*'], Actions: ['UPDATE'] } }],
  [true, { TargetFilters: { TargetNames: ['AWS::S3::*'], Actions: ['UPDATE'] } }, { action: 'UPDATE' }],
  [true, { TargetFilters: { TargetNames: ['AWS::SQS::*'] } }, { target: 'STACK' }],
  [false, { TargetFilters: { Targets: [{ TargetName: 'AWS::S3::Bucket', Action: 'UPDATE' }] } }],
  [true, { TargetFilters: { Targets: [{ TargetName: 'AWS::S3::Bucket', Action: 'CREATE' }] } }],
  [true, { StackFilters: { StackNames: { Include: ['prod-*'] } } }],
  [false, { StackFilters: { StackNames: { Include: ['prod-*'], Exclude: ['prod-shop'] } } }],
  [
    false,
    { StackFilters: { StackNames: { Include: ['dev-*'] }, StackRoles: { Include: ['arn:aws:iam::*:role/Deploy*'] } } },
  ],
  [
    true,
    {
      StackFilters: {
        FilteringCriteria: 'ANY',
        StackNames: { Include: ['dev-*'] },
        StackRoles: { Include: ['arn:aws:iam::*:role/Deploy*'] },
      },
    },
  ],
];

it('a hook runs for what its configuration names', () => {
  for (const [expected, settings, about] of CASES) {
    expect([settings, about, runs(settings, about)]).toStrictEqual([settings, about, expected]);
  }
});

it.each([
  '',
  '[]',
  '{}',
  '{"CloudFormationConfiguration":{"HookConfiguration":{"FailureMode":"MAYBE"}}}',
  '{"CloudFormationConfiguration":{"HookConfiguration":{"TargetFilters":{"TargetNames":["a"],"Targets":[]}}}}',
  '{"CloudFormationConfiguration":{"HookConfiguration":{"StackFilters":{"FilteringCriteria":"ALL"}}}}',
])('%s is refused', (text) => {
  expect(() => readConfiguration(text)).toThrow(expect.objectContaining({ code: 'CFNRegistryException' }) as Error);
});

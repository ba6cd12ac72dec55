/** The declaration of rollouts and its templates: any text gives rollouts or diagnostics with places. */
import fc from 'fast-check';
import {
  nameCollisions,
  readRollouts,
  readRolloutTemplate,
  resolveRings,
  templateProblems,
  Tree,
} from '../../stacksets/index.js';
import { DECLARATION_TEXT, organizationOf, rolloutsOf, scenario, TEMPLATE_TEXT, treeData } from './scenario.js';

const ORGANIZATION = organizationOf();

function codes(text: string): readonly string[] {
  const { rollouts, diagnostics } = readRollouts(text, 'rollouts.yaml', ORGANIZATION);
  expect(rollouts === null).toBe(diagnostics.length > 0);
  return diagnostics.map(({ code, message, location }) => `${code} ${location!.start > 0 ? 'at' : 'top'}: ${message}`);
}

const changed = (from: string, to: string): string => {
  expect(DECLARATION_TEXT).toContain(from);
  return DECLARATION_TEXT.replace(from, to);
};

/** One more rollout, as text. */
function rolloutText(name: string, more: string): string {
  return `  ${name}:\n    template: ${name}.yaml\n    ${more}\n    rings: { all: { targets: [/Workloads] } }\n`;
}

it('reads what stands there, and fills in what does not', () => {
  const [rollout] = rolloutsOf();
  expect(rollout).toMatchObject({
    name: 'hooks',
    autoDeployment: { isEnabled: true, retainStacks: false },
    hook: { type: 'Stackade::Policy::Check', modeParameter: 'FailureMode', statusParameter: null, resultsRole: null },
    rings: [
      {
        name: 'canary',
        stackSet: 'stackade-hooks-canary',
        targets: [{ shown: '/Sandbox', id: 'ou-ab12-11111111' }],
        regions: ['eu-central-1', 'eu-west-1'],
      },
      { name: 'production', stackSet: 'stackade-hooks-production' },
    ],
  });
  expect(rollout!.waves.map(({ name, parameters }) => [name, parameters])).toContainEqual([
    'production-fail',
    { Package: 'hooks/1.zip', FailureMode: 'FAIL' },
  ]);
});

it.each<readonly [text: string, expected: string]>([
  [changed('version: 1', 'version: 2'), 'STK1001 at: `version` is not 1'],
  [changed('[/Sandbox]', '[/Sandbx]'), 'STK1004 at: there is no organizational unit `/Sandbx`'],
  [changed('    rings:', '    dependsOn: [hoks]\n    rings:'), 'STK1004 at: there is no rollout `hoks`'],
  [changed('    rings:', '    dependsOn: [hooks]\n    rings:'), 'STK1005 at: the rollout `hooks` depends on itself'],
  [
    changed('    rings:', '    dependsOn: [rules]\n    rings:') +
      rolloutText('rules', 'dependsOn: [base]') +
      rolloutText('base', 'dependsOn: [hooks]'),
    'STK1005 at: rollouts depend on each other in a circle: `hooks` on `rules` on `base` on `hooks`',
  ],
  [
    changed('    rings:', '    dependsOn: [base]\n    rings:') + rolloutText('base', 'autoDeployment: false'),
    'STK1005 at: `hooks` depends on `base`, which accounts that join do not get by themselves',
  ],
  [changed('    rings:', '    dependsOn: hooks\n    rings:'), 'STK1001 at: `dependsOn` is not a list of rollouts'],
  [changed('[/Sandbox]', '[]'), 'STK1001 at: `targets` is not a list of one unit or more'],
  [changed('ring: canary, parameters: { FailureMode: WARN }', 'ring: canari'), 'STK1004 at: there is no ring `canari`'],
  [
    changed('    rings:', '    regions: [us-east-1]\n    rings:'),
    'STK1004 at: there is no governed Region `us-east-1`',
  ],
  [
    changed('    rings:', '    promote: { invocations: 3 }\n    rings:'),
    'STK1005 at: the rollout `hooks` waits for invocations of its hook, and nobody can read them',
  ],
  [
    changed('    rings:', '    preferences: { failureTolerance: 101% }\n    rings:'),
    'STK1001 at: `failureTolerance` is not a number of accounts from 0 on, or a share such as 25%',
  ],
  [
    changed('[/Workloads]', '[/Workloads], stackSet: stackade-hooks-canary'),
    'STK1008 at: the rings `hooks/canary` and `hooks/production` have one stack set, `stackade-hooks-canary`',
  ],
  [
    changed('      production:', '      other: { targets: [/Governance] }\n      production:'),
    'STK1005 at: the ring `other` is in no wave',
  ],
  [
    changed('    rings:', '    autoDeployment: false\n    rings:').replace(
      '[/Sandbox]',
      "[/], accounts: { except: ['111111111111'] }",
    ),
    'STK1005 at: the management account (111111111111) gets nothing from service-managed stack sets',
  ],
])('declaration %#', (text, expected) => {
  expect(codes(text)).toContain(expected);
});

it('never throws, and never gives half a declaration', () => {
  const lines = DECLARATION_TEXT.split('\n');
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom('', 'x', '[]', '  - 1', 'rings: 1', 'waves: {}', "'"), (at, line) => {
      codes(lines.with(at % lines.length, line).join('\n'));
    }),
    { numRuns: 60 },
  );
});

function problems(template: string, declaration = DECLARATION_TEXT): readonly string[] {
  const { template: read, diagnostics } = readRolloutTemplate(template, 'hooks.yaml');
  const [rollout] = rolloutsOf(declaration);
  const found =
    read === null ? diagnostics : templateProblems(rollout!, read, () => ({ file: 'rollouts.yaml', start: 0, end: 0 }));
  return found.map(({ code, message }) => `${code}: ${message}`);
}

const withResource = (resource: string): string => `${TEMPLATE_TEXT}  More: ${resource}\n`;

it.each<readonly [template: string, expected: readonly string[]]>([
  [TEMPLATE_TEXT, []],
  ['Resources: []', ['STK1006: this is no template: it has no `Resources` map']],
  [
    withResource("{ Type: 'AWS::CloudFormation::Stack' }"),
    ['STK1006: `More` is of the type `AWS::CloudFormation::Stack`, which service-managed stack sets do not take'],
  ],
  [
    withResource("{ Type: 'AWS::SNS::Topic', Properties: { 'Fn::Transform': { Name: Own } } }"),
    ['STK1006: `Fn::Transform` calls a macro, which service-managed stack sets do not take'],
  ],
  [
    withResource("{ Type: 'AWS::IAM::Role' }"),
    ['STK1006: `hooks.yaml` makes IAM resources, and the rollout does not say that this is meant'],
  ],
  [
    withResource("{ Type: 'AWS::S3::Bucket', Properties: { BucketName: !Sub 'b-${AWS::AccountId}' } }"),
    [
      'STK1008: `More` (AWS::S3::Bucket) has the same name in each account and Region, and such names are unique in the world',
    ],
  ],
  [
    withResource("{ Type: 'AWS::S3::Bucket', Properties: { BucketName: !Sub 'b-${AWS::AccountId}-${AWS::Region}' } }"),
    [],
  ],
  [
    TEMPLATE_TEXT.replace('[WARN, FAIL]', '[WARN]'),
    ['STK1007: `hooks.yaml` does not take `FAIL` for the parameter `FailureMode`'],
  ],
  [
    TEMPLATE_TEXT.replace('Package:', 'Pack:'),
    [
      'STK1007: `hooks.yaml` has no parameter `Package`',
      ...['canary-warn', 'canary-fail', 'production-warn', 'production-fail'].map(
        (wave) => `STK1007: the wave \`${wave}\` has no value for \`Pack\`, which \`hooks.yaml\` needs`,
      ),
    ],
  ],
  [
    `${TEMPLATE_TEXT}#${'x'.repeat(51_200)}\n`,
    [`STK1006: \`hooks.yaml\` has ${TEMPLATE_TEXT.length + 51_202} bytes; CloudFormation takes 51200 with a call`],
  ],
])('template %#', (template, expected) => {
  expect([...problems(template)].sort()).toStrictEqual([...expected].sort());
});

it('tells two rollouts that give one name to two resources of an account', () => {
  const template = withResource("{ Type: 'AWS::Lambda::Function', Properties: { FunctionName: stackade-check } }");
  const left = scenario(DECLARATION_TEXT, template);
  const right = scenario(
    DECLARATION_TEXT.replace('hooks:', 'others:').replace('[/Sandbox]', '[/Governance]'),
    template,
  );
  const known = [left, right].map((each) => ({
    ...each,
    rings: resolveRings(each.rollout, new Tree(treeData())).rings,
  }));
  expect(nameCollisions(known).map(({ message }) => message)).toStrictEqual([
    'the rollouts `hooks` (`More`) and `others` (`More`) give one name to two resources of the type `AWS::Lambda::Function` in `444444444444`, `555555555555`, `666666666666`',
  ]);
});

it('a promotion by hand may ask for more besides', () => {
  const text = DECLARATION_TEXT.replace('    rings:', '    promote: { manually: true, failures: 2 }\n    rings:');
  const [first] = rolloutsOf(text)[0]!.waves;
  expect(first!.promotion).toMatchObject({ isManual: true, failures: 2, errors: 0 });
});

/** What the schema lint says twice, or wrongly. */
import { reconcile } from '../../../cli/lint/reconcile.js';
import { isFalseAlarm } from '../../../cli/lint/corrections.js';
import { toLintResult } from '../../../cli/lint/results.js';
import type { LintDiagnostic } from '../../../cli/lint/protocol.js';
import { createFinding, type Finding, type Severity } from '../../../findings/index.js';
import { readTemplate } from '../../../template/index.js';

const finding = (ruleId: string, severity: Severity, pointer: string, message = 'x'): Finding => {
  const logicalId = /^\/Resources\/([^/]+)/.exec(pointer)?.[1];
  return createFinding({
    ruleId,
    severity,
    title: '',
    message,
    location: { file: 't.yaml', line: 1, column: 1, endLine: 1, endColumn: 1, pointer },
    resource: logicalId === undefined ? null : { logicalId, type: 'T' },
  });
};
const shown = (findings: readonly Finding[]): readonly string[] =>
  reconcile(findings).map(({ ruleId, severity, location }) => `${ruleId} ${severity} ${location.pointer}`);

describe('one fault is told once', () => {
  it.each([
    ['TPL3001', 'F1020', '/Resources/T/Properties/A', '/Resources/T/Properties/A'],
    ['TPL3001', 'F6101', '/Outputs/O/Value', '/Outputs/O'],
    ['TPL3013', 'F1032', '/Resources', '/Resources/Fn::ForEach::X'],
    ['TPL3007', 'E9106', '/Conditions/A', ''],
    ['rds-instance-storage-encrypted', 'W9008', '/Resources/D/Properties', '/Resources/D/Properties/StorageEncrypted'],
  ])('%s stands for %s', (ours, theirs, at, there) => {
    expect(shown([finding(theirs, 'error', there), finding(ours, 'error', at)])).toStrictEqual([`${ours} error ${at}`]);
  });

  it('at the stronger severity', () => {
    const at = '/Resources/S/Properties/Endpoint';
    expect(shown([finding('TPL3003', 'warning', at), finding('E9004', 'error', at)])).toStrictEqual([
      `TPL3003 error ${at}`,
    ]);
    expect(
      shown([finding('rds-instance-storage-encrypted', 'error', at), finding('W9008', 'warning', at)]),
    ).toStrictEqual([`rds-instance-storage-encrypted error ${at}`]);
  });

  it('every member of a circle of resources', () => {
    const circle = finding('TPL3008', 'error', '/Resources/A', 'resources depend on each other: `A` → `B` → `A`');
    const others = [finding('F3004', 'error', '/Resources/A'), finding('F3004', 'error', '/Resources/B')];
    expect(shown([circle, ...others])).toStrictEqual(['TPL3008 error /Resources/A']);
    expect(shown([circle, finding('F3004', 'error', '/Resources/C')])).toHaveLength(2);
  });

  it.each([
    ['at another place', '/Resources/T/Properties/A', '/Resources/T/Properties/AB'],
    ['at another resource', '/Resources/T/Properties/A', '/Resources/U/Properties/A'],
  ])('but not %s', (_name, at, there) => {
    expect(shown([finding('TPL3001', 'error', at), finding('F1020', 'error', there)])).toHaveLength(2);
  });

  it('a code that nothing of ours stands for stays', () => {
    const at = '/Resources/T/Properties/A';
    expect(shown([finding('TPL3001', 'error', at), finding('F3012', 'error', at)])).toHaveLength(2);
    expect(shown([finding('F1020', 'error', at)])).toStrictEqual([`F1020 error ${at}`]);
  });

  it('a resource without either policy', () => {
    const both = ['DeletionPolicy', 'UpdateReplacePolicy'].map((name) =>
      finding('I3011', 'info', '/Resources/T', `'${name}' is a required property`),
    );
    const other = finding('I3011', 'info', '/Resources/U', "'DeletionPolicy' is a required property");
    const result = reconcile([...both, other]);
    expect(result).toHaveLength(2);
    expect(result[0]!.message).toMatch(/^`DeletionPolicy` and `UpdateReplacePolicy` are missing/);
    expect(result[1]).toStrictEqual(other);
  });
});

describe('false alarms', () => {
  const alarm = (text: string, diagnostic: Partial<LintDiagnostic>): boolean =>
    isFalseAlarm(
      { ruleId: 'E3676', severity: 'ERROR', message: '', ...diagnostic },
      readTemplate(text, 't.yaml').source!.value,
    );
  const listener = (certificates: string): string =>
    `Resources: {L: {Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: {Protocol: HTTPS, ${certificates}}}}`;
  const entity = { logicalId: 'L', entityType: 'Resource' };

  it.each([
    ['a list', 'Certificates: [{CertificateArn: !Ref Arn}]', true],
    ['a function', 'Certificates: !If [A, [{CertificateArn: x}], !Ref "AWS::NoValue"]', true],
    ['an empty list', 'Certificates: []', false],
    ['none', 'Port: 443', false],
  ])('a listener whose certificates are %s', (_name, certificates, expected) => {
    expect(alarm(listener(certificates), { entity })).toBe(expected);
  });

  it.each([
    ['!GetAtt Role.Arn', true],
    ["!Sub '${Role.Arn}'", true],
    ['{ "Fn::GetAtt": [Role, Arn] }', true],
    ['!Ref Role', false],
    ['!If [A, !GetAtt Role.Arn, !Ref Role]', false],
  ])('a role with a path that stands as %s', (role, expected) => {
    const text = `Resources: {L: {Type: 'AWS::CodeBuild::Project', Properties: {ServiceRole: ${role}}}}`;
    const message = "Ref to IAM role 'Role' with Path '/service/' - use GetAtt Role.Arn instead";
    expect(alarm(text, { ruleId: 'E3050', message, entity })).toBe(expected);
    expect(alarm(text, { ruleId: 'E3050', message: 'something else', entity })).toBe(false);
  });

  it.each([
    ["Ref 'Work.Alias' does not reference a valid resource", true],
    ["Ref 'ServerlessRestApi' does not reference a valid resource", true],
    ["Fn::Sub variable '${WorkRole}' does not reference a valid resource", true],
    ["GetAtt 'WorkRole.Arn' references a resource that does not exist", true],
    ["Ref 'ServerlessDeploymentApplication' does not reference a valid resource", true],
    ["Ref 'Other' does not reference a valid resource", false],
    ['Output value must be a string', false],
  ])('%s: %s', (message, expected) => {
    const sam = "Transform: AWS::Serverless-2016-10-31\nResources: {Work: {Type: 'AWS::Serverless::Function'}}";
    expect(alarm(sam, { ruleId: 'F6101', message })).toBe(expected);
    expect(alarm(sam.slice(sam.indexOf('\n') + 1), { ruleId: 'F6101', message })).toBe(false);
  });
});

describe('what nobody has given', () => {
  it.each([
    ['123456789012', '!Ref AWS::AccountId', true],
    ['us-east-1', '!Ref AWS::Region', true],
    ['123456789012', "'123456789012'", false],
    ['dev', '!Ref Stage', false],
  ])('a mapping that is called %s, from %s', (name, written, expected) => {
    const text = `Resources: {L: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !FindInMap [${written}, a, b], Size: 1.0}}}`;
    const message = `Fn::FindInMap references non-existent mapping '${name}'`;
    const diagnostic: LintDiagnostic = { ruleId: 'F1012', severity: 'FATAL', message };
    expect(isFalseAlarm(diagnostic, readTemplate(text, 't.yaml').source!.value)).toBe(expected);
  });
});

describe('ports that are parameters', () => {
  it.each([
    ['FromPort: !Ref Port, ToPort: 5432', 0],
    ['FromPort: !Ref Port, ToPort: !GetAtt Database.Port', 0],
    ['FromPort: !Ref Port', 1],
    ["FromPort: !Ref Port, ToPort: !Ref 'AWS::NoValue'", 1],
    ["FromPort: !Ref Port, ToPort: !If [A, 1, !Ref 'AWS::NoValue']", 1],
  ])('%s', (ports, left) => {
    const message = "['FromPort', 'ToPort'] are required properties when using 'IpProtocol' value tcp";
    const entity = { logicalId: 'G', entityType: 'Resource' };
    const alone = `Resources: {G: {Type: 'AWS::EC2::SecurityGroupIngress', Properties: {IpProtocol: tcp, ${ports}}}}`;
    const inList = `Resources: {G: {Type: 'AWS::EC2::SecurityGroup', Properties: {SecurityGroupIngress: [{IpProtocol: tcp, ${ports}}]}}}`;
    for (const [text, propertyPath] of [
      [alone, 'Properties'],
      [inList, 'Properties.SecurityGroupIngress.0'],
    ] as const) {
      const diagnostics = [{ ruleId: 'E3687', severity: 'ERROR' as const, message, entity, propertyPath }];
      const report = { status: 'OK' as const, diagnostics, incomplete: [] };
      expect(toLintResult(report, { path: 't.yaml', text }).findings).toHaveLength(left);
    }
  });
});

describe('values that conditions rule out', () => {
  const left = (
    value: string,
    conditionScenario: Readonly<Record<string, boolean>>,
    parameters: Readonly<Record<string, string>> = {},
    propertyPath = 'Properties.Name',
  ): number => {
    const text = `Parameters:
  Name: {Type: String, Default: ''}
  Other: {Type: String, Default: ''}
  Kind: {Type: String, Default: x}
Conditions:
  HasName: !Not [!Equals ['', !Ref Name]]
  HasOther: !Not [!Equals [!Ref Other, '']]
  IsX: !Equals [!Ref Kind, x]
  Both: !And [!Condition HasName, !Condition IsX]
Resources:
  R: {Type: 'AWS::ECR::Repository', Properties: {Name: ${value}, Bad: 1}}
`;
    const diagnostic = {
      ruleId: 'F3031',
      severity: 'ERROR' as const,
      message: 'wrong',
      entity: { logicalId: 'R', entityType: 'Resource' },
      propertyPath,
      conditionScenario,
    };
    return toLintResult(
      { status: 'OK', diagnostics: [diagnostic], incomplete: [] },
      { path: 't.yaml', text },
      parameters,
    ).findings.length;
  };

  it('are no findings', () => {
    expect(left("!If [HasName, !Ref Name, !Ref 'AWS::NoValue']", { HasName: true })).toBe(0);
    expect(left("!If [HasName, !Sub 'a/${Name}', x]", { HasName: true })).toBe(0);
    expect(left('!If [Both, !Ref Name, x]', { Both: true })).toBe(0);
    expect(left('!If [IsX, !If [HasName, !Ref Name, y], x]', { HasName: true, IsX: true })).toBe(0);
  });

  it('are findings where they can be', () => {
    expect(left('!If [HasName, x, !Ref Name]', { HasName: false })).toBe(1);
    expect(left('!If [HasOther, !Ref Name, x]', { HasOther: true })).toBe(1);
    expect(left('!If [IsX, !Ref Kind, x]', { IsX: true })).toBe(1);
    expect(left('!Ref Name', {})).toBe(1);
  });

  it('are findings where the value is another one', () => {
    const scenario = { HasName: true };
    // Of the branch that is written out, of a branch that is not told, and of the whole resource.
    expect(left("!If [HasName, 'BAD', !Ref Name]", scenario)).toBe(1);
    expect(left('!If [IsX, !Ref Name, !Ref Name]', scenario)).toBe(1);
    expect(left('!If [HasName, !Ref Name, x]', scenario, {}, 'Properties')).toBe(1);
    expect(left('!If [HasName, !Ref Name, x]', scenario, {}, 'Properties.Bad')).toBe(1);
  });

  it('are those of the parameters that are given', () => {
    const name = '!If [HasName, !Ref Name, x]';
    expect(left(name, { HasName: true }, { Name: 'BAD' })).toBe(1);
    expect(left(name, { HasName: false }, { Name: 'BAD' })).toBe(1);
    expect(left('!If [HasName, x, !Ref Name]', { HasName: false }, { Name: 'BAD' })).toBe(0);
  });
});

it('a loop with several identifiers is not known to the lint, which says that it did not look', () => {
  const message = 'Error transforming template: Fn::ForEach identifier must be a string';
  const told = (identifier: string): readonly number[] => {
    const text = `Resources:\n  Fn::ForEach::L:\n    - ${identifier}\n    - []\n    - {}\n`;
    const diagnostics = [{ ruleId: 'E0001', severity: 'ERROR' as const, message }];
    const report = { status: 'OK' as const, incomplete: [], diagnostics };
    const { findings, notEvaluated } = toLintResult(report, { path: 't.yaml', text });
    return [findings.length, notEvaluated.length];
  };
  expect([told('[A, B]'), told('1')]).toStrictEqual([
    [0, 1],
    [1, 0],
  ]);
});

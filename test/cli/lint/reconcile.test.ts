/** What the schema lint says twice, or wrongly. */
import { reconcile } from '../../../cli/lint/reconcile.js';
import { isFalseAlarm } from '../../../cli/lint/corrections.js';
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
    ["Ref 'Other' does not reference a valid resource", false],
    ['Output value must be a string', false],
  ])('%s: %s', (message, expected) => {
    const sam = "Transform: AWS::Serverless-2016-10-31\nResources: {Work: {Type: 'AWS::Serverless::Function'}}";
    expect(alarm(sam, { ruleId: 'F6101', message })).toBe(expected);
    expect(alarm(sam.slice(sam.indexOf('\n') + 1), { ruleId: 'F6101', message })).toBe(false);
  });
});

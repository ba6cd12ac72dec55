/** One policy in every place that can hold one: each is found, and what is wrong with it is told at its line. */
import { scanTemplate, supposedOf, GRANT_TYPES } from '../../../analyzers/policies/index.js';
import { propertyAt } from '../../../catalogue/index.js';
import { isMap, POLICY_PLACES, readTemplate } from '../../../template/index.js';
import type { PolicyPlace } from '../../../template/index.js';

interface Written {
  readonly lines: readonly string[];
  /** What stands in the line of the action at fault, and in that of its statement. */
  readonly action: string;
  readonly statement: string;
}

const indented = (lines: readonly string[], by: number): string[] => lines.map((line) => ' '.repeat(by) + line);

/** A document with a statement without fault and one that names an action of no service. */
function documentOf(kind: PolicyPlace['kind'], number: number, inText: boolean): Written {
  const [statement, action] = [`Sid${number}X`, `marker${number}:Do`];
  const principal = ['resource', 'trust', 'vpce', 'rcp'].includes(kind);
  const resource = kind !== 'trust';
  const fine: Record<string, unknown> = { Effect: 'Deny', Action: 's3:DeleteBucket' };
  const wrong: Record<string, unknown> = { Sid: statement, Effect: 'Allow', Action: [action] };
  for (const each of [fine, wrong]) {
    if (principal) each['Principal'] = '*';
    if (resource) each['Resource'] = '*';
  }
  const document = { Version: '2012-10-17', Statement: [fine, wrong] };
  if (inText) return { lines: JSON.stringify(document, null, 2).split('\n'), action, statement };
  const lines = [
    "Version: '2012-10-17'",
    'Statement:',
    ...[fine, wrong].flatMap((each) =>
      Object.entries(each).map(([key, value], at) => `  ${at === 0 ? '- ' : '  '}${key}: ${JSON.stringify(value)}`),
    ),
  ];
  return { lines, action, statement };
}

/** The properties around a document. */
function propertiesOf({ path, when }: PolicyPlace, document: readonly string[], inText: boolean): string[] {
  let lines = [...document];
  path.toReversed().forEach((name, at) => {
    if (name === '*') lines = lines.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
    else lines = [`${name}:${at === 0 && inText ? ' |' : ''}`, ...indented(lines, 2)];
  });
  return when === undefined ? lines : [`${when[0]}: ${when[1]}`, ...lines];
}

function everything(): {
  readonly text: string;
  readonly written: readonly (Written & { readonly type: string; readonly kind: string })[];
} {
  const lines = ['Resources:'];
  const written: (Written & { type: string; kind: string })[] = [];
  for (const [type, places] of Object.entries(POLICY_PLACES)) {
    for (const place of places) {
      const number = written.length;
      const inText = propertyAt(type, place.path)?.type.kind === 'string';
      const made = documentOf(place.kind, number, inText);
      // Where statements stand, they stand without a document around them.
      const document = place.statements === true ? made.lines.slice(2) : made.lines;
      lines.push(`  R${number}:`, `    Type: ${type}`, '    Properties:');
      lines.push(...indented(propertiesOf(place, document, inText), 6));
      written.push({ ...made, type, kind: place.kind });
    }
  }
  return { text: `${lines.join('\n')}\n`, written };
}

const { text, written } = everything();
const { source } = readTemplate(text, 'every.yaml');
const scan = scanTemplate(source!, supposedOf(source!));
const lineOf = (mark: string): number => text.split('\n').findIndex((line) => line.includes(mark)) + 1;

it('the template has one policy of each place, and all are found', () => {
  expect(isMap(source!.value)).toBe(true);
  expect(written.length).toBeGreaterThan(95);
  expect(scan.found.policies.map(({ resource, kind }) => [resource.type, kind])).toStrictEqual(
    written.map(({ type, kind }) => [type, kind]),
  );
});

it('an action of no service is told of each at its line', () => {
  const told = scan.findings.filter(({ ruleId }) => ruleId === 'INVALID_SERVICE_IN_ACTION');
  expect(told.map(({ resource, location }) => [resource!.type, location.line])).toStrictEqual(
    written.map(({ type, action }) => [type, lineOf(`"${action}"`)]),
  );
});

it('access for everybody is told of each that gives access, at the line of its statement', () => {
  const told = scan.findings.filter(({ ruleId }) => ruleId === 'policy-no-public-access');
  const giving = written.filter(({ kind }) => kind === 'resource' || kind === 'trust');
  expect(told.map(({ resource, location }) => [resource!.type, location.line])).toStrictEqual(
    giving.map(({ type, statement }) => [type, startOf(statement)]),
  );
});

/** In JSON the statement begins at its brace, one line above its first key; in YAML at its first key. */
function startOf(statement: string): number {
  const line = lineOf(`"${statement}"`);
  return text.split('\n')[line - 2]!.trim() === '{' ? line - 1 : line;
}

describe('statements that are spelled in properties', () => {
  const grants = [
    [
      'AWS::ACMPCA::Permission',
      [
        'CertificateAuthorityArn: arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/x',
        'Principal: "*"',
        'Actions: ["marker:Do"]',
      ],
    ],
    [
      'AWS::EntityResolution::PolicyStatement',
      [
        'Arn: arn:aws:entityresolution:eu-west-1:111122223333:matchingworkflow/x',
        'Effect: Allow',
        'Principal: ["*"]',
        'Action: ["marker:Do"]',
      ],
    ],
    ['AWS::Events::EventBusPolicy', ['StatementId: x', 'Principal: "*"', 'Action: marker:Do']],
    [
      'AWS::Lambda::LayerVersionPermission',
      ['LayerVersionArn: arn:aws:lambda:eu-west-1:111122223333:layer:x:1', 'Principal: "*"', 'Action: marker:Do'],
    ],
    ['AWS::Lambda::Permission', ['FunctionName: orders', 'Principal: "*"', 'Action: marker:Do']],
    ['AWS::QBusiness::Permission', ['ApplicationId: x', 'StatementId: x', 'Principal: "*"', 'Actions: ["marker:Do"]']],
    ['AWS::Signer::ProfilePermission', ['ProfileName: x', 'StatementId: x', 'Principal: "*"', 'Action: marker:Do']],
  ] as const;

  it.each(grants)('%s', (type, properties) => {
    const lines = ['Resources:', '  It:', `    Type: ${type}`, '    Properties:', ...indented(properties, 6)];
    const { source: one } = readTemplate(lines.join('\n'), 'one.yaml');
    const { findings } = scanTemplate(one!, supposedOf(one!));
    const places = findings.map(({ ruleId, location }) => [ruleId, location.line]);
    expect(places).toContainEqual([
      'INVALID_SERVICE_IN_ACTION',
      lines.findIndex((line) => line.includes('marker')) + 1,
    ]);
    expect(places).toContainEqual(['policy-no-public-access', 2]);
  });

  it('each type is there', () => {
    expect(grants.map(([type]) => type)).toStrictEqual(GRANT_TYPES);
  });
});

/** The pipeline from a template's text to verdicts, findings and what could not be evaluated. */
import { buildBundle, checkTemplate } from '../../../rules/index.js';
import type { CheckResult, DeploymentOptions, RuleBundle, RunOptions } from '../../../rules/index.js';

const ENCRYPTED = `
let volumes = Resources.*[ Type == 'AWS::EC2::Volume' ]
rule VOLUME_ENCRYPTED when %volumes !empty {
  %volumes {
    Properties.Encrypted in [true, 'true'] <<
      the volume is not encrypted
      help: add to the properties
      Encrypted: true
    >>
  }
}
`;

function bundleOf(text: string): RuleBundle {
  const { bundle, diagnostics } = buildBundle([{ file: 'r.guard', text, rules: new Map() }]);
  expect(diagnostics).toStrictEqual([]);
  return bundle!;
}

function check(
  rules: string,
  template: string,
  deployment: DeploymentOptions = {},
  options: RunOptions = {},
): CheckResult {
  const checked = checkTemplate(template, 't.yaml', bundleOf(rules), deployment, options);
  if (checked.kind !== 'checked') throw new Error(`not checked: ${JSON.stringify(checked)}`);
  return checked.result;
}

const volume = (encrypted: string, rest = ''): string =>
  `  V:\n    Type: AWS::EC2::Volume\n${rest}    Properties:\n      Encrypted: ${encrypted}\n`;
const HEAD = `Parameters:
  Open: {Type: String}
  Env: {Type: String, AllowedValues: [dev, prod]}
  Yes: {Type: String, AllowedValues: ['true', 'true']}
  Off: {Type: String, Default: 'false'}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
Resources:
`;
const verdict = (encrypted: string, rest = '', deployment: DeploymentOptions = {}): string =>
  check(ENCRYPTED, HEAD + volume(encrypted, rest), deployment).file.rules['VOLUME_ENCRYPTED']!;

describe('verdicts on values that are not fixed', () => {
  it.each([
    ['true', '', 'PASS'],
    ["'false'", '', 'FAIL'],
    ['!Ref Open', '', 'NOT_EVALUATED'],
    ['!Ref Yes', '', 'PASS'],
    ['!Ref Env', '', 'FAIL'],
    ['!Ref Off', '', 'FAIL'],
    ['!If [IsProd, true, false]', '', 'FAIL'],
    ['!If [IsProd, true, "true"]', '', 'PASS'],
    ['!If [IsProd, true, !Ref Open]', '', 'NOT_EVALUATED'],
    ['!If [IsProd, false, !Ref Open]', '', 'FAIL'],
    ['!If [IsProd, true, !Ref AWS::NoValue]', '', 'FAIL'],
    ['!If [IsProd, true, false]', '    Condition: IsProd\n', 'PASS'],
    ['!If [IsProd, true, false]', '    Condition: IsDev\n', 'FAIL'],
    ['!If [IsDev, !If [IsProd, false, true], true]', '', 'PASS'],
    ['!GetAtt V.VolumeId', '', 'FAIL'],
  ])('%s (%s) is %s', (encrypted, rest, expected) => {
    expect(verdict(encrypted, rest)).toBe(expected);
  });

  it('is decided by a parameter that is given', () => {
    expect(verdict('!Ref Open', '', { parameters: { Open: 'true' } })).toBe('PASS');
    expect(verdict('!Ref Open', '', { parameters: { Open: 'no' } })).toBe('FAIL');
    expect(verdict('!If [IsProd, true, false]', '', { parameters: { Env: 'prod' } })).toBe('PASS');
  });

  it('names the parameter and the reason of what was not evaluated', () => {
    const { notEvaluated, file, findings } = check(ENCRYPTED, HEAD + volume('!Ref Open'));
    expect(findings).toStrictEqual([]);
    expect(file.status).toBe('NOT_EVALUATED');
    expect(notEvaluated).toStrictEqual([
      {
        path: 't.yaml',
        ruleId: 'VOLUME_ENCRYPTED',
        controls: [],
        reason: 'parameter `Open` has no value',
        parameters: ['Open'],
        location: {
          file: 't.yaml',
          line: 13,
          column: 18,
          endLine: 13,
          endColumn: 27,
          pointer: '/Resources/V/Properties/Encrypted',
        },
      },
    ]);
  });
});

describe('the place of what is not known', () => {
  const place = (text: string): readonly unknown[] =>
    check(ENCRYPTED, text).notEvaluated.map(({ location, reason, parameters }) => [
      location && `${location.line}:${location.column} ${location.pointer}`,
      reason,
      parameters,
    ]);
  const one = (encrypted: string, rest = ''): string =>
    `Parameters: {Open: {Type: String}, Env: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  V:
    Type: AWS::EC2::Volume
${rest}    Properties:
      Encrypted: ${encrypted}
`;

  it.each([
    ['a value', one('!Ref Open'), '7:18 /Resources/V/Properties/Encrypted'],
    ['a value in a branch', one('!If [IsProd, true, !Ref Open]'), '7:37 /Resources/V/Properties/Encrypted/Fn::If/2'],
    [
      'a value of a resource that may not be there',
      one('!Ref Open', '    Condition: IsProd\n'),
      '8:18 /Resources/V/Properties/Encrypted',
    ],
    ['a dynamic reference', one("'{{resolve:ssm:x}}'"), '7:18 /Resources/V/Properties/Encrypted'],
  ])('%s', (_name, text, expected) => {
    expect(place(text).map((entry) => (entry as readonly unknown[])[0])).toStrictEqual([expected]);
  });

  it('the second of two dynamic references, when the rule looks at that one', () => {
    const text = one("'{{resolve:ssm:x}}'").replace('Encrypted:', "KmsKeyId: '{{resolve:ssm:y}}'\n      Encrypted:");
    expect(place(text)).toMatchObject([['8:18 /Resources/V/Properties/Encrypted', {}, []]]);
  });

  it('a loop over values that are not known, with the parameter that decides them', () => {
    const text = `Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Volumes: [N, !Ref Names, {'V\${N}': {Type: AWS::EC2::Volume}}]
`;
    expect(place(text)).toStrictEqual([
      ['4:3 /Resources/Fn::ForEach::Volumes', 'parameter `Names` has no value', ['Names']],
    ]);
  });

  it('the Region, which is given by an option', () => {
    expect(place(one('!Ref AWS::Region'))).toStrictEqual([
      ['7:18 /Resources/V/Properties/Encrypted', '`AWS::Region` is known only at deployment', ['AWS::Region']],
    ]);
  });

  it('further values beside the first', () => {
    const text = `${one('!Ref Open')}  W:\n    Type: AWS::EC2::Volume\n    Properties: {Encrypted: !Ref Env}\n`;
    expect(place(text)).toStrictEqual([
      [
        '7:18 /Resources/V/Properties/Encrypted',
        'parameter `Open` has no value; parameter `Env` has no value (at 10:29)',
        ['Env', 'Open'],
      ],
    ]);
  });
});

describe('findings', () => {
  it('point at the value, keep the help, and show the assignment that fails', () => {
    const { findings } = check(ENCRYPTED, HEAD + volume('!If [IsProd, true, false]'));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      message: 'the volume is not encrypted: `Encrypted` is `false` (when IsProd is false)',
      help: 'add to the properties\nEncrypted: true',
      resource: { logicalId: 'V', type: 'AWS::EC2::Volume' },
      location: { line: 13, column: 37, endColumn: 42, pointer: '/Resources/V/Properties/Encrypted/Fn::If/2' },
      labels: [],
    });
  });

  it('point at the key of the parent when something is missing', () => {
    const { findings } = check(
      ENCRYPTED,
      'Resources:\n  V:\n    Type: AWS::EC2::Volume\n    Properties:\n      Size: 1\n',
    );
    expect(findings[0]).toMatchObject({
      message: 'the volume is not encrypted: `Encrypted` is missing',
      location: { line: 4, column: 5, endColumn: 15 },
    });
    const bare = check(ENCRYPTED, 'Resources:\n  V:\n    Type: AWS::EC2::Volume\n').findings;
    expect(bare[0]).toMatchObject({ location: { line: 2, column: 3, endColumn: 4 } });
  });

  it('say when they assume the default of a parameter', () => {
    const { findings } = check(ENCRYPTED, HEAD + volume('!Ref Off'));
    expect(findings[0]!.labels).toStrictEqual(['assumes-default:Off']);
  });

  it('assume no default of what stands beside something missing', () => {
    const head = HEAD.replace('Resources:', "  IsOff: !Equals [!Ref Off, 'false']\nResources:");
    const beside = (properties: string): readonly string[] =>
      check(ENCRYPTED, `${head}  V: {Type: AWS::EC2::Volume, Properties: ${properties}}\n`).findings[0]!.labels;
    expect(beside('{Size: !Ref Off}')).toStrictEqual([]);
    expect(beside('!If [IsOff, {Size: !Ref Off}, {Encrypted: true}]')).toStrictEqual(['assumes-default:Off']);
  });

  it('are one for each resource, conditional ones included', () => {
    const template = `${HEAD}  A: {Type: AWS::EC2::Volume, Properties: {Encrypted: false}}
  B: {Type: AWS::EC2::Volume, Condition: IsProd, Properties: {Encrypted: false}}
  C: {Type: AWS::EC2::Volume, Condition: IsDev, Properties: {Encrypted: !If [IsProd, false, no]}}
  D: {Type: AWS::EC2::Volume, Condition: IsDev, Properties: {Encrypted: true}}
`;
    const { findings } = check(ENCRYPTED, template);
    expect(
      findings.map((finding) => [finding.resource!.logicalId, /\(when .*\)/.exec(finding.message)?.[0]]),
    ).toStrictEqual([
      ['A', undefined],
      ['B', '(when IsProd is true)'],
      ['C', '(when IsDev is true)'],
    ]);
  });
});

describe('resources that AWS SAM makes', () => {
  const SAM = 'Transform: AWS::Serverless-2016-10-31\n';
  const named = (rules: string, text: string): readonly unknown[] =>
    check(rules, text).findings.map(({ resource, labels, location }) => [
      resource?.logicalId,
      resource?.type,
      labels,
      location.line,
    ]);
  const of = (type: string, clause: string): string =>
    `let all = Resources.*[ Type == '${type}' ]\nrule R when %all !empty { %all { ${clause} } }`;

  it('are named as the template writes them', () => {
    const text = `${SAM}Resources:\n  Table:\n    Type: AWS::Serverless::SimpleTable\n`;
    expect(named(of('AWS::DynamoDB::Table', 'Properties.SSESpecification exists'), text)).toStrictEqual([
      ['Table', 'AWS::Serverless::SimpleTable', [], 3],
    ]);
  });

  it('say what SAM makes when it has another name', () => {
    const text = `${SAM}Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties: {Events: {Get: {Type: HttpApi}}}
`;
    expect(named(of('AWS::IAM::Role', 'Properties.PermissionsBoundary exists'), text)).toStrictEqual([
      ['Work', 'AWS::Serverless::Function', ['generated:WorkRole'], 3],
    ]);
    expect(named(of('AWS::ApiGatewayV2::Api', 'Properties.CorsConfiguration exists'), text)).toStrictEqual([
      ['Work', 'AWS::Serverless::Function', ['generated:ServerlessHttpApi'], 5],
    ]);
  });

  it('of a loop have the name that the loop gives them', () => {
    const text = `Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Fn::ForEach::Tables: [N, [A, B], {'Table\${N}': {Type: AWS::Serverless::SimpleTable}}]
`;
    expect(
      named(of('AWS::DynamoDB::Table', 'Properties.SSESpecification exists'), text).map((one) => (one as string[])[0]),
    ).toStrictEqual(['TableA', 'TableB']);
  });

  it('are told once where they share a value', () => {
    const both = `let all = Resources.*[ Type in ['AWS::Serverless::Function', 'AWS::Lambda::Function'] ]
rule R when %all !empty { %all.Properties.Timeout <= 10 <<too long>> }`;
    const text = `${SAM}Resources:\n  Work:\n    Type: AWS::Serverless::Function\n    Properties: {Timeout: 900}\n`;
    expect(named(both, text)).toStrictEqual([['Work', 'AWS::Serverless::Function', [], 5]]);
  });
});

describe('what must not pass', () => {
  it('an error of evaluation leaves every rule of the file not evaluated', () => {
    const { file, notEvaluated } = check(
      'rule GOOD { Resources exists }\nrule BAD { Resources.V.Properties.Size empty }',
      'Resources:\n  V: {Type: AWS::EC2::Volume, Properties: {Size: 1}}\n',
    );
    expect(file).toMatchObject({ status: 'NOT_EVALUATED', rules: { GOOD: 'NOT_EVALUATED', BAD: 'NOT_EVALUATED' } });
    expect(notEvaluated[0]!.reason).toContain('r.guard');
  });

  it('a template cannot bring the parameters it is judged by', () => {
    const rule = 'let tags = Wanted.tags\nrule TAGGED { Resources.*.Properties.Tags[*].Key in %tags }';
    const template =
      'Wanted: {tags: [mine]}\nResources:\n  V: {Type: AWS::EC2::Volume, Properties: {Tags: [{Key: mine, Value: x}]}}\n';
    expect(check(rule, template).file.rules).toStrictEqual({ TAGGED: 'PASS' });
    const inputs = { Wanted: { tags: ['owner'] } };
    expect(check(rule, template, {}, { inputs }).file.rules).toStrictEqual({ TAGGED: 'FAIL' });
  });

  it('what a macro may add keeps rules about types open', () => {
    const template =
      'Resources:\n  Fn::Transform: {Name: Mine}\n  V: {Type: AWS::EC2::Volume, Properties: {Encrypted: true}}\n';
    expect(check(ENCRYPTED, template).file.rules).toStrictEqual({ VOLUME_ENCRYPTED: 'NOT_EVALUATED' });
  });
});

describe('dynamic references', () => {
  const template = (value: string): string =>
    `Resources:\n  L:\n    Type: AWS::Logs::LogGroup\n    Properties: {LogGroupName: '${value}'}\n`;
  const groups = "let groups = Resources.*[ Type == 'AWS::Logs::LogGroup' ]\n";
  const verdictOf = (clause: string, value: string): string =>
    check(`${groups}rule R when %groups !empty { %groups.Properties.LogGroupName ${clause} }`, template(value)).file
      .rules['R']!;

  it.each([
    ["!= 'dev'", 'NOT_EVALUATED'],
    ["not in ['dev', /^x/]", 'NOT_EVALUATED'],
    ["> 'a'", 'NOT_EVALUATED'],
    ["== 'dev'", 'NOT_EVALUATED'],
    ["in ['dev', 'prod']", 'NOT_EVALUATED'],
    ['== /logs/', 'NOT_EVALUATED'],
    ['exists', 'PASS'],
    [String.raw`== /^\{\{resolve:ssm:/`, 'PASS'],
    [String.raw`== /^\{\{resolve:secretsmanager:/`, 'FAIL'],
    [String.raw`!= /^\{\{resolve:ssm:/`, 'FAIL'],
    [String.raw`!= /^\{\{resolve:secretsmanager:/`, 'PASS'],
  ])('%s is %s', (clause, expected) => {
    expect(verdictOf(clause, '{{resolve:ssm:/logs/name}}')).toBe(expected);
  });

  it('leave other texts alone', () => {
    expect(verdictOf("!= 'dev'", 'prod')).toBe('PASS');
  });
});

it('an invalid regular expression refuses the bundle', () => {
  const { bundle, diagnostics } = buildBundle([{ file: 'r.guard', text: 'rule R { a == /(/ }', rules: new Map() }]);
  expect(bundle).toBeNull();
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toStrictEqual(['GRD1003']);
});

describe('many conditions', () => {
  const conditions = (count: number): string =>
    Array.from({ length: count }, (_, i) => `  C${i}: !Equals [!Ref P${i}, x]\n`).join('');
  const parameters = (count: number): string =>
    Array.from({ length: count }, (_, i) => `  P${i}: {Type: String}\n`).join('');

  it('40 conditions on 40 volumes are decided, each with its own finding', () => {
    const volumes = Array.from(
      { length: 40 },
      (_, i) =>
        `  V${i}: {Type: AWS::EC2::Volume, Properties: {Encrypted: !If [C${i}, true, ${i % 2 === 0 ? 'true' : 'false'}]}}\n`,
    ).join('');
    const result = check(
      ENCRYPTED,
      `Parameters:\n${parameters(40)}Conditions:\n${conditions(40)}Resources:\n${volumes}`,
    );
    expect(result.file.rules).toStrictEqual({ VOLUME_ENCRYPTED: 'FAIL' });
    expect(result.findings.map((finding) => finding.resource!.logicalId)).toStrictEqual(
      Array.from({ length: 20 }, (_, i) => `V${2 * i + 1}`),
    );
    expect(result.findings[0]!.message).toContain('(when C1 is false)');
  });

  it('40 conditional volumes that all pass are decided', () => {
    const volumes = Array.from(
      { length: 40 },
      (_, i) =>
        `  V${i}: {Type: AWS::EC2::Volume, Condition: C${i}, Properties: {Encrypted: !If [C${i}, true, false]}}\n`,
    ).join('');
    const result = check(
      ENCRYPTED,
      `Parameters:\n${parameters(40)}Conditions:\n${conditions(40)}Resources:\n${volumes}`,
    );
    expect(result.file.rules).toStrictEqual({ VOLUME_ENCRYPTED: 'PASS' });
  });
});

describe('a rule about what is written out', () => {
  const GUARD = `rule no_keys when Resources exists {
    Resources.R.Properties.Key { this is_struct or this != /KEY/ }
  }`;
  const info = { id: 'no-keys', title: 't', severity: 'error', controls: [], help: '', docs: '' } as const;
  const verdict = (key: string, written: boolean, parameters: Readonly<Record<string, string>> = {}): string => {
    const { bundle } = buildBundle([{ file: 'r', text: GUARD, rules: new Map([['no_keys', { ...info, written }]]) }]);
    const text = `Parameters: { P: { Type: String }, Q: { Type: String, AllowedValues: [x, KEY] } }
Resources:
  B: { Type: AWS::S3::Bucket, Properties: { BucketName: b } }
  R: { Type: 'AWS::X::Y', Properties: { Key: ${key} } }`;
    const checked = checkTemplate(text, 't.yaml', bundle!, { parameters });
    if (checked.kind !== 'checked') throw new Error(checked.kind);
    return checked.result.file.rules['no-keys']!;
  };
  it.each([
    ['a parameter', '!Ref P', 'PASS', 'NOT_EVALUATED'],
    ['an import', '!ImportValue x', 'PASS', 'NOT_EVALUATED'],
    ['a name in an address', "!Sub 's3://${B}/tmp/'", 'PASS', 'NOT_EVALUATED'],
    ['a host', "!Sub 'https://${B}.execute-api.${AWS::Region}.amazonaws.com/'", 'PASS', 'NOT_EVALUATED'],
    ['a name with words', "!Sub '${AWS::StackName}-orders-table'", 'PASS', 'NOT_EVALUATED'],
    ['words before a name', "!Sub 'orders_dev_${AWS::StackName}'", 'PASS', 'NOT_EVALUATED'],
    ['words that no sign joins', "!Sub 'hunter${P}'", 'NOT_EVALUATED', 'NOT_EVALUATED'],
    ['a word with digits', "!Sub '${P}-hunter2'", 'NOT_EVALUATED', 'NOT_EVALUATED'],
    ['a word with capitals', "!Sub '${P}-KEY'", 'NOT_EVALUATED', 'NOT_EVALUATED'],
    ['a text in which a value stands', "!Sub 'hunter2${P}'", 'NOT_EVALUATED', 'NOT_EVALUATED'],
    ['an address with a password', "!Sub 'db://u:p@${P}/'", 'NOT_EVALUATED', 'NOT_EVALUATED'],
    ['values to choose from', '!Ref Q', 'NOT_EVALUATED', 'NOT_EVALUATED'],
    ['what is written', 'KEY', 'FAIL', 'FAIL'],
  ])('%s', (_name, key, written, otherwise) => {
    expect(verdict(key, true)).toBe(written);
    expect(verdict(key, false)).toBe(otherwise);
  });
  it('looks at values that are given', () => {
    expect(verdict('!Ref P', true, { P: 'KEY' })).toBe('FAIL');
    expect(verdict('!Ref P', true, { P: 'x' })).toBe('PASS');
  });
});

/** The lint of rules and tests: what it names, what it leaves alone, and that it looks at any rule file. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { nearestName, nearestTypeName, propertyAt, resourceType, resourceTypeNames } from '../../catalogue/index.js';
import { lintGuard } from '../../cli/guard/lint.js';
import type { Terminal } from '../../cli/terminal.js';
import { lintRules, lintTests, parseRules } from '../../guard/index.js';
import type { TypeKnowledge } from '../../guard/index.js';
import { pair } from '../arbitraries/rules.js';
import { repositoryRoot } from '../support/repository.js';

const KNOWLEDGE: TypeKnowledge = {
  typeNames: resourceTypeNames,
  isType: (name) => resourceType(name) !== undefined,
  nearestType: nearestTypeName,
  hasProperty: (type, path) => propertyAt(type, path) !== undefined,
  nearest: nearestName,
};

/** What is said of a rule text: `line CODE message`. */
function lint(text: string): string[] {
  const { tree, diagnostics } = parseRules(text, 'r.guard');
  expect(diagnostics).toStrictEqual([]);
  return lintRules({ file: 'r.guard', text, tree: tree! }, KNOWLEDGE).map(
    ({ code, message, location }) => `${text.slice(0, location!.start).split('\n').length} ${code} ${message}`,
  );
}

/** Clauses inside a block of every topic. */
const inTopic = (clauses: string): string =>
  `let t = Resources.*[ Type == 'AWS::SNS::Topic' ]\nrule r when %t !empty {\n%t {\n${clauses}\n}\n}`;

it.each<[string, string, string[]]>([
  ['a variable that is not defined', 'rule r { %topcs exists }\n', ['1 GRD5001 the variable `%topcs` is not defined']],
  ['a rule that is not defined', 'rule r {\nother\n}', ['2 GRD5001 the rule `other` is not defined']],
  [
    'a parameterized rule that is not defined',
    'rule r { other(A) }',
    ['1 GRD5001 the parameterized rule `other` is not defined'],
  ],
  [
    'a variable of another rule',
    'rule a { let x = A\n%x exists }\nrule b { %x exists }',
    ['3 GRD5001 the variable `%x` is not defined'],
  ],
  ['an unused variable', 'let x = A\nrule r { B exists }', ['1 GRD5002 the variable `x` is never used']],
  [
    'a variable used only as an argument, a key and an index',
    "let x = 'k'\nlet y = A\nrule p(z) { %z exists }\nrule r { p(%y)\nB.%x exists }",
    [],
  ],
  [
    'a variable of an inner block',
    'rule r { A { let x = B\nC exists } }',
    ['1 GRD5002 the variable `x` is never used'],
  ],
  [
    'an unused parameter and rule',
    'rule p(a, b) { %a exists }\nrule r { B exists }',
    ['1 GRD5002 the parameter `b` is never used', '1 GRD5002 the parameterized rule `p` is never used'],
  ],
  ['captured keys', 'rule r { Resources[ name | A exists ] exists\n%name exists }', []],
  ['two rules of one name', 'rule r { A exists }\nrule r { B exists }', ['2 GRD5003 the rule `r` is defined twice']],
  [
    'two variables of one name',
    'let x = A\nlet x = B\nrule r { %x exists }',
    ['2 GRD5003 the variable `x` is defined twice'],
  ],
  [
    'a question and its opposite',
    'rule r { A exists or A !exists }',
    ['1 GRD5004 the clause cannot fail: one of its branches is the opposite of another'],
  ],
  [
    'empty or not empty',
    'rule r { A !empty or A empty }',
    ['1 GRD5004 the clause cannot fail: one of its branches is the opposite of another'],
  ],
  ['a missing value passes neither of two comparisons', "rule r { A == 'x' or A != 'x' }", []],
  [
    'what the condition asks',
    'rule r when A exists { A exists }',
    ['1 GRD5004 the clause cannot fail: what comes before it already asks for the same'],
  ],
  [
    'what the filter asks',
    "let t = Resources.*[ Type == 'AWS::SNS::Topic' Properties.TopicName exists ]\nrule r { %t { Properties.TopicName exists } }",
    ['2 GRD5004 the clause cannot fail: what comes before it already asks for the same'],
  ],
  [
    'what the filter of a variable asks',
    "let t = Resources.*[ Type == 'AWS::SNS::Topic' Properties.TopicName exists ]\nrule r { %t.Properties.TopicName exists }",
    ['2 GRD5004 the clause cannot fail: the filter of `%t` already asks for the same'],
  ],
  ['the same query of another value', 'rule r when Properties exists { Resources.* { Properties exists } }', []],
  ['`some` is another question', 'rule r when some A.* exists { A.* exists }', []],
  [
    'a filter of several branches asks for none of them',
    'let t = Resources.*[ A exists or B exists ]\nrule r { %t { A exists } }',
    [],
  ],
  [
    'a constant',
    'let five = 5\nrule r { %five == 5\n%five == 6 }',
    [
      '2 GRD5004 the clause cannot fail: `%five` always has the value that the rule gives it',
      '3 GRD5005 the clause cannot pass: `%five` always has the value that the rule gives it',
    ],
  ],
  [
    'an empty list',
    'rule r { A in []\nA not in [] }',
    [
      '1 GRD5005 the clause cannot pass: the list to look in is empty',
      '2 GRD5004 the clause cannot fail: the list to look in is empty',
    ],
  ],
  [
    'ranges',
    'rule r { A == r(5,5)\nB == r[5,5]\nC == r[6,5] }',
    [
      '1 GRD5005 the clause cannot pass: the range holds no value',
      '3 GRD5005 the clause cannot pass: the range holds no value',
    ],
  ],
  [
    'two values at once',
    "rule r { A == 'x'\nA == 'y' }",
    ['2 GRD5005 the clause cannot pass: what comes before it asks for another value'],
  ],
  ['two values of some element', "rule r { some A.* == 'x'\nsome A.* == 'y' }", []],
  [
    'the opposite of the condition',
    'rule r when A exists { A !exists }',
    ['1 GRD5005 the clause cannot pass: what comes before it asks for the opposite'],
  ],
  ['the opposite of the condition, to say that it is wrong', 'rule r when A exists { A !exists << A is wrong >> }', []],
  ['a clause is no fact for a block below', 'rule r { A exists\nwhen A exists { B exists } }', []],
  [
    'a condition that contradicts itself',
    'rule r when A exists A !exists { B exists }',
    ['1 GRD5006 the condition never holds: what comes before it asks for the opposite'],
  ],
  [
    'a condition against the one above',
    'rule r when %t !empty { when %t empty { B exists } }\nlet t = A',
    ['1 GRD5006 the condition never holds: what comes before it asks for the opposite'],
  ],
  [
    'a filter that contradicts itself',
    "rule r { Resources.*[ Type == 'AWS::SNS::Topic' Type == 'AWS::SQS::Queue' ] exists }",
    ['1 GRD5006 the filter selects nothing: what comes before it asks for another value'],
  ],
  [
    'types that there are not',
    "let a = Resources.*[ Type == 'AWS::S3::Bukket' ]\nlet b = Resources.*[ Type in ['AWS::SNS::Topic', 'AWS::X::Y'] ]\nlet c = Resources.*[ Type == /^AWS::Nope::/ ]\nrule r { %a empty\n%b empty\n%c empty }\nAWS::Sqs::Queue { Properties exists }",
    [
      '1 GRD5007 there is no resource type `AWS::S3::Bukket`',
      '2 GRD5007 there is no resource type `AWS::X::Y`',
      '3 GRD5007 there is no resource type `/^AWS::Nope::/`',
      '7 GRD5007 there is no resource type `AWS::Sqs::Queue`',
    ],
  ],
  [
    'types that only an account has',
    "rule r { Resources.*[ Type in ['Custom::Thing', 'My::Own::Type', 'AWS::CloudFormation::CustomResource', 'A::B::C::MODULE'] ] empty }",
    [],
  ],
  [
    'a property that there is not',
    inTopic('Properties.TopcName exists'),
    ['4 GRD5008 `Properties.TopcName` is no property of AWS::SNS::Topic'],
  ],
  [
    'properties that there are',
    inTopic(
      "Properties.TopicName exists\nProperties.Tags[*].Key exists\nProperties.Tags[ Key == 'a' ].Value exists\nProperties.KmsMasterKeyId.Ref exists\nProperties.KmsMasterKeyId.'Fn::GetAtt' exists\nMetadata.anything exists",
    ),
    [],
  ],
  [
    'below a property',
    'AWS::S3::Bucket { Properties.BucketEncryption { ServerSideEncryptionConfiguration[*].BucketKeyEnabld exists } }',
    [
      '1 GRD5008 `Properties.BucketEncryption.ServerSideEncryptionConfiguration.*.BucketKeyEnabld` is no property of AWS::S3::Bucket',
    ],
  ],
  [
    'a property of one of several types',
    "let x = Resources.*[ Type in ['AWS::SNS::Topic', 'AWS::SQS::Queue'] ]\nrule r { %x.Properties.QueueName exists\n%x.Properties.Nothing exists }",
    ['3 GRD5008 `Properties.Nothing` is no property of AWS::SNS::Topic, AWS::SQS::Queue'],
  ],
  [
    'a clause that is meant to fail at a list',
    inTopic('Properties.Tags.owner exists << no owner >>\nProperties.Nope.owner exists << no owner >>'),
    ['5 GRD5008 `Properties.Nope.owner` is no property of AWS::SNS::Topic'],
  ],
  [
    'a branch twice',
    "rule r { A == 'x' or B exists or A == 'x' }",
    ['1 GRD5009 the branch behind `or` changes nothing: it is the same as one before it'],
  ],
  [
    'a branch that never holds',
    'rule r { A exists or B in [] }',
    ['1 GRD5009 the branch behind `or` changes nothing: it never holds, because the list to look in is empty'],
  ],
  [
    'patterns',
    'rule r { A == /.*/\nA == /^.*$/\nA == /x*/\nA == /^x*/\nA == /(a|)/\nA == /a^b/\nA == /a$b/\nA in [/b?/, /b/] }',
    [
      '1 GRD5010 the pattern `/.*/` matches every text',
      '2 GRD5010 the pattern `/^.*$/` matches every text',
      '3 GRD5010 the pattern `/x*/` matches every text',
      '4 GRD5010 the pattern `/^x*/` matches every text',
      '5 GRD5010 the pattern `/(a|)/` matches every text',
      '6 GRD5010 the pattern `/a^b/` matches no text',
      '7 GRD5010 the pattern `/a$b/` matches no text',
      '8 GRD5010 the pattern `/b?/` matches every text',
    ],
  ],
  [
    'patterns that separate texts',
    'rule r { A == /^x*$/\nA == /^$/\nA == /./\nA == /\\^*a/\nA == /a\\$b/\nA == /[$]b/\nA == /^(?!x)/\nA == /(?i)^true$/\nA == /\\S/ }',
    [],
  ],
])('%s', (_, text, expected) => {
  expect(lint(text)).toStrictEqual(expected);
});

describe('tests', () => {
  const rules = (text: string): Parameters<typeof lintTests>[0] => [
    { file: 'r.guard', text, tree: parseRules(text, 'r.guard').tree! },
  ];
  const said = (text: string, ...expected: Record<string, string>[]): string[] =>
    lintTests(
      rules(text),
      expected.map((each, index) => ({
        name: `t${index}`,
        expectations: new Map(Object.entries(each)),
        range: { file: 't', start: 0, end: 0 },
      })),
      nearestName,
    ).map(({ code, message }) => `${code} ${message}`);

  it.each<[string, Record<string, string>[], string[]]>([
    ['rule r { A exists }', [], []],
    ['rule r { A exists }', [{ r: 'PASS' }, { r: 'FAIL' }], []],
    ['rule r when A exists { B exists }', [{ r: 'PASS' }], ['GRD5011 no test expects FAIL or SKIP of rule `r`']],
    [
      'rule r { A exists }\nrule s { A exists }',
      [{ r: 'PASS' }, { r: 'FAIL' }],
      ['GRD5011 no test expects PASS or FAIL of rule `s`'],
    ],
    [
      'rule r { A exists }',
      [{ r: 'PASS', q: 'FAIL' }, { r: 'FAIL' }],
      ['GRD5012 the test `t0` names the rule `q`, which there is not'],
    ],
    [
      'rule r { A exists }',
      [{ r: 'PASS' }, { r: 'FAIL' }, { r: 'fail' }],
      ['GRD5012 the test `t2` expects `fail` of `r`, which is no status'],
    ],
    ['rule r { A exists }', [{ r: 'PASS' }, { r: 'FAIL' }, {}], ['GRD5012 the test `t2` expects nothing']],
    ['A exists', [{ default: 'PASS' }], ['GRD5011 no test expects FAIL of rule `default`']],
  ])('%s with %j', (text, expected, told) => {
    expect(said(text, ...expected)).toStrictEqual(told);
  });
});

it('looks at any rule file: nothing is thrown, and each place lies in the text', () => {
  let looked = 0;
  fc.assert(
    fc.property(pair, ({ rules: text }) => {
      const { tree } = parseRules(text, 'r.guard');
      if (tree === null) return;
      looked += 1;
      for (const { location } of lintRules({ file: 'r.guard', text, tree }, KNOWLEDGE)) {
        expect(location!.start).toBeLessThanOrEqual(location!.end);
        expect(location!.end).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(looked).toBeGreaterThan(500);
});

describe('the command', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stackade-lint-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function run(
    paths: readonly string[],
    format: 'pretty' | 'json' = 'pretty',
    cwd = folder,
  ): { code: number; out: string; err: string } {
    let out = '';
    let err = '';
    const terminal: Terminal = {
      cwd,
      env: {},
      stdout: { isTTY: false, columns: undefined },
      stderr: { isTTY: false },
      print: (text) => {
        out += text;
      },
      tell: (text) => {
        err += text;
      },
    };
    return { code: lintGuard({ paths, format }, terminal), out, err };
  }

  it('our own rules and their tests are clean', () => {
    const { code, out } = run(['rules'], 'pretty', repositoryRoot());
    expect(out).toMatch(/^No findings in \d+ files\.\n$/);
    expect(code).toBe(0);
    expect(readdirSync(join(repositoryRoot(), 'rules', 's3')).length).toBeGreaterThan(3);
  });

  it('names findings with their places, and exits with 1', () => {
    writeFileSync(join(folder, 'r.guard'), 'let x = A\nrule r { B exists }\n');
    writeFileSync(join(folder, 't.yaml'), '- name: one\n  input: {}\n  expectations: { rules: { q: PASS } }\n');
    const { code, out, err } = run(['r.guard', 't.yaml']);
    expect([code, err]).toStrictEqual([1, '']);
    expect(out).toContain('warning[GRD5002]: the variable `x` is never used\n  --> r.guard:1:1\n');
    expect(out).toContain('warning[GRD5011]: no test expects PASS or FAIL of rule `r`\n  --> r.guard:2:1\n');
    expect(out).toContain('error[GRD5012]: the test `one` names the rule `q`, which there is not\n  --> t.yaml:1:9\n');
    expect(out).toMatch(/3 findings in 2 files\n$/);
    const { findings } = JSON.parse(run(['.'], 'json').out) as { findings: { ruleId: string }[] };
    expect(findings.map(({ ruleId }) => ruleId)).toStrictEqual(['GRD5002']);
  });

  it('refuses what it cannot read, and exits with 2', () => {
    writeFileSync(join(folder, 'bad.guard'), 'rule r {');
    writeFileSync(join(folder, 'r.guard'), 'rule r { B exists }\n');
    writeFileSync(join(folder, 't.yaml'), 'a: 1\n');
    for (const [paths, code] of [
      [['bad.guard'], 'GRD2003'],
      [['none.guard'], 'CLI1001'],
      [['t.yaml'], 'CLI2005'],
      [['r.guard', 't.yaml'], 'GRD5013'],
    ] as const) {
      const ran = run(paths);
      expect([ran.code, ran.out]).toStrictEqual([2, '']);
      expect(ran.err).toContain(`error[${code}]`);
    }
  });

  it('takes rules of a folder with the tests below its folder `tests`', () => {
    const { out } = run(['rules/sqs'], 'json', repositoryRoot());
    const { files } = JSON.parse(out) as { files: { path: string }[] };
    const stems = readFileSync(join(repositoryRoot(), 'rules/sqs/sqs-queue-encrypted.guard'), 'utf8');
    expect(stems).toContain('SQS_QUEUE_ENCRYPTED');
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['rules/sqs/sqs-queue-encrypted.guard', 'rules/sqs/tests/sqs-queue-encrypted_tests.yml']),
    );
  });
});

/** `guard test` beside `cfn-guard test`: the same verdicts and exit codes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '../../../cli/guard/test.js';
import { folderOf, guard, reference, type Ran } from './support.js';

const rules = {
  'two.guard': "rule A { a == 1 }\nrule B when b exists { b == 'x' }\n",
  'twice.guard': 'rule D when b exists { b == 2 }\nrule D when b exists { b == 3 }\nrule D when c exists { c == 4 }\n',
  'loose.guard': 'a exists\nrule R { a == 1 }\n',
  'broken.guard': 'rule X { a = 1 }\n',
  'empty.guard': '# nothing\n',
  'tags.guard': "rule T { a.Ref == 5 }\nrule J { b.'Fn::Join'[1][0] == 'x' }\n",
  'error.guard': 'rule E { %nothing exists }\n',
};
const tests = {
  'two.yaml': [
    '- name: all as expected',
    '  input: {a: 1, b: x}',
    '  expectations: {rules: {A: PASS, B: PASS}}',
    '- name: one is not',
    '  input: {a: 2}',
    '  expectations: {rules: {A: PASS, B: SKIP}}',
    '- input: {a: 2}',
    '  expectations: {rules: {A: FAIL}}',
  ].join('\n'),
  'good.json': JSON.stringify([
    {
      name: 'json',
      input: { a: 1 },
      expectations: { rules: { A: 'PASS', B: 'SKIP', D: 'SKIP', R: 'PASS', X: 'PASS' } },
    },
  ]),
  'twice.yml': [
    '- {name: pass of one, input: {b: 2}, expectations: {rules: {D: PASS}}}',
    '- {name: fail of one, input: {b: 2}, expectations: {rules: {D: FAIL}}}',
    '- {name: skip of one, input: {b: 2}, expectations: {rules: {D: SKIP}}}',
    '- {name: skip of all, input: {a: 2}, expectations: {rules: {D: SKIP}}}',
    '- {name: no pass, input: {a: 2}, expectations: {rules: {D: PASS}}}',
  ].join('\n'),
  'unknown.jsn': '[{"input": {"a": 1}, "expectations": {"rules": {"NO_SUCH_RULE": "PASS", "A": "PASS"}}}]',
  'loose.yaml': '- {input: {a: 2}, expectations: {rules: {loose.guard/default: PASS, default: FAIL, R: FAIL}}}',
  'tags.yaml':
    '- {name: tags, input: {a: !Ref 5, b: !Join [",", [x, y]]}, expectations: {rules: {T: PASS, J: PASS}}}\n' +
    '- {name: types, input: {a: {Ref: 0x5}, b: {"Fn::Join": ["", [yes]]}}, expectations: {rules: {T: PASS, J: FAIL}}}',
  'no-list.yaml': 'input: {a: 1}\nexpectations: {rules: {A: PASS}}\n',
  'no-expectations.yaml': '- {input: {a: 1}}\n',
  'no-input.yaml': '- {expectations: {rules: {A: PASS}}}\n',
  'no-rules.yaml': '- {input: {a: 1}, expectations: {}}\n',
  'null-name.yaml': '- {name: null, input: {a: 1}, expectations: {rules: {A: PASS}}}\n',
  'number-name.yaml': '- {name: 5, input: {a: 1}, expectations: {rules: {A: PASS}}}\n',
  'null-rules.yaml': '- {input: {a: 1}, expectations: {rules: null}}\n',
  'number-status.yaml': '- {input: {a: 1}, expectations: {rules: {A: 1}}}\n',
  'duplicate.yaml': '- {input: {a: 1, a: 2}, expectations: {rules: {A: PASS}}}\n',
  'extra.yaml': '- {input: {a: 1}, more: 1, expectations: {rules: {A: PASS}, more: 2}}\n',
  'scalar-input.yaml': '- {input: text, expectations: {rules: {A: FAIL}}}\n',
  'null-input.yaml': '- {input: null, expectations: {rules: {A: FAIL}}}\n',
  'bool-name.yaml': '- {name: true, input: {a: 1}, expectations: {rules: {A: PASS}}}\n',
  'list-name.yaml': '- {name: [1], input: {a: 1}, expectations: {rules: {A: PASS}}}\n',
  'comment.yaml': '# nothing\n',
  'mark.yaml': '---\n',
  'null.yaml': 'null\n',
  'null-test.yaml': '- null\n',
  'blank-input.yaml': '- {input: , expectations: {rules: {A: FAIL}}}\n',
  'broken.yaml': 'x: [',
  'empty.yaml': '',
  'blank.json': '[]',
  'other-keys.yaml':
    '- 1: x\n  true: y\n  input: {a: 1}\n  expectations:\n    rules: {A: PASS, 1: PASS, null: FAIL, 1.5: SKIP}\n    2: z\n',
  'wrong-status.yaml': '- {input: {a: 1}, expectations: {rules: {A: pass}}}\n',
};

const folder = folderOf({ ...rules, ...tests });
afterAll(() => {
  folder.remove();
});

/** The lines of a console report without those whose words are our own, in an order that both tools can share. */
function lines(ran: Ran): string[] {
  return ran.stdout
    .split('\n')
    .map((line) => line.replace(/^(Error processing|Parse Error).*/, '$1'))
    .filter((line) => /^(Test Case|Name:| {2}|Error processing|Parse Error|Testing|Guard File|---)/.test(line))
    .filter((line) => !/^ +(?:-->|help:|docs:|\d* \|)/.test(line))
    .sort();
}

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** A JSON report with the lists in a fixed order and without the words of errors. */
function report(ran: Ran): Plain {
  const plain = (value: Plain): Plain => {
    if (Array.isArray(value)) {
      const items = (value as readonly Plain[]).map(plain);
      return items.every(
        (item) => item !== null && typeof item === 'object' && 'name' in item && !('passed_rules' in item),
      )
        ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
        : items;
    }
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === 'error' ? '' : plain(inner)]));
  };
  return ran.stdout === '' ? null : plain(JSON.parse(ran.stdout) as Plain);
}

const pairs = Object.keys(rules)
  .flatMap((rule) => Object.keys(tests).map((tested) => [rule, tested] as const))
  .filter(([rule, tested]) => rule !== 'error.guard' && !['wrong-status.yaml', 'number-status.yaml'].includes(tested));

/** The command without the start of a process. */
function inProcess(rulesFile: string, testData: string, outputFormat: 'single-line-summary' | 'json'): Ran {
  const outputFile = join(folder.path, 'output');
  const before = process.cwd();
  process.chdir(folder.path);
  try {
    const exitCode = test({ rulesFile, testData, outputFormat, outputFile, order: 'alphabetical', verbose: false });
    return { exitCode, stdout: readFileSync(outputFile, 'utf8'), stderr: '' };
  } finally {
    process.chdir(before);
  }
}

describe('one rule file and one file of tests', () => {
  it.each(pairs)(
    '%s with %s',
    (rule, tested) => {
      const args = ['test', '-r', rule, '-t', tested];
      const [ours, theirs] = [inProcess(rule, tested, 'single-line-summary'), reference(args, { cwd: folder.path })];
      expect(lines(ours)).toStrictEqual(lines(theirs));
      expect(ours.exitCode).toBe(theirs.exitCode);
      const json = [...args, '-o', 'json'];
      const [oursJson, theirsJson] = [inProcess(rule, tested, 'json'), reference(json, { cwd: folder.path })];
      expect(report(oursJson)).toStrictEqual(report(theirsJson));
      // The reference reports success when the only rule file does not parse.
      expect(oursJson.exitCode).toBe(rule === 'broken.guard' ? 1 : theirsJson.exitCode);
    },
    30_000,
  );

  it.each([
    ['single-line-summary', 255],
    ['json', 1],
    ['junit', 1],
  ])('a status word that is none, in the format %s', (format, exitCode) => {
    const args = ['test', '-r', 'two.guard', '-t', 'wrong-status.yaml', '-o', format];
    const ran = guard(args, { cwd: folder.path });
    expect(ran.stdout + ran.stderr).toContain('Status code is incorrect pass');
    expect(ran.exitCode).toBe(exitCode);
    expect(reference(args, { cwd: folder.path }).exitCode).toBe(exitCode);
  });
});

it('a key of the input that is no text is an error, as in the reference', () => {
  const input = 'input: {a: 1, n: [{2: 3}]}';
  const files = folderOf({
    'a.guard': 'rule A { a == 1 }',
    'true.guard': 'rule true { a == 1 }',
    'keys.yaml': `- {name: t, ${input}, expectations: {rules: {A: PASS}}}\n`,
    'true.yaml': '- {input: {a: 1}, expectations: {rules: {true: PASS}}}\n',
  });
  try {
    for (const format of ['single-line-summary', 'json']) {
      const args = ['test', '-r', 'a.guard', '-t', 'keys.yaml', '-o', format];
      const [ours, theirs] = [guard(args, { cwd: files.path }), reference(args, { cwd: files.path })];
      expect(theirs.exitCode).toBe(255);
      expect(ours.exitCode).toBe(255);
      expect(ours.stderr).toContain('only text can be a key');
    }
    const args = ['test', '-r', 'true.guard', '-t', 'true.yaml'];
    expect(lines(guard(args, { cwd: files.path }))).toStrictEqual(lines(reference(args, { cwd: files.path })));
  } finally {
    files.remove();
  }
});

describe('a folder', () => {
  const layouts: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['nothing', { 'readme.md': '' }],
    ['all as expected', { 'two.guard': rules['two.guard'], 'tests/two.yaml': tests['null-name.yaml'] }],
    ['one is not', { 'two.guard': rules['two.guard'], 'tests/two_tests.yaml': tests['two.yaml'] }],
    [
      'rules without tests, tests without rules, other files',
      {
        'two.guard': rules['two.guard'],
        'b/other.ruleset': rules['twice.guard'],
        'b/tests/other.yaml': tests['twice.yml'],
        'tests/lonely.yaml': tests['two.yaml'],
        'c/two.yaml': tests['two.yaml'],
        'b/tests/other.txt': 'x',
        'b/tests/other.JSON': 'x',
      },
    ],
    [
      'the first rule file whose stem fits takes the tests',
      {
        'a.guard': rules['two.guard'],
        'ab.guard': rules['broken.guard'],
        'tests/ab_tests.yaml': tests['two.yaml'],
        'z.guard': 'rule Z { a exists }',
        'tests/z.yaml': '- {input: {a: 1}, expectations: {rules: {Z: PASS}}}',
      },
    ],
    [
      'rule files that do not parse, files of tests that are none',
      {
        'broken.guard': rules['broken.guard'],
        'tests/broken.yaml': tests['two.yaml'],
        'two.guard': rules['two.guard'],
        'tests/two.yaml': tests['broken.yaml'],
        'z.guard': 'rule Z { a exists }',
        'tests/z.yaml': '- {input: {a: 1}, expectations: {rules: {Z: PASS}}}',
        'empty.guard': rules['empty.guard'],
        'tests/empty.json': '[]',
      },
    ],
    [
      'the loose rule',
      { 'a.guard': 'a exists', 'tests/a.yaml': '- {input: {b: 1}, expectations: {rules: {a/default: FAIL}}}' },
    ],
    [
      'good before broken',
      {
        'a.guard': 'rule A { a exists }',
        'tests/a.yaml': '- {input: {a: 1}, expectations: {rules: {A: FAIL}}}',
        'b.guard': 'rule',
        'tests/b.yaml': '[]',
      },
    ],
  ];

  it.each(layouts)(
    '%s',
    (_, files) => {
      const made = folderOf(files);
      const { path } = made;
      try {
        for (const where of ['./', path]) {
          const args = ['test', '-d', where];
          const [ours, theirs] = [guard(args, { cwd: path }), reference(args, { cwd: path })];
          expect(lines(ours)).toStrictEqual(lines(theirs));
          expect(ours.exitCode).toBe(theirs.exitCode);
        }
        const args = ['test', '-d', '.', '-o', 'json'];
        const [ours, theirs] = [guard(args, { cwd: path }), reference(args, { cwd: path })];
        expect(report(ours)).toStrictEqual(report(theirs));
        expect(ours.exitCode).toBe(theirs.exitCode);
      } finally {
        made.remove();
      }
    },
    60_000,
  );

  it('a folder of tests for one rule file', () => {
    const made = folderOf({
      'two.guard': rules['two.guard'],
      't/a.yaml': tests['two.yaml'],
      't/deep/b.json': tests['good.json'],
      't/c.txt': 'x',
      't/d.template': 'x',
    });
    const { path } = made;
    try {
      const args = ['test', '-r', 'two.guard', '-t', 't', '-a'];
      const [ours, theirs] = [guard(args, { cwd: path }), reference(args, { cwd: path })];
      expect(lines(ours)).toStrictEqual(lines(theirs));
      expect(ours.exitCode).toBe(theirs.exitCode);
    } finally {
      made.remove();
    }
  });
});

describe('wrong use', () => {
  it.each([
    [['test']],
    [['test', '-r', 'two.guard', '-t', 'nowhere']],
    [['test', '-r', 'nowhere', '-t', 'two.yaml']],
    [['test', '-d', 'nowhere']],
    [['test', '-r', 'two.guard', '-t', 'two.yaml', '-o', 'sarif']],
    [['test', '-r', 'two.guard', '-t', 'two.yaml', '-o', 'json', '-v']],
    [['test', '-r', 'two.guard', '-t', 'two.yaml', '-o', 'csv']],
    [['test', '-r', 'two.guard', '-t', 'two.yaml', '-a', '-m']],
    [['test', '-r', '.', '-t', 'two.yaml']],
    [['test', '--nothing']],
  ])('%j has the same exit code', (args) => {
    const { exitCode, stderr } = guard(args, { cwd: folder.path });
    expect(exitCode).toBe(reference(args, { cwd: folder.path }).exitCode);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('says what is missing where the reference panics', () => {
    for (const args of [
      ['-r', 'two.guard'],
      ['-t', 'two.yaml'],
    ]) {
      const { exitCode, stderr } = guard(['test', ...args], { cwd: folder.path });
      expect(stderr).toBe('Error occurred --rules-file and --test-data must be given together, or --dir alone\n');
      expect(exitCode).toBe(255);
    }
  });
});

it('goes on after an evaluation error, where the reference ends', () => {
  const made = folderOf({
    'a.guard': rules['error.guard'],
    'tests/a.yaml': '- {input: {a: 1}, expectations: {rules: {E: PASS}}}',
    'b.guard': 'rule B { a exists }',
    'tests/b.yaml': '- {input: {a: 1}, expectations: {rules: {B: FAIL}}}',
  });
  const { path } = made;
  try {
    expect(reference(['test', '-d', '.'], { cwd: path })).toMatchObject({ exitCode: 255 });
    const { exitCode, stdout, stderr } = guard(['test', '-d', '.'], { cwd: path });
    expect(stdout).toContain('    B: Expected = FAIL, Evaluated = [PASS]');
    expect(stderr).toContain('Error occurred ./tests/a.yaml: There was no variable or value object to resolve.');
    expect(exitCode).toBe(255);
  } finally {
    made.remove();
  }
});

it('prints JUnit with a case for each expectation', () => {
  const { stdout, exitCode } = guard(['test', '-r', 'two.guard', '-t', 'two.yaml', '-o', 'junit'], {
    cwd: folder.path,
  });
  expect(stdout.replaceAll(/time="\d+"/g, 'time="0"')).toMatchInlineSnapshot(`
   "<?xml version="1.0" encoding="UTF-8"?>
   <testsuites name="stackade guard test report" tests="5" failures="1" errors="0" time="0">
       <testsuite name="two.guard" errors="0" failures="1" time="0">
           <testcase id="all as expected" name="A" time="0" status="pass"/>
           <testcase id="all as expected" name="B" time="0" status="pass"/>
           <testcase id="one is not" name="B" time="0" status="pass"/>
           <testcase id="one is not" name="A" time="0">
               <failure>Expected = PASS, Evaluated = [FAIL]</failure>
           </testcase>
           <testcase id="" name="A" time="0" status="pass"/>
       </testsuite>
   </testsuites>
   "
  `);
  expect(exitCode).toBe(7);
});

it('writes to a file', () => {
  const file = `${folder.path}/results.json`;
  const args = ['test', '-r', 'two.guard', '-t', 'two.yaml', '-o', 'json'];
  const { stdout, exitCode } = guard([...args, '--output-file', file], { cwd: folder.path });
  expect(stdout).toBe('');
  expect(exitCode).toBe(7);
  expect(guard(args, { cwd: folder.path }).stdout).toContain('"rule_file": "two.guard"');
});

/** `guard validate` beside `cfn-guard validate`: the same reports, the same exit codes. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { controlTowerFolder } from '../../support/reference.js';
import { repositoryRoot } from '../../support/repository.js';
import { folderOf, guard, reference, type Ran } from './support.js';

const bucket = (name: string, more = ''): string =>
  `  ${name}:\n    Type: AWS::S3::Bucket\n    Properties:\n      Name: ${name}\n${more}`;

const files = {
  'rules/a.guard': 'rule A { a == 2 <<bad a>> }\n',
  'rules/b.guard': 'rule B { a == 1 }\nrule SKIPPED when nothing exists { a == 1 }\n',
  'rules/sub/z.ruleset': 'rule SUB { a exists }\n',
  'rules/empty.guard': '# nothing\n',
  'rules/other.txt': 'rule T { a exists }\n',
  'broken.guard': 'rule X { a = 1 }\n',
  'buckets.guard': [
    "let buckets = Resources.*[ Type == 'AWS::S3::Bucket' ]",
    'rule NAMED when %buckets !empty {',
    '  %buckets.Properties.Name == /^x/ <<first',
    '     second>>',
    '  %buckets.Properties.Tags !empty or %buckets.Properties.Other exists',
    '  %buckets { Properties.Foo.Bar { x exists } }',
    '  %buckets.Properties.N in r[1,5)',
    "  %buckets.Properties.N in [1, 2.0, 'yes', 'a: b', '# x']",
    '  OTHER',
    "  p(%buckets.Properties.Name, 'z') <<call message>>",
    '}',
    "rule OTHER { Resources exists\n  some Resources.*.Type == 'nope' }",
    'rule p(a, c) { %a == %c }',
    'rule SKIPPED when Resources.Z exists { x exists }',
    'rule FINE { Resources exists }',
    'Resources.x1.Properties.N > 9.5',
  ].join('\n'),
  'keys.guard': `rule K { Cfg[ keys not in ['other'] ] !empty  L[*][ keys not in ['a'] ] !empty  Cfg[ keys == 'x' ] !empty }`,
  'keys.yaml': 'Cfg: {other: 2}\nL:\n  - a: 1\n',
  'twice.guard': 'rule D { a == 1 }\nrule D { a == 2 }\nrule D when b exists { a == 1 }\n',
  'error.guard': 'rule E when a == 2 { %nothing exists }\n',
  'data/b.json': '{"a": 1}',
  'data/a.yaml': 'a: 2\n',
  'data/sub/c.template': 'a: 3\n',
  'data/d.yml': 'a: "two\\nlines"\nb: 1.0\n',
  'data/e.jsn': '[1, 2]',
  'data/x.txt': 'a: 9\n',
  'é and blank.yaml': 'a: 1\n',
  'buckets.yaml': `Resources:\n${bucket('x1', '      N: 7\n      M: 1.0\n      Tags: []\n')}${bucket('y', '      N: 3\n      Q: "a: b"\n      Tags: [{Key: "é"}]\n')}`,
  'other.yaml': `Resources:\n  Q:\n    Type: AWS::SQS::Queue\n`,
  'no-resources.yaml': 'Resources: {}\n',
  'bad.yaml': 'a: [',
  'blank.yaml': ' \n',
  'shapes.yaml': `Resources:
  A:
    Type: AWS::S3::Bucket
    Metadata:
      aws:cdk:path: Stack/A
    Properties:
      Name: logs
      Size: 5
      L: [1, 2]
  B:
    Type: AWS::SQS::Queue
    Properties:
      Name: jobs
      Size: 7
# The code shown never reaches the end of the file.
#
Outputs:
  X: 1
  Y: 2
  Z: 3
`,
  'shapes.guard': `let b = Resources.*[ Type == 'AWS::S3::Bucket' ]
rule EXISTS { %b.Properties.X exists <<one>> }
rule LINES { %b.Properties.X exists <<two
  lines>> }
rule EQUAL { %b.Properties.Name == 'a' <<one>> }
rule IN { %b.Properties.Name in ['a'] <<two
  lines

  more>> }
rule IN_QUERY { %b.Properties.Name in %b.Properties.Size }
rule TYPES { Resources.*.Properties.Size == 'a' <<type>> }
rule CALLED { Resources.* { inner(Properties) <<called>> } }
rule BLOCK { %b { Properties.Y { a exists } } }
rule BLOCK_NOT_EMPTY { %b.Properties.Z not empty { a exists } }
rule inner(x) { %x.Name == 'jobs' <<inner
second>>
 %x.Name is_list <<unary>>
 %x.Name == 'y' or %x.Size == 7 <<in or>>
 deeper(%x) or %x.Size == 8 }
rule deeper(x) { %x.Size == 9 }
rule QUERIES { %b.Properties.Name == %b.Properties.Size }
rule LIST { %b.Properties.L == [1,3] }
rule NOT { %b.Properties.Name != /^l/ }
rule RANGE { Resources.*.Properties.Size in r[8,9) }
rule TEXT_LIKE_RANGE { %b.Properties.Name == '[8,9)' }
rule MISSING_RIGHT { %b.Properties.Size < %b.Properties.Missing }
rule EMPTY { %b empty }
rule REFERENCE { EXISTS
}
`,
  'param.json': '{"p": 1}',
  'lists.guard': 'rule L { this[*].a == 1 this[*] { b exists } this[5].a exists }',
  'list.json': '[{"a": 1}, {"a": 2}]',
  'first-list.yaml': '- p: 1\n- {a: 1, b: [1]}\n',
  'second-list.json': '[{"q": {"r": 1}}, {"q": 7}]',
  'params.yaml': 'p: [1, 2]\n',
  'more.json': '{"q": {"r": 1}}',
  'clash.yaml': 'a: 5\n',
  'list.yaml': '- 1\n',
  'merge.guard': 'rule M { p exists q.r == 2 a in %x }\nlet x = p[*]\n',
  'infinite.yaml': 'a: inf\n',
};

const folder = folderOf(files);
beforeAll(() => {
  mkdirSync(join(folder.path, 'links'));
  symlinkSync('../data/b.json', join(folder.path, 'links', 'file.json'));
  symlinkSync('../data', join(folder.path, 'links', 'folder'));
  symlinkSync('links', join(folder.path, 'link'));
  const times = [
    'data/d.yml',
    'data/a.yaml',
    'data/e.jsn',
    'data/b.json',
    'data/sub',
    'rules/sub',
    'rules/b.guard',
    'rules/a.guard',
  ];
  times.forEach((name, index) => {
    utimesSync(join(folder.path, name), 1_000_000 + index, 1_000_000 + index);
  });
});
afterAll(() => {
  folder.remove();
});

const both = (args: readonly string[], input?: string): readonly [Ran, Ran] => {
  const options = { cwd: folder.path, ...(input !== undefined && { input }) };
  return [guard(['validate', ...args], options), reference(['validate', ...args], options)];
};

describe('structured JSON and YAML are the same, byte for byte', () => {
  it.each([
    [['-r', 'rules', '-d', 'data']],
    [['-r', 'rules', '-d', 'data', '-m']],
    [['-r', 'rules', '-d', 'data', '-a']],
    [['--rules', 'rules/b.guard', 'rules/a.guard', '--data', 'data/b.json', 'data/a.yaml', 'data/b.json']],
    [['-r', 'rules/b.guard', '-r', 'rules/a.guard', '-d', 'data/b.json', '-d', 'data/sub']],
    [['-r', 'rules/other.txt', '-d', 'data/b.json', 'data/x.txt']],
    [['-r', 'rules/a.guard', '-d', 'data/x.txt']],
    [['-r', 'rules/empty.guard', '-d', 'data']],
    [['-r', 'broken.guard', '-d', 'data']],
    [['-r', 'broken.guard', 'rules/b.guard', '-d', 'data/b.json']],
    [['-r', 'broken.guard', 'rules/b.guard', '-d', 'data']],
    [['-r', 'twice.guard', '-d', 'data/b.json', 'data/a.yaml']],
    [['-r', 'buckets.guard', '-d', 'buckets.yaml', 'other.yaml']],
    [['-r', 'rules/b.guard', '-d', 'links', 'link', 'links/folder', './links/../data/b.json']],
    [['-r', 'rules/b.guard', '-d', 'é and blank.yaml']],
    [['-r', 'rules/b.guard', '-d', '.', '-t', 'CFNTemplate']],
    [['-r', 'merge.guard', '-d', 'data/b.json', '-i', 'params.yaml', 'more.json']],
    [['-r', 'merge.guard', '-d', 'data/b.json', '-i', 'params.yaml', '-i', 'more.json']],
    [['-r', 'lists.guard', '-d', 'list.json', '-i', 'first-list.yaml', 'second-list.json']],
  ])(
    '%j',
    (args) => {
      const unreadable = args.includes('.') ? ['bad.yaml', 'blank.yaml', 'infinite.yaml'] : [];
      for (const format of ['json', 'yaml']) {
        const all = [...args, '-z', '-o', format, '-S', 'none'];
        const [ours, theirs] = both(all);
        if (unreadable.length > 0) {
          // One bad file ends the run of the reference; ours says so and goes on.
          expect(theirs.exitCode).toBe(255);
          expect(ours.exitCode).toBe(255);
          expect(ours.stdout).toContain('buckets.yaml');
          continue;
        }
        expect(ours.stdout).toBe(theirs.stdout);
        expect(ours.exitCode).toBe(theirs.exitCode);
        expect(ours.stderr === '').toBe(theirs.stderr === '');
      }
    },
    30_000,
  );

  it('from standard input', () => {
    for (const format of ['json', 'yaml']) {
      const [ours, theirs] = both(['-r', 'rules', '-z', '-o', format, '-S', 'none'], '{"a": 1}');
      expect(ours.stdout).toBe(theirs.stdout);
      expect(ours.exitCode).toBe(theirs.exitCode);
    }
  });

  it('from a payload', () => {
    const payload = JSON.stringify({
      rules: ['rule A { a == 2 }', 'a exists', '# nothing', 'rule X {'],
      data: ['{"a": 1}', 'a: 2', 'a: [1, 2]'],
      more: 1,
    });
    const [ours, theirs] = both(['-P', '-z', '-o', 'json', '-S', 'none'], payload);
    expect(ours.stdout).toBe(theirs.stdout);
    expect(ours.exitCode).toBe(theirs.exitCode);
    expect(ours.stdout).toContain('RULES_STDIN[2]/default');
  });

  it('Control Tower rules on a template with failures of many kinds', () => {
    const args = ['-r', controlTowerFolder, '-d', 'buckets.yaml', 'other.yaml', '-z', '-o', 'json', '-S', 'none'];
    const [ours, theirs] = both(args);
    expect(ours.stdout).toBe(theirs.stdout);
    expect(ours.exitCode).toBe(19);
    expect(ours.stdout.length).toBeGreaterThan(20_000);
  }, 30_000);
});

describe('SARIF and JUnit', () => {
  const cases: readonly (readonly string[])[] = [
    ['-r', 'rules', '-d', 'data'],
    ['-r', 'buckets.guard', '-d', 'buckets.yaml', 'other.yaml'],
    ['-r', 'twice.guard', '-d', 'data'],
    ['-r', 'keys.guard', '-d', 'keys.yaml'],
    ['-r', 'rules/b.guard', '-d', 'data/b.json'],
    ['-r', 'broken.guard', 'rules/b.guard', '-d', 'data/b.json'],
    ['-r', 'broken.guard', 'rules/b.guard', '-d', 'data/a.yaml'],
    ['-r', 'rules/a.guard', '-d', 'data/x.txt'],
  ];

  it.each(cases)('SARIF of %s %s %s %s has the same results', (...args) => {
    const [ours, theirs] = both([...args, '-z', '-o', 'sarif', '-S', 'none']);
    const parts = ({ stdout }: Ran): unknown => {
      const log = JSON.parse(stdout) as { $schema: string; version: string; runs: Record<string, unknown>[] };
      const { tool, ...rest } = log.runs[0]!;
      const { driver } = tool as { readonly driver: Record<string, unknown> };
      return { $schema: log.$schema, version: log.version, ...rest, driver: Object.keys(driver) };
    };
    expect(parts(ours)).toStrictEqual(parts(theirs));
    expect(ours.exitCode).toBe(theirs.exitCode);
  });

  it.each(cases)('JUnit of %s %s %s %s is the same', (...args) => {
    const [ours, theirs] = both([...args, '-z', '-o', 'junit', '-S', 'none']);
    const timeless = ({ stdout }: Ran): string =>
      stdout.replaceAll(/time="\d+"/g, 'time="0"').replace(/name="[a-z -]+ validate report"/, 'name=""');
    expect(timeless(ours)).toBe(timeless(theirs));
    expect(ours.exitCode).toBe(theirs.exitCode);
  });
});

describe('without --structured', () => {
  it.each([
    [['-r', 'rules', '-d', 'data', '-o', 'json', '-S', 'all']],
    [['-r', 'rules', '-d', 'data', '-o', 'yaml', '-S', 'pass,skip']],
    [['-r', 'rules', '-d', 'data', '-o', 'json', '-S', 'pass', '-S', 'fail']],
    [['-r', 'rules', '-d', 'data', '-o', 'json', '-S', 'all,none']],
    [['-r', 'rules', '-d', 'data', '-o', 'json', '-S', 'none,skip']],
    [['-r', 'buckets.guard', 'twice.guard', '-d', 'buckets.yaml', '-o', 'json']],
    [['-r', 'rules/empty.guard', '-d', 'data', '-S', 'all']],
    [['-r', 'rules/b.guard', '-d', 'data/b.json']],
  ])('%j prints the same', (args) => {
    const [ours, theirs] = both(args);
    expect(ours.stdout).toBe(theirs.stdout);
    expect(ours.exitCode).toBe(theirs.exitCode);
  });

  it.each([
    [['-r', 'broken.guard', 'rules/a.guard', '-d', 'data/b.json'], 19],
    [['-r', 'rules/a.guard', 'broken.guard', '-d', 'data/b.json'], 5],
    [['-r', 'rules/a.guard', 'broken.guard', 'rules/b.guard', '-d', 'data/b.json'], 5],
    [['-r', 'rules/a.guard', 'rules/b.guard', '-d', 'data/b.json'], 19],
  ])('%j: the last rule file that is not clean decides', (args, exitCode) => {
    const [ours, theirs] = both(args);
    expect(theirs.exitCode).toBe(exitCode);
    expect(ours.exitCode).toBe(exitCode);
  });

  it('shows a summary with the same lines, and says the same of each failed check', () => {
    const [ours, theirs] = both(['-r', 'rules/a.guard', 'rules/b.guard', '-d', 'data', '-S', 'all']);
    const table = ({ stdout }: Ran): string[] =>
      stdout.split('\n').filter((line) => /Status =|rules$|^[\w.]+\/\w+ |^---/.test(line));
    expect(table(ours)).toStrictEqual(table(theirs));
    const line = (place: string): RegExp =>
      new RegExp(`^Property \\[/a\\] in data \\[.*${place}\\] is not compliant with \\[A\\] because .*bad a\\]$`, 'm');
    expect(theirs.stdout).toMatch(line('b.json'));
    expect(ours.stdout).toMatch(line('b.json'));
  });

  it('shows failures resource by resource as the reference does', () => {
    const [ours, theirs] = both(['-r', 'shapes.guard', '-d', 'shapes.yaml', '-S', 'none']);
    // The reference shuffles the resources and, going back, miscounts the lines of the data that it shows. What belongs
    // to no resource is said by us alone.
    const sorted = ({ stdout }: Ran): string[] => {
      const [head = '', ...resources] = stdout.replace(/^ +\d+\./gm, '#.').split(/^(?=Resource = )/m);
      return [head, ...resources.map((text) => text.slice(0, text.indexOf('\n}\n') + 3)).sort()];
    };
    expect(sorted(ours)).toStrictEqual(sorted(theirs));
    expect(sorted(ours)).toHaveLength(3);
    expect(ours.exitCode).toBe(19);
    expect(ours.stdout).toContain('dependent rule [EXISTS] did not PASS');
    expect(theirs.stdout).not.toContain('dependent rule');
  });

  it('shows failures resource by resource, with the lines of the data', () => {
    const { stdout, exitCode } = guard(['validate', '-r', 'buckets.guard', '-d', 'buckets.yaml'], { cwd: folder.path });
    expect(stdout.replaceAll(folder.path, '')).toMatchSnapshot();
    expect(exitCode).toBe(19);
  });

  it('prints a tree of rules with -v, and explanations with -p', () => {
    const args = ['validate', '-r', 'twice.guard', '-d', 'data/b.json', '-S', 'none'];
    expect(guard([...args, '-v'], { cwd: folder.path }).stdout.replaceAll(folder.path, '')).toMatchInlineSnapshot(`
     "\`- File(/data/b.json, Status=FAIL)
        |- Rule(D, Status=PASS)
        |- Rule(D, Status=FAIL)
        |  \`- Clause(Status=FAIL)[a EQUALS  2]
        \`- Rule(D, Status=SKIP)
     "
    `);
    const printed = JSON.parse(guard([...args, '-p'], { cwd: folder.path }).stdout) as { readonly status: string };
    expect(printed.status).toBe('FAIL');
  });
});

describe('what cannot be checked', () => {
  it.each([
    [[]],
    [['-d', 'data']],
    [['-r', 'rules', '-d', 'nowhere']],
    [['-r', 'nowhere', '-d', 'data']],
    [['-r', 'rules', '-d', 'data', '-i', 'nowhere']],
    [['-r', 'rules', '-d', 'data', '-z', '-o', 'json']],
    [['-r', 'rules', '-d', 'data', '-z', '-o', 'json', '-S', 'fail']],
    [['-r', 'rules', '-d', 'data', '-z', '-S', 'none']],
    [['-r', 'rules', '-d', 'data', '-o', 'junit']],
    [['-r', 'rules', '-d', 'data', '-o', 'sarif']],
    [['-r', 'rules', '-d', 'data', '-o', 'nothing']],
    [['-r', 'rules', '-d', 'data', '-S', 'nothing']],
    [['-r', 'rules', '-d', 'data', '-t', 'Nothing']],
    [['-r', 'rules', '-d', 'data', '-a', '-m']],
    [['-r', 'rules', '-d', 'data', '-z', '-v', '-o', 'json', '-S', 'none']],
    [['-r', 'rules', '-d', 'data', '-z', '-p', '-o', 'json', '-S', 'none']],
    [['-r', 'rules', '-P']],
    [['-P', '-d', 'data']],
    [['-P']],
    [['-r', 'rules', '-d', 'data', '--nothing']],
    [['-r', 'rules', '-d', 'bad.yaml']],
    [['-r', 'rules', '-d', 'blank.yaml']],
    [['-r', 'error.guard', '-d', 'data/a.yaml']],
    [['-r', 'merge.guard', '-d', 'data/b.json', '-i', 'clash.yaml']],
    [['-r', 'merge.guard', '-d', 'data/b.json', '-i', 'list.yaml']],
    [['-r', 'rules', '-d', 'data', '-i', 'bad.yaml']],
  ])('%j has the same exit code, and says why in a line', (args) => {
    const [ours, theirs] = both(args);
    expect(ours.exitCode).toBe(theirs.exitCode);
    expect(ours.stderr).toMatch(/^(?:Error occurred|error:|Usage:)/);
    expect(ours.stderr).not.toMatch(/^ +at /m);
    if (ours.exitCode === 2) expect(ours.stdout).toBe('');
  });

  it('goes on after a bad data file, an evaluation error and a number that JSON cannot hold', () => {
    const args = [
      '-r',
      'error.guard',
      'rules/a.guard',
      '-d',
      'bad.yaml',
      'data/a.yaml',
      'infinite.yaml',
      'data/b.json',
    ];
    const ran = guard(['validate', ...args, '-z', '-o', 'json', '-S', 'none'], { cwd: folder.path });
    const reports = JSON.parse(ran.stdout) as { readonly name: string; readonly status: string }[];
    // A document without a verdict of some rule file is not shown as compliant.
    expect(reports.map(({ name, status }) => [name.slice(folder.path.length), status])).toStrictEqual([
      ['/data/a.yaml', 'FAIL'],
      ['/data/b.json', 'FAIL'],
    ]);
    expect(ran.stderr).toContain('bad.yaml');
    expect(ran.stderr).toContain(
      'data/a.yaml: rule file error.guard: There was no variable or value object to resolve.',
    );
    expect(ran.stderr).toContain('JSON cannot hold the number');
    expect(ran.exitCode).toBe(255);
  });

  it('shows an evaluation error as an error in JUnit', () => {
    const args = [
      'validate',
      '-r',
      'error.guard',
      'rules/a.guard',
      '-d',
      'data/a.yaml',
      '-z',
      '-o',
      'junit',
      '-S',
      'none',
    ];
    const { stdout, exitCode } = guard(args, { cwd: folder.path });
    expect(stdout).toContain('tests="2" failures="0" errors="1"');
    expect(stdout).toContain('<testcase name="error.guard"');
    expect(exitCode).toBe(255);
  });

  it('leaves parameters out of a payload that is reported pair by pair, as the reference does', () => {
    const payload = JSON.stringify({ rules: ['rule A { a == 1 p == 1 }'], data: ['{"a": 1}'] });
    for (const parameters of ['param.json', 'broken.guard']) {
      const [ours, theirs] = both(['-P', '-i', parameters], payload);
      expect(theirs.exitCode).toBe(19);
      expect(ours.exitCode).toBe(19);
      expect(ours.stdout).toBe(theirs.stdout);
    }
    const [ours, theirs] = both(['-P', '-i', 'param.json', '-z', '-o', 'json', '-S', 'none'], payload);
    expect(ours).toStrictEqual(theirs);
    expect(ours.exitCode).toBe(0);
  });

  it('merges what does not go together where the reference panics', () => {
    const args = ['-r', 'merge.guard', '-d', 'data/b.json', '-i', 'clash.yaml', '-z', '-o', 'json', '-S', 'none'];
    const [ours, theirs] = both(args);
    expect(theirs.exitCode).toBe(101);
    expect(ours).toMatchObject({ exitCode: 255, stdout: '[]' });
    expect(ours.stderr).toContain('Key a, already exists in map');
  });

  it('names the place of each fault of a rule file', () => {
    const { stderr, exitCode } = guard(['validate', '-r', 'broken.guard', '-d', 'data/b.json'], { cwd: folder.path });
    expect(stderr).toMatchInlineSnapshot(`
     "Parsing error handling rule file = broken.guard, Error =
     error[GRD2001]: expected an operator after \`a\`, found \`=\`
       --> broken.guard:1:12
       1 | rule X { a = 1 }
         |            ^
       help: compare with \`==\`
       docs: docs/diagnostics/GRD2001.md
     ---
     "
    `);
    expect(exitCode).toBe(5);
  });
});

describe('output', () => {
  it('goes to a file', () => {
    const args = ['validate', '-r', 'rules/a.guard', '-d', 'data/b.json', '-z', '-o', 'json', '-S', 'none'];
    const printed = guard(args, { cwd: folder.path });
    const ran = guard([...args, '--output-file', 'report.out'], { cwd: folder.path });
    expect(ran).toMatchObject({ exitCode: 19, stdout: '' });
    expect(readFileSync(join(folder.path, 'report.out'), 'utf8')).toBe(printed.stdout);
    expect(guard([...args, '-i', 'bad.yaml', '--output-file', 'report.out'], { cwd: folder.path }).exitCode).toBe(255);
    expect(readFileSync(join(folder.path, 'report.out'), 'utf8')).toBe(printed.stdout);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toStrictEqual([]);
    expect(guard([...args, '--output-file', 'no/where.out'], { cwd: folder.path })).toMatchObject({
      exitCode: 255,
      stdout: '',
    });
  });

  it('may be cut short by who reads it, which is no success', () => {
    const main = join(repositoryRoot(), 'dist', 'bin', 'main.js');
    const command = `("${process.execPath}" "${main}" guard validate -r "${controlTowerFolder}" -d buckets.yaml -z -o json -S none; echo "exit $?" >&2) | head -c 100`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder.path, encoding: 'utf8' });
    expect(stdout).toHaveLength(100);
    expect(stderr).toBe('exit 255\n');
  });

  it('that cannot be written is an error', () => {
    const args = ['validate', '-r', 'rules/a.guard', '-d', 'data/b.json', '-z', '-o', 'json', '-S', 'none'];
    const ran = guard([...args, '--output-file', '/dev/full'], { cwd: folder.path });
    expect(ran.exitCode).toBe(255);
    expect(ran.stderr).toMatch(/^Error occurred results cannot be written: ENOSPC/);
  });

  it('is complete when it goes through a slow pipe', () => {
    const main = join(repositoryRoot(), 'dist', 'bin', 'main.js');
    const command = `"${process.execPath}" "${main}" guard validate -r "${controlTowerFolder}" -d buckets.yaml -z -o json -S none | (sleep 1; cat)`;
    const stdout = execFileSync('sh', ['-c', command], { cwd: folder.path, encoding: 'utf8', maxBuffer: 1e9 });
    expect(JSON.parse(stdout)).toHaveLength(1);
  });
});

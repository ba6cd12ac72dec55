import { lineCounter } from '../../../findings/index.js';
import { parseRules } from '../../../guard/index.js';

const checkRegex = (pattern: string): string | null => (pattern === '(' ? 'a group is not closed' : null);

/** Line, column and code of each diagnostic, with the places of its labels. */
function places(text: string): string {
  const at = (offset: number): string => {
    const { line, column } = lineCounter(text).positionOf(offset);
    return `${line}:${column}`;
  };
  return parseRules(text, 'rules.guard', { checkRegex })
    .diagnostics.map(({ code, location, labels = [] }) =>
      [at(location!.start), code, ...labels.map(({ range, text: label }) => `(${label} ${at(range.start)})`)].join(' '),
    )
    .join(', ');
}

it.each([
  ["rule r { a == 'x }", '1:19 GRD1001 (opened here 1:15)'],
  ['rule r { a == /x }', '1:15 GRD1002'],
  ['rule r { a == // }', '1:15 GRD1002'],
  ['rule r { a == /(/ }', '1:15 GRD1003'],
  ['rule r { a == 9223372036854775808 }', '1:15 GRD1004'],
  ['rule r { a == -1.5 }', '1:15 GRD1005'],
  ['rule r { a == 1.5e }', '1:15 GRD1005'],
  ['rule r { a == 1e3 }', '1:15 GRD1005'],
  ['rule r { a exists << m }', '1:25 GRD1006 (opened here 1:19)'],
  ['rule r {\n  Properties.A = true\n}', '2:16 GRD2001'],
  ['rule r {\n  Properties.A Exists\n}', '2:16 GRD2001'],
  ['rule r { a == }', '1:15 GRD2002'],
  ['let x = ', '1:9 GRD2002'],
  ['f() ', '1:3 GRD2002'],
  ['rule r {\n  a exists\n', '3:1 GRD2003 (opened here 1:8)'],
  ['rule r {\n  a {\n    b exists\n}\nrule s { c exists }', '5:1 GRD2003 (opened here 1:8)'],
  ['rule r {\n  a\n\nrule s { c exists }', '4:1 GRD2003 (opened here 1:8)'],
  ['rule r { }', '1:8 GRD2004'],
  ['rule r { a { } }', '1:12 GRD2004'],
  ['a in [1 2]', '1:9 GRD2005 (opened here 1:6)'],
  ['a in [1,]', '1:9 GRD2005 (opened here 1:6)'],
  ['a == {b: 1', '1:11 GRD2005 (opened here 1:6)'],
  ['a[ 0 ] exists', '1:4 GRD2006 (opened here 1:2)'],
  ['let x 1', '1:7 GRD2007'],
  ['rule 1 { a exists }', '1:6 GRD2008'],
  ['rule a-b { a exists }', '1:7 GRD2009'],
  ['rule a when b exists c { d exists } }', '1:37 GRD2016'],
  ['rule a when b exists ; c { d exists }', '1:22 GRD2009'],
  ['rule a when { b exists }', '1:13 GRD2010'],
  ['rule r { a }', '1:12 GRD2011'],
  ['a in r[1,2.5]', '1:6 GRD2012'],
  ['rule r() { a exists }', '1:8 GRD2014 (opened here 1:7)'],
  ['AWS::S3::Bucket{ a exists }', '1:16 GRD2015'],
  ['rule r { a exists, b exists }', '1:18 GRD2016'],
  ['\ufeffa exists', '1:1 GRD2016'],
])('%j: %s', (text, expected) => {
  expect(places(text)).toBe(expected);
});

it('finds the faults of several rules, going on at the next line that begins one', () => {
  const text = [
    'rule a { x = 1 }',
    'rule fine { y exists }',
    'rule b {',
    '  z Exists',
    '}',
    'rule c { }',
    'rule also_fine { y exists }',
  ].join('\n');
  expect(places(text)).toBe('1:12 GRD2001, 4:5 GRD2001, 6:8 GRD2004');
});

it('gives up after twenty faults', () => {
  expect(parseRules('rule a { }\n'.repeat(100), 'rules.guard').diagnostics).toHaveLength(20);
});

it.each([
  ['rule r { a = 1 }', 'expected an operator after `a`, found `=`', 'compare with `==`'],
  ['rule r { a exist\n }', 'expected an operator after `a`, found `exist`', 'did you mean `exists`?'],
  ['rule r { a is_strng }', 'expected an operator after `a`, found `is_strng`', 'did you mean `is_string`?'],
  ['rule r { a not_in [1] }', 'expected an operator after `a`, found `not_in`', 'use `not in`'],
  ['rule r { a exists && b exists }', 'expected a clause, found `&&`', 'must all hold'],
  ['rule r { a exists and b exists }', 'expected an operator after `and`, found `b`', 'must all hold'],
  ['rule r { a exists || b exists }', 'expected a clause, found `||`', 'use `or`'],
  ['rule r { a == -2.5 }', 'number `-2.5` is malformed', 'floats cannot be negative'],
  ['rule r-s { a exists }', 'expected `{` after `rule r`, found `-`', 'use `_` in names of rules'],
  ['rule r { a == /(/ }', 'regular expression is not valid: a group is not closed', 'mend the pattern'],
  ['whenCreated == 1', 'expected a condition after `when`, found `Created`', 'in quotes'],
  ['rule r { a in [1,] }', 'expected a literal after `,`, found `]`', 'remove the comma'],
])('%j says what is wrong and what to do', (text, message, help) => {
  const [diagnostic] = parseRules(text, 'rules.guard', { checkRegex }).diagnostics;
  expect(diagnostic).toMatchObject({ severity: 'error', message });
  expect(diagnostic?.help).toContain(help);
});

it('asks for each pattern once', () => {
  const asked: string[] = [];
  const { tree } = parseRules('a == /x/ b in [/y/, /x/] c == /x/', 'rules.guard', {
    checkRegex: (pattern) => {
      asked.push(pattern);
      return null;
    },
  });
  expect(tree).not.toBeNull();
  expect(asked).toStrictEqual(['x', 'y']);
});

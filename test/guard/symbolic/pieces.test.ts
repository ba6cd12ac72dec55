/** Clauses on text that is known in part, held against the compiled evaluator on texts that the unknown parts may give. */
import fc from 'fast-check';
import { compileRules, evaluateOpenRule, openDocument, parseRules } from '../../../guard/index.js';
import type { Value } from '../../../template/index.js';
import { runs } from '../../support/runs.js';
import { openDocumentOf } from './open-document.js';

type Pieces = readonly (string | null)[];

function parsed(clause: string): NonNullable<ReturnType<typeof parseRules>['tree']> {
  const { tree } = parseRules(`rule r { ${clause} }`, 'r.guard');
  if (tree === null) throw new Error(clause);
  return tree;
}

function verdict(clause: string, value: Value): string {
  const tree = parsed(clause);
  return evaluateOpenRule(tree, tree.rules[0]!, openDocumentOf({ x: value })).status;
}

const text = (...pieces: Pieces): Value => ({ 'Fn::Join': ['', pieces] });

it.each<[string, Pieces, string]>([
  ["x == 'abc'", ['b', null], 'FAIL'],
  ["x == 'abc'", ['a', null], 'NOT_EVALUATED'],
  ["x == 'abc'", [null, 'b'], 'FAIL'],
  ["x == 'aba'", ['ab', null, 'ba'], 'FAIL'],
  ["x == 'abba'", ['ab', null, 'ba'], 'NOT_EVALUATED'],
  ["x == 'a-b-c'", ['a', null, 'c', null, 'c'], 'FAIL'],
  ["x != 'abc'", ['b', null], 'PASS'],
  ["x == ['abc']", ['b', null], 'FAIL'],
  ["x in ['a', 'b', 5, true]", ['c', null], 'FAIL'],
  ["x not in ['a', 'b', null]", ['c', null], 'PASS'],
  ["x in ['a', 'cd']", ['c', null], 'NOT_EVALUATED'],
  ["x in ['q', /^arn:/]", ['arn:aws:', null], 'PASS'],
  ["x in 'the whole'", ['z', null], 'FAIL'],
  ["x not in 'the whole'", ['z', null], 'PASS'],
  ["x in 'the whole'", ['w', null], 'NOT_EVALUATED'],
  ['x == /^arn:aws:/', ['arn:aws:s3:::', null], 'PASS'],
  ['x == /^arn:aws:.*/', ['arn:aws:s3:::', null], 'PASS'],
  ['x == /^arn:aws:.+/', ['arn:aws:', null], 'NOT_EVALUATED'],
  [String.raw`x == /\S/`, [null, ':alias/aws/sns'], 'PASS'],
  [String.raw`x == /\S/`, [' ', null], 'NOT_EVALUATED'],
  ['x == /.+/', ['arn:', null], 'PASS'],
  ['x != /./', [null, ':key'], 'FAIL'],
  ['x == /^arn:aws:[a-z]+$/', ['urn:', null], 'FAIL'],
  ['x != /^arn:aws:/', ['urn:', null], 'PASS'],
  ['x == /^arn:aws:s3/', ['arn:', null], 'NOT_EVALUATED'],
  ['x == /aws/', [null, ':aws:', null], 'PASS'],
  ['x == /aws/', [null, ':aw', null], 'NOT_EVALUATED'],
  ['x == /\\.json$/', [null, '.json'], 'PASS'],
  ['x == /\\.json$/', [null, '.yaml'], 'FAIL'],
  ['x == /^a\\/b$/', ['a', null, 'c'], 'FAIL'],
  ['x == /^b|^a/', ['a', null], 'NOT_EVALUATED'],
  ['x == /(?i)^ARN/', ['urn', null], 'NOT_EVALUATED'],
  ['x == /^ab?c/', ['ac', null], 'NOT_EVALUATED'],
  ["x > 'a'", ['b', null], 'NOT_EVALUATED'],
  ["x == 'abc'", ['{{resolve:ssm:', null, '}}'], 'NOT_EVALUATED'],
  ["x.y == 'abc'", ['b', null], 'NOT_EVALUATED'],
  ['x is_string', ['b', null], 'PASS'],
  ['x is_struct', ['b', null], 'FAIL'],
  ['x !is_struct', ['b', null], 'PASS'],
  ["let y = regex_replace(x, '^[/]b[.]', '<$0>')\n%y == '</b.>'", ['/b.c', null], 'PASS'],
  ["let y = regex_replace(x, '^[/]b[.]', '<$0>')\n%y == '</b.>'", ['/c', null], 'FAIL'],
  ["let y = regex_replace(x, '^[/]b[.]', '<$0>')\n%y == ''", ['/c', null], 'PASS'],
  ["let y = regex_replace(x, '^[/]b[.]', '<$0>')\n%y == '</b.>'", ['/b', null], 'NOT_EVALUATED'],
  ["let y = regex_replace(x, '^[/]b[.]', '<$0>')\n%y == '</b.>'", [null, '/b.'], 'NOT_EVALUATED'],
  ["let y = regex_replace(x, '^/b.', '<$0>')\n%y == '</b.>'", ['/b.', null], 'NOT_EVALUATED'],
  ["let y = regex_replace(x, '^[/]+', 'a')\n%y == 'a'", ['/b.', null], 'NOT_EVALUATED'],
  ["let y = regex_replace(x, '^[^b]', 'a')\n%y == 'a'", ['/b.', null], 'NOT_EVALUATED'],
  ["let y = regex_replace(x, '^/b|c', 'a')\n%y == 'a'", ['/b.', null], 'NOT_EVALUATED'],
  ["let y = regex_replace(x, '^b', 'a')\n%y == ''", ['{{resolve:ssm:', null, '}}'], 'NOT_EVALUATED'],
])('%s on %j is %s', (clause, pieces, status) => {
  expect(verdict(clause, text(...pieces))).toBe(status);
});

it.each<[string, Pieces, readonly string[], string]>([
  ['x in y', ['b', null], ['a', 'c'], 'FAIL'],
  ['x not in y', ['b', null], ['a', 'c'], 'PASS'],
  ['x not in y', ['b', null], [], 'PASS'],
  ['x not in y', ['b', null], ['a', 'bc'], 'NOT_EVALUATED'],
  ['x in y[*]', ['b', null], ['a', 'c'], 'NOT_EVALUATED'],
  ['some x in y', ['b', null], ['a', 'c'], 'FAIL'],
  ['x == y', ['b', null], ['a', 'c'], 'NOT_EVALUATED'],
])('%s on %j and the list %j of the document is %s', (clause, pieces, list, status) => {
  const tree = parsed(clause);
  expect(evaluateOpenRule(tree, tree.rules[0]!, openDocumentOf({ x: text(...pieces), y: list })).status).toBe(status);
  if (status === 'NOT_EVALUATED') return;
  const document = (filled: string): Value => ({ x: filled, y: list });
  const program = compileRules(tree, { file: 'r.guard', text: clause });
  for (const fill of ['', 'a', 'b', 'c']) {
    const filled = pieces.map((piece) => piece ?? fill).join('');
    expect(program.evaluate(openDocument(document(filled))).status).toBe(status);
  }
});

it('does not take a part of a value for the value', () => {
  expect(verdict("x == 'abc'", [text('b', null)])).toBe('NOT_EVALUATED');
  expect(verdict('x == {k: /^abc/}', { k: text('b', null) })).toBe('NOT_EVALUATED');
});

it('decides nothing of text that may not be there', () => {
  expect(verdict("x == 'abc'", { 'Fn::Join': ['?', ['b', null]] })).toBe('NOT_EVALUATED');
});

it('is judged beside results that are known', () => {
  const value = { x: text('b', null), y: 'abc' };
  expect(verdict("x.* == 'abc'", value)).toBe('FAIL');
  expect(verdict("some x.* == 'abc'", value)).toBe('PASS');
  expect(verdict("some x.* == 'abd'", value)).toBe('FAIL');
  expect(verdict("x.* != 'xyz'", value)).toBe('PASS');
  expect(verdict('x.* == /^b/', { ...value, z: { Ref: '?' } })).toBe('FAIL');
  expect(verdict('some x.* == /^b/', { ...value, z: { Ref: '?' } })).toBe('PASS');
});

it('decides only what every text for the unknown parts decides', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 3 });
  const pieces = fc.array(fc.oneof(part, fc.constant(null)), { minLength: 1, maxLength: 4 });
  const pattern = fc
    .tuple(
      fc.constantFrom('', '^'),
      fc.array(fc.constantFrom('a', 'b', '\\.', '.', 'a?', 'b+', '[ab]', '.*'), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', '$', '.*'),
    )
    .map(([start, middle, end]) => `/${start}${middle.join('')}${end}/`);
  const scalar = fc.oneof(
    part.map((each) => `'${each}'`),
    pattern,
    fc.constant('5'),
  );
  const literal = fc.oneof(
    scalar,
    fc.array(scalar, { minLength: 1, maxLength: 3 }).map((list) => `[${list.join(', ')}]`),
  );
  const beginning = fc.array(fc.constantFrom('a', '[b]', '[.]', '\\\\.'), { minLength: 1, maxLength: 3 });
  const clause = fc.oneof(
    fc.tuple(fc.constantFrom('==', '!=', 'in', 'not in'), literal).map(([operator, right]) => `x ${operator} ${right}`),
    fc
      .tuple(beginning, fc.constantFrom("''", '/</', "'<a>'"))
      .map(([start, right]) => `let y = regex_replace(x, '^${start.join('')}', '<$0>')\n%y == ${right}`),
    fc.constantFrom('x is_string', 'x !is_struct', 'x is_list', 'x is_null'),
  );
  const seen = { decided: 0, open: 0 };
  fc.assert(
    fc.property(
      pieces,
      clause,
      fc.array(fc.array(part, { minLength: 4, maxLength: 4 }), { minLength: 8 }),
      (some, each, fills) => {
        fc.pre(some.includes(null));
        const status = verdict(each, text(...some));
        if (status === 'NOT_EVALUATED') {
          seen.open++;
          return;
        }
        seen.decided++;
        const texts = [...fills, ['', '', '', '']].map((fill) =>
          some.map((piece, index) => piece ?? fill[index]!).join(''),
        );
        const program = compileRules(parsed(each), { file: 'r.guard', text: each });
        for (const filled of new Set(texts)) {
          const given = program.evaluate(openDocument({ x: filled })).status;
          if (given !== status) {
            throw new Error(`${each} on ${JSON.stringify(some)} is ${status}, on ${filled} ${given}`);
          }
        }
      },
    ),
    { numRuns: runs(1_500, 5_000) },
  );
  expect(seen.decided).toBeGreaterThan(200);
  expect(seen.open).toBeGreaterThan(200);
});

import { parseRules, type AccessClause, type RuleFile } from '../../../guard/index.js';

function tree(text: string): RuleFile {
  const { tree: parsed, diagnostics } = parseRules(text, 'rules.guard');
  if (parsed === null) throw new Error(JSON.stringify(diagnostics));
  return parsed;
}

const clauses = (text: string): AccessClause[] => tree(text).rules[0]!.block.conjunctions.flat() as AccessClause[];
const clause = (text: string): AccessClause => clauses(text)[0]!;
const literal = (text: string): unknown => {
  const { right } = clause(`a == ${text}`);
  return right?.kind === 'literal' ? right.literal : right;
};

it.each([
  ['5', { kind: 'int', value: 5 }],
  ['-0', { kind: 'int', value: 0 }],
  ['007', { kind: 'int', value: 7 }],
  ['9007199254740991', { kind: 'int', value: 9007199254740991 }],
  ['9007199254740993', { kind: 'int', value: 9007199254740993n }],
  ['-9223372036854775807', { kind: 'int', value: -9223372036854775807n }],
  ['5.0', { kind: 'float', value: 5 }],
  ['55e-1', { kind: 'float', value: 5.5 }],
  ['1.5e3', { kind: 'float', value: 1500 }],
  ['True', { kind: 'bool', value: true }],
  ['NULL', { kind: 'null' }],
  [String.raw`'it\'s "\n"'`, { kind: 'string', value: String.raw`it's "\n"` }],
  [String.raw`'\'\''`, { kind: 'string', value: "''" }],
  [String.raw`/a\/b\.c/`, { kind: 'regex', pattern: String.raw`a/b\.c` }],
  ['r( 1 , 5]', { kind: 'range', type: 'int', lower: 1, upper: 5, lowerInclusive: false, upperInclusive: true }],
  ['r[a,c)', { kind: 'range', type: 'char', lower: 'a', upper: 'c', lowerInclusive: true, upperInclusive: false }],
  [
    '{a-b: [1], "": {}, a-b: null}',
    {
      kind: 'map',
      entries: [
        ['a-b', { kind: 'null' }],
        ['', { kind: 'map', entries: [] }],
      ],
    },
  ],
])('literal %s', (text, expected) => {
  expect(literal(text)).toStrictEqual(expected);
});

it('puts `[*]` after a variable at the head, unless it stands there', () => {
  const kinds = (text: string): string[] => clause(`${text} exists`).query.parts.map((part) => part.kind);
  expect(kinds('%v')).toStrictEqual(['variable']);
  expect(kinds('%v.a')).toStrictEqual(['variable', 'allIndices', 'key']);
  expect(kinds('%v[*].a')).toStrictEqual(['variable', 'allIndices', 'key']);
  expect(kinds('%v[0]')).toStrictEqual(['variable', 'allIndices', 'index']);
  expect(kinds('a.%v.b')).toStrictEqual(['key', 'variable', 'key']);
});

it('takes a quoted key that begins with `%` for a variable', () => {
  expect(clause(`'%v'.a exists`).query.parts[0]).toStrictEqual({ kind: 'variable', name: 'v' });
});

it('wraps large indexes as 32-bit numbers', () => {
  expect(clause('a[4294967297] exists').query.parts[1]).toStrictEqual({ kind: 'index', index: 1 });
});

it('keeps the two negations of a clause apart', () => {
  expect(clause('not a !exists')).toMatchObject({ prefixNot: true, negated: true, operator: 'exists', right: null });
  expect(clause('a not in [1]')).toMatchObject({ prefixNot: false, negated: true, operator: 'in' });
  expect(clause('some a != 1')).toMatchObject({ prefixNot: false, negated: true, operator: 'eq' });
  expect(clause('some a != 1').query.matchAll).toBe(false);
});

it('gives the place of each clause, message included and blanks left out', () => {
  const text = 'rule r {\n  a exists  # c\n  some b.c == 5 <<m>> d == e or f empty\n}  ';
  const found = clauses(text).map(({ offset, end, query }) => [
    text.slice(offset, end),
    text.slice(query.offset, offset + 4),
  ]);
  expect(found).toStrictEqual([
    ['a exists', 'a ex'],
    ['some b.c == 5 <<m>>', 'some'],
    ['d == e', 'd =='],
    ['f empty', 'f em'],
  ]);
  const [rule] = tree(text).rules;
  expect(text.slice(rule!.offset, rule!.end)).toBe(text.trimEnd());
});

it('keeps the message as it is written', () => {
  expect(clause('a exists <<  x\n  y >>').message).toBe('  x\n  y ');
  expect(clause('a exists').message).toBeNull();
});

it('makes one rule of the loose items and puts it first', () => {
  const { rules } = tree(
    'rule default { x exists } a exists let v = 1 AWS::X::Y { b exists } when c exists { d exists }',
  );
  expect(rules.map(({ name, loose }) => [name, loose])).toStrictEqual([
    ['default', true],
    ['default', false],
  ]);
  expect(rules[0]!.block.conjunctions.map(([item]) => item!.kind)).toStrictEqual(['access', 'typeBlock', 'when']);
});

it('counts a parameter once that is named twice', () => {
  expect(tree('rule r(a, b, a) { %a exists }').parameterizedRules[0]!.parameters).toStrictEqual(['a', 'b']);
});

it('gives an empty tree for comments only', () => {
  expect(tree('# nothing\n\n')).toStrictEqual({ lets: [], rules: [], parameterizedRules: [] });
});

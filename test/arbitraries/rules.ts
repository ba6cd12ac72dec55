/**
 * Texts of Guard rule files over the whole language: queries with every kind of part, filters, blocks, conditions,
 * functions, named and parameterised rules, type blocks, `let` in every scope. Names are resolvable nearly always,
 * because one unknown name aborts a run before the rest of the file can be compared.
 */
import fc from 'fast-check';
import type { Value } from '../../template/index.js';
import { aim } from './aim.js';
import { document, template, FLOATS, INTEGERS, KEYS, KEY_SPELLINGS, LOGICAL_IDS, STRINGS, TYPES } from './documents.js';

type Text = fc.Arbitrary<string>;

/** Which names a piece of text may use. */
interface Scope {
  readonly variables: readonly string[];
  /** Parameterised rules by number of parameters; a rule calls only those defined before it, so that nothing recurses. */
  readonly callable: readonly (readonly [name: string, parameters: number])[];
  readonly referable: readonly string[];
  /** A type block aborts the run where a document has no `Resources`. */
  readonly typeBlocks: boolean;
  readonly depth: number;
}

const weighted = (...choices: readonly (readonly [weight: number, text: Text])[]): Text =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const oneOf = (...texts: readonly string[]): Text => fc.constantFrom(...texts);
const sequence = (...parts: readonly (string | Text)[]): Text =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''));
const optional = (text: Text, absentWeight = 3): Text => weighted([absentWeight, fc.constant('')], [1, text]);
const list = (text: Text, separator: string, minLength: number, maxLength: number): Text =>
  fc.array(text, { minLength, maxLength }).map((texts) => texts.join(separator));
const deeper = (scope: Scope): Scope => ({ ...scope, depth: scope.depth - 1 });

/** One arbitrary per scope: without sharing, the mutually recursive ones would take hundreds of megabytes. */
function perScope(make: (scope: Scope) => Text): (scope: Scope) => Text {
  const made = new Map<string, Text>();
  return (scope) => {
    const key = JSON.stringify(scope);
    const text = made.get(key) ?? make(scope);
    made.set(key, text);
    return text;
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`\'`)}'`;
const stringLiteral = fc.constantFrom(...STRINGS).map(quoted);
const integerLiteral = fc.constantFrom(...INTEGERS).map(String);
const floatLiteral = fc
  .constantFrom(...FLOATS)
  .map((value) => (Number.isInteger(value) ? value.toFixed(1) : `${value}`));
const regexLiteral = oneOf(
  '/a/',
  '/^a/',
  '/b$/',
  '/^$/',
  '/./',
  '/^T::/',
  '/^[a-b]+$/',
  '/(?i)A/',
  String.raw`/\d/`,
  '/x|1/',
);
const bracketed = (bound: Text): Text =>
  sequence('r', oneOf('[', '('), bound, oneOf(',', ', '), bound, oneOf(']', ')'));
const rangeLiteral = weighted(
  [4, bracketed(integerLiteral)],
  [2, bracketed(oneOf('0.5', '1.5', '5.0', '9.5'))],
  [1, bracketed(oneOf('a', 'b', 'z'))],
);
const scalarLiteral = weighted(
  [6, stringLiteral],
  [4, integerLiteral],
  [1, floatLiteral],
  [2, oneOf('true', 'false', 'True', 'False')],
  [1, oneOf('null', 'NULL')],
);
const leafLiteral = weighted([12, scalarLiteral], [3, regexLiteral], [1, rangeLiteral]);
const listLiteral = weighted(
  [6, sequence('[', list(scalarLiteral, ', ', 0, 4), ']')],
  [3, sequence('[', list(leafLiteral, ', ', 1, 3), ']')],
  [1, sequence('[', list(sequence('[', list(scalarLiteral, ', ', 0, 2), ']'), ', ', 1, 2), ']')],
);
const mapLiteral = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), fc.constant('') as Text, leafLiteral), {
    maxLength: 3,
    selector: ([key]) => key,
  })
  .map((entries) => `{${entries.map(([key, , value]) => `${quoted(key)}: ${value}`).join(', ')}}`);
const literal = weighted([8, scalarLiteral], [3, regexLiteral], [2, rangeLiteral], [4, listLiteral], [1, mapLiteral]);

const unquotedKeys = KEY_SPELLINGS.filter((key) => !key.includes('-'));
const key = weighted([8, oneOf(...unquotedKeys)], [1, fc.constantFrom(...KEY_SPELLINGS).map(quoted)]);
const variable = (scope: Scope): Text =>
  scope.variables.length === 0
    ? key
    : weighted([60, fc.constantFrom(...scope.variables).map((name) => `%${name}`)], [1, fc.constant('%missing')]);

/** Text whose marks {@link aim} fills from the document, so that a clause meets what is there; `#` is one number for all marks. */
const aimed = (...texts: readonly string[]): Text =>
  fc.tuple(oneOf(...texts), fc.nat(99)).map(([text, place]) => text.replaceAll('#', String(place)));
const aimedClause = aimed(
  '§p#§ exists',
  '§p#§ == §v#§',
  '§p#§ == §v#§',
  '§p#§ != §v#§',
  '§p#§ in [§v#§, 1]',
  '§p#§ not in [§v#§]',
  '§p#§ §k#§',
  'some §w#§ == §v#§',
  '§w#§ in [§v#§, /a/]',
  '§w#§ §k#§',
  '§p#§ >= §v#§',
  '§p#§ == §p#§',
  '§p#§ in §w#§',
  '§t#§ == §v#§',
  '§t#§ exists',
  '§t#§ §k#§',
  'this §k#§',
  'this == §v#§',
  '§h#§ {\n§t#§ == §v#§\n}',
  '§h#§[ §t#§ == §v#§ ] !empty',
  '§p#§ not empty',
  // Selections that may be empty, texts that contain, lists of lists.
  "Resources.*[ Type == 'T::A::Z' ] !empty {\n§t#§ exists\n}",
  "Resources.*[ Type == 'T::A::Z' ] == §p#§",
  "§p#§ in 'xabab1'",
  "§p#§ not in 'xabab1'",
  "§p#§ !in ['x', §v#§]",
  '§p#§ in [[§v#§], §v#§]',
  '§p#§ in [[1], §v#§]',
  '§p#§ not in [[§v#§], [1]]',
  "§L#§ in [[1], ['a'], §M#§]",
  "§L#§ in [[1], ['a']]",
  "§L#§ not in [['a'], [1]]",
  '§L#§ in §M#§',
  '§L#§ == [§V#§]',
  'this {\nlet q = §V#§\n%q in §W#§\n}',
  'this {\nlet q = §V#§\nsome %q == §W#§\n}',
  'this {\nlet q = §M#§\n%q in §L#§\n}',
  '§w#§ != §p#§',
  '§w#§ not in §p#§',
  // What a query captures is known from then on, in the whole file.
  "Resources[ n | Type exists ] !empty\n%n in ['R1', 'R2']",
  "Resources[ n | Type == 'T::A::B' ].Properties exists\nsome %n == 'R1'",
  'Resources[n].Type exists\n%n !empty\nResources.%n.Type exists',
  'Resources[ n ].Properties exists\n%n is_string',
  '§h#§[ m | §t#§ exists ] exists\n%m exists',
  '§h#§[ m | keys == /./ ] exists\n%m == /a/',
  '§h#§[m] exists',
  '§p#§[ m | this §k#§ ] !empty',
);

/** A variable, whatever it holds, against values of the document. */
const aimedVariable = aimed(
  '%v0 in §w#§',
  'some %v0 in §w#§',
  '%v1 == §w#§',
  '%v1 not in §w#§',
  '%v2 in §p#§',
  'some %v2 == §p#§',
  '§p#§ in %v1',
  '§p#§ == %v2',
  '§p#§ != %v0',
);
const aimedCondition = aimed(
  '%v0 !empty',
  '%v0 not empty',
  '%v0 !empty %v2 exists',
  '%v2.%v1.§t#§ exists',
  '§p#§ exists',
  '§p#§ == §v#§',
  '§p#§ §k#§',
  '§p#§ !exists',
  'some §w#§ == §v#§',
);

const message = optional(oneOf('<<why>>', '<< a > b\n second # line >>'), 12);
const not = oneOf('not ', '!', 'NOT ');

const queryPart = perScope((scope) => {
  const plain = weighted(
    [10, sequence('.', key)],
    [4, fc.constant('.*')],
    [4, fc.constant('[*]')],
    [1, sequence('[', oneOf('0', '1', '-1', '2'), ']')],
    [1, sequence('.', oneOf('0', '1'))],
    [1, sequence('[', fc.constantFrom(...KEYS).map(quoted), ']')],
    [1, sequence('.', variable(scope))],
  );
  if (scope.depth <= 0) return plain;
  const keyFilter = sequence(
    oneOf('[ keys ', '[ KEYS ', '[keys '),
    oneOf('== ', '!= ', 'in ', 'not in ', '!in '),
    weighted(
      [3, fc.constantFrom(...KEYS, ...LOGICAL_IDS).map(quoted)],
      [2, regexLiteral],
      [2, sequence('[', list(fc.constantFrom(...KEYS).map(quoted), ', ', 1, 3), ']')],
      [1, variable(scope)],
    ),
    ' ]',
  );
  const filter = sequence('[ ', list(propertyClause(deeper(scope)), '\n', 1, 2), ' ]');
  return weighted([22, plain], [2, keyFilter], [4, filter]);
});

const typeFilter = fc.constantFrom(...TYPES).map((type) => `[ Type == '${type}' ]`);
const resources = sequence(
  weighted(
    [6, sequence('Resources.*', typeFilter)],
    [2, sequence('Resources', typeFilter)],
    [2, fc.constant('Resources.*')],
    [1, sequence('Resources.', oneOf(...LOGICAL_IDS))],
  ),
  optional(oneOf('.Properties', '.Properties.*', '.Type'), 1),
);

/** On a right side, in a `let` and as an argument, a quoted word or a literal's name would be read as a literal. */
const queryIn = (place: 'left' | 'right'): ((scope: Scope) => Text) =>
  perScope((scope) => {
    const head = weighted(
      [8, place === 'left' ? key : oneOf(...unquotedKeys)],
      [4, resources],
      [6, variable(scope)],
      [3, oneOf('this', 'THIS')],
      [1, oneOf('Properties', 'Type', 'Metadata')],
      [6, aimed('§p#§', '§w#§', '§t#§')],
    );
    const parts = fc.array(queryPart(deeper(scope)), { maxLength: 2 }).map((texts) => texts.join(''));
    return sequence(head, weighted([1, fc.constant('')], [2, parts]));
  });
const leftQuery = queryIn('left');
const rightQuery = queryIn('right');

const call = perScope((scope) => {
  const argument = weighted([4, rightQuery({ ...scope, depth: 0 })], [1, stringLiteral], [1, integerLiteral]);
  return weighted(
    [4, sequence('count(', argument, ')')],
    [1, sequence('json_parse(', argument, ')')],
    [
      1,
      sequence('regex_replace(', argument, ', ', oneOf(`'a'`, `'^(.)b'`, `'.'`), ', ', oneOf(`'X'`, `'\${1}$1'`), ')'),
    ],
    [2, sequence('join(', argument, ', ', oneOf(`','`, `''`), ')')],
    [2, sequence(oneOf('to_lower(', 'to_upper(', 'url_decode('), argument, ')')],
    [1, sequence('substring(', argument, ', ', oneOf('0', '1'), ', ', oneOf('1', '2', '5'), ')')],
    [1, sequence(oneOf('parse_string(', 'parse_boolean(', 'parse_int(', 'parse_float(', 'parse_char('), argument, ')')],
  );
});

const unary = weighted(
  [6, oneOf('exists', '!exists', 'not exists', 'EXISTS')],
  [2, oneOf('empty', '!empty', 'not empty', 'EMPTY')],
  [
    3,
    sequence(
      optional(oneOf('!', 'not '), 2),
      oneOf('is_string', 'is_list', 'is_struct', 'is_bool', 'is_int', 'is_float', 'is_null', 'IS_LIST'),
    ),
  ],
);
const comparison = weighted(
  [6, oneOf('==', '==', '!=')],
  [4, oneOf('in', 'not in', '!in', 'IN')],
  [2, oneOf('<', '<=', '>', '>=')],
);

const accessClause = perScope((scope) => {
  const right = weighted([6, literal], [3, rightQuery(scope)], [1, call(scope)]);
  const some = optional(oneOf('some ', 'SOME '), 5);
  return weighted(
    [2, sequence(optional(not, 8), some, leftQuery(scope), ' ', unary, message)],
    [3, sequence(optional(not, 12), some, leftQuery(scope), ' ', comparison, ' ', right, message)],
  );
});

function argumentsOf(scope: Scope, count: number): Text {
  const argument = weighted([5, rightQuery({ ...scope, depth: 0 })], [3, literal], [1, call(scope)]);
  return fc.tuple(...Array.from({ length: count }, () => argument)).map((texts) => texts.join(', '));
}

const ruleCall = perScope((scope) => {
  return fc.oneof(
    ...scope.callable.map(([name, count]) =>
      sequence(optional(not, 10), name, '(', argumentsOf(scope, count), ')', message),
    ),
  );
});

/** A block binds up to one variable of its own; its name shadows or not, by chance. */
function block(scope: Scope, members: (scope: Scope) => Text, maxLength = 2): Text {
  const body = (inner: Scope): Text => list(members(inner), '\n', 1, maxLength);
  const bound = (name: string): Text =>
    sequence(
      `{\nlet ${name} = `,
      // A variable that reads itself overflows the reference's stack.
      letValue({ ...scope, variables: scope.variables.filter((other) => other !== name) }),
      '\n',
      body({ ...scope, variables: [...scope.variables, name] }),
      '\n}',
    );
  return weighted([5, sequence('{\n', body(scope), '\n}')], [1, bound('w')], [1, bound('v0')]);
}

const reference = (scope: Scope): Text =>
  sequence(optional(not, 3), fc.constantFrom(...scope.referable), optional(fc.constant(' <<why>>'), 8), '\n');

const condition = perScope((scope) => {
  return weighted(
    [4, accessClause(deeper(scope))],
    [4, aimedCondition],
    ...(scope.callable.length > 0 ? [[1, ruleCall(scope)] as const] : []),
    ...(scope.referable.length > 0 ? [[2, reference(scope)] as const] : []),
  );
});

const conditions = (scope: Scope): Text => list(condition(scope), ' ', 1, 2);

const alternatives = (member: Text): Text =>
  weighted([5, member], [1, list(member, ' or ', 2, 3)], [1, list(member, '\nOR ', 2, 2)]);

/** A clause, perhaps a disjunction; rule references stand only where the grammar has them. */
const clauseWith = (references: boolean): ((scope: Scope) => Text) =>
  perScope((scope) => {
    const access: readonly [number, Text] = [
      12,
      weighted([5, accessClause(scope)], [5, aimedClause], [scope.variables.length > 0 ? 1 : 0, aimedVariable]),
    ];
    const calls = scope.callable.length > 0 ? ([[2, ruleCall(scope)]] as const) : [];
    const refs = references && scope.referable.length > 0 ? ([[3, reference(scope)]] as const) : [];
    if (scope.depth <= 0) return alternatives(weighted(access, ...calls, ...refs));
    const inner = deeper(scope);
    const nested = sequence(
      optional(fc.constant('some '), 6),
      leftQuery(inner),
      oneOf(' ', ' ', ' ', ' !empty ', ' not empty '),
      block(inner, propertyClause),
    );
    const when = sequence('when ', conditions(inner), ' ', block(inner, references ? ruleClause : propertyClause));
    return alternatives(weighted(access, [4, nested], [2, when], ...calls, ...refs));
  });
const propertyClause = clauseWith(false);
const ruleClause = clauseWith(true);

const letValue = perScope((scope) => {
  return weighted(
    [4, rightQuery(deeper(scope))],
    [2, aimed('§v#§')],
    [1, sequence('some ', rightQuery(deeper(scope)))],
    [3, literal],
    [2, call(scope)],
  );
});

const typeBlock = perScope((scope) => {
  const inner = deeper(scope);
  const name = oneOf(...TYPES, 'T::A::Z');
  return weighted(
    [3, sequence(name, ' ', block(inner, propertyClause))],
    [1, sequence(name, ' when ', conditions(inner), ' ', block(inner, propertyClause))],
    [1, sequence(name, ' ', accessClause(inner))],
  );
});

const ruleMember = (scope: Scope): Text =>
  scope.typeBlocks ? weighted([5, ruleClause(scope)], [1, alternatives(typeBlock(scope))]) : ruleClause(scope);

const noNames: Scope = { variables: [], callable: [], referable: [], typeBlocks: false, depth: 2 };

/** Variables as the Control Tower rules have them, whose conditions tell at a glance that a rule is skipped. */
const selectingLets = sequence(
  'let v1 = ',
  fc.constantFrom(...TYPES, 'T::A::Z', 'a').map(quoted),
  '\nlet v2 = this\nlet v0 = Resources.*[ Type == %v1 ',
  optional(fc.constant("or Type == 'T::A::C' ")),
  ']',
);

/** File-level variables; each may use the ones before it. */
const freeLets = fc
  .tuple(
    ...[0, 1, 2].map((index) =>
      sequence(
        `let v${index} `,
        oneOf('=', ':='),
        ' ',
        letValue({ ...noNames, variables: ['v0', 'v1'].slice(0, index) }),
      ),
    ),
  )
  .map((texts) => texts.join('\n'));

const fileLets = weighted([4, freeLets], [1, selectingLets]);

const ruleNames = ['r0', 'r1', 'r2'] as const;

/** A rule refers to earlier ones only; now and then it bears the name of the one before it. */
function rule(index: number, scope: Scope): Text {
  const text = (name: string, referable: readonly string[]): Text => {
    const named = { ...scope, referable };
    return sequence(
      `rule ${name}`,
      optional(sequence(' when ', conditions(named)), 2),
      ' ',
      block(named, ruleMember, 3),
    );
  };
  const own = text(ruleNames[index]!, ruleNames.slice(0, index));
  return index === 0 ? own : weighted([12, own], [1, text(ruleNames[index - 1]!, ruleNames.slice(0, index - 1))]);
}

function fileOf(typeBlocks: boolean, parameterised: boolean, loose: boolean, rules: number): Text {
  const scope: Scope = { ...noNames, variables: ['v0', 'v1', 'v2'], typeBlocks };
  const one = ['p1', 1] as const;
  const two = ['p2', 2] as const;
  const p1 = { ...scope, variables: ['x', 'x', ...scope.variables], depth: 1 };
  const p2 = { ...scope, variables: ['x', 'y', ...scope.variables], callable: [one], depth: 1 };
  const called: Scope = parameterised ? { ...scope, callable: [one, two] } : scope;
  const parts = [
    fileLets,
    ...(parameterised
      ? [sequence('rule p1(x) ', block(p1, ruleMember)), sequence('rule p2(x, y) ', block(p2, ruleMember))]
      : []),
    ...(loose
      ? [typeBlocks ? weighted([3, propertyClause(called)], [1, typeBlock(called)]) : propertyClause(called)]
      : []),
    ...Array.from({ length: rules }, (_, index) => rule(index, called)),
  ];
  return fc.tuple(...parts).map((texts) => `${texts.join('\n')}\n`);
}

const ruleFile = (typeBlocks: boolean): Text =>
  weighted(
    [4, fileOf(typeBlocks, false, false, 1)],
    [2, fileOf(typeBlocks, false, false, 3)],
    [1, fileOf(typeBlocks, false, true, 1)],
    [2, fileOf(typeBlocks, true, false, 1)],
    [2, fileOf(typeBlocks, true, false, 2)],
    [1, fileOf(typeBlocks, true, true, 2)],
  );

/**
 * A rule file and a document for it. The names that a file may use are the variables `v0`–`v2`, rules `r0`–`r2`, and the
 * parameterised rules `p1(x)` and `p2(x, y)`.
 */
export const pair: fc.Arbitrary<{ readonly rules: string; readonly document: Value }> = fc
  .oneof(
    { arbitrary: fc.tuple(ruleFile(false), document), weight: 3 },
    { arbitrary: fc.tuple(ruleFile(true), template), weight: 1 },
  )
  .map(([rules, value]) => ({ rules: aim(rules, value), document: value }));

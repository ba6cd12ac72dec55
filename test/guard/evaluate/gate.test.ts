/**
 * Rules that a document's types alone show to be skipped. The first evaluation of a program knows nothing of this and is
 * the measure for the second.
 */
import { compileRules, EvaluationError, openDocument, parseRules, type Program } from '../../../guard/index.js';
import { gatesOf, isClosed } from '../../../guard/evaluate/gate.js';
import type { Value } from '../../../template/index.js';

const selection = "let x = Resources.*[ Type == 'A' ]\n";
const hook = "rule hook(doc, type) { %doc.%type.p exists }\nlet D = this\nlet T = 'K'\n";

const template = `${selection}let D = this\nrule template(doc) { %doc { a exists or b exists } }\n`;

/** Rule files whose one rule `r` has a gate. */
const gated: Readonly<Record<string, string>> = {
  'selection in front': `${selection}rule r when %x !empty { a exists }`,
  'selection spelled out': `${selection}rule r when %x not empty { a exists }`,
  'negation in front': `${selection}rule r when not %x empty { a exists }`,
  'selection by a variable': "let T = 'A'\nlet x = Resources.*[ Type == %T ]\nrule r when %x !empty { a exists }",
  'one of two types': "let x = Resources.*[ Type == 'A' or Type == 'B' ]\nrule r when %x !empty { a exists }",
  'values of the map': "let x = Resources[ Type == 'A' ]\nrule r when %x !empty { a exists }",
  'a narrowed selection': "let x = Resources.*[ Type == 'A' n == 1 ]\nrule r when %x !empty { a exists }",
  'a narrowed selection, the type last':
    "let x = Resources.*[ n !exists or p.q != /B/ Type == 'A' ]\nrule r when %x !empty { a exists }",
  'a narrowed selection of two types':
    "let x = Resources[ n in ['B', 'C'] Type == 'A' or Type == 'B' ]\nrule r when %x !empty { a exists }",
  'two selections': `${selection}let y = Resources.*[ Type == 'B' ]\nrule r when %x !empty %y !empty { a exists }`,
  'another condition': `${selection}rule r when a exists %x !empty { a exists }`,
  'a harmless call': `${selection}let D = this\nrule any(doc) { %doc { a exists or Resources exists } }\nrule r when any(%D) %x !empty { a exists }`,
  'key of the root': `${hook}rule r when hook(%D, %T) { K exists }`,
  'key of the root, written in the call':
    "rule hook(doc, type) { %doc.%type.p exists }\nrule r when hook(this, 'K') { K exists }",
  'a template': `${template}rule r when template(%D) %x !empty { a exists }`,
  'a template, its key spelled otherwise': `${template.replace('a exists', 'A exists')}rule r when template(%D) %x !empty { a exists }`,
  'a template or a hook': `${template}${hook.replace('let D = this', '')}rule r when template(%D) or hook(%D, %T) %x !empty { a exists }`,
  'a template by all values': `${template.replace('%doc {', '%doc.* {')}rule r when template(%D) %x !empty { a exists }`,
  'a template by some of it': `${template.replace('a exists or', 'a exists')}rule r when template(%D) %x !empty { a exists }`,
  'a template that lacks a key': `${template.replace('a exists', 'a !exists')}rule r when template(%D) %x !empty { a exists }`,
  'a part that is a template': `${template}rule r when template(Resources) %x !empty { a exists }`,
  'a template and the value of a key': `${template.replace('a exists', 'a is_string')}rule r when template(%D) %x !empty { a exists }`,
  'a negated call, whose negation has no effect': `${hook}rule r when not hook(%D, %T) { K exists }`,
};

/** Rule files whose rule `r` looks similar and has none. */
const open: Readonly<Record<string, string>> = {
  'asks for emptiness': `${selection}rule r when %x empty { a exists }`,
  'negated twice': `${selection}rule r when !%x !empty { a exists }`,
  'an alternative': `${selection}rule r when %x !empty or a exists { a exists }`,
  'an error in another condition': `${selection}rule r when %x !empty n empty { a exists }`,
  'an unknown variable': `${selection}rule r when %x !empty %nobody exists { a exists }`,
  'an unknown rule': `${selection}rule r when %x !empty nobody(a) { a exists }`,
  'too many arguments': `${selection}rule p(v) { %v exists }\nrule r when %x !empty p(a, a) { a exists }`,
  'a function': `${selection}rule r when %x !empty a == join(n, ',') { a exists }`,
  'a function in an argument': `${selection}rule p(v) { %v exists }\nrule r when %x !empty p(join(n, ',')) { a exists }`,
  'a call that calls': `${selection}rule q(v) { n empty }\nrule p(v) { q(%v) }\nrule r when %x !empty p(a) { a exists }`,
  'a variable inside a call': `${selection}rule p(v) { let w = n %w[*] empty }\nrule r when %x !empty p(a) { a exists }`,
  'captured keys': `${selection}rule c { Resources[ x | Type == 'B' ] exists }\nrule r when %x !empty { a exists }`,
  'bound twice': `${selection}let x = Resources.*[ Type == 'B' ]\nrule r when %x !empty { a exists }`,
  'bound to a literal, too': `${selection}let x = 'text'\nrule r when %x !empty { a exists }`,
  'another type': "let x = Resources.*[ Type != 'A' ]\nrule r when %x !empty { a exists }",
  'a type pattern': 'let x = Resources.*[ Type == /A/ ]\nrule r when %x !empty { a exists }',
  'a further filter': "let x = Resources.*[ Type == 'A' n empty ]\nrule r when %x !empty { a exists }",
  'a further filter by a variable':
    "let v = n\nlet x = Resources.*[ Type == 'A' n == %v ]\nrule r when %x !empty { a exists }",
  'a further filter on what is captured':
    "let x = Resources.*[ Type == 'A' p[ k | q exists ] exists ]\nrule r when %x !empty { a exists }",
  'a narrowed selection and more':
    "let x = Resources.*[ Type == 'A' n == 1 ]\nrule r when %x !empty a exists { a exists }",
  'a narrowed selection or more':
    "let x = Resources.*[ Type == 'A' n == 1 ]\nrule r when %x !empty or a exists { a exists }",
  'a type or more': "let x = Resources.*[ Type == 'A' or n == 1 ]\nrule r when %x !empty { a exists }",
  'below the selection': "let x = Resources.*[ Type == 'A' ].p\nrule r when %x !empty { a exists }",
  elsewhere: "let x = Others.*[ Type == 'A' ]\nrule r when %x !empty { a exists }",
  'each result': `${selection}rule r when %x[*] !empty { a exists }`,
  'a variable of a variable': `${selection}let y = %x\nrule r when %y !empty { a exists }`,
  'a key that is no text': 'rule hook(doc, type) { %doc.%type.p exists }\nrule r when hook(this, 5) { K exists }',
  'a key that may be missing':
    "rule hook(doc, type) { %doc.%type.p !exists }\nrule r when hook(this, 'K') { K exists }",
  'a key elsewhere': "rule hook(doc, type) { %doc.%type.p exists }\nrule r when hook(Resources, 'K') { K exists }",
  'one of two lines of a call':
    "rule hook(doc, type) { %doc.%type.p exists or a exists }\nrule r when hook(this, 'K') { K exists }",
  'no conditions': `${selection}rule r { %x !empty }`,
  'a rule': `${selection}rule s { n empty }\nrule r when %x !empty s\n { a exists }`,
};

const documents: readonly Value[] = [
  { a: 1, n: 1, Resources: { R: { Type: 'A' } } },
  { a: 1, n: 1, Resources: { R: { Type: 'B' } } },
  { b: 1, Resources: { R: { Type: 'A' } } },
  { A: 1, Resources: { R: { Type: 'A' } } },
  { n: 1, Resources: { R: { Type: 'A', a: 1 } } },
  { a: { a: 1 }, b: { b: 1 }, Resources: { a: { Type: 'A' }, b: { Type: 'A' } } },
  { a: 1, n: 1, Resources: { R: { Type: 'A', p: 1, n: 1 }, S: { Type: 'B' } } },
  { a: 1, n: 1, Others: { R: { Type: 'A' } }, Resources: { R: { Type: 'C' } } },
  { a: 1, n: 1, K: { p: 1 } },
  { a: 1, n: 1, K: {} },
  { a: 1, n: 1, Resources: { K: { p: 1, Type: 'C' } } },
  { a: 1, n: 1, Resources: {} },
  { a: 1, n: 1, Resources: { R: 'A' } },
  { a: 1, n: 1, Resources: { R: { Type: ['A'] } } },
  { a: 1, n: 1, Resources: { R: { type: 'A' } } },
  { a: 1, n: 1, Resources: ['A'] },
  { a: 1, n: 1, resources: { R: { Type: 'A' } } },
  { a: 1, n: 1 },
  [],
  'text',
];

function program(rules: string): Program {
  const { tree, diagnostics } = parseRules(rules, 'r.guard');
  if (tree === null) throw new Error(diagnostics[0]?.message);
  return compileRules(tree, { file: 'r.guard', text: rules });
}

function outcome(compiled: Program, document: Value): string {
  try {
    return JSON.stringify(compiled.evaluate(openDocument(document)));
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return error.message;
  }
}

describe.each(Object.entries({ ...gated, ...open }))('%s', (name, rules) => {
  it('answers the same once the program has been used', () => {
    const used = program(rules);
    outcome(used, {});
    for (const document of documents) expect(outcome(used, document)).toBe(outcome(program(rules), document));
  });

  it(name in gated ? 'has a gate that some document closes and some document opens' : 'has no gate', () => {
    const { tree } = program(rules);
    const gate = gatesOf(tree)[tree.rules.findIndex((rule) => rule.name === 'r')] ?? null;
    const closed = gate === null ? [] : documents.map((document) => isClosed(gate, openDocument(document)));
    expect(new Set(closed)).toStrictEqual(new Set(name in gated ? [true, false] : []));
  });
});

it('knows that conditions hold only where nothing is unknown', () => {
  const used = program(gated['a template']!);
  const unknown = { Type: 'A', p: 1 };
  const document = { a: 1, Resources: { R: unknown, S: { Type: 'C' } } };
  used.evaluate(openDocument(document));
  const evaluation = used.evaluate(openDocument(document, { isUnknown: (node) => node === unknown }));
  expect(evaluation.rules).toStrictEqual([{ name: 'r', status: 'PASS', touchedUnknown: true }]);
});

it('closes gates beside unknown values of other types, and not where all resources may be absent', () => {
  const used = program(gated['selection in front']!);
  const unknown = { Type: 'B', p: 1 };
  const evaluate = (resources: Value): unknown =>
    used.evaluate(openDocument({ a: 1, Resources: resources }, { isUnknown: (node) => node === unknown })).rules;
  evaluate({});
  expect(evaluate({ R: unknown, S: { Type: 'C' } })).toStrictEqual([
    { name: 'r', status: 'SKIP', touchedUnknown: false },
  ]);
  expect(evaluate({ R: unknown })).toStrictEqual([{ name: 'r', status: 'SKIP', touchedUnknown: true }]);
});

it('leaves no rule of a document with unknown values out', () => {
  const used = program(gated['selection in front']!);
  const unknown = { Ref: 'Anything' };
  const document = { Resources: { R: unknown } };
  used.evaluate(openDocument(document));
  const evaluation = used.evaluate(openDocument(document, { isUnknown: (node) => node === unknown }));
  expect(evaluation.rules).toStrictEqual([{ name: 'r', status: 'SKIP', touchedUnknown: true }]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { EvaluationError, compileRules, openDocument, parseRules } from '../../../guard/index.js';
import type { FailedCheck } from '../../../guard/index.js';
import type { Value } from '../../../template/index.js';
import { pair } from '../../arbitraries/rules.js';
import { corpus } from '../../differential/corpus/corpus.js';
import { jsonText } from '../../support/json.js';
import { runs as amount } from '../../support/runs.js';
import {
  controlTowerFolder,
  controlTowerRules,
  describeWithReference,
  validateFiles,
  validatePairs,
} from '../../support/reference.js';
import { notCompliant, payloadProgram, program } from './support.js';

const DATA = `{"I": 1, "F": 2.5, "s": "abc", "t": true, "n": null, "e": "", "E": [], "M": {"p": 1, "q": {"r": "x"}},
 "L": [{"k": 1, "w": "a"}, {"k": 2, "w": "b"}], "keys": ["p", "zz"], "u": "é\\u0301\\n\\"\\u00a0", "big": 9007199254740993,
 "x.[y": [1], "1": "one", "Resources": {"A": {"Type": "T::A::B", "Properties": {"Tags": []}}, "B": {"Type": "T::A::C"}}}`;

/** One failing rule each, over every kind of check and reason. */
const SNIPPETS = [
  'I == 2',
  'I != 1',
  'I > 1',
  'I < 1',
  'I <= 0',
  'I >= 2',
  'F == 2',
  's == /z/',
  's != /a/',
  "s in ['x', /y/, r[1,2]]",
  "s not in 'xabcx'",
  's in 5',
  'M in [{p: 1}]',
  'L[*].k in [1]',
  'L[*].k not in [1, 3]',
  'L[*].k in %keys',
  's in r(a,z]',
  'I in r[5,9)',
  'I == [2]',
  'I == [2, 3]',
  'E == []  E != []',
  'L == 1',
  'some L[*].k > 5',
  'some L[*] == 1',
  'missing exists',
  'I !exists',
  'not I exists',
  's empty',
  'E !empty',
  't empty',
  'missing !empty',
  'M is_list',
  'L !is_list',
  's !is_string',
  'M !is_struct',
  's is_struct',
  's is_bool',
  't !is_bool',
  's is_int',
  'I !is_int',
  's is_float',
  'F !is_float',
  's is_null',
  'n !is_null',
  'L is_string <<why\nnot>>',
  'missing.x == 1',
  'I.x == 1',
  'L.x == 1',
  'M.p.q exists',
  'u.x exists',
  'big.x exists',
  'F.x exists',
  't.x exists',
  'n.x exists',
  "'1' exists",
  'L[7] exists',
  'L[-7] exists',
  'M[0] exists',
  'M.0 exists',
  'E[*] exists',
  'E.* exists',
  'EM.* exists',
  'I[ this == 2 ] exists',
  "'x.[y'[4] exists",
  "'x.[y' == 'x.[y'",
  'L[ k == 1 ].w == 2',
  'L[*].w[ this == "z" ] !empty',
  'L[ k == 9 ] !empty',
  "M[ keys == 'p' ] == 5",
  "M[ keys in ['p', 'z'] ].x exists",
  "M[ keys != 'p' ] == 5",
  'M[ keys == %keys ] == 7',
  "M[ keys == 'no' ] !empty",
  "L[ keys == 'p' ] exists",
  "M[ keys in ['p', 5] ] !empty",
  'M[ keys == missing ] !empty',
  'M.%keys exists',
  'M.%v == 5',
  'M.%keys[0] exists',
  'M.%keys[9] exists',
  'I.%keys exists',
  'M.%gone exists',
  'L.%keys exists',
  '%v == 2',
  '%lit[*].z exists',
  '%lit.a.z exists',
  '%lit.b.z exists',
  '%lit.c.z exists',
  '%lit[*] == 1',
  '%lit.d == 3',
  '%none !empty',
  '%none !empty <<two\nlines>>',
  'I == 2 <<two\nlines>>',
  '%v empty',
  '%v == M.q',
  'I == L[*].k',
  'L[*].k == I',
  'M == L',
  'I == missing',
  'missing == missing',
  'I == count(L)',
  'I == count(missing)',
  "s == join(L[*].w, ',')",
  's == to_upper(s)',
  '%parsed.k == 2',
  '%parsed.k.z exists',
  's == substring(s, 0, 1)',
  "I == parse_int('5')",
  '%char in r[x,z]',
  '%char.z exists',
  'I in %char',
  'Nope { p == 1 }',
  'M { p == 2\n q { r == 1 } }',
  'L[*] { k == 1 }',
  'some L[*] { k == 9 }',
  'L[ k == 9 ] !empty { k == 1 }',
  '%none !empty { k == 1 }',
  'E[*] { k == 1 }',
  'I == 2 or s == 1 or M { p == 3 }',
  'when I == 1 { s == 1 }',
  'when I == 1 { when s == /a/ { I == 3 <<deep>> } or I == 4 }',
  'T::A::B { Properties.Tags !empty }',
  'T::A::B Properties.X exists <<t>>',
  'T::A::B when Resources exists { Properties.Tags == 1 }',
  'other',
  'not good <<ref>>',
  'called(I, 5) <<call>>',
  'not called(s, "q")',
  'twice(I) <<outer>>',
  'L[*] { called(k, 1) }',
  'this == 1',
  'this.M.z exists',
  'this.*.z exists',
  'Resources.*[ Type == "T::A::B" ].Properties.Tags[*].Key exists',
  'some_key exists',
  'i_i.x_y exists',
  'u == "é"',
] as const;

const AROUND = `
let v = M.p
let lit = { a: r[1,5), b: /x/, c: [1.0, 2.5e-7], d: 'two' }
let gone = missing
let none = L[ k == 99 ]
let keys = keys[*]
let parsed = json_parse('{"k": 1, "n": {"o": [true]}}')
let char = parse_char('b')
rule other { I == 3 }
rule good { I == 1 }
rule called(a, b) { %a == %b }
rule twice(a) { when %a == 1 { twice(2) <<inner>> } %a == 7 }
`;

describeWithReference('explanations, held against cfn-guard', () => {
  it('are equal for every kind of check', () => {
    const texts = SNIPPETS.map((snippet) => `${AROUND}rule r {\n ${snippet}\n}`);
    const runs = validatePairs(texts.map((rules) => ({ rules, data: DATA })));
    const failing = runs.flatMap((run, index) => {
      const theirs = (run.reports[0]?.printed as { not_compliant: unknown } | undefined)?.not_compliant;
      return run.outcome === 'ran' ? [{ snippet: SNIPPETS[index]!, text: texts[index]!, theirs }] : [];
    });
    for (const { snippet, text, theirs } of failing) {
      expect({ snippet, checks: notCompliant([payloadProgram(text)!], DATA) }).toEqual({ snippet, checks: theirs });
    }
    expect(failing.length).toBeGreaterThan(130);
  });

  it('are equal for generated rules and documents', () => {
    const samples = fc
      .sample(pair, amount(60, 150))
      .map(({ rules, document }) => ({ rules, data: jsonText(document) }));
    const runs = validatePairs(samples);
    let compared = 0;
    runs.forEach((run, index) => {
      const { rules, data } = samples[index]!;
      const of = run.outcome === 'ran' ? payloadProgram(rules) : null;
      if (of === null) return;
      compared++;
      const theirs = (run.reports[0]!.printed as { not_compliant: unknown }).not_compliant;
      expect({ rules, data, checks: notCompliant([of], data) }).toEqual({ rules, data, checks: theirs });
    });
    expect(compared).toBeGreaterThan(amount(25, 75));
  });

  it('are equal for the Control Tower rules on templates that fail them', async () => {
    const programs = controlTowerRules().map(({ name, text }) =>
      compileRules(parseRules(text, name).tree!, { file: name, text }),
    );
    const templates = corpus()
      .filter((_template, index) => index % 12 === 0)
      .slice(0, 10);
    const folder = mkdtempSync(join(tmpdir(), 'explain-'));
    try {
      const paths = templates.map(({ text }, index) => {
        const path = join(folder, `${index}.yaml`);
        writeFileSync(path, text);
        return path;
      });
      const { reports } = await validateFiles([controlTowerFolder], paths);
      expect(reports).toHaveLength(templates.length);
      reports.forEach((report, index) => {
        const theirs = (report.printed as { not_compliant: unknown }).not_compliant;
        expect(notCompliant(programs, templates[index]!.text)).toEqual(theirs);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 300_000);
});

describe('explanations', () => {
  const explain = (rules: string, value: Value, index = 0): FailedCheck[] =>
    program(rules).explain(openDocument(value), index, () => ({ line: 4, column: 2 }));

  it('tell where the clause stands in the rule file', () => {
    const rules = 'rule r {\n  a == 1 <<m>>\n  b exists\n}';
    const [rule] = explain(rules, { a: 2 });
    if (rule === undefined || !('Rule' in rule)) throw new Error('no rule');
    const places = rule.Rule.checks.map((check) => ('origin' in check ? check.origin : undefined));
    expect(places.map((origin) => rules.slice(origin?.offset, origin?.end))).toEqual(['a == 1 <<m>>', 'b exists']);
  });

  it('ask for places only for what is printed', () => {
    const asked: string[] = [];
    const rules = 'rule r { a == 1 b == 1 c.d exists }';
    const checks = program(rules).explain(openDocument({ a: 1, b: 2, c: {} }), 0, (path, key) => {
      asked.push(`${path}${key === undefined ? '' : `@${key}`}`);
      return { line: 0, column: 0 };
    });
    const before = asked.length;
    const printed = JSON.stringify(checks);
    expect(before).toBeLessThan(asked.length);
    expect(JSON.stringify(checks)).toBe(printed);
    expect([...new Set(asked)]).toEqual(['/b', '/c']);
  });

  it('are empty for a rule that does not fail', () => {
    expect(explain('rule p { a == 2 }\nrule s when b exists { a == 1 }', { a: 2 }, 0)).toEqual([]);
    expect(explain('rule p { a == 2 }\nrule s when b exists { a == 1 }', { a: 2 }, 1)).toEqual([]);
  });

  it('of a later rule do not repeat what an earlier one reported of a shared variable', () => {
    const rules = "let x = M[ keys == 'p' ]\nrule a { %x == 5 }\nrule b { %x == 5 }";
    const counts = [0, 1].map((index) => {
      const [rule] = explain(rules, { M: { p: 1, q: 2 } }, index);
      return rule !== undefined && 'Rule' in rule ? rule.Rule.checks.length : 0;
    });
    expect(counts).toEqual([2, 1]);
  });

  it('end with the error that the evaluation ends with', () => {
    expect(() => explain('rule r { %nosuch == 1 }', {})).toThrow(EvaluationError);
  });
});

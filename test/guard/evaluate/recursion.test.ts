import { EvaluationError, openDocument } from '../../../guard/index.js';
import type { Value } from '../../../template/index.js';
import { program, statuses } from './support.js';

/** cfn-guard 3.1.1 overflows its stack on all of these. */
describe('what needs itself is an error that names it', () => {
  it.each([
    ['rule a {\n b\n}\nrule b {\n c\n}\nrule c {\n b\n}', /the rules b → c → b refer to each other/],
    ['rule a {\n a\n}', /the rules a → a refer to each other/],
    ['rule a when a { x exists }', /the rules a → a refer/],
    ['let v = %v\nrule r { %v exists }', /the variable v needs its own value/],
    ['let v = %w\nlet w = %v.a\nrule r { %v exists }', /the variable v needs its own value/],
    ['let v = x[ this == %v ]\nrule r { %v exists }', /the variable v needs its own value/],
    ['let v = to_upper(%v)\nrule r { %v exists }', /the variable v needs its own value/],
    ['let v = x\nrule r { let v = %v\n %v exists }', /the variable v needs its own value/],
    ['rule p(x) { p(%x) }\nrule r { p(x) }', /more than \d+ levels deep/],
    ['rule p(x) { q(%x) }\nrule q(x) { p(%x) }\nrule r { p(x) }', /more than \d+ levels deep/],
  ])('%s', (rules, message) => {
    expect(statuses(rules, { x: [1] })).toMatch(message);
  });

  it('in explanations too', () => {
    const of = program('rule p(x) { p(%x) }\nrule r { p(x) }');
    expect(() => of.explain(openDocument({ x: 1 }), 0, () => ({ line: 0, column: 0 }))).toThrow(EvaluationError);
    const circle = program('rule a {\n b\n}\nrule b {\n a\n}');
    expect(() => circle.explain(openDocument({}), 0, () => ({ line: 0, column: 0 }))).toThrow(EvaluationError);
    const variable = program('let v = %v\nrule r { %v exists }');
    expect(() => variable.explain(openDocument({}), 0, () => ({ line: 0, column: 0 }))).toThrow(EvaluationError);
  });

  it('but a rule may call itself on smaller values', () => {
    const rules =
      'rule p(x) { when %x.next exists { p(%x.next) } when %x.next !exists { %x.last == true } }\nrule r { p(list) }';
    const chain = (length: number): Value => {
      let value: Value = { last: true };
      for (let i = 0; i < length; i++) value = { next: value };
      return { list: value };
    };
    expect(statuses(rules, chain(60))).toBe('PASS');
    expect(statuses(rules, chain(1_000))).toMatch(/levels deep/);
  });

  it('and a name may be used again in another scope', () => {
    expect(statuses('let v = x\nrule r { M { let v = y\n %v == 2 } %v == 1 }', { x: 1, M: { y: 2 } })).toBe('PASS');
  });
});

/** Which rules are marked as having read an unknown value. */
import { openDocument } from '../../../guard/index.js';
import type { Value } from '../../../template/index.js';
import { program } from './support.js';

const unknown = { Ref: 'X' };
const DOCUMENT: Value = {
  a: { b: unknown, c: 1 },
  list: ['x', unknown, 'y'],
  only: [unknown],
  holder: { deep: { deeper: unknown } },
  keys: ['c'],
  Resources: { B: { Type: 'T::A::B', Properties: { p: unknown, q: 1 } }, C: { Type: 'T::A::C', Properties: { q: 2 } } },
};

function touched(rules: string): boolean[] {
  const document = openDocument(DOCUMENT, { isUnknown: (node) => node === unknown });
  return program(rules)
    .evaluate(document)
    .rules.map(({ touchedUnknown }) => touchedUnknown);
}

describe('a rule is marked', () => {
  it.each([
    'a.b == 1',
    'a.b exists',
    'a.b.Ref exists',
    'a.b is_string',
    'a == 1',
    'a in [{c: 1}]',
    'this == {a: 1}',
    'list == 1',
    'list[1] exists',
    'list[2] exists',
    'list[*] exists',
    'list[ this == 1 ] exists',
    'only empty',
    'holder !empty',
    'holder.deep.deeper exists',
    'holder == 1',
    'a.* == 1',
    "a[ keys == 'b' ] exists",
    'a.%names exists',
    '%unknowns exists',
    'a.c == %unknowns',
    'a { b exists }',
    'when a.b exists { a.c == 1 }',
    'T::A::B { Properties.p exists }',
    "Resources.*[ Type == 'T::A::B' ].Properties.p exists",
    "Resources.*[ Type == 'T::A::B' Properties.p exists ] exists",
    'Resources.*.Properties.p exists',
    'a.c == to_upper(list[*])',
    'a.c == count(list)',
    'called(a.b)',
  ])('%s', (clause) => {
    const around = "let names = ['b']\nlet unknowns = only[*]\nrule called(x) { %x exists }\n";
    expect(touched(`${around}rule r { ${clause} }`)).toEqual([true]);
  });

  it.each([
    'a.c == 1',
    'a exists',
    'a is_struct',
    'list is_list',
    'list[0] == "x"',
    'a.%keys == 1',
    "a[ keys == 'c' ] == 1",
    "Resources.*[ Type == 'T::A::C' ].Properties.q == 2",
    "Resources.*[ Type == 'T::A::B' ].Properties.q == 1",
    'T::A::C { Properties.q == 2 }',
    'a { c == 1 }',
    'a.c == 1 or a.b == 1',
    'when a.c == 2 { a.b == 1 }',
  ])('not for %s', (clause) => {
    expect(touched(`let keys = keys[*]\nrule r { ${clause} }`)).toEqual([false]);
  });

  it('by a variable that another rule has evaluated before', () => {
    expect(touched('let v = a.b\nrule one { %v exists }\nrule two { %v exists }\nrule three { a.c == 1 }')).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('by a rule that it refers to, evaluated before or after', () => {
    expect(
      touched(
        'rule one {\n two\n}\nrule two { a.b exists }\nrule three {\n two\n}\nrule four {\n five\n}\nrule five { a.c == 1 }',
      ),
    ).toEqual([true, true, true, false, false]);
  });

  it('when all resources are unknown, whatever type it asks for', () => {
    const resources = { B: { Type: 'T::A::B' } };
    const document = openDocument({ Resources: resources }, { isUnknown: (node) => node === resources.B });
    const of = program("rule r { Resources.*[ Type == 'T::A::C' ] exists }");
    expect(of.evaluate(document).rules[0]!.touchedUnknown).toBe(true);
  });

  it('when an unknown map is reached by two ways', () => {
    const shared = { inner: unknown };
    const document = openDocument({ a: shared, b: shared }, { isUnknown: (node) => node === unknown });
    const of = program('rule a { a == 1 }\nrule b { b == 1 }');
    expect(of.evaluate(document).rules.map(({ touchedUnknown }) => touchedUnknown)).toEqual([true, true]);
  });
});

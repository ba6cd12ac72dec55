import fc from 'fast-check';
import { Alphabet } from '../../../../iam/prove/automata/alphabet.js';
import { ANY_CHAR, charsOf, complement } from '../../../../iam/prove/automata/char-set.js';
import type { CharSet } from '../../../../iam/prove/automata/char-set.js';
import { compileLanguage } from '../../../../iam/prove/automata/compile.js';
import {
  accepts,
  complementOf,
  isEmpty,
  join,
  members,
  minimised,
  shortest,
} from '../../../../iam/prove/automata/dfa.js';
import type { Dfa } from '../../../../iam/prove/automata/dfa.js';
import { collectSets, wildcardLanguage } from '../../../../iam/prove/automata/language.js';
import type { Language } from '../../../../iam/prove/automata/language.js';
import { regexLanguage, RegexError } from '../../../../iam/prove/automata/regex.js';
import { Budget, Exhausted } from '../../../../iam/prove/budget.js';

const budget = new Budget(1e9);

function compile(...languages: readonly Language[]): Dfa[] {
  const sets: CharSet[] = [];
  for (const language of languages) collectSets(language, sets);
  const alphabet = Alphabet.of(sets);
  return languages.map((language) => compileLanguage(language, alphabet, budget));
}

/** The definition: a star takes nothing or one character more, a question mark any character. */
function matches(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) {
    return matches(pattern.slice(1), text) || (text !== '' && matches(pattern, text.slice(1)));
  }
  return (
    text !== '' &&
    (pattern.startsWith('?') || text.startsWith(pattern.charAt(0))) &&
    matches(pattern.slice(1), text.slice(1))
  );
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 7 });

describe('automata of wildcard patterns', () => {
  it('accept what the definition of the wildcards matches', () => {
    let matched = 0;
    fc.assert(
      fc.property(pattern, text, (written, value) => {
        const [dfa] = compile(wildcardLanguage(written));
        const expected = matches(written, value);
        matched += Number(expected);
        expect(accepts(dfa!, value)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
    expect(matched).toBeGreaterThan(200);
  });

  it('are those of sequences of sets, each once or any number of times', () => {
    const sets = [ANY_CHAR, charsOf('a'), charsOf('ab'), complement(charsOf('a'))] as const;
    const token = fc.record({ set: fc.nat(sets.length - 1), many: fc.boolean() });
    const written = ['[\\s\\S]', 'a', '[ab]', '[^a]'] as const;
    let matched = 0;
    fc.assert(
      fc.property(fc.array(token, { maxLength: 6 }), text, (tokens, value) => {
        const [dfa] = compile({ kind: 'pattern', tokens: tokens.map(({ set, many }) => ({ set: sets[set]!, many })) });
        const expression = tokens.map(({ set, many }) => `${written[set]!}${many ? '*' : ''}`).join('');
        const expected = new RegExp(`^${expression}$`, 'u').test(value);
        matched += Number(expected);
        if (accepts(dfa!, value) !== expected) throw new Error(`${expression} on ${value}: not ${expected}`);
      }),
      { numRuns: 3_000 },
    );
    expect(matched).toBeGreaterThan(300);
  });

  it('are empty where a place takes no character, but for one that may be left out', () => {
    const [a, none]: CharSet[] = [charsOf('a'), []];
    const of = (...tokens: readonly (readonly [CharSet, boolean])[]): Dfa => {
      const language: Language = { kind: 'pattern', tokens: tokens.map(([set, many]) => ({ set, many })) };
      return compileLanguage(language, Alphabet.of([a!]), budget);
    };
    expect(isEmpty(of([a!, false], [none!, false]))).toBe(true);
    expect(isEmpty(of([none!, false], [a!, true]))).toBe(true);
    expect(isEmpty(of([none!, true], [none!, false], [a!, false]))).toBe(true);
    expect(shortest(of([a!, false], [none!, true]))).toBe('a');
    expect(shortest(of([none!, true]))).toBe('');
  });

  it('compare case when it counts and else do not', () => {
    const [exact, folded] = compile(wildcardLanguage('Ab*'), wildcardLanguage('Ab*', { ignoreCase: true }));
    expect([accepts(exact!, 'abc'), accepts(exact!, 'Abc')]).toStrictEqual([false, true]);
    expect([accepts(folded!, 'aBc'), accepts(folded!, 'bA')]).toStrictEqual([true, false]);
  });

  it('stay as small as the pattern for many stars', () => {
    const [dfa] = compile(wildcardLanguage('*abc'.repeat(60) + '*'));
    expect(dfa!.accepts).toHaveLength(181);
  });

  it('give up on patterns whose automaton doubles with every character', () => {
    const language = wildcardLanguage(`*a${'?'.repeat(60)}`);
    const sets: CharSet[] = [];
    collectSets(language, sets);
    expect(() => compileLanguage(language, Alphabet.of(sets), new Budget(100_000))).toThrow(Exhausted);
  });
});

describe('operations on automata', () => {
  it('are those on sets', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (first, second, value) => {
        const [left, right] = compile(wildcardLanguage(first), wildcardLanguage(second)) as [Dfa, Dfa];
        const [inLeft, inRight] = [matches(first, value), matches(second, value)];
        expect(accepts(join(left, right, 'and', budget), value)).toBe(inLeft && inRight);
        expect(accepts(join(left, right, 'or', budget), value)).toBe(inLeft || inRight);
        expect(accepts(join(left, right, 'without', budget), value)).toBe(inLeft && !inRight);
        expect(accepts(complementOf(left, budget), value)).toBe(!inLeft);
        expect(accepts(minimised(left, budget), value)).toBe(inLeft);
      }),
      { numRuns: 1_000 },
    );
  });

  it('find a shortest member, or that there is none', () => {
    let empty = 0;
    fc.assert(
      fc.property(pattern, pattern, (first, second) => {
        const [left, right] = compile(wildcardLanguage(first), wildcardLanguage(second)) as [Dfa, Dfa];
        const rest = join(left, right, 'without', budget);
        const word = shortest(rest);
        empty += Number(word === undefined);
        expect(isEmpty(rest)).toBe(word === undefined);
        if (word === undefined) {
          for (const value of ['', 'a', 'b', 'c', 'ab', 'ba', 'abc', 'aab', 'bab']) {
            expect(matches(first, value) && !matches(second, value)).toBe(false);
          }
        } else {
          expect(matches(first, word) && !matches(second, word)).toBe(true);
          for (let length = 0; length < word.length && length < 4; length++) {
            for (const shorter of textsOf(length)) expect(accepts(rest, shorter)).toBe(false);
          }
        }
      }),
      { numRuns: 1_000 },
    );
    expect(empty).toBeGreaterThan(50);
  });

  it('list members, all of them when they are few', () => {
    const [few, many] = compile(regexLanguage('a|bb|[xy]z'), regexLanguage('[a-z]+')) as [Dfa, Dfa];
    expect([...members(few, 10, budget)].sort()).toStrictEqual(['a', 'bb', 'xz', 'yz']);
    const found = members(many, 40, budget);
    expect(new Set(found).size).toBe(40);
    expect(found.every((word) => /^[a-z]+$/.test(word))).toBe(true);
  });

  it('choose plain characters', () => {
    const [dfa] = compile(wildcardLanguage('?-?*'));
    expect(shortest(dfa!)).toBe('a-a');
  });
});

describe('regular expressions of assumptions', () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ['[A-Za-z0-9-]{1,3}', ['a', 'a-9', 'Zz'], ['', 'abcd', 'a/b', 'a_']],
    ['^(?:dev|prod)$', ['dev', 'prod'], ['', 'devprod', 'dev ']],
    ['a+b?c*', ['a', 'aab', 'accc'], ['', 'b', 'abb']],
    ['[^/]+', ['a', ' '], ['', 'a/b']],
    ['\\d{12}', ['123456789012'], ['12345678901', '12345678901a']],
    ['\\w+\\.\\S', ['a_9.x'], ['a_9xx', 'a. ']],
    ['(a|b(c|d)){2}', ['aa', 'abc', 'bdbc'], ['a', 'ab']],
    ['x{2,}', ['xx', 'xxxx'], ['x']],
    ['[\\]\\-a]*', [']-a', ''], ['b']],
    ['.', ['a', '/'], ['', 'ab']],
  ];

  it.each(cases)('%s', (expression, inside, outside) => {
    const [dfa] = compile(regexLanguage(expression));
    for (const value of inside) expect([value, accepts(dfa!, value)]).toStrictEqual([value, true]);
    for (const value of outside) expect([value, accepts(dfa!, value)]).toStrictEqual([value, false]);
  });

  it.each([
    '(',
    ')',
    'a)',
    '[a',
    '*a',
    'a**',
    '(?=a)',
    '\\1',
    'a{3,2}',
    'a{',
    '[b-a]',
    '^a|b$',
    'a^b',
    'a{9999}',
    '\\',
  ])('refuses %s', (expression) => {
    expect(() => regexLanguage(expression)).toThrow(RegexError);
  });

  it('agree with those of JavaScript', () => {
    const piece = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(?:ab)?', 'a*', 'b+', 'c{1,2}', '(ab|c)*');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), text, (pieces, value) => {
        const [dfa] = compile(regexLanguage(pieces.join('')));
        expect(accepts(dfa!, value)).toBe(new RegExp(`^(?:${pieces.join('')})$`).test(value));
      }),
      { numRuns: 1_000 },
    );
  });
});

function textsOf(length: number): readonly string[] {
  if (length === 0) return [''];
  return textsOf(length - 1).flatMap((rest) => ['a', 'b', 'c'].map((first) => first + rest));
}

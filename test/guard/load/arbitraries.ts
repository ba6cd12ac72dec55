/** Texts that are YAML, nearly YAML, or no YAML at all. */
import fc from 'fast-check';

const SCALARS = [
  ...['', 'a', 'b c', '1', '-2', '010', '1.5', '1e3', 'true', 'null', '~', 'yes', '2010-09-09', '0.0.0.0/0', 'x:y'],
  ...['"q"', "'it''s'", '"x\n   y"', 'a\n   b', '"\\u00e9\\n"', 'http://a:80/', 'a#b', 'a #b', '- x', '? x', '@'],
  ...['!Ref x', '!Ref 5', '!GetAtt a.b', '!Sub "${x}"', '!!str 5', '!!int 7', '!T', '!T x', '&z k', '*z', 'a: b'],
  ...['[a, b]', '{a: b}', '[a: b]', '{}', '[]', '!Join [a, [b]]', '!If\n- a\n- b', '!Select {a: b}', '{"a":1,b}'],
  ...['|\n      x\n       y', '>-\n      x\n      y', '>\n      x\n\n       y\n', '|+\n      x\n\n'],
];
const KEYS = ['k', 'k2', '"q k"', 'Fn::If', '200', "'s'", '!T k', '&n k', 'a b', '<<', 'é', '😀'];
const TOKENS = [
  ...['a', 'b', '1', '0x1', 'true', '~', ' ', '  ', '\n', '\n  ', '\n ', '\n    ', ': ', ':', '- ', '-', '? ', '['],
  ...[']', '{', '}', ',', ', ', '"x"', "'y'", '"', "'", '|', '>', '|-\n', '>+\n', '#', ' # c', '!Ref ', '!T', '!'],
  ...['&x ', '*x', '&', '---', '...', '%', '@', '\t', '\\', '\r\n', '!Join\n', '!!str ', '<<: ', 'é', '😀', '\u2028'],
];

/** A node at an indentation; nested nodes start on the next line. */
function node(depth: number, indent: string): fc.Arbitrary<string> {
  const scalar = fc.constantFrom(...SCALARS);
  if (depth === 0) return scalar;
  const deeper = fc.constantFrom('  ', '  ', '    ', ' ').chain((step) => {
    const inside = indent + step;
    const value = node(depth - 1, inside);
    const tail = fc.constantFrom('', '', '', '  ', ' # c', '\n', ' \t');
    const entry = fc
      .tuple(fc.constantFrom(...KEYS), fc.constantFrom(': ', ': ', ':', ' : '), value, tail)
      .map(([key, colon, text, end]) => `\n${inside}${key}${colon}${text}${end}`);
    const element = fc
      .tuple(fc.constantFrom('- ', '- ', '-   ', '-'), value, tail)
      .map(([dash, text, end]) => `\n${inside}${dash}${text}${end}`);
    const some = { minLength: 1, maxLength: 3 };
    return fc.oneof(fc.array(entry, some), fc.array(element, some)).map((lines) => lines.join(''));
  });
  return fc.oneof({ arbitrary: scalar, weight: 1 }, { arbitrary: deeper, weight: 1 });
}

/** Starts with a key in the first column, so that no text can stand outside of the map. */
const rooted = (text: fc.Arbitrary<string>): fc.Arbitrary<string> => text.map((rest) => `k: ${rest}\n`);

/** Mostly well-formed. */
export const yamlText: fc.Arbitrary<string> = rooted(node(4, ''));

/** A few characters of YAML in any order. */
export const brokenText: fc.Arbitrary<string> = rooted(
  fc.array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 10 }).map((tokens) => tokens.join('')),
);

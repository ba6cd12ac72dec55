/** Patterns and texts that meet each other, for comparisons with the reference and between our own matchers. */
import fc from 'fast-check';

const raw = String.raw;

/** Patterns that cfn-guard 3.1.1 accepts (measured). */
export const accepted: readonly string[] = [
  ...raw`a ^a$ . \d+ \w+ \s \h \H [\h] [+-\h] [+-\h]* { } a{ a{,2} ^a{,2}$ a{2}{3} {{resolve\:ssm\:.*}} \: \- \_ \é \z \A`.split(
    ' ',
  ),
  ...raw`\b \B \<a a\> (?i)K (?i)k (?i)straße (?i:a)b (?s). (?s:.)\n a(?-s).b (?m)^b$ (?x:a)b (?U)a+ (?u)a (?i-s:a) (?i)`.split(
    ' ',
  ),
  ...raw`((?i)a)B [[:alpha:]]+ [[:^alpha:]] [[:word:]] [:alpha:] [a&&b] [a-z&&[^aeiou]] [a-z--b] [a-c~~b-d] [^\s\S] []a]`.split(
    ' ',
  ),
  ...raw`[^]a] [[a]b] [a\]b] [\]] (?P<n>a) (?<n>a) (?<n>a)\k<n> (?P<n>a)(?P=n) (a)\1 (a)\k<1> (a)\k<-1> (?<1a>b) (?<é>a)`.split(
    ' ',
  ),
  ...raw`\p{L} \p{Lu} \P{L} \pL \PL \p{Greek} \p{greek} \p{sc=Greek} \p{Script=Greek} \p{gc=Lu} \p{gc!=Lu} \p{isalpha}`.split(
    ' ',
  ),
  ...raw`\p{Alphabetic} \p{Any} \p{ASCII} \p{Assigned} \p{Old_Italic} \p{olditalic} \p{Latn} \p{Emoji} \x41 \x{41} \x{1F600}`.split(
    ' ',
  ),
  ...raw`\u0041 \u{41} \U00000041 \U{41} a*+ a++b a?+ (?>a|ab)c (?=a) (?!a) (?<=a)b (?<!a)b (?<=a|bb)c (?<!a|bb)c () ()* (|)`.split(
    ' ',
  ),
  ...raw`a||b (a|) a\Kb \Ga (a)?(?(1)b|c) (?<n>a)?(?(<n>)b|c) (?(a)b|c) a{3,2}(?=b) (?#c)a \a \e \f \v \/ \" \' \% [\b] [\A]`.split(
    ' ',
  ),
  ...raw`[\k] [\z] [a-] [-a] [a--] [--a] [a-b-c] [\x41-\x43] [\u{1F600}-\u{1F64F}] [^a] (?i)[^k] (?i)[a-z&&[^k]] (?i)\p{Lu}`.split(
    ' ',
  ),
  ...raw`(?i)\P{Lu} (?i)[\P{Lu}] (?i)é [\w&&[^\d]] [\d\-x] [.] [$^] (?:)a x{0} (x){0}y x{2,3}? x{2,3}+ ] a} ^$ ^^a (a\1) [---]`.split(
    ' ',
  ),
  ...raw`a$$ \bfoo\b \Bo (?i)ſ (?i)σ (?i)ß (?:(a)|(.))\2 (a\1?)+b ((a)|b)+(?!c) [é-ü] [😀-😎] 😀+ [[:alpha:]&&[^a]] [^[:alpha:]]`.split(
    ' ',
  ),
  ...raw`[a~~] [~a] [-] [^-] [^^] [a^] [#] {1} {,} a{} a{+1} a{1,2,3} \d{1,} a{,} \0 (?x)# \# [&&a] [a&&] \w{216} a{1000}`.split(
    ' ',
  ),
  ' ',
  raw`\ `,
  '[ ]',
  '(?x) a b # c',
  '(?x: a { 2 } )',
  '(?x)[ a ]',
  raw`(?x)a\ b`,
  raw`\d{ 1 }`,
];

/** Patterns that cfn-guard 3.1.1 refuses (measured), with the part of our message that names the reason. */
export const refused: readonly (readonly [string, RegExp])[] = [
  [raw`\Q`, /unknown escape \\Q/],
  [raw`\Z`, /unknown escape \\Z/],
  [raw`\b{start}`, /unknown escape \\b/],
  ['(?-u)a', /Unicode cannot be turned off/],
  ['(?R)a', /unknown group flag R/],
  ['(?-:a)', /unknown group flag :/],
  ['(?)', /unknown group flag \)/],
  ['(?|a)', /unknown group flag \|/],
  ['[[:foo:]', /not closed/],
  ['[a', /not closed/],
  ['[]', /not closed/],
  ['[[]', /not closed/],
  ['[a[]b]', /not closed/],
  [raw`[a-\h]`, /wrong order/],
  [raw`[\w-z]`, /needs two characters/],
  [raw`[a-\w]`, /needs two characters/],
  ['[z-a]', /wrong order/],
  [raw`[\1]`, /back-reference cannot stand/],
  [raw`(a)\2`, /back-reference/],
  [raw`\1(a)`, /back-reference/],
  ['(?--i)a', /unknown group flag -/],
  [raw`(?<n>a)\1`, /numbered back-reference/],
  ['(?<a-b>c)', /group name/],
  ['(?<>a)', /group name/],
  [raw`\k<n>`, /no group is called n/],
  [raw`\p{Foo}`, /no Unicode property/],
  [raw`\p{^L}`, /no Unicode property/],
  [raw`\p{L`, /closing brace/],
  [raw`\p`, /unknown escape/],
  [raw`\x4`, /hexadecimal/],
  [raw`\x{D800}`, /not a Unicode character/],
  [raw`\x{110000}`, /not a Unicode character/],
  ['(?<=a*)b', /fixed length/],
  ['(?=a)*', /can be repeated/],
  ['^*', /can be repeated/],
  ['a**', /can be repeated/],
  ['*a', /can be repeated/],
  ['+', /can be repeated/],
  ['a|*', /can be repeated/],
  ['(?:)*', /can be repeated/],
  ['a{3,2}', /wrong order/],
  ['(?=x{3,2})', /wrong order/],
  ['a{4294967296}', /too large/],
  [raw`\w{230}`, /too large/],
  ['(a){110000}', /too large/],
  ['(?(1)a|b)', /back-reference/],
  ['(?#c', /comment is not closed/],
  ['(?i', /not closed/],
  ['(a', /not closed/],
  ['a)', /unmatched closing/],
  ['\\', /backslash ends/],
  [raw`(?'n'a)`, /unknown group flag/],
];

export const texts: readonly string[] = [
  ...[
    '',
    'a',
    'A',
    'b',
    'ab',
    'aab',
    'aaa',
    'abc',
    'bbc',
    'ac',
    'K',
    'k',
    '\u212a',
    's',
    '\u017f',
    'é',
    'É',
    'ß',
    'ẞ',
    'σ',
  ],
  ...[
    'ς',
    'İ',
    'i',
    '1',
    '٣',
    'a1',
    ' ',
    '\n',
    'a\nb',
    '\r\n',
    '\ufeff',
    '{',
    '}',
    'a{,2}',
    'aa{3}',
    '{{resolve:ssm:x}}',
  ],
  ...[
    'foo bar',
    '-',
    '_',
    '😀',
    'a😀b',
    '😂',
    '[',
    '4]',
    ']',
    '#a',
    'a b',
    '^',
    '$',
    '/',
    '\\',
    '"',
    '%',
    'xx',
    '\u200d',
  ],
  ...['中', 'ǅ', 'f', 'g', '\x07', '~', '&', 'aabbcc', 'Ab.c', 'cab', 'aaabbbccc', 'kK', 'b b'],
];

const literal = fc.constantFrom(...raw`a a b b c k A B é É 😀 1 - \. \x61 s ſ { } \  \_`.split(' '), ' ', '\n');
const shorthand = fc.constantFrom(...raw`\d \w \s \W \S \h \pL \p{Lu} \P{Lu} .`.split(' '));
const anchor = fc.constantFrom(
  ...raw`^ $ \A \z (?m:^) (?m:$) \b \B \< \> (?i) (?s) (?m) (?x) (?U) (?-i) (?#c)`.split(' '),
);
const classItem = fc.constantFrom(
  ...raw`a b a-c \d \w [:alpha:] \- k é \p{L} \h [b-d] [^a] &&[ab] --b ~~[bc] \] A-Z \W 😀`.split(' '),
  ' ',
);
const bracketed = fc
  .tuple(fc.constantFrom('', '^'), fc.array(classItem, { minLength: 1, maxLength: 3 }))
  .map(([negation, items]) => `[${negation}${items.join('')}]`);
const lookBehind = fc.constantFrom(...raw`(?<=a) (?<=.) (?<=ab) (?<=a|bb) (?<!b) (?<!a|bb) (?<!^) (?<=\w)`.split(' '));
const quantifier = fc.constantFrom(...raw`* + ? *? +? ?? {2} {1,2} {,2} {2,} {0} {1,2}? {2,1}`.split(' '));
const possessive = fc.constantFrom('*+', '++', '?+');

function grammar(hard: boolean): fc.Arbitrary<string> {
  const simple = fc.oneof({ weight: 5, arbitrary: literal }, shorthand, anchor, bracketed);
  return fc.letrec<{ whole: string; branch: string; piece: string; group: string }>((tie) => ({
    group: fc
      .tuple(
        hard
          ? fc.constantFrom('(', '(?:', '(?i:', '(?=', '(?!', '(?>', '(')
          : fc.constantFrom('(', '(?:', '(?i:', '(?s:', '(?x:', '(?U:'),
        tie('whole'),
      )
      .map(([open, inner]) => `${open}${inner})`),
    piece: fc
      .tuple(
        hard
          ? fc.oneof(
              { depthSize: 'small' },
              { weight: 6, arbitrary: simple },
              lookBehind,
              fc.constantFrom(...raw`\1 \2 \K (?(1)a|b)`.split(' ')),
              tie('group'),
            )
          : fc.oneof({ depthSize: 'small' }, { weight: 5, arbitrary: simple }, tie('group')),
        fc.oneof({ weight: 4, arbitrary: fc.constant('') }, quantifier, ...(hard ? [possessive] : [])),
      )
      .map(([atom, repeat]) => atom + repeat),
    branch: fc.array(tie('piece'), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')),
    whole: fc.oneof(
      { weight: 3, arbitrary: tie('branch') },
      fc.tuple(tie('branch'), fc.oneof(tie('branch'), fc.constant(''))).map((b) => b.join('|')),
    ),
  })).whole;
}

/** Patterns, a part of them invalid, without look-around and back-references. */
export const regularPattern: fc.Arbitrary<string> = grammar(false);
/** Patterns with everything that the dialect has. */
export const anyPattern: fc.Arbitrary<string> = fc.oneof(regularPattern, grammar(true));
/** Short texts over the characters of the patterns. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...texts),
  fc
    .array(fc.constantFrom('a', 'a', 'b', 'b', 'c', 'k', 'K', 'A', 'é', 'É', '😀', '1', '-', ' ', '\n', 's', 'ſ'), {
      maxLength: 9,
    })
    .map((characters) => characters.join('')),
);

/**
 * The diagnostics of the rule language: one function per code, so that its words live in one place.
 * `GRD1` is about single pieces of text (strings, numbers, patterns), `GRD2` about how pieces are put together.
 */
import type { Diagnostic } from '../../findings/index.js';

/** The rule file that a diagnostic is about. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

interface Extra {
  readonly help?: string;
  readonly label?: { readonly start: number; readonly end: number; readonly text: string };
}

function problem(source: Source, code: string, message: string, start: number, end: number, extra: Extra): Diagnostic {
  const { length } = source.text;
  const range = (from: number, to: number): { file: string; start: number; end: number } => ({
    file: source.file,
    start: Math.min(from, length),
    end: Math.min(Math.max(from, to), length),
  });
  return {
    code,
    severity: 'error',
    message,
    location: range(start, end),
    ...(extra.label && { labels: [{ range: range(extra.label.start, extra.label.end), text: extra.label.text }] }),
    ...(extra.help !== undefined && { help: extra.help }),
  };
}

/** The word or run of signs at an offset, for messages. */
export function wordAt(text: string, offset: number): string {
  const match = /[\p{L}\p{N}_]+|[=!<>&|:]+|[^\s]|\uFEFF/uy;
  match.lastIndex = offset;
  return match.exec(text)?.[0] ?? '';
}

/** How a message speaks of what stands at an offset. */
function found(text: string, offset: number): string {
  if (offset >= text.length) return 'the end of the file';
  const word = wordAt(text, offset);
  if (word === '\uFEFF') return 'a byte-order mark';
  if (word === '') return 'a blank that is no space, tab or line end';
  return `\`${word}\``;
}

/** `GRD1001`: a string has no closing quote. */
export function unclosedString(source: Source, start: number): Diagnostic {
  const quote = source.text[start] ?? "'";
  return problem(source, 'GRD1001', 'string is not closed', source.text.length, source.text.length, {
    label: { start, end: start + 1, text: 'opened here' },
    help: `add ${quote} at the end of the string; a backslash before ${quote} makes it part of the string`,
  });
}

/** `GRD1002`: a regular expression has no closing slash, or nothing between its slashes. */
export function unclosedRegex(source: Source, start: number): Diagnostic {
  return problem(source, 'GRD1002', 'regular expression is not closed or is empty', start, start + 1, {
    help: 'write it between slashes with at least one character: `/pattern/`; inside it a slash is `\\/`, and it cannot end in `\\/`',
  });
}

/** `GRD1003`: a regular expression does not compile. */
export function invalidRegex(source: Source, start: number, end: number, reason: string): Diagnostic {
  return problem(source, 'GRD1003', `regular expression is not valid: ${reason}`, start, end, {
    help: 'mend the pattern, or put `\\` before signs that stand for themselves',
  });
}

/** `GRD1004`: an integer that 64 bits do not hold. */
export function integerTooLarge(source: Source, start: number, end: number): Diagnostic {
  const text = source.text.slice(start, end);
  return problem(source, 'GRD1004', `integer \`${text}\` does not fit into 64 bits`, start, end, {
    help: 'use a value between -9223372036854775807 and 9223372036854775807',
  });
}

/** `GRD1005`: a number in a form that the language does not have. */
export function malformedNumber(source: Source, start: number, end: number): Diagnostic {
  const text = source.text.slice(start, end);
  return problem(source, 'GRD1005', `number \`${text}\` is malformed`, start, end, {
    help: 'write a float as `1.5` or with a signed exponent as `1e+3`; floats cannot be negative',
  });
}

/** `GRD1006`: a message has no closing `>>`. */
export function unclosedMessage(source: Source, start: number): Diagnostic {
  return problem(source, 'GRD1006', 'message is not closed', source.text.length, source.text.length, {
    label: { start, end: start + 2, text: 'opened here' },
    help: 'add `>>` after the message',
  });
}

const OPERATORS = [
  ...['in', 'exists', 'empty', 'is_string', 'is_list', 'is_struct', 'is_bool', 'is_int', 'is_null', 'is_float'],
  'not',
];
const ADVICE: Readonly<Record<string, string>> = {
  '=': 'compare with `==`',
  '===': 'compare with `==`',
  '!': 'write `!` directly before the operator, as in `!exists`, or use `not`',
  '<>': 'compare with `!=`',
  '&&': 'leave it out: clauses that follow one another must all hold',
  or: 'write `or` or `OR`',
  not: '`not ` or `!` stands directly before a word such as `exists` or `in`, on the same line; for `==` write `!=`',
  keys: 'after `keys` use `==`, `!=`, `in` or `not in`',
  and: 'leave it out: clauses that follow one another must all hold',
  '||': 'use `or`',
  is_map: 'use `is_struct`',
  is_array: 'use `is_list`',
  is_object: 'use `is_struct`',
  is_boolean: 'use `is_bool`',
  is_number: 'use `is_int` or `is_float`',
  not_in: 'use `not in`',
  contains: 'turn the comparison round and use `in`, or compare with a regular expression',
  matches: 'compare with a regular expression: `== /pattern/`',
  '=~': 'compare with a regular expression: `== /pattern/`',
  like: 'compare with a regular expression: `== /pattern/`',
};

/** Edit distance, cut off early: only distances up to 2 matter. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The candidate nearest to a misspelt word, when one is near enough. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.slice(0, 40).toLowerCase();
  const limit = lower.length <= 3 ? 1 : 2;
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const d = distance(lower, candidate);
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

/** `GRD2001`: a query that no operator follows. */
export function missingOperator(source: Source, clauseStart: number, queryEnd: number, offset: number): Diagnostic {
  const { text } = source;
  if (/[0-9]/.test(text[clauseStart - 1] ?? '') && /[A-Za-z]/.test(text[clauseStart] ?? '')) {
    const number = /[0-9.]+$/.exec(text.slice(Math.max(0, clauseStart - 40), clauseStart))![0];
    const end = clauseStart + wordAt(text, clauseStart).length;
    return malformedNumber(source, clauseStart - number.length, end);
  }
  const query = text.slice(clauseStart, queryEnd);
  const shown = query.length > 60 ? `${query.slice(0, 57)}...` : query;
  const word = wordAt(text, offset);
  const near = nearest(word, OPERATORS);
  const advice = ADVICE[query.toLowerCase()] ?? ADVICE[word.toLowerCase()];
  return problem(
    source,
    'GRD2001',
    `expected an operator after \`${shown}\`, found ${found(text, offset)}`,
    offset,
    offset + Math.max(1, word.length),
    {
      help:
        advice ??
        (near !== undefined && near !== word
          ? `did you mean \`${near}\`? Keywords are written in lower case or in capitals`
          : 'use ==, !=, <, <=, >, >=, in, exists, empty or is_string, is_list, is_struct, is_bool, is_int, is_float, is_null, each with `!` or `not ` to negate a word'),
    },
  );
}

/** `GRD2002`: a comparison, or a `let`, without a value. */
export function missingValue(source: Source, offset: number, after: string): Diagnostic {
  return problem(
    source,
    'GRD2002',
    `expected a value or a query after \`${after}\`, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, wordAt(source.text, offset).length),
    {
      help: 'write a literal such as `5`, `"text"`, `[1, 2]`, `/regex/`, or a query such as `Properties.Name` or `%name`',
    },
  );
}

/** `GRD2003`: a block has no closing brace. */
export function unclosedBlock(source: Source, open: number, offset: number, what: string): Diagnostic {
  return problem(source, 'GRD2003', `${what} is not closed`, offset, offset + wordAt(source.text, offset).length, {
    label: { start: open, end: open + 1, text: 'opened here' },
    help: 'add `}` after the last clause',
  });
}

/** `GRD2004`: a block without a clause. */
export function emptyBlock(source: Source, open: number, offset: number, what: string): Diagnostic {
  return problem(source, 'GRD2004', `${what} has no clause`, open, Math.max(open, offset) + 1, {
    help: 'write at least one clause or `let` between the braces',
  });
}

/** `GRD2005`: a bracket, parenthesis or brace of a value, query or call is not closed. */
export function unclosedBracket(
  source: Source,
  open: number,
  offset: number,
  close: string,
  afterComma = false,
): Diagnostic {
  const word = wordAt(source.text, offset);
  return problem(
    source,
    'GRD2005',
    afterComma
      ? `expected a literal after \`,\`, found ${found(source.text, offset)}`
      : `expected \`${close}\`, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, word.length),
    {
      label: { start: open, end: open + 1, text: 'opened here' },
      help:
        afterComma && word === close
          ? 'remove the comma: the last element has none'
          : close === ')'
            ? 'separate arguments with `,` and close the call with `)`; a comment can only stand before an argument'
            : `separate elements with \`,\` and close with \`${close}\`; lists and maps hold literals only`,
    },
  );
}

/** `GRD2006`: brackets whose content is neither an index, a key nor a filter. */
export function emptyFilter(source: Source, open: number, offset: number): Diagnostic {
  return problem(
    source,
    'GRD2006',
    `expected an index, a key or a filter in brackets, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, wordAt(source.text, offset).length),
    {
      label: { start: open, end: open + 1, text: 'opened here' },
      help: 'write `[*]`, `[0]` or `[\'key\']` without blanks, or a filter such as `[ Type == "AWS::S3::Bucket" ]`',
    },
  );
}

/** `GRD2007`: a `let` without an equals sign. */
export function missingAssignment(source: Source, name: string, offset: number): Diagnostic {
  return problem(
    source,
    'GRD2007',
    `expected \`=\` after \`let ${name}\`, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, wordAt(source.text, offset).length),
    { help: `write \`let ${name} = value\`; names hold letters, digits and \`_\`` },
  );
}

/** `GRD2008`: a rule without a proper name. */
export function badRuleName(source: Source, offset: number): Diagnostic {
  return problem(
    source,
    'GRD2008',
    `expected the name of the rule, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, wordAt(source.text, offset).length),
    { help: 'begin the name with a letter and use letters, digits and `_`' },
  );
}

/** `GRD2009`: no `{` where a block must begin. */
export function missingBlock(source: Source, offset: number, what: string): Diagnostic {
  const word = wordAt(source.text, offset);
  const helpFor: Readonly<Record<string, string>> = {
    '-': 'use `_` in names of rules; `-` is not allowed',
    '(': 'write the parameters directly after the name, without a blank',
    when: 'leave out `when` here: a rule with parameters cannot have conditions',
    ':': 'use `_` in names of rules; `:` is not allowed',
    '::': 'use `_` in names of rules; `:` is not allowed',
  };
  return problem(
    source,
    'GRD2009',
    `expected \`{\` after ${what}, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, word.length),
    { help: helpFor[word] ?? 'put the clauses between `{` and `}`' },
  );
}

/** `GRD2010`: `when` without a condition. */
export function missingConditions(source: Source, start: number, offset: number): Diagnostic {
  return problem(
    source,
    'GRD2010',
    `expected a condition after \`${source.text.slice(start, start + 4)}\`, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, wordAt(source.text, offset).length),
    { help: 'write a clause, a call or the name of a rule after `when `; put keys that begin with `when` in quotes' },
  );
}

/** `GRD2011`: the name of a rule with something behind it on the same line. */
export function badReference(source: Source, name: string, offset: number): Diagnostic {
  return problem(
    source,
    'GRD2011',
    `expected an operator or the end of the line after \`${name}\`, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, wordAt(source.text, offset).length),
    { help: 'to refer to a rule, write its name alone on a line; otherwise add an operator such as `exists`' },
  );
}

/** `GRD2012`: the bounds of a range are of different kinds. */
export function mixedRange(source: Source, start: number, end: number): Diagnostic {
  return problem(
    source,
    'GRD2012',
    `bounds of \`${source.text.slice(start, end)}\` are of different kinds`,
    start,
    end,
    {
      help: 'use two integers, two floats or two characters',
    },
  );
}

/** `GRD2013`: blocks, filters, lists or calls inside one another beyond any sensible depth. */
export function nestedTooDeeply(source: Source, offset: number, limit: number): Diagnostic {
  return problem(source, 'GRD2013', `nested more than ${limit} levels deep`, offset, offset + 1, {
    help: 'bind inner parts with `let`, or move them into a rule with parameters',
  });
}

/** `GRD2014`: the parameters of a rule cannot be read. */
export function badParameters(source: Source, open: number, offset: number): Diagnostic {
  return problem(
    source,
    'GRD2014',
    `expected a parameter name, \`,\` or \`)\`, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, wordAt(source.text, offset).length),
    { label: { start: open, end: open + 1, text: 'opened here' }, help: 'write `rule name(first, second) { ... }`' },
  );
}

/** `GRD2015`: a resource type with something glued to it, or without a block or clause. */
export function badTypeBlock(source: Source, typeName: string, offset: number): Diagnostic {
  return problem(
    source,
    'GRD2015',
    `expected a block or a clause after \`${typeName}\`, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, wordAt(source.text, offset).length),
    { help: `write \`${typeName} { ... }\`, with a blank after the type; types have two or three parts` },
  );
}

/** `GRD2016`: text that begins nothing. */
export function unexpectedText(source: Source, offset: number): Diagnostic {
  const word = wordAt(source.text, offset);
  const helpFor: Readonly<Record<string, string>> = {
    '}': 'remove it, or add the `{` that it closes',
    ',': 'leave it out: clauses need no separator',
    ';': 'leave it out: clauses need no separator',
    '&&': 'leave it out: clauses that follow one another must all hold',
    '||': 'use `or`',
    '<<': 'a message follows a clause, a rule reference or a call, not a block',
    '/': 'begin comments with `#`',
    '\uFEFF': 'save the file without a byte-order mark',
  };
  return problem(
    source,
    'GRD2016',
    `expected a clause, found ${found(source.text, offset)}`,
    offset,
    offset + Math.max(1, word.length),
    { help: helpFor[word] ?? 'a clause is a query with an operator, such as `Properties.Name exists`' },
  );
}

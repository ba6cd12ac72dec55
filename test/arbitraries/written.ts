/**
 * Pairs made of rules that people wrote: the Control Tower rules and the rules of this project, changed a little (clauses
 * left out, taken from elsewhere, turned around, spaced and commented otherwise), on documents of their tests, changed a
 * little too. What {@link file://./rules.ts} draws is wide but never looks like these.
 */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTestData } from '../../guard/index.js';
import { Float, isMap, keysOf, type Value } from '../../template/index.js';
import { jsonText } from '../support/json.js';
import { Random } from '../support/random.js';
import { controlTowerRules } from '../support/reference.js';
import { repositoryRoot } from '../support/repository.js';
import { yamlText } from '../support/yaml.js';
import type { TextPair } from './pairs.js';
import { PUBLISHED_FORMS } from './forms.js';

interface Written {
  readonly rules: string;
  readonly inputs: readonly Value[];
}

/** Literals, messages and comments are one token each; so are runs of blanks. */
const TOKEN =
  /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\/(?:[^/\\\n]|\\.)+\/|<<[^]*?>>|#[^\n]*|\s+|%?[A-Za-z_][\w-]*|[<>=!]=|:=|\d+|[^]/g;

const SPACES = ['\n', '\n', ' ', '  ', '\t', '\r\n', ' # why\n', '\n# { or }\n  ', '\n\n#\n', ' #\r\n', '\n'];
const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['==', ['!=', 'in', 'not in', '==', '>=', '!in']],
  ['!=', ['==', 'not in', '<']],
  ['in', ['not in', '==', 'IN', '!=']],
  ['exists', ['!exists', 'empty', 'not empty', 'is_string', 'is_list', 'EXISTS', '!is_struct']],
  ['empty', ['exists', '!exists', 'EMPTY', 'is_list']],
  ['!', ['', 'not ', 'NOT ', '!']],
  ['not', ['!', 'NOT', '']],
  ['some', ['', 'SOME']],
  ['or', ['\n', 'OR', 'or\n', '|OR|']],
  ['when', ['WHEN', 'when', 'when some']],
  ['is_string', ['is_list', 'is_struct', 'IS_STRING', 'is_int', 'is_bool']],
  ['is_struct', ['is_list', 'is_string', 'IS_STRUCT', 'is_null']],
  ['is_list', ['is_struct', 'empty', 'is_float']],
  ['true', ['false', "'true'", 'True', '1', '1.0']],
  ['false', ['true', '"false"', 'FALSE', 'null']],
  ['*', ['0', '*', '*']],
  ['.', ['.*.', '[*].', '.', '.']],
  ['%', ['some %', '%']],
  [
    'Properties',
    ['Properties.*', 'properties', 'Metadata', 'this.Properties', "'Properties'", 'Properties[ x | this exists ]'],
  ],
  ['Type', ['type', 'this.Type', "'Type'"]],
  [']', ['][ this exists ]', ']', ']', '][0]', '][ keys == /./ ]']],
]);

function changedRules(text: string, others: readonly string[], random: Random): string {
  const lines = text.replace(/^#.*\n/gm, '').split('\n');
  for (let edits = random.pick([0, 0, 1, 1, 2]); edits > 0; edits--) {
    // Mostly lines that open and close nothing, so that many files still parse.
    const clauses = lines.flatMap((line, index) => (/^[^{}[\]<>]*$/.test(line) || random.chance(0.02) ? [index] : []));
    const at = clauses.length > 0 ? random.pick(clauses) : 0;
    switch (random.below(4)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, lines[random.pick(clauses.length > 0 ? clauses : [0])]!);
        break;
      case 2:
        lines.splice(
          at,
          0,
          random.pick(
            random
              .pick(others)
              .split('\n')
              .filter((line) => /^[^{}[\]<>]*$/.test(line)),
          ),
        );
        break;
      default:
        if (/\S/.test(lines[at]!)) lines[at] = `${lines[at]!} or`;
    }
  }
  const tokens = lines.join('\n').match(TOKEN) ?? [];
  const places = tokens.flatMap((token, index) =>
    WORDS.has(token.toLowerCase()) || token.startsWith('%') ? [index] : [],
  );
  for (let edits = random.pick([0, 1, 1, 2, 3]); edits > 0 && places.length > 0; edits--) {
    const at = random.pick(places);
    const token = tokens[at]!;
    const words = WORDS.get(token) ?? WORDS.get(token.toLowerCase());
    if (words !== undefined) tokens[at] = random.pick(words);
    else {
      tokens[at] = random.pick([
        `some ${token}`,
        `${token}[*]`,
        `${token}.*`,
        `${token}[0]`,
        `count(${token})`,
        token.slice(1),
      ]);
    }
  }
  const spaced = random.chance(0.4);
  const requoted = random.chance(0.2);
  const crlf = random.chance(0.1);
  const result = tokens
    .map((token) => {
      if (spaced && /^\s/.test(token) && random.chance(0.06)) return random.pick(SPACES);
      if (requoted && token.startsWith("'") && !token.includes('"')) return `"${token.slice(1, -1)}"`;
      return token;
    })
    .join('');
  return crlf ? result.replace(/\r?\n/g, '\r\n') : result;
}

const SCALARS: readonly Value[] = [
  '',
  'x',
  '*',
  true,
  false,
  0,
  1,
  -1,
  new Float(1),
  1.5,
  null,
  'true',
  'False',
  '443',
  '1',
  'é',
  [],
];

function changedValue(value: Value, random: Random): Value {
  switch (random.below(8)) {
    case 0:
      return random.pick(SCALARS);
    case 1:
      return [value];
    case 2:
      return Array.isArray(value) && value.length > 0 ? (value[0] as Value) : [value, value];
    case 3:
      return { Ref: 'Choice' };
    case 4:
      return { 'Fn::If': ['Cond', value, { Ref: 'AWS::NoValue' }] };
    case 5:
      return typeof value === 'string' ? value.toUpperCase() : {};
    case 6:
      return Array.isArray(value) ? [] : `${typeof value === 'string' ? value : 'a'}a`;
    default:
      return typeof value === 'boolean' ? String(value) : typeof value === 'number' ? new Float(value) : value;
  }
}

/** The value with one change at a random place. */
function changedData(value: Value, random: Random): Value {
  if (random.chance(0.12)) return changedValue(value, random);
  if (Array.isArray(value) && value.length > 0) {
    const at = random.below(value.length);
    return value.flatMap((item: Value, index: number) =>
      index !== at ? [item] : random.chance(0.1) ? [] : [changedData(item, random)],
    );
  }
  if (isMap(value)) {
    const keys = keysOf(value);
    if (keys.length === 0) return changedValue(value, random);
    const at = random.pick(keys);
    const changed: Record<string, Value> = {};
    for (const key of keys) {
      const item = (value as Record<string, Value>)[key]!;
      if (key !== at) changed[key] = item;
      else if (random.chance(0.9)) changed[random.chance(0.03) ? key.toLowerCase() : key] = changedData(item, random);
    }
    return changed;
  }
  return changedValue(value, random);
}

let read: readonly Written[] | undefined;

/** All rule files that the package of the reference and this repository hold, with inputs that they decide on. */
function written(): readonly Written[] {
  if (read !== undefined) return read;
  const found: Written[] = [];
  const folder = join(repositoryRoot(), 'rules');
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!path.endsWith('.guard')) continue;
    const tests = join(folder, path, '..', 'tests', `${path.replace(/^.*\//, '').replace(/\.guard$/, '')}_tests.yml`);
    found.push({ rules: readFileSync(join(folder, path), 'utf8'), inputs: inputsOf(tests) });
  }
  const byType = new Map<string, Value[]>();
  for (const input of found.flatMap(({ inputs }) => inputs)) {
    for (const type of new Set(JSON.stringify(input).match(/AWS::\w+::\w+/g) ?? [])) {
      byType.set(type, [...(byType.get(type) ?? []), input]);
    }
  }
  for (const { text } of controlTowerRules()) {
    const types = [...new Set(text.match(/AWS::\w+::\w+/g) ?? [])];
    found.push({ rules: text, inputs: types.flatMap((type) => byType.get(type) ?? []).slice(0, 40) });
  }
  for (const form of PUBLISHED_FORMS) {
    found.push({ rules: form.rules, inputs: form.inputs.map((text) => valueOf(text)) });
  }
  read = found.filter(({ inputs }) => inputs.length > 0);
  return read;
}

function valueOf(text: string): Value {
  const loaded = loadTestData(text);
  if (!loaded.ok) throw new Error(loaded.message);
  return loaded.value;
}

function inputsOf(file: string): Value[] {
  const cases = valueOf(readFileSync(file, 'utf8'));
  if (!Array.isArray(cases)) return [];
  return cases.flatMap((each: Value) => (isMap(each) ? [(each as Record<string, Value>)['input'] ?? null] : []));
}

/** A written rule file and an input, both changed. */
export const writtenPair: fc.Arbitrary<TextPair> = fc
  .tuple(fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000_000_000 }))
  .map(([place, number]) => {
    const all = written();
    const random = new Random(number);
    const own = random.chance(0.25)
      ? all[all.length - 1 - (place % PUBLISHED_FORMS.length)]!
      : all[place % all.length]!;
    let input = random.pick(own.inputs);
    for (let edits = random.pick([0, 1, 1, 2, 4]); edits > 0; edits--) input = changedData(input, random);
    const others = [random.pick(all).rules, random.pick(all).rules];
    return {
      rules: changedRules(own.rules, others, random),
      data: random.chance(0.5) ? jsonText(input) : yamlText(input, { random, shortForms: random.chance(0.5) }),
    };
  });

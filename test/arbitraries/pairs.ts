/** Pairs of a rule file and a document as texts, well-formed and damaged. */
import fc from 'fast-check';
import { jsonText } from '../support/json.js';
import { Random } from '../support/random.js';
import { yamlText } from '../support/yaml.js';
import { pair as valuePair } from './rules.js';

export interface TextPair {
  readonly rules: string;
  readonly data: string;
}

const seed = fc.integer({ min: 1, max: 1_000_000 });

/** The document as JSON. */
export const pair: fc.Arbitrary<TextPair> = valuePair.map(({ rules, document }) => ({
  rules,
  data: jsonText(document),
}));

/** The document as YAML in some style, the rules with comments and blank lines between their lines. */
export const roughPair: fc.Arbitrary<TextPair> = fc.tuple(valuePair, seed).map(([{ rules, document }, number]) => {
  const random = new Random(number);
  const spaced = rules.replaceAll('\n', () => random.pick(['\n', '\n', '\n', ' \r\n', '\n\n', ' # note\n', '\n# {\n']));
  const lineEnd = random.chance(0.2) ? '\r\n' : '\n';
  return { rules: spaced, data: yamlText(document, { random, lineEnd, shortForms: random.chance(0.5) }) };
});

const RULE_PIECES = [
  ...Array.from(' \n\t"\'%[](){}.*!=<>#/\\|,:;-+_&0159arRé'),
  'not ',
  'some ',
  'or ',
  'when ',
  'let ',
  'rule ',
  'keys ',
  'this',
  '<<',
  '>>',
  ':=',
  'exists',
  'IN ',
  ' r[1,2]',
  '[*]',
  '\r\n',
  '\u00a0',
];
const DATA_PIECES = [
  ...Array.from(' \n\t"\'%[]{}*!&#:,-?|>@`~0159aéY'),
  ': ',
  '- ',
  '!Ref ',
  '!Sub ',
  '!!int ',
  '!!str ',
  '&a ',
  '*a',
  '<<: ',
  '---\n',
  '...\n',
  '0x1F',
  '1e3',
  '.5',
  'true',
  'null',
  '\r\n',
  '\\u0041',
  '\u2028',
  '\u0085',
  'Fn::If',
];

/** One to three small edits anywhere in a text. */
function damaged(text: string, pieces: readonly string[], random: Random): string {
  let result = Array.from(text);
  for (let edits = random.pick([1, 1, 1, 2, 3]); edits > 0; edits--) {
    const at = random.below(result.length + 1);
    const length = random.pick([1, 1, 2, 5]);
    const piece = Array.from(random.pick(pieces));
    switch (random.below(4)) {
      case 0:
        result.splice(at, length);
        break;
      case 1:
        result.splice(at, 0, ...piece);
        break;
      case 2:
        result.splice(at, 1, ...piece);
        break;
      default:
        result = [...result.slice(0, at), ...result.slice(Math.max(0, at - length))];
    }
  }
  return result.join('');
}

/** Rule files with small edits: many parse no longer, and some mean something else. */
export const damagedRules: fc.Arbitrary<TextPair> = fc.tuple(valuePair, seed).map(([{ rules, document }, number]) => ({
  rules: damaged(rules, RULE_PIECES, new Random(number)),
  data: jsonText(document),
}));

/** Documents with small edits, seen whole by the one rule. */
export const damagedData: fc.Arbitrary<TextPair> = fc.tuple(valuePair, seed).map(([{ document }, number]) => {
  const random = new Random(number);
  const text = random.chance(0.3) ? jsonText(document) : yamlText(document, { random });
  return {
    rules: 'rule all { this !exists }\nrule some { this.a exists }\n',
    data: damaged(text, DATA_PIECES, random),
  };
});

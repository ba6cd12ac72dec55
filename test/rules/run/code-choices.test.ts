/** Under which choices a failure of a rule in TypeScript occurs. */
import { attributesOf } from '../../../catalogue/index.js';
import { runCodeRule } from '../../../rules/code/run.js';
import type { View } from '../../../rules/code/view.js';
import { get, isMap, readTemplate, resolveTemplate, supposeTemplate } from '../../../template/index.js';

const INFO = { id: 'some-test-rule', title: '', severity: 'error', controls: [], help: '', docs: '' } as const;

const HEAD = `Parameters:
  A: {Type: String}
  B: {Type: String}
  C: {Type: String}
Conditions:
  IsA: !Equals [!Ref A, yes]
  IsB: !Equals [!Ref B, yes]
  IsC: !Equals [!Ref C, yes]
  NotA: !Not [!Condition IsA]
Resources:
`;

/** What the one failure of a rule depends on. */
function becauseOf(resources: string, check: (view: View) => void): Readonly<Record<string, unknown>> {
  const { source, diagnostics } = readTemplate(HEAD + resources, 'choices.yaml');
  expect(diagnostics).toStrictEqual([]);
  const value = source!.value;
  if (!isMap(value)) throw new Error('no template');
  const world = { attributes: attributesOf };
  const supposed = supposeTemplate(value, resolveTemplate(value, world), world);
  const { failures } = runCodeRule({ info: INFO, types: ['Custom::It', 'Custom::Other'], check }, supposed, {});
  expect(failures).toHaveLength(1);
  return Object.fromEntries(failures[0]!.assignment);
}

/** Every `It` needs an `Other`. */
const needsOther = (view: View): void => {
  for (const it of view.resources('Custom::It')) {
    if (view.resources('Custom::Other').length > 0) view.pass(it);
    else view.fail(it, { path: ['Resources', it.key], message: 'alone', subject: '' });
  }
};

it('the condition of another resource', () => {
  const resources = '  It: {Type: Custom::It}\n  Other: {Type: Custom::Other, Condition: IsA}\n';
  expect(becauseOf(resources, needsOther)).toStrictEqual({ 'condition:IsA': false });
});

it('not those that make no difference', () => {
  const resources =
    '  It: {Type: Custom::It, Properties: {X: !If [IsB, 1, 2]}}\n' +
    '  Other: {Type: Custom::Other, Condition: IsA, Properties: {X: !If [IsC, 1, 2]}}\n';
  expect(becauseOf(resources, needsOther)).toStrictEqual({ 'condition:IsA': false });
});

it('all of several together', () => {
  const resources =
    '  It: {Type: Custom::It, Condition: IsB}\n  Other: {Type: Custom::Other, Condition: IsA}\n' +
    '  Other2: {Type: Custom::Other, Condition: IsC}\n';
  expect(becauseOf(resources, needsOther)).toStrictEqual({
    'condition:IsA': false,
    'condition:IsB': true,
    'condition:IsC': false,
  });
});

it('none when the failure occurs always', () => {
  const resources = '  It: {Type: Custom::It, Properties: {X: !If [IsB, 1, 2]}}\n';
  expect(becauseOf(resources, needsOther)).toStrictEqual({});
});

it('of two that say the same, that of the resource itself', () => {
  const resources = '  It: {Type: Custom::It, Condition: NotA}\n  Other: {Type: Custom::Other, Condition: IsA}\n';
  expect(becauseOf(resources, needsOther)).toStrictEqual({ 'condition:NotA': true });
});

it('either of two suffices: one is named', () => {
  const resources =
    '  It: {Type: Custom::It}\n  Other: {Type: Custom::Other, Condition: IsA}\n  Third: {Type: Custom::Other, Condition: IsB}\n';
  const unlessBoth = (view: View): void => {
    const [it] = view.resources('Custom::It');
    if (view.resources('Custom::Other').length < 2) {
      view.fail(it!, { path: ['Resources', 'It'], message: 'too few', subject: '' });
      // Told twice, counted once.
      view.fail(it!, { path: ['Resources', 'It'], message: 'too few', subject: '' });
    }
    expect(get(it!.value as never, 'Type')).toBe('Custom::It');
  };
  expect(Object.keys(becauseOf(resources, unlessBoth))).toHaveLength(1);
});

describe('many conditions', () => {
  const conditions = (count: number, test: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => `  C${index}: ${test(index)}\n`).join('');
  const resources = (count: number): string =>
    Array.from({ length: count }, (_, index) => `  R${index}: {Type: Custom::Other, Condition: C${index}}\n`).join('');
  const statusOf = (yaml: string): string => {
    const { source, diagnostics } = readTemplate(yaml, 'choices.yaml');
    expect(diagnostics).toStrictEqual([]);
    const value = source!.value;
    if (!isMap(value)) throw new Error('no template');
    const world = { attributes: attributesOf };
    const supposed = supposeTemplate(value, resolveTemplate(value, world), world);
    return runCodeRule({ info: INFO, types: ['Custom::It', 'Custom::Other'], check: needsOther }, supposed, {}).status;
  };

  it('of one parameter are tried as far as they go together', () => {
    const tests = conditions(12, (index) => `!Equals [!Ref P, v${index}]`);
    const values = `[${Array.from({ length: 12 }, (_, index) => `v${index}`).join(', ')}]`;
    const head = `Parameters:\n  P: {Type: String, AllowedValues: ${values}}\nConditions:\n${tests}Resources:\n`;
    expect(statusOf(`${head}  It: {Type: Custom::It}\n${resources(12)}`)).toBe('PASS');
    expect(statusOf(`${head}  It: {Type: Custom::It}\n${resources(11)}`)).toBe('FAIL');
  });

  it('that hang on nothing in common are too many, and nothing passes', () => {
    const parameters = Array.from({ length: 9 }, (_, index) => `  P${index}: {Type: String}\n`).join('');
    const tests = conditions(9, (index) => `!Equals [!Ref P${index}, yes]`);
    const head = `Parameters:\n${parameters}Conditions:\n${tests}Resources:\n`;
    const always = '  Always: {Type: Custom::Other}\n';
    expect(statusOf(`${head}  It: {Type: Custom::It}\n${always}${resources(9)}`)).toBe('NOT_EVALUATED');
  });
});

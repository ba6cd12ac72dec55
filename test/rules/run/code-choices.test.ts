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

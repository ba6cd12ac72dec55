/** Outputs that CloudFormation refuses for their form. */
import { resolveTemplate } from '../../../template/index.js';
import type { Value } from '../../../template/index.js';

function told(output: Value, sections: Readonly<Record<string, Value>> = {}): string[] {
  const { diagnostics } = resolveTemplate({ ...sections, Resources: {}, Outputs: { O: output } });
  return diagnostics.map(({ code, message, path }) => `${code} ${path.join('/')} ${message}`);
}

const Value = 'x';

test.each<[Value, string[]]>([
  [{ Value }, []],
  [{ Value, Export: { Name: 'n' } }, []],
  [{ Description: 'x' }, ['TPL3023 Outputs/O output `O` has no `Value`']],
  ['x', ['TPL3023 Outputs/O output `O` is no map']],
  [['x'], ['TPL3023 Outputs/O output `O` is no map']],
  [{ Value, Export: {} }, ['TPL3023 Outputs/O/Export output `O` has an `Export` without `Name`']],
  [{ Value, Export: { Nam: 'n' } }, ['TPL3023 Outputs/O/Export output `O` has an `Export` without `Name`']],
  [{ Value, Export: 'n' }, ['TPL3023 Outputs/O/Export output `O` has an `Export` without `Name`']],
  [{ 'Fn::Transform': { Name: 'AWS::Include' } }, []],
  [{ Value, Export: { 'Fn::Transform': { Name: 'AWS::Include' } } }, []],
])('%j', (output, expected) => {
  expect(told(output)).toStrictEqual(expected);
});

test('is left to a macro that may complete it, and null is told as null', () => {
  expect(told({}, { Transform: 'Own' }).map((one) => one.slice(0, 7))).toStrictEqual(['TPL3016']);
  expect(told({ Value: null, Export: null }).map((one) => one.slice(0, 7))).toStrictEqual(['TPL3022', 'TPL3022']);
});

import { parseAssignments, readParameterFile } from '../../../cli/check/parameters.js';
import { folderOf, refusals, removeFolders } from './support.js';

afterEach(removeFolders);

describe('assignments', () => {
  it('are split at the first sign, the last one of a name counts', () => {
    expect(parseAssignments(['A=1', 'B=x=y', 'C=', 'A=a,b', 'D= spaced '])).toStrictEqual({
      A: 'a,b',
      B: 'x=y',
      C: '',
      D: ' spaced ',
    });
  });

  it.each(['A', '=1', ''])('refuses %j', (text) => {
    expect(refusals(() => parseAssignments(['B=1', text]))).toStrictEqual([
      `CLI2002 --parameters: \`${text}\` is not of the form Name=value | write Name=value`,
    ]);
  });
});

function read(text: string, name = 'parameters.json'): unknown {
  return readParameterFile(name, folderOf({ [name]: text }));
}

describe('parameter files', () => {
  it.each([
    ['a map', '{"A": "x", "B": "2"}', { A: 'x', B: '2' }],
    ['a map under Parameters', '{"Parameters": {"A": "x"}, "Tags": {"t": "1"}, "StackPolicy": {}}', { A: 'x' }],
    [
      'a list of keys and values',
      '[{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "B", "ParameterValue": ""}]',
      { A: 'x', B: '' },
    ],
    ['a list of assignments', '["A=x", "B=1=2"]', { A: 'x', B: '1=2' }],
    ['previous values, which are not known', '[{"ParameterKey": "A", "UsePreviousValue": true}]', {}],
    ['lists', '{"A": ["x", "y"]}', { A: ['x', 'y'] }],
    [
      'YAML, numbers as they are written',
      'A: 007\nB: 1.0\nC: true\nD: 12345678901234567890\nE: 2020-01-01\n',
      { A: '007', B: '1.0', C: 'true', D: '12345678901234567890', E: '2020-01-01' },
    ],
    ['nothing', '{}', {}],
  ])('%s', (_, text, values) => {
    expect(read(text)).toStrictEqual(values);
  });

  it.each([
    ['5', ['1:1 CLI2103 a parameter file holds a map or a list']],
    [
      '{"A": null,\n "B": {"x": 1}}',
      [
        '1:7 CLI2103 the value of parameter `A` must be text, a number or a list of these',
        '2:7 CLI2103 the value of parameter `B` must be text, a number or a list of these',
      ],
    ],
    ['{"A": [["x"]]}', ['1:7 CLI2103 the value of parameter `A` must be text, a number or a list of these']],
    ['[{"ParameterKey": "A"}]', ['1:2 CLI2103 parameter `A` has no `ParameterValue`']],
    ['["A"]', ['1:2 CLI2103 an entry of a parameter file must be `Name=value` or have a `ParameterKey`']],
    ['{"A": ', ['1:7 TPL1001']],
  ])('refuses %s', (text, expected) => {
    const found = refusals(() => read(text));
    expect(found.map((line, index) => line.slice(0, expected[index]?.length))).toStrictEqual(expected);
  });

  it('tells of a file that does not exist', () => {
    expect(refusals(() => readParameterFile('none.json', folderOf({})))).toStrictEqual([
      'CLI1001 `none.json` cannot be read: it does not exist | check the path and its permissions',
    ]);
  });
});

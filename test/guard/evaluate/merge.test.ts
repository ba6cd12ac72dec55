import { EvaluationError, mergeInputParameters } from '../../../guard/index.js';
import { keysOf, type Value, type ValueMap } from '../../../template/index.js';

describe('mergeInputParameters', () => {
  it.each<[string, Value[], Value, Value]>([
    ['nothing to merge', [], { a: 1 }, { a: 1 }],
    ['maps', [{ p: 1 }], { a: 1 }, { p: 1, a: 1 }],
    ['several', [{ p: 1 }, { q: 2 }], { a: 1 }, { p: 1, q: 2, a: 1 }],
    ['lists', [[1, 2]], [3], [1, 2, 3]],
    ['only at the root', [{ p: { x: 1 } }], { a: { x: 2 } }, { p: { x: 1 }, a: { x: 2 } }],
  ])('%s', (_name, parameters, data, merged) => {
    expect(mergeInputParameters(parameters, data)).toEqual(merged);
  });

  it('puts the keys of the parameters first, numbers too', () => {
    const merged = mergeInputParameters([{ z: 1, '10': 2 }], { b: 3, '2': 4 });
    expect(keysOf(merged as ValueMap)).toEqual(['10', 'z', '2', 'b']);
  });

  it.each<[string, Value[], Value, string]>([
    ['a common key', [{ a: 1 }], { a: 1 }, 'Key a, already exists in map'],
    ['a common key of two parameter files', [{ a: 1 }, { a: 2 }], {}, 'Key a, already exists in map'],
    ['a map and a list', [{ a: 1 }], [1], 'Types are not compatible for merges map, array'],
    ['a scalar', ['x'], { a: 1 }, 'Types are not compatible for merges String, map'],
    [
      'a key of Object.prototype twice',
      [{ constructor: 1 }],
      { constructor: 2 },
      'Key constructor, already exists in map',
    ],
  ])('refuses %s', (_name, parameters, data, message) => {
    expect(() => mergeInputParameters(parameters, data)).toThrow(EvaluationError);
    expect(() => mergeInputParameters(parameters, data)).toThrow(message);
  });

  it('does not take inherited names for common keys', () => {
    expect(mergeInputParameters([{ a: 1 }], { toString: 2 })).toEqual({ a: 1, toString: 2 });
  });
});

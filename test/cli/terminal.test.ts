import { wantsColor } from '../../cli/terminal.js';
import { BAD_INPUT, CLEAN, FAULT, FINDINGS, INCOMPLETE, strongest } from '../../cli/exit-codes.js';

it.each<[boolean, Record<string, string>, boolean]>([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '' }, false],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: 'false' }, false],
  [false, { FORCE_COLOR: '1', TERM: 'dumb' }, true],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
])('terminal %s, %j: colours %s', (isTTY, env, expected) => {
  expect(wantsColor({ isTTY }, env)).toBe(expected);
});

it('exits with the code that weighs most', () => {
  const byWeight = [FAULT, BAD_INPUT, FINDINGS, INCOMPLETE, CLEAN];
  expect(byWeight).toStrictEqual([70, 2, 1, 3, 0]);
  byWeight.forEach((code, index) => {
    expect(strongest(byWeight.slice(index).reverse())).toBe(code);
  });
  expect(strongest([])).toBe(CLEAN);
});

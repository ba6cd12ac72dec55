/** A fault of ours on one file: the others are reported, then the command ends with exit code 70. */
import type * as Rules from '../../../rules/index.js';
import { BAD, check, folderOf, GOOD, removeFolders, reportOf } from './support.js';

jest.mock('../../../rules/index.js', () => {
  const rules = jest.requireActual<typeof Rules>('../../../rules/index.js');
  return {
    ...rules,
    checkTemplate: (...args: Parameters<typeof Rules.checkTemplate>) => {
      if (args[1] === 'b.yaml') throw new TypeError('an engine broke');
      return rules.checkTemplate(...args);
    },
  };
});

afterEach(removeFolders);

it('does not stop the others and outweighs every other code', async () => {
  const ran = await check(folderOf({ 'a.yaml': BAD, 'b.yaml': GOOD, 'c.yaml': 'Resources: [', 'd.yaml': GOOD }), ['.']);
  expect(ran.exitCode).toBe(70);
  expect(ran.stderr).toMatch(
    /^stackade \d+\.\d+\.\d+: a fault of ours while checking b\.yaml, please report it:\nTypeError: an engine broke\n/,
  );
  const { files, notEvaluated } = reportOf(ran);
  expect(files.map(({ path, status }) => `${path} ${status}`)).toStrictEqual([
    'a.yaml FAIL',
    'b.yaml NOT_EVALUATED',
    'c.yaml NOT_EVALUATED',
    'd.yaml PASS',
  ]);
  expect(notEvaluated[0]).toMatchObject({ path: 'b.yaml', ruleId: 'CLI9001' });
});

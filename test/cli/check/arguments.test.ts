import { sortArguments } from '../../../cli/check/arguments.js';
import type { CheckFlags } from '../../../cli/check/settings.js';
import { folderOf, removeFolders } from './support.js';

afterEach(removeFolders);

const PACKS = ['foundation', 'tagging'];

function sorted(folder: string, paths: readonly string[], flags: Partial<CheckFlags>): unknown {
  const result = sortArguments(paths, { lint: true, format: 'pretty', ...flags }, PACKS, folder);
  const { lint, format, ...rest } = result.flags;
  expect([lint, format]).toStrictEqual([true, 'pretty']);
  return { paths: result.paths, ...rest };
}

const folder = (): string =>
  folderOf({
    'a.yaml': '',
    templates: null,
    tagging: null,
    'own.guard': '',
    'more/sub/x.ruleset': '',
    'rules.txt': '',
  });

it('gives back templates and folders that stand behind the names of packs', () => {
  expect(sorted(folder(), ['b.yaml'], { pack: ['foundation', 'a.yaml', 'templates', '-'] })).toStrictEqual({
    paths: ['a.yaml', 'templates', '-', 'b.yaml'],
    pack: ['foundation'],
  });
});

it('keeps the name of a pack, be there a folder of that name or not, and names that are nothing', () => {
  expect(sorted(folder(), [], { pack: ['foundation', 'tagging', 'nothing'] })).toStrictEqual({
    paths: [],
    pack: ['foundation', 'tagging', 'nothing'],
  });
});

it('splits names at commas', () => {
  expect(sorted(folder(), [], { pack: ['foundation,tagging'] })).toStrictEqual({ paths: [], pack: PACKS });
});

it('never gives back the first value', () => {
  expect(sorted(folder(), [], { pack: ['templates'], rules: ['a.yaml'], parameters: ['x'] })).toStrictEqual({
    paths: [],
    pack: ['templates'],
    rules: ['a.yaml'],
    parameters: ['x'],
  });
});

it('gives back what holds no rules', () => {
  const rules = ['own.guard', 'more', 'rules.txt', 'missing', 'a.yaml', 'templates'];
  expect(sorted(folder(), [], { rules })).toStrictEqual({
    paths: ['a.yaml', 'templates'],
    rules: ['own.guard', 'more', 'rules.txt', 'missing'],
  });
});

it('gives back what is no assignment', () => {
  expect(sorted(folder(), [], { parameters: ['A=1', 'a.yaml', 'B=2'] })).toStrictEqual({
    paths: ['a.yaml'],
    parameters: ['A=1', 'B=2'],
  });
});

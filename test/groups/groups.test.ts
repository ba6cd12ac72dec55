import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository.js';
import { alone, suitesOf } from './group.js';

const tests = join(repositoryRoot(), 'test');

it('names only suites that are there', () => {
  expect(Object.keys(alone).filter((suite) => !existsSync(join(tests, `${suite}.test.ts`)))).toStrictEqual([]);
});

it('runs each suite once, alone or in a group', () => {
  const groups = readdirSync(__dirname).filter((file) => file.endsWith('.test.ts') && file !== 'groups.test.ts');
  const folders = groups.flatMap((file) => {
    const called: string[] = [];
    jest.isolateModules(() => {
      jest.doMock('./group.js', () => ({ group: (...names: string[]) => called.push(...names) }));
      jest.requireActual(join(__dirname, file));
    });
    return called;
  });
  const all = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !file.startsWith('groups'))
    .map((file) => file.slice(0, -'.test.ts'.length));
  expect([...folders.flatMap(suitesOf), ...Object.keys(alone)].sort()).toStrictEqual(all.sort());
});

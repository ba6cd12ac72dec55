/**
 * Suites that are run as one. Each suite that jest runs reads the modules of the project anew, which takes longer than the
 * tests of most suites. A suite runs by itself when it is long or changes what others see (mocks, snapshots): those are
 * named in `alone.json`, with about how many seconds they take.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const tests = join(__dirname, '..');

/** Suites that run by themselves, by their paths without the ending. */
export const alone = JSON.parse(readFileSync(join(__dirname, 'alone.json'), 'utf8')) as Readonly<
  Record<string, number>
>;

/** The suites of a folder of `test/` that are run together, by their paths without the ending. */
export function suitesOf(folder: string): readonly string[] {
  return readdirSync(join(tests, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(tests, join(entry.parentPath, entry.name)).slice(0, -'.test.ts'.length))
    .filter((suite) => !(suite in alone))
    .sort();
}

/** Declares the tests of all suites of folders, but for those that run by themselves. */
export function group(...folders: readonly string[]): void {
  for (const suite of folders.flatMap(suitesOf)) {
    describe(`test/${suite}.test.ts`, () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- declares its tests in this block
      require(join(tests, `${suite}.test.ts`));
    });
  }
}

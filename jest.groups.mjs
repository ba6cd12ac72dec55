/** All tests at once (`npm test`): short suites in groups. `npx jest PATH` runs suites one by one. */
import { readFileSync } from 'node:fs';
import config from './jest.config.mjs';

const alone = JSON.parse(readFileSync(new URL('./test/groups/alone.json', import.meta.url), 'utf8'));

export default {
  ...config,
  testMatch: [
    '<rootDir>/test/groups/*.test.ts',
    ...Object.keys(alone).map((suite) => `<rootDir>/test/${suite}.test.ts`),
  ],
  testPathIgnorePatterns: ['/node_modules/'],
  testSequencer: '<rootDir>/test/groups/sequencer.mjs',
};

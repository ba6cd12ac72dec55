/** Long suites first, so that no processor waits for one at the end. Groups come after those that are named. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sequencer from '@jest/test-sequencer';

const alone = JSON.parse(readFileSync(new URL('alone.json', import.meta.url), 'utf8'));
const tests = fileURLToPath(new URL('..', import.meta.url));

/** About the seconds of a group. */
const GROUP = 12;

export default class extends Sequencer {
  sort(all) {
    const seconds = ({ path }) => alone[relative(tests, path).slice(0, -'.test.ts'.length)] ?? GROUP;
    return [...all].sort((a, b) => seconds(b) - seconds(a) || (a.path < b.path ? -1 : 1));
  }
}

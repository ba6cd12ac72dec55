import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Value } from '../../../template/index.js';
import {
  EvaluationError,
  compileRules,
  loadData,
  mergeInputParameters,
  openDocument,
  parseRules,
} from '../../../guard/index.js';
import { jsonText } from '../../support/json.js';
import { repositoryRoot } from '../../support/repository.js';

interface Case {
  readonly name: string;
  readonly rules: string;
  readonly data: Value;
  readonly params?: Value;
  readonly expected: Readonly<Record<string, string | readonly string[]>>;
  readonly exit: number;
}

const cases = JSON.parse(
  readFileSync(join(repositoryRoot(), 'test', 'guard', 'cases', 'guard-cases.json'), 'utf8'),
) as Case[];

function load(data: Value): Value {
  const loaded = loadData(typeof data === 'string' ? data : jsonText(data), 'data.yaml');
  if (!loaded.ok) throw new EvaluationError(loaded.message);
  return loaded.value;
}

/** Statuses by rule name, as the cases write them, or the exit code that an error gives. */
function outcome({ rules, data, params }: Case): Record<string, string | string[]> | number {
  const { tree } = parseRules(rules, 'r.guard');
  if (tree === null) return 5;
  try {
    const program = compileRules(tree, { file: 'r.guard', text: rules });
    const value = mergeInputParameters(params === undefined ? [] : [load(params)], load(data));
    const statuses: Record<string, string | string[]> = {};
    for (const { name, status } of program.evaluate(openDocument(value)).rules) {
      const key = name === 'r.guard/default' ? 'default' : name;
      const before = statuses[key];
      statuses[key] = before === undefined ? status : [before, status].flat();
    }
    return statuses;
  } catch (error) {
    if (error instanceof EvaluationError) return 255;
    throw error;
  }
}

/** Where cfn-guard 3.1.1 crashes and this engine gives the answer that the language intends. */
const CRASHES: Readonly<Record<string, Record<string, string> | number>> = {
  'q-15 filter after filter on maps': { r: 'PASS' },
  'q-16 filter after filter on a list panics too': { r: 'PASS' },
  'q-54 filter after this': { r: 'PASS' },
  'q-55 filter after a key filter': { r: 'PASS' },
  'p-02 input parameters clash': 255,
};

describe('conformance cases measured with cfn-guard 3.1.1', () => {
  test.each(cases.map((each) => [each.name, each] as const))('%s', (name, each) => {
    const expected = each.exit === 0 || each.exit === 19 ? each.expected : (CRASHES[name] ?? each.exit);
    expect(outcome(each)).toEqual(expected);
  });
});

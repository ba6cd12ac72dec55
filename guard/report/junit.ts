/** JUnit XML in the shape of cfn-guard 3.1.1 (measured). */
import { leavesOf } from './leaves.js';
import type { FailedCheck } from '../explanation.js';

export interface JunitCase {
  readonly id?: string;
  readonly name: string;
  readonly timeMs: number;
  readonly result:
    | { readonly kind: 'pass' | 'skip' }
    | { readonly kind: 'fail'; readonly name: string | null; readonly text: string }
    | { readonly kind: 'error'; readonly text: string };
}

export interface JunitSuite {
  readonly name: string;
  readonly timeMs: number;
  readonly cases: readonly JunitCase[];
}

/** What no XML 1.0 document may hold, not even escaped; any surrogate here stands alone. */
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&apos;',
  '"': '&quot;',
};

function escaped(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[<>&'"]/g, (character) => ENTITIES[character]!);
}

function attributes(values: readonly (readonly [string, string | number])[]): string {
  return values.map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join('');
}

function testCase({ id, name, timeMs, result }: JunitCase): string[] {
  const start = `        <testcase${attributes([
    ...(id === undefined ? [] : ([['id', id]] as const)),
    ['name', name],
    ['time', timeMs],
    ...(result.kind === 'fail' ? [] : ([['status', result.kind]] as const)),
  ])}`;
  switch (result.kind) {
    case 'pass':
    case 'skip':
      return [`${start}/>`];
    case 'error':
      return [`${start}>`, `            <error>${escaped(result.text)}</error>`, '        </testcase>'];
    case 'fail': {
      const failure = `            <failure${result.name === null ? '' : attributes([['message', result.name]])}`;
      const content = result.text === '' ? `${failure}/>` : `${failure}>${escaped(result.text)}</failure>`;
      return [`${start}>`, content, '        </testcase>'];
    }
  }
}

/** The XML text, without a line end after it. */
export function printJunit(title: string, suites: readonly JunitSuite[]): string {
  const count = (cases: readonly JunitCase[], kind: string): number =>
    cases.filter(({ result }) => result.kind === kind).length;
  const all = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes([
      ['name', title],
      ['tests', all.length],
      ['failures', count(all, 'fail')],
      ['errors', count(all, 'error')],
      ['time', suites.reduce((sum, suite) => sum + suite.timeMs, 0)],
    ])}>`,
    ...suites.flatMap(({ name, timeMs, cases }) => {
      const tag = attributes([
        ['name', name],
        ['errors', count(cases, 'error')],
        ['failures', count(cases, 'fail')],
        ['time', timeMs],
      ]);
      return [`    <testsuite${tag}>`, ...cases.flatMap(testCase), '    </testsuite>'];
    }),
    '</testsuites>',
  ].join('\n');
}

/** The failure of a rule file on a data file: all messages, under the name of the last rule that has one. */
export function junitFailure(failures: readonly FailedCheck[]): JunitCase['result'] {
  let name: string | null = null;
  let text = '';
  for (const failure of failures) {
    const leaves = leavesOf(failure);
    if (leaves.length > 0 && 'Rule' in failure) name = failure.Rule.name.split('.guard/')[1] ?? failure.Rule.name;
    for (const { messages } of leaves) text += (messages.custom_message ?? '') + (messages.error_message ?? '');
  }
  return { kind: 'fail', name, text };
}

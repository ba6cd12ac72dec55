/** Text that an attacker chose comes out of every reporter as text. */
import fc from 'fast-check';
import {
  createFinding,
  createReport,
  githubSummary,
  type Report,
  type Reporter,
  renderDiagnostics,
  reporters,
  type RuleInfo,
  visible,
  visibleLines,
  withoutSteering,
} from '../../findings/index.js';
import {
  jsonText,
  markdownBlock,
  markdownCode,
  markdownSentence,
  markdownText,
  pathUri,
} from '../../findings/escape.js';
import { parseXml } from './xml.js';
import { assertPlainMarkdown } from './plain-markdown.js';
import { parseCommands } from './commands.js';

/** What no output may hold, listed apart from the code under test: controls, direction changes, what has no width. */
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- these are the characters looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\u{e0000}-\u{e0fff}]/u;

const PIECES = [
  'a',
  'B7',
  ' ',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '\0',
  '\u001b[31m',
  '\u001b]8;;http://evil\u0007',
  '\u009b2J',
  '\u0085',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200d',
  '\u2028',
  '\ufeff',
  '\u{e0041}',
  '\ufe0f',
  '\ud800',
  '\udc00',
  '\uffff',
  '\u{1ffff}',
  '::error::',
  '::add-mask::x',
  '##[group]',
  '##vso[task.setvariable variable=x]',
  '###teamcity[',
  '%0A',
  '%',
  '<script>',
  '</failure>',
  ']]>',
  '&lt;',
  '&',
  '"',
  "'",
  '<!--',
  '-->',
  '<?x',
  '</details>',
  '[x](http://evil)',
  '![i](//e)',
  '`',
  '```',
  '~~~',
  '|',
  '\\',
  '\\|',
  '*',
  '_',
  '#1',
  '@team',
  'https://e.com',
  'www.e.com',
  '$x$',
  '{0}',
  '{{',
  '](',
  ',',
  ':',
  '=',
  '- ',
  '1. ',
  '# ',
  '> ',
  'é',
  '中',
  '\u{1f600}',
  'e\u0301',
  '../',
  './',
  '/',
  'C:\\',
];
const hostile = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((parts) => parts.join(''));

const report = fc
  .record({
    ids: fc.array(hostile, { minLength: 4, maxLength: 4 }),
    texts: fc.array(hostile, { minLength: 8, maxLength: 8 }),
  })
  .map(({ ids, texts }): { report: Report; rules: readonly RuleInfo[]; sources: Map<string, string> } => {
    const [ruleId, path, logicalId, other] = ids as [string, string, string, string];
    const location = { file: path, line: 1, column: 2, endLine: 1, endColumn: 4, pointer: `/Resources/${logicalId}` };
    const finding = {
      ruleId,
      severity: 'error',
      title: texts[0]!,
      message: texts[1]!,
      help: texts[2]!,
      docs: texts[3]!,
      location,
      controls: [other],
      labels: [`assumes-default:${other}`, texts[4]!],
      resource: { logicalId, type: texts[5]! },
    } as const;
    return {
      report: createReport({
        tool: { name: 'stackade', version: '0.1.0' },
        files: [
          {
            path,
            status: 'FAIL',
            rules: Object.fromEntries([
              [ruleId, 'FAIL'],
              [other, 'NOT_EVALUATED'],
            ]),
          },
        ],
        findings: [
          createFinding(finding),
          createFinding({ ...finding, severity: 'warning', subject: 'w' }),
          createFinding({ ...finding, subject: 'v', waived: { reason: texts[6]!, owner: texts[7]!, expires: other } }),
        ],
        notEvaluated: [
          { path, ruleId: other, controls: [other], reason: texts[6]!, parameters: [other, logicalId], location },
        ],
      }),
      rules: [
        {
          id: ruleId,
          title: texts[0]!,
          description: texts[1]!,
          risk: texts[2]!,
          severity: 'error',
          controls: [other],
          docs: texts[3]!,
          remediation: { text: texts[4]!, cloudformation: texts[5]! },
        },
      ],
      sources: new Map([[path, texts.join('\n')]]),
    };
  });

type Sample = typeof report extends fc.Arbitrary<infer T> ? T : never;

function print(reporter: Reporter, sample: Sample, color = false): string {
  return reporter(sample.report, { color, width: 90, sources: sample.sources, rules: sample.rules });
}

function expectSafe(text: string): void {
  expect(FORBIDDEN.exec(text)).toBeNull();
  expect(/\p{Cs}/u.test(text)).toBe(false);
  expect(/##\w*\[/.exec(text)).toBeNull();
}

const RUNS = { numRuns: 300 };

describe.each(Object.entries({ ...reporters, githubSummary }))('%s', (_, reporter) => {
  it('prints no character that moves a cursor, changes direction or hides', () => {
    fc.assert(
      fc.property(report, (sample) => {
        expectSafe(print(reporter, sample));
      }),
      RUNS,
    );
  });
});

it('colour adds the escape sequences of colours and nothing else', () => {
  fc.assert(
    fc.property(report, (sample) => {
      // eslint-disable-next-line no-control-regex -- the sequences looked for
      const bare = print(reporters.pretty, sample, true).replace(/\u001b\[\d{1,2}m/g, '');
      expectSafe(bare);
    }),
    RUNS,
  );
});

describe('lines of a log', () => {
  it.each(['pretty', 'markdown', 'junit', 'json', 'sarif'] as const)('%s starts none with a command', (name) => {
    fc.assert(
      fc.property(report, (sample) => {
        expect(
          print(reporters[name], sample)
            .split('\n')
            .filter((line) => line.trimStart().startsWith('::')),
        ).toStrictEqual([]);
      }),
      RUNS,
    );
  });

  it('github: every command is one of ours, and its parts read back', () => {
    fc.assert(
      fc.property(report, (sample) => {
        const commands = parseCommands(print(reporters.github, sample));
        expect(commands.map(({ name }) => name).sort()).toStrictEqual(
          [
            ...sample.report.findings.filter(({ waived }) => !waived).map(({ severity }) => severity),
            ...sample.report.findings.filter(({ waived }) => waived).map(() => 'notice'),
            ...new Set(sample.report.notEvaluated.flatMap(({ parameters }) => parameters)).values(),
          ]
            .map((value) => (value === 'error' || value === 'warning' || value === 'notice' ? value : 'warning'))
            .sort(),
        );
        const [finding] = sample.report.findings;
        const message = commands.find(({ name }) => name === 'error')!.message.split('\n');
        // A CR at the end makes one line break with the LF that follows it.
        const told = visibleLines(`${finding!.resource!.logicalId}: ${finding!.message.replace(/\r$/, '')}`);
        expect(message.slice(0, told.length)).toStrictEqual(told);
        for (const { properties } of commands) {
          expect(Object.keys(properties)).toStrictEqual(['file', 'line', 'endLine', 'col', 'endColumn', 'title']);
          expect(properties['file']).toBe(visible(sample.report.files[0]!.path.replace(/^(\.\/)+/, '')));
        }
      }),
      RUNS,
    );
  });
});

it('json: values read back as they are', () => {
  fc.assert(
    fc.property(report, (sample) => {
      expect(JSON.parse(print(reporters.json, sample))).toStrictEqual(JSON.parse(JSON.stringify(sample.report)));
    }),
    RUNS,
  );
});

it('junit: is well-formed XML with the elements that belong there', () => {
  fc.assert(
    fc.property(report, (sample) => {
      const { names, attributes } = parseXml(print(reporters.junit, sample));
      expect([...names].sort()).toStrictEqual([
        'error',
        'failure',
        'skipped',
        'system-out',
        'testcase',
        'testsuite',
        'testsuites',
      ]);
      expect(attributes('testsuite')[0]!['name']).toBe(visible(sample.report.files[0]!.path));
    }),
    RUNS,
  );
});

describe('markdown', () => {
  it('leaves no active markup of foreign text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assertPlainMarkdown(markdownText(text));
        assertPlainMarkdown(markdownCode(text));
        assertPlainMarkdown(markdownSentence(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the five cells of every row', () => {
    fc.assert(
      fc.property(report, (sample) => {
        const paragraphs = print(reporters.markdown, sample).split('\n\n');
        const rows = paragraphs.find((text) => text.startsWith('| Severity'))!.split('\n');
        expect(rows).toHaveLength(4);
        // A pipe that is not the edge of a cell stands as an entity, never after a backslash.
        for (const row of rows) expect(row.split('|')).toHaveLength(7);
      }),
      RUNS,
    );
  });

  it('ends a code block only where it ends', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = markdownBlock(text, 'yaml').split('\n');
        const fence = /^`+/.exec(lines[0]!)![0];
        const closing = lines.findIndex((line, index) => index > 0 && new RegExp(`^ {0,3}${fence}\`*\\s*$`).test(line));
        expect(closing).toBe(lines.length - 1);
        expect(lines.slice(1, -1)).toStrictEqual(visibleLines(text));
      }),
      { numRuns: 1_000 },
    );
  });
});

it('sarif: paths are URI references that decode to the path', () => {
  fc.assert(
    fc.property(hostile, (path) => {
      const { uri, relative } = pathUri(path);
      expect(uri).toMatch(/^(file:\/\/)?[A-Za-z0-9\-._~%/]*$/);
      if (relative) expect(/^[^/]*:/.test(uri)).toBe(false);
      const wellFormed = path.replace(/\p{Cs}/gu, '\ufffd');
      const plain = wellFormed
        .split('/')
        .filter((part, index) => part !== '.' && (part !== '' || index === 0))
        .join('/');
      if (relative) expect(decodeURIComponent(uri)).toBe(plain);
    }),
    { numRuns: 1_000 },
  );
});

it.each([
  ['examples/a b.yaml', 'examples/a%20b.yaml', true],
  ['./x/../ü.yaml', 'x/../%C3%BC.yaml', true],
  ['/srv/t.yaml', 'file:///srv/t.yaml', false],
  ['C:\\repo\\t.yaml', 'file:///C%3A/repo/t.yaml', false],
  ['a:b.yaml', 'a%3Ab.yaml', true],
  ['-', '-', true],
])('path %s is URI %s', (path, uri, relative) => {
  expect(pathUri(path)).toStrictEqual({ uri, relative });
});

it('jsonText spells unsafe characters as escapes', () => {
  expect(jsonText({ a: '\u202e\u{e0041}\u009b##vso[x]' })).toBe(
    '{\n  "a": "\\u202e\\udb40\\udc41\\u009b#\\u0023vso[x]"\n}\n',
  );
});

it('visible spells unsafe characters out', () => {
  expect(visible('a\u001b[31m\n\t\u202e\u{e0041}\ud800##vso[x]')).toBe(
    'a\\u001b[31m\\n\\t\\u202e\\u{e0041}\\ud800#\\#vso[x]',
  );
});

it('diagnostics on stderr are safe as well', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (file, text, message) => {
      const range = { file, start: 1, end: 3 };
      const printed = renderDiagnostics(
        [{ code: 'GRD1001', severity: 'error', message, location: range, labels: [{ range, text }], help: text }],
        { color: false, sources: new Map([[file, text]]) },
      );
      expectSafe(printed);
      expect(printed.split('\n').filter((line) => line.trimStart().startsWith('::'))).toStrictEqual([]);
    }),
    RUNS,
  );
});

describe('the last guard of a stream', () => {
  it('lets nothing steer a terminal, keeps the meaning of JSON, and leaves its own output alone', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const guarded = withoutSteering(text);
        expect(guarded.replaceAll('\u001b[31m', '').replaceAll('\r\n', '\n')).not.toMatch(
          // eslint-disable-next-line no-control-regex -- these are the characters looked for
          /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/,
        );
        expect(withoutSteering(guarded)).toBe(guarded);
        const json = JSON.stringify({ [text]: text });
        expect(JSON.parse(withoutSteering(json))).toStrictEqual(JSON.parse(json));
      }),
      RUNS,
    );
  });

  it.each([
    ['\u001b[1m\u001b[31merror\u001b[39m\u001b[22m\r\n\tä 日本 \u{1f468}\u200d\u{1f469}', undefined],
    ['\r\u001b[K', undefined],
    ['\u001b[8mhidden\u001b[28m', '\\u001b[8mhidden\\u001b[28m'],
    ['\u001b[2J\u001b[H\u001bc', '\\u001b[2J\\u001b[H\\u001bc'],
    ['\u001b]8;;http://evil\u0007', '\\u001b]8;;http://evil\\u0007'],
    ['a\rb\u202e\u009b', 'a\\u000db\\u202e\\u009b'],
  ])('%j', (text, guarded) => {
    expect(withoutSteering(text)).toBe(guarded ?? text);
  });
});

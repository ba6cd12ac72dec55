/** Waivers: what a scope holds for, days, contradictions, suppressions of other tools, and what is said of each waiver. */
import fc from 'fast-check';
import { createFinding } from '../../findings/index.js';
import type { Finding, NotEvaluated } from '../../findings/index.js';
import {
  compileGlob,
  compileScope,
  interpretWaivers,
  isDate,
  suppressionsOf,
  WaiverSession,
} from '../../rules/index.js';
import type { CheckResult, Subject, WaiverContent, WaiverFileContent, WaiverScope } from '../../rules/index.js';
import { readTemplate } from '../../template/index.js';

const NAMES = {
  rules: new Set(['sqs-queue-encrypted', 'sns-topic-encrypted']),
  controls: new Set(['ENC-SQS-01', 'ENC-SNS-01']),
};
const NOWHERE = { file: 'waivers.yaml', start: 0, end: 0 };

const WAIVER: WaiverContent = {
  rule: 'sqs-queue-encrypted',
  scope: { logicalId: 'Queue' },
  reason: 'public prices',
  owner: 'shop',
  ticket: 'SEC-1',
  expires: '2026-06-30',
};

const TEMPLATE = `Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Tags:
        - { Key: team, Value: shop }
        - { Key: stage, Value: !Ref Stage }
`;

function interpret(content: Partial<WaiverFileContent>): ReturnType<typeof interpretWaivers> {
  return interpretWaivers({ version: 1, ...content }, NAMES, () => NOWHERE);
}

interface Setting {
  readonly today?: string;
  readonly account?: string;
  readonly ou?: string;
  readonly template?: string;
  readonly findings?: readonly Finding[];
  readonly notEvaluated?: readonly NotEvaluated[];
  readonly checked?: boolean;
}

const finding = (ruleId = 'sqs-queue-encrypted', logicalId = 'Queue', file = 'a/b.yaml'): Finding =>
  createFinding({
    ruleId,
    controls: ruleId === 'sqs-queue-encrypted' ? ['ENC-SQS-01'] : [],
    severity: 'error',
    title: '',
    message: 'm',
    location: { file, line: 2, column: 3, endLine: 2, endColumn: 8, pointer: `/Resources/${logicalId}` },
    resource: { logicalId, type: 'AWS::SQS::Queue' },
  });

/** Runs waivers over one file. @returns Reasons of what is waived, the codes said, and the status of the file. */
function run(
  content: Partial<WaiverFileContent>,
  { today = '2026-06-01', template = TEMPLATE, notEvaluated = [], checked = true, ...setting }: Setting = {},
): { waived: (string | null)[]; open: (string | null)[]; said: string[]; result: CheckResult } {
  const { file, diagnostics } = interpret(content);
  expect(diagnostics).toStrictEqual([]);
  const { account, ou, findings = [finding()] } = setting;
  const session = new WaiverSession(file!, {
    today,
    ...(account !== undefined && { account }),
    ...(ou !== undefined && { ou }),
    compileGlob,
    isChecked: () => checked,
    sources: new Map(),
  });
  const rules = Object.fromEntries(findings.map(({ ruleId }) => [ruleId, 'FAIL' as const]));
  const result = session.cover(
    { file: { path: 'a/b.yaml', status: 'FAIL', rules }, findings, notEvaluated },
    readTemplate(template, 'a/b.yaml').source!,
  );
  const isTold = ({ ruleId }: Finding): boolean => ruleId.startsWith('WVR');
  return {
    waived: result.findings.filter((each) => !isTold(each)).map((each) => each.waived?.reason ?? null),
    open: result.notEvaluated.map((each) => each.waived?.reason ?? null),
    said: [...result.findings.filter(isTold), ...session.conclude()].map((each) => `${each.ruleId} ${each.severity}`),
    result,
  };
}

const scoped = (scope: WaiverContent['scope'], setting: Setting = {}): ReturnType<typeof run> =>
  run({ waivers: [{ ...WAIVER, ...(scope && { scope }) }] }, setting);

describe('days', () => {
  it.each([
    ['2026-06-29', 'public prices', []],
    ['2026-06-30', 'public prices', []],
    ['2026-07-01', null, ['WVR2001 warning']],
  ])('on %s', (today, waived, said) => {
    const ran = scoped(undefined, { today });
    expect([ran.waived, ran.said]).toStrictEqual([[waived], said]);
  });

  it.each(['2026-02-28', '2024-02-29', '2000-02-29', '2026-12-31'])('%s is a date', (text) => {
    expect(isDate(text)).toBe(true);
  });

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-4-1',
    '31.12.2026',
    '',
    '2026-01-00',
  ])('%j is none', (text) => {
    expect(isDate(text)).toBe(false);
    const { file, diagnostics } = interpret({ waivers: [{ ...WAIVER, expires: text }] });
    expect([file, diagnostics.map(({ code }) => code)]).toStrictEqual([null, ['WVR1002']]);
  });
});

describe('scope', () => {
  it.each<[WaiverContent['scope'], Setting, string | null, string[]]>([
    [{ file: 'a/*.yaml' }, {}, 'public prices', []],
    [{ file: './a' }, {}, 'public prices', []],
    [{ file: 'c/**' }, {}, null, ['WVR2002 info']],
    [{ logicalId: ['Other', 'Que*'] }, {}, 'public prices', []],
    [{ logicalId: 'queue' }, {}, null, ['WVR2002 warning']],
    [{ resourceType: 'AWS::SQS::*' }, {}, 'public prices', []],
    [{ resourceType: 'AWS::SNS::*' }, {}, null, ['WVR2002 warning']],
    [{ account: '111122223333' }, { account: '111122223333' }, 'public prices', []],
    [{ account: '111122223333' }, { account: '444455556666' }, null, []],
    [{ account: '111122223333' }, {}, null, ['WVR2004 warning']],
    [{ ou: 'ou-ab12-11111111' }, {}, null, ['WVR2004 warning']],
    [{ ou: 'ou-ab12-11111111' }, { ou: 'ou-ab12-11111111' }, 'public prices', []],
    [{ ou: 'ou-ab12-11111111' }, { ou: 'r-ab12/ou-ab12-22222222/ou-ab12-11111111' }, 'public prices', []],
    // A unit alone does not stand for those below it.
    [{ ou: 'ou-ab12-22222222' }, { ou: 'r-ab12/ou-ab12-22222222/ou-ab12-11111111' }, null, []],
    [{ ou: 'ou-ab12-22222222/**' }, { ou: 'r-ab12/ou-ab12-22222222/ou-ab12-11111111' }, 'public prices', []],
    [{ ou: 'ou-ab12-22222222/**' }, { ou: 'r-ab12/ou-ab12-22222222' }, 'public prices', []],
    [{ ou: 'ou-ab12-22222222/**' }, { ou: 'ou-ab12-22222222' }, 'public prices', []],
    [{ ou: 'ou-ab12-22222222/**' }, { ou: 'r-ab12/ou-ab12-33333333' }, null, []],
    // What is above a unit, the unit does not tell.
    [{ ou: 'ou-ab12-22222222/**' }, { ou: 'ou-ab12-11111111' }, null, ['WVR2004 warning']],
    [{ ou: ['ou-ab12-22222222/**', 'ou-ab12-11111111'] }, { ou: 'ou-ab12-11111111' }, 'public prices', []],
    [{ ou: 'r-ab12/**' }, { ou: 'r-ab12/ou-ab12-33333333' }, 'public prices', ['WVR2003 warning']],
    [{ account: '111122223333', logicalId: 'No' }, {}, null, ['WVR2004 info']],
    [{ tag: { team: 'sh*' } }, {}, 'public prices', []],
    [{ tag: { team: 'other' } }, {}, null, ['WVR2002 warning']],
    [{ tag: { none: '?*' } }, {}, null, ['WVR2002 warning']],
    [{ tag: { stage: 'dev' } }, {}, null, ['WVR2004 warning']],
    [{ tag: { stage: 'dev', team: 'other' } }, {}, null, ['WVR2002 warning']],
    [{}, {}, 'public prices', ['WVR2003 warning']],
    [{ file: '**' }, {}, 'public prices', ['WVR2003 warning']],
    [{ logicalId: ['Queue', '*'] }, {}, 'public prices', ['WVR2003 warning']],
  ])('%j with %j', (scope, setting, waived, said) => {
    const ran = scoped(scope, setting);
    expect([ran.waived, ran.said]).toStrictEqual([[waived], said]);
  });

  it.each([
    'Tags: !If [Yes, [{ Key: team, Value: shop }], []]',
    'Tags: [!If [Yes, { Key: team, Value: shop }, !Ref AWS::NoValue]]',
    'Tags: [{ Key: team, Value: shop }, { Key: team, Value: other }]',
    'Fn::Transform: { Name: AWS::Include }',
  ])('a tag that is not plainly there decides nothing: %s', (properties) => {
    const template = `Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      ${properties}\n`;
    const ran = scoped({ tag: { team: 'shop' } }, { template });
    expect([ran.waived, ran.said]).toStrictEqual([[null], ['WVR2004 warning']]);
  });

  it('a part about resources holds for nothing that belongs to no resource', () => {
    const placeless = { ...finding(), resource: null };
    for (const scope of [{ logicalId: '*' }, { resourceType: '*' }, { tag: { team: '*' } }]) {
      expect(scoped(scope, { findings: [placeless] }).waived).toStrictEqual([null]);
    }
    expect(scoped({ file: 'a/**' }, { findings: [placeless] }).waived).toStrictEqual(['public prices']);
  });

  const word = fc.constantFrom('A', 'B');
  const list = fc.uniqueArray(fc.constantFrom('A', 'B', '?', '*'), { minLength: 1, maxLength: 3 });
  const scope: fc.Arbitrary<WaiverScope> = fc.record(
    {
      file: list,
      logicalId: list,
      resourceType: list,
      account: list,
      ou: list,
      tag: fc.dictionary(word, list, { minKeys: 1 }),
    },
    { requiredKeys: [] },
  );
  const subject: fc.Arbitrary<Subject> = fc
    .record({
      file: word,
      resource: fc.option(fc.record({ logicalId: word, type: word })),
      account: fc.option(word, { nil: undefined }),
      ou: fc.option(word, { nil: undefined }),
      tags: fc.dictionary(word, fc.option(word)),
      open: fc.boolean(),
    })
    .map(({ tags, open, ...rest }) => ({ ...rest, tags: () => ({ known: new Map(Object.entries(tags)), open }) }));

  it('every part that is added narrows it, and what is not known never makes it hold', () => {
    let held = 0;
    fc.assert(
      fc.property(scope, scope, subject, (one, more, about) => {
        const { holds } = compileScope({ ...one, ...more }, compileGlob)(about);
        const parts = (Object.keys({ ...one, ...more }) as (keyof WaiverScope)[]).map(
          (part) => compileScope({ [part]: { ...one, ...more }[part] }, compileGlob)(about).holds,
        );
        expect(holds).toBe(parts.every((part) => part));
        const blind = { ...about, account: undefined, ou: undefined };
        if (compileScope({ ...one, ...more }, compileGlob)(blind).holds) expect(holds).toBe(true);
        if (holds) held += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(held).toBeGreaterThan(20);
  });
});

describe('names', () => {
  it.each<[string, Partial<WaiverContent>, string[]]>([
    [
      'unknown rule',
      { rule: 'sqs-queue-encrypt' },
      ['WVR1001 there is no rule `sqs-queue-encrypt` | did you mean `sqs-queue-encrypted`?'],
    ],
    [
      'a control as a rule',
      { rule: 'ENC-SQS-01' },
      ['WVR1001 there is no rule `ENC-SQS-01` | it is a control: write `control`.'],
    ],
  ])('%s', (_, part, expected) => {
    const { file, diagnostics } = interpret({ waivers: [{ ...WAIVER, ...part }] });
    expect(file).toBeNull();
    expect(
      diagnostics.map(({ code, message, help = '' }) => `${code} ${message} | ${help.split(/(?<=[?.]) /)[0]!}`),
    ).toStrictEqual(expected);
  });

  it('takes one rule or one control, and codes of the schema lint', () => {
    const { rule, ...rest } = WAIVER;
    const codes = (waiver: WaiverContent): string[] =>
      interpret({ waivers: [waiver] }).diagnostics.map(({ code }) => code);
    expect(codes(rest)).toStrictEqual(['WVR1004']);
    expect(codes({ ...WAIVER, control: 'ENC-SQS-01' })).toStrictEqual(['WVR1004']);
    expect(codes({ ...rest, control: 'ENC-SQS-01' })).toStrictEqual([]);
    expect(codes({ ...WAIVER, rule: 'F3002' })).toStrictEqual([]);
    expect(codes({ ...WAIVER, rule: 'TPL3007' })).toStrictEqual(['WVR1001']);
    expect(rule).toBe('sqs-queue-encrypted');
  });

  it('contradictions are refused: two waivers of one scope, and a rule that is both suppressible and never waivable', () => {
    const codes = (content: Partial<WaiverFileContent>): string[] =>
      interpret(content).diagnostics.map(({ code }) => code);
    const again = { ...WAIVER, scope: { logicalId: ['Queue'] }, expires: '2027-01-01' };
    expect(codes({ waivers: [WAIVER, again] })).toStrictEqual(['WVR1003']);
    expect(codes({ waivers: [WAIVER, { ...WAIVER, scope: { logicalId: 'Other' } }] })).toStrictEqual([]);
    expect(codes({ neverWaivable: ['ENC-SQS-01'], allowDeveloperSuppressions: ['ENC-SQS-01'] })).toStrictEqual([
      'WVR1003',
    ]);
    expect(codes({ neverWaivable: ['nothing'], allowDeveloperSuppressions: ['nor this'] })).toStrictEqual([
      'WVR1001',
      'WVR1001',
    ]);
  });
});

describe('what counts', () => {
  it('a never-waivable rule or control is not waived, by rule or by control', () => {
    const { rule, ...rest } = WAIVER;
    expect(rule).toBe('sqs-queue-encrypted');
    for (const never of ['sqs-queue-encrypted', 'ENC-SQS-01']) {
      for (const waiver of [WAIVER, { ...rest, control: 'ENC-SQS-01' }]) {
        const ran = run({ neverWaivable: [never], waivers: [waiver] });
        expect([ran.waived, ran.said, ran.result.file.status]).toStrictEqual([[null], ['WVR2005 error'], 'FAIL']);
      }
    }
  });

  it('a waived finding no longer fails its file, and its rule keeps its verdict', () => {
    const { result } = scoped(undefined);
    expect(result.file).toStrictEqual({ path: 'a/b.yaml', status: 'PASS', rules: { 'sqs-queue-encrypted': 'FAIL' } });
    const both = scoped(undefined, { findings: [finding(), finding('sns-topic-encrypted')] });
    expect([both.waived, both.result.file.status]).toStrictEqual([['public prices', null], 'FAIL']);
  });

  it('what was not evaluated is accepted only under a waiver that names no resource', () => {
    const entry: NotEvaluated = {
      path: 'a/b.yaml',
      ruleId: 'sqs-queue-encrypted',
      controls: ['ENC-SQS-01'],
      reason: 'r',
      parameters: [],
      location: null,
    };
    const open = (scope: WaiverContent['scope']): (string | null)[] =>
      scoped(scope, { findings: [], notEvaluated: [entry] }).open;
    expect(open({ file: 'a/**' })).toStrictEqual(['public prices']);
    expect(open({ logicalId: '*' })).toStrictEqual([null]);
    expect(open({ tag: { team: '*' } })).toStrictEqual([null]);
    expect(open({ account: '111122223333' })).toStrictEqual([null]);
  });

  it('says nothing of a waiver whose rule this run does not check', () => {
    expect(scoped(undefined, { findings: [], checked: false }).said).toStrictEqual([]);
    expect(scoped(undefined, { findings: [], checked: true }).said).toStrictEqual(['WVR2002 warning']);
  });

  it('nothing accepts what an engine says of a template', () => {
    const template = TEMPLATE.replace(
      '    Properties',
      '    Metadata: { cfn_nag: { rules_to_suppress: [{ id: TPL3007 }] } }\n    Properties',
    );
    const ran = run({ allowDeveloperSuppressions: true }, { template, findings: [finding('TPL3007')] });
    expect([ran.waived, ran.said]).toStrictEqual([[null], ['WVR3002 info']]);
  });
});

describe('suppressions of other tools', () => {
  const withMetadata = (metadata: string): string =>
    TEMPLATE.replace('    Properties', `    Metadata: ${metadata}\n    Properties`);
  const forms: [string, string][] = [
    ['guard', '{ guard: { SuppressedRules: [SQS_QUEUE_ENCRYPTED] } }'],
    ['cfn-lint', '{ cfn-lint: { config: { ignore_checks: [sqs-queue-encrypted] } } }'],
    ['cfn_nag', '{ cfn_nag: { rules_to_suppress: [{ id: ENC-SQS-01, reason: small }] } }'],
    ['cdk_nag', '{ cdk_nag: { rules_to_suppress: [{ id: sqs-queue-encrypted, reason: small }] } }'],
    ['checkov', '{ checkov: { skip: [{ id: sqs-queue-encrypted, comment: small }] } }'],
  ];

  it.each(forms)('%s: read, and refused where nobody allows it', (tool, metadata) => {
    const template = withMetadata(metadata);
    const [suppression] = suppressionsOf(readTemplate(template, 'a.yaml').source!);
    expect([suppression!.tool, suppression!.logicalId]).toStrictEqual([tool, 'Queue']);
    const refused = run({}, { template });
    expect([refused.waived, refused.said]).toStrictEqual([[null], ['WVR3001 warning']]);
    const allowed = run({ allowDeveloperSuppressions: true }, { template });
    expect([allowed.waived.includes(null), allowed.said]).toStrictEqual([false, []]);
    expect(allowed.result.findings[0]!.waived).toMatchObject({
      by: 'suppression',
      owner: `template (${tool})`,
      expires: null,
    });
    const some = run({ allowDeveloperSuppressions: ['sns-topic-encrypted'] }, { template });
    expect([some.waived, some.said]).toStrictEqual([[null], ['WVR3001 warning']]);
    const never = run({ allowDeveloperSuppressions: true, neverWaivable: ['ENC-SQS-01'] }, { template });
    expect([never.waived, never.said]).toStrictEqual([[null], ['WVR3001 warning']]);
  });

  it('comments of checkov count inside a resource, not in a text of it, not outside', () => {
    const read = (text: string): string[] =>
      suppressionsOf(readTemplate(text, 'a.yaml').source!).map(
        ({ name, reason, logicalId }) => `${logicalId ?? ''} ${name} ${reason}`,
      );
    const comment = '# checkov:skip=sqs-queue-encrypted:small queue';
    expect(read(TEMPLATE.replace('  Queue:', `  Queue: ${comment}`))).toStrictEqual([
      'Queue sqs-queue-encrypted small queue',
    ]);
    expect(read(TEMPLATE.replace('    Type', `    ${comment}\n    Type`))).toStrictEqual([
      'Queue sqs-queue-encrypted small queue',
    ]);
    expect(read(`${comment}\n${TEMPLATE}`)).toStrictEqual([]);
    expect(read(TEMPLATE.replace('Value: shop', `Value: "${comment}"`))).toStrictEqual([]);
    expect(read(TEMPLATE.replace('      Tags', `      Name: |\n        ${comment}\n      Tags`))).toStrictEqual([]);
  });

  it('cfn-lint names codes by their beginning, for a resource or the whole template', () => {
    const lint = [finding('F3002'), finding('W2001')];
    const template = `Metadata: { cfn-lint: { config: { ignore_checks: [E30] } } }\n${TEMPLATE}`;
    const ran = run({ allowDeveloperSuppressions: true }, { template, findings: lint });
    expect(ran.waived).toStrictEqual(['no reason is given', null]);
    const nag = withMetadata('{ cfn_nag: { rules_to_suppress: [{ id: W }] } }');
    expect(run({ allowDeveloperSuppressions: true }, { template: nag, findings: lint })).toMatchObject({
      waived: [null, null],
      said: ['WVR3002 info'],
    });
  });

  it('a suppression of one resource does not reach another', () => {
    const template = withMetadata(forms[0]![1]);
    const ran = run(
      { allowDeveloperSuppressions: true },
      { template, findings: [finding('sqs-queue-encrypted', 'Other')] },
    );
    expect([ran.waived, ran.said]).toStrictEqual([[null], ['WVR3002 info']]);
  });

  it('reads anything in these places without failing', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(json, json, (one, two) => {
        const metadata = {
          guard: one,
          'cfn-lint': { config: two },
          cfn_nag: { rules_to_suppress: one },
          checkov: { skip: [two] },
        };
        const text = JSON.stringify({ Metadata: metadata, Resources: { A: { Metadata: metadata } } });
        const { source } = readTemplate(text, 'a.json');
        for (const { name } of source === null ? [] : suppressionsOf(source)) expect(name).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});

/** `Resources.*[ Type == .. ]` and `Resources[ Type == .. ]` are answered from an index; a scan of all resources must give the same. */
import { openDocument } from '../../../guard/index.js';
import type { Value } from '../../../template/index.js';
import { compareRecorded } from '../../support/recorded.js';
import { describeWithReference, validatePairs } from '../../support/reference.js';
import { program, statuses } from './support.js';

const S = 'AWS::S3::Bucket';
const Q = 'AWS::SQS::Queue';

const FILTERS = [
  `Type == '${S}'`,
  `Type != '${S}'`,
  `Type in ['${S}', '${Q}']`,
  `Type not in ['${S}']`,
  'Type == /S3|SQS/',
  'Type != /S3/',
  `Type == %type`,
  'Type == %list',
  `Type in %list`,
  'Type == %computed',
  `Type in '${S} ${Q}'`,
  `Type > 'AWS::S3'`,
  `type == '${S}'`,
  `Type == '${S}' Properties.a exists`,
  `Properties.a == 1 Type == '${S}'`,
  `Type == '${S}' Properties.a !empty`,
  `Type == '${S}' or Type == '${Q}'`,
  `some Type == '${S}'`,
  `Type == '${S}' Properties.a == 1 or Properties.b exists`,
  `Type == ['${S}']`,
  'Type == 5',
  `Type == '${S}' Type == '${Q}'`,
  `not Type == '${S}'`,
  `Type == '${S}' Properties.%keys exists`,
  `Type == '${Q}' or Type == %type`,
  `Type == '${Q}' or Type == %computed`,
  `Type == '${Q}' or Type == %nosuch`,
  `Type != '${S}' or Type in %list`,
  `Type == 'AWS::X::Y' or Type == '${Q}' or Type == %type`,
  `Type == '${S}' or Properties.a == 1`,
] as const;

const TAILS = [
  '!empty',
  'exists',
  '.Properties.a exists',
  '.Properties.a == 1',
  '.Properties.*[ this == 1 ] exists',
  '[*].Properties.L[ x == 1 ].x exists',
];

const DOCUMENTS: readonly Value[] = [
  {
    Resources: {
      A: { Type: S, Properties: { a: 1 } },
      B: { Type: Q, Properties: { b: 1 } },
      C: { Type: S, Properties: { L: [{ x: 1 }] } },
    },
  },
  { Resources: { B: { Type: Q, Properties: { a: [] } } } },
  { Resources: {} },
  {},
  [],
  { Resources: [] },
  { Resources: 'text' },
  { Resources: null },
  { Resources: [{ Type: S, Properties: { a: 1 } }] },
  { resources: { A: { Type: S, Properties: { a: 1 } } } },
  { resources: { A: { type: S, properties: { a: 1 } } } },
  { Resources: { A: { type: S, Properties: { a: 2 } }, B: { Type: S, Properties: { a: 1 } } } },
  { Resources: { A: { Properties: { a: 1 } }, B: { Type: S, Properties: { a: 1 } } } },
  { Resources: { A: { Type: [S, S], Properties: { a: 1 } }, B: { Type: Q } } },
  { Resources: { A: { Type: [], Properties: { a: 1 } } } },
  { Resources: { A: { Type: 5, Properties: { a: 1 } }, B: { Type: S, Properties: { a: 1 } } } },
  { Resources: { A: 'text', B: { Type: S, Properties: { a: 1 } } } },
  { Resources: { A: [{ Type: S, Properties: { a: 1 } }], B: { Type: S, Properties: { a: 2 } } } },
  { Resources: { A: null } },
  { Resources: { A: { Type: { Ref: 'X' }, Properties: { a: 1 } } } },
];

const HEAD = `let type = '${S}'\nlet list = ['${S}', '${Q}']\nlet computed = Resources.*.Type\nlet keys = 'a'\n`;
const WRAPPED = 'rule inner(x) { %x.Properties exists }\n';

const pairs = DOCUMENTS.flatMap((document, at) =>
  FILTERS.flatMap((filter, index) => {
    // Each filter meets each document once, and every tail often.
    const tail = TAILS[(at + index) % TAILS.length]!;
    const space = tail.startsWith('.') || tail.startsWith('[') ? '' : ' ';
    return ['Resources.*', 'Resources'].map((all) => ({
      rules: `${HEAD}${WRAPPED}rule r { ${all}[ ${filter} ]${space}${tail} }`,
      document,
    }));
  }),
);

describeWithReference('selection of resources by type, held against cfn-guard', () => {
  it('gives the same status for every form of filter on every form of document', async () => {
    const { differences, ran } = await compareRecorded('selection', pairs, {
      input: ({ rules, document }) => JSON.stringify([rules, document]),
      ours,
      reference: (asked) =>
        validatePairs(asked.map(({ rules, document }) => ({ rules, data: JSON.stringify(document) }))).map(
          ({ outcome, reports }, index) => {
            // A crash says nothing.
            if (outcome === 'crash') return ours(asked[index]!);
            return outcome === 'ran' ? reports[0]!.status : 'error';
          },
        ),
    });
    expect(differences).toStrictEqual([]);
    expect(ran).toBeGreaterThan(15);
    expect(pairs.length).toBeGreaterThan(800);
  });
});

function ours({ rules, document }: (typeof pairs)[number]): string {
  const status = statuses(rules, document);
  return /^(PASS|FAIL|SKIP)$/.test(status) ? status : 'error';
}

describe('selection of resources by type', () => {
  it('asks resources of other types whatever may end in an error', () => {
    const document = { Resources: { A: { Type: S, n: 'x' }, B: { Type: Q, n: 5 } } };
    expect(statuses(`rule r { Resources.*[ Type == '${S}' n !empty ] exists }`, document)).toMatch(
      /EMPTY operation on type int/,
    );
    expect(statuses(`rule r { Resources.*[ Type == '${S}' n == %nosuch ] exists }`, document)).toMatch(/nosuch/);
    const none = { Resources: { B: { Type: Q, n: 5 } } };
    expect(statuses(`rule r { Resources.*[ Type == '${S}' n == %nosuch ] exists }`, none)).toMatch(/nosuch/);
  });

  it('asks the second of two types only of resources that are not of the first', () => {
    const rules = `rule r { Resources.*[ Type == '${S}' or Type == %nosuch ] exists }`;
    expect(statuses(rules, { Resources: { A: { Type: S } } })).toBe('PASS');
    expect(statuses(rules, { Resources: { A: { Type: S }, B: { Type: Q } } })).toMatch(/nosuch/);
  });

  it('keeps the order of the document over several types', () => {
    const document = openDocument({ Resources: { A: { Type: Q }, B: { Type: S }, C: { Type: 'T' }, D: { Type: Q } } });
    const of = program(`rule r { Resources.*[ Type in ['${S}', '${Q}'] ].x exists }`);
    expect(JSON.stringify(of.explain(document, 0, () => ({ line: 0, column: 0 })))).toMatch(
      /Resources\/A.*Resources\/B.*Resources\/D/,
    );
  });

  it('does not look at resources of other types', () => {
    const untouched = Object.defineProperty({ Type: 'T' }, 'Properties', {
      enumerable: true,
      get: () => {
        throw new Error('read');
      },
    }) as unknown as Value;
    const document = { Resources: { A: { Type: S, Properties: { a: 1 } }, B: untouched } };
    expect(statuses(`rule r { Resources.*[ Type == '${S}' Properties.a == 1 ].Properties.a exists }`, document)).toBe(
      'PASS',
    );
    expect(() => statuses('rule r { Resources.*.Properties exists }', document)).toThrow('read');
  });

  it('inside a block looks at the value of the block, not at the document', () => {
    const inner = { Resources: { A: { Type: S, n: 1 } } };
    const document = { in: inner, Resources: { B: { Type: S, n: 2 } } };
    expect(statuses(`rule r { in { Resources.*[ Type == '${S}' ].n == 1 } }`, document)).toBe('PASS');
  });
});

/** What the page's script finds, counts and sorts is what a plain search over the findings gives. */
import fc from 'fast-check';
import type { ScanFinding } from '../../../analyzers/index.js';
import { Findings } from '../../../analyzers/report/client/data.js';
import { chosenOf, readState, writeState } from '../../../analyzers/report/client/state.js';
import { accountName, scanData } from '../../../analyzers/report/page/scan-data.js';
import { sampleScan } from '../../support/scan.js';

const scan = sampleScan({ accounts: 30, findings: 300 });
const findings = new Findings(scanData(scan));
const appeared = new Set(scan.changes!.appeared);

/** Values of a finding in a facet, told apart from the columns under test. */
const VALUES: Readonly<Record<string, (finding: ScanFinding) => readonly string[]>> = {
  severity: ({ severity }) => [severity],
  reach: ({ reach }) => [reach === null ? '' : reach.verdict === 'cannot-tell' ? 'cannot tell' : reach.verdict],
  state: ({ archived }) => [archived === null ? 'open' : 'archived'],
  change: ({ fingerprint }) => [appeared.has(fingerprint) ? 'new' : 'known'],
  check: ({ checkId }) => [checkId],
  controls: ({ controls }) => controls,
  ou: ({ account: { path } }) => ['Root', ...path.map((_, last) => ['Root', ...path.slice(0, last + 1)].join('/'))],
  account: ({ account }) => [accountName(account)],
  region: ({ region }) => [region],
  type: ({ resource }) => [resource.type],
};

const facet = fc
  .constantFrom(...findings.facets)
  .chain((column) =>
    fc
      .subarray([...column.facet!.values], { maxLength: Math.min(3, column.facet!.values.length) })
      .map((values) => [column.id, new Set(values)] as const),
  );
const query = fc.record({
  text: fc.constantFrom(
    '',
    'role',
    'ROLE prod',
    'kms:decrypt 100000023768',
    'nothing has this',
    'workloads/staging bucket',
  ),
  chosen: fc.array(facet, { maxLength: 4 }).map((entries) => new Map(entries)),
});

function fitsText(finding: ScanFinding, text: string): boolean {
  const { account, resource, reach, archived } = finding;
  const all = [
    ...Object.values(VALUES).flatMap((values) => values(finding)),
    ...[
      account.path.join('/'),
      resource.arn,
      finding.message,
      finding.title,
      finding.help,
      finding.subject,
      finding.source,
    ],
    ...[finding.fingerprint, finding.since ?? '', reach?.reason ?? ''],
    ...(archived === null
      ? []
      : [`${archived.rule}, ${archived.owner}, until ${archived.expires!}: ${archived.reason}`]),
  ].map((each) => each.toLowerCase());
  return text
    .toLowerCase()
    .split(' ')
    .every((part) => all.some((each) => each.includes(part)));
}

const fits = (finding: ScanFinding, chosen: ReadonlyMap<string, ReadonlySet<string>>): boolean =>
  [...chosen].every(([id, values]) => values.size === 0 || VALUES[id]!(finding).some((value) => values.has(value)));

it('has the facets of a scan', () => {
  expect(findings.facets.map(({ id }) => id).sort()).toStrictEqual(Object.keys(VALUES).sort());
});

it('finds what fits, and counts what each value would show', () => {
  let some = 0;
  fc.assert(
    fc.property(query, ({ text, chosen }) => {
      const answer = findings.answer({ text, chosen });
      const wanted = scan.findings.map((finding) => fitsText(finding, text) && fits(finding, chosen));
      expect([...answer.fits].map((fit) => fit === 1)).toStrictEqual(wanted);
      expect(answer.count).toBe(wanted.filter(Boolean).length);
      if (answer.count > 0 && answer.count < scan.findings.length) some += 1;
      for (const { id, facet: of } of findings.facets) {
        const others = new Map([...chosen].filter(([other]) => other !== id));
        const left = scan.findings.filter((finding) => fitsText(finding, text) && fits(finding, others));
        const counts = of!.values.map((value) => left.filter((finding) => VALUES[id]!(finding).includes(value)).length);
        expect([...answer.counts.get(id)!]).toStrictEqual(counts);
      }
    }),
    { numRuns: 60 },
  );
  expect(some).toBeGreaterThan(15);
});

it.each(['severity', 'check', 'resource', 'account', 'ou', 'reach', 'message'])('sorts by %s', (id) => {
  const order = [...findings.order(id)];
  expect([...order].sort((a, b) => a - b)).toStrictEqual(scan.findings.map((_, row) => row));
  const rank = (row: number): number | string => {
    const column = findings.column(id)!;
    return column.kind === 'words' ? column.at[row]! : column.texts[row]!;
  };
  for (const [at, row] of order.slice(1).entries()) {
    const before = order[at]!;
    expect(rank(before) < rank(row) || (rank(before) === rank(row) && before < row)).toBe(true);
  }
});

it('sorts severities and reach by how much they matter', () => {
  const words = (id: string): readonly string[] => {
    const column = findings.column(id)!;
    return column.kind === 'words' ? column.words : [];
  };
  expect(words('severity')).toStrictEqual(['error', 'warning', 'info']);
  expect(words('reach')).toStrictEqual(['reachable', 'cannot tell', 'blocked', '']);
});

describe('the address', () => {
  const views = ['overview', 'findings'];

  it('gives back what was chosen', () => {
    fc.assert(
      fc.property(query, fc.boolean(), ({ text, chosen }, isDescending) => {
        const state = {
          view: 'findings',
          text,
          chosen,
          sort: 'account',
          isDescending,
          finding: 'a&b#c',
          groups: new Map([['verdict', 'FAIL']]),
        };
        expect(readState(writeState(state), views, findings.facets)).toStrictEqual(state);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out what it does not know, and starts with open findings', () => {
    const state = readState('#view=nowhere&severity=bad&color=red&%', views, findings.facets);
    expect([state.view, [...state.chosen.keys()]]).toStrictEqual(['overview', ['severity']]);
    const column = findings.facets.find(({ id }) => id === 'state')!;
    expect([...chosenOf(column, state)]).toStrictEqual(['open']);
    expect([...chosenOf(column, readState('#state=*', views, findings.facets))]).toStrictEqual([]);
  });
});

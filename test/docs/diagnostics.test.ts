/**
 * Each code that Stackade can report has a page below docs/diagnostics/, each page a code; the example of a page gives the
 * code, the mended example does not, and what the page shows as printed is what is printed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnosticPage } from '../../findings/index.js';
import { diagnosticsOf, isExample, outputsOf, type Output } from './examples.js';
import { markdownBelow, pageAt, root } from './files.js';
import type { Block } from './markdown.js';

/** Folders at the top that are no rooms. */
const NO_ROOMS = ['bench', 'dist', 'docs', 'examples', 'node_modules', 'test'];
const ROOMS = readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && !entry.name.startsWith('.') && !NO_ROOMS.includes(entry.name) ? [entry.name] : [],
);
/** `TPL1001`; and the findings of the schema lint's own condition, `lint-crashed`. */
const CODES = /['"`]([A-Z]{3}[0-9]{4}|lint-[a-z]+)['"`]/g;
const SECTIONS = ['What it means', 'Example', 'Why it matters', 'How to mend it'];

/** Codes that no input produces, with the reason. Their pages show no example. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  AWS1001: 'it needs AWS to be out of reach; test/cli/scp-apply.test.ts shows it',
  AWS1002: 'it needs a call of AWS that is refused; test/cli/scp-apply.test.ts shows it',
  SCP5001: 'it needs an organization; test/cli/scp-apply.test.ts shows it',
  SCP5002: 'it needs an organization; test/cli/scp-apply.test.ts shows it',
  SCP5003: 'it needs an organization; test/cli/scp-apply.test.ts shows it',
  SCP5004: 'it needs an organization; test/cli/scp-apply.test.ts shows it',
  STK2001: 'it needs an organization; test/cli/deploy.test.ts shows it',
  STK2002: 'it needs an organization; test/cli/deploy.test.ts shows it',
  STK2003: 'it needs an organization and two runs; test/e2e/deploy.test.ts shows it',
  SCN1001: 'it needs an organization; test/analyzers/scan/archive.test.ts shows it',
  SCN1002: 'it needs an organization; test/analyzers/scan/faults.test.ts shows it',
  SCN1003: 'it needs an organization; test/analyzers/scan/faults.test.ts shows it',
  SCN1004: 'it needs two scans at once; test/analyzers/scan/faults.test.ts shows it',
  SCN2001: 'it needs an organization; test/analyzers/scan/archive.test.ts shows it',
  SCN2002: 'it needs an organization; test/analyzers/scan/archive.test.ts shows it',
  SCN2004: 'it needs an organization; test/analyzers/scan/rights.test.ts shows it',
  SCN2003: 'it needs an organization; test/analyzers/scan/faults.test.ts shows it',
  HOK1001: 'it needs buckets; test/cli/hook-upload.test.ts shows it',
  HOK1002: 'it needs buckets; test/cli/hook-upload.test.ts shows it',
  HOK1003: 'it needs an organization and a package; docs/hook-package.md and test/e2e/hook-package.test.ts show it',
  SCN1101: 'it needs an organization; test/analyzers/checks/attestations.test.ts shows it',
  CLI9001: 'it tells of a fault of ours; an input that produced it would be a defect to mend',
  CLI2008: 'the library of a release holds every rule of its packs; only a package that was changed tells it',
  'lint-crashed': 'it tells of a fault of the lint library, which has no known input that produces it',
  TPL3015: 'the reader refuses such depth first; only a document made by a program gets there',
};

/** Texts in the sources of the rooms that are codes, with the files that they stand in. */
function codesInSources(): ReadonlyMap<string, readonly string[]> {
  const codes = new Map<string, string[]>();
  for (const room of ROOMS) {
    const names = readdirSync(join(root, room), { recursive: true, encoding: 'utf8' });
    for (const name of names) {
      // Names of AWS can look like codes; the catalogue reports nothing.
      if (!name.endsWith('.ts') || (room === 'catalogue' && name.startsWith('generated'))) continue;
      // Findings on policies have pages of their own.
      if (room === 'iam' && name.startsWith('validate')) continue;
      if (room === 'analyzers' && name.startsWith(join('policies', 'checks'))) continue;
      const path = join(room, name);
      for (const [, code] of readFileSync(join(root, path), 'utf8').matchAll(CODES)) {
        codes.set(code!, [...(codes.get(code!) ?? []), path]);
      }
    }
  }
  return codes;
}

const codes = codesInSources();
const pages = markdownBelow('docs/diagnostics').filter((path) => path !== 'docs/diagnostics/README.md');
const codeOf = (path: string): string => path.replace(/^.*\//, '').replace(/\.md$/, '');

it('finds the codes of every family', () => {
  for (const code of ['GRD1001', 'GRD2016', 'TPL1001', 'TPL3001', 'CLI1001', 'CLI2101', 'lint-incomplete']) {
    expect([...codes.keys()]).toContain(code);
  }
});

it('has a page for each code and a code for each page', () => {
  expect(pages).toStrictEqual([...codes.keys()].map(diagnosticPage).sort());
});

it('lists every page in the index, with its title', () => {
  const { prose } = pageAt('docs/diagnostics/README.md');
  const listed = prose.split('\n').filter((line) => line.startsWith('- '));
  const expected = pages.map((path) => {
    const code = codeOf(path);
    return `- [${code}](${code}.md): ${pageAt(path).title.slice(code.length + 2)}`;
  });
  expect(listed.sort()).toStrictEqual(expected.sort());
});

describe.each(pages)('%s', (path) => {
  const code = codeOf(path);
  const page = pageAt(path);
  const inSection = (section: string): readonly Block[] => page.blocks.filter((block) => block.section === section);

  it('has the parts of a page', () => {
    expect(page.title).toMatch(new RegExp(`^${code}: \\S.*[^.]$`));
    expect(page.sections).toStrictEqual(SECTIONS);
  });

  if (Object.hasOwn(NOT_SHOWN, code)) {
    it('shows no example that it does not have', () => {
      expect(page.blocks.filter((block) => isExample(block) && block.file === null)).toStrictEqual([]);
    });
    return;
  }

  const [example] = inSection('Example').filter((block) => isExample(block) && block.file === null);
  const [mended] = inSection('How to mend it').filter((block) => isExample(block) && block.file === null);
  // The commands of a page are run once, and only when one of its tests is.
  let known: readonly Output[] | undefined;
  const outputsOfPage = (): readonly Output[] => (known ??= outputsOf(page));

  it('shows what is printed (test/docs/update.mts writes it)', () => {
    const outputs = outputsOfPage();
    expect(outputs.map(({ block }) => block.text)).toStrictEqual(outputs.map(({ expected }) => expected));
    expect(outputs.some(({ block }) => block.section === 'Example' && block.text.includes(code))).toBe(true);
  });

  if (example === undefined) {
    it('shows commands of which only those of the example name the code', () => {
      const told = outputsOfPage().filter(({ block }) => block.section === 'How to mend it');
      expect(told).not.toStrictEqual([]);
      expect(told.filter(({ expected }) => expected.includes(code))).toStrictEqual([]);
    });
    return;
  }

  it('has an example that gives this code and no other', () => {
    expect([...new Set(diagnosticsOf(example).map((each) => each.code))]).toStrictEqual([code]);
  });

  it('has a mended example that gives none', () => {
    expect(mended).toBeDefined();
    expect(diagnosticsOf(mended!)).toStrictEqual([]);
  });
});

it('explains why some pages have no example', () => {
  for (const [code, reason] of Object.entries(NOT_SHOWN)) {
    expect([...codes.keys()]).toContain(code);
    expect(reason).not.toBe('');
  }
});

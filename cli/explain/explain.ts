/** Pages about what reports name: diagnostic codes, rules, controls and policy templates. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearestName } from '../../catalogue/index.js';
import { renderDiagnostics } from '../../findings/index.js';
import type { Diagnostic } from '../../findings/index.js';
import { guardName } from '../../rules/index.js';
import type { Control, ControlCoverage } from '../../rules/index.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { LINT_CODE, LINT_PAGE } from '../lint/advice.js';
import { loadLibrary, rulePage } from '../library.js';
import type { Library } from '../library.js';
import { processTerminal, wantsColor, type Terminal } from '../terminal.js';
import { packageRoot } from '../version.js';
import { heldBy } from './held-by.js';
import { lintPage, lintRules } from './lint-page.js';

/** Prints the page of a name; case does not matter. @returns The exit code. */
export function explain(name: string, terminal: Terminal = processTerminal()): number {
  const library = loadLibrary();
  const pages = pagesOf(library);
  const page = pages.get(name.toLowerCase()) ?? lintPageOf(name);
  if (page === undefined) {
    const diagnostic = unknownName(
      name,
      nearestName(
        name,
        [...pages.values()].map((each) => each.name),
      ),
    );
    terminal.tell(renderDiagnostics([diagnostic], { color: wantsColor(terminal.stderr, terminal.env) }));
    return BAD_INPUT;
  }
  terminal.print(page.text());
  return CLEAN;
}

function unknownName(name: string, nearest: string | undefined): Diagnostic {
  return {
    code: 'CLI2006',
    severity: 'error',
    message: `there is no code, rule, control or policy template \`${name}\``,
    help: LINT_CODE.test(name.toUpperCase())
      ? `codes of this form are those of the schema lint, and it has none of this name; ${LINT_PAGE} tells of them`
      : nearest === undefined
        ? '`stackade check --list-rules` lists rules and controls; `stackade scp list` and `stackade boundary list` the templates'
        : `did you mean \`${nearest}\`?`,
  };
}

/** The page of a code of the schema lint. */
function lintPageOf(name: string): Page | undefined {
  const code = name.toUpperCase();
  const rule = LINT_CODE.test(code) ? lintRules().find(({ id }) => id === code) : undefined;
  return rule && { name: code, text: () => lintPage(rule) };
}

interface Page {
  readonly name: string;
  /** Read or written when it is asked for. */
  text(): string;
}

/** Each file is the page of its name: of a code, or of a template of policies, settings, boundaries and roles. */
const PAGE_FOLDERS = ['diagnostics', 'iam/codes', 'scp', 'management-policies', 'boundaries'].map((folder) =>
  join('docs', ...folder.split('/')),
);

/** All pages by their names in lower case. */
function pagesOf(library: Library): ReadonlyMap<string, Page> {
  const pages = new Map<string, Page>();
  const add = (name: string, text: () => string): void => {
    pages.set(name.toLowerCase(), { name, text });
  };
  const file = (path: string) => (): string => readFileSync(join(packageRoot(), path), 'utf8');
  for (const rule of library.rules) {
    const { id, aliases } = rule.metadata;
    for (const name of [id, guardName(id), ...aliases]) add(name, file(rulePage(rule)));
  }
  for (const control of library.controls) add(control.id, () => controlPage(control, library));
  for (const folder of PAGE_FOLDERS) {
    if (!existsSync(join(packageRoot(), folder))) continue;
    for (const name of readdirSync(join(packageRoot(), folder))) {
      const code = /^(.+)\.md$/.exec(name)?.[1];
      if (code !== undefined && code !== 'README') add(code, file(join(folder, name)));
    }
  }
  return pages;
}

/** The page of a control in Markdown: what it asks for, the rules that check it, what no rule checks yet, other layers. */
function controlPage({ id, title, family, requirement, severity }: Control, library: Library): string {
  const coverage = JSON.parse(readFileSync(join(packageRoot(), 'rules', 'coverage.json'), 'utf8')) as Readonly<
    Record<string, ControlCoverage>
  >;
  const { rules = [], open } = Object.hasOwn(coverage, id) ? coverage[id]! : {};
  const served = library.rules.filter(({ metadata }) => metadata.controls.includes(id) || rules.includes(metadata.id));
  const held = heldBy(readFileSync(join(packageRoot(), 'docs', 'posture.md'), 'utf8'), id);
  const sections = [
    `# ${title}`,
    `\`${id}\``,
    `- Family: ${family}\n- Severity: ${severity}`,
    '## What it asks for',
    requirement,
    '## Rules',
    served.length === 0
      ? 'No rule checks it.'
      : served.map(({ metadata }) => `- \`${metadata.id}\`: ${metadata.title}`).join('\n'),
    ...(open === undefined ? [] : ['## What no rule checks yet', open]),
    ...(held.length === 0 ? [] : ['## Besides rules', held.join('\n')]),
  ];
  return `${sections.join('\n\n')}\n`;
}

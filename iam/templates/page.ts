/** The page of a template, as Markdown: made from its files, so that it cannot say something else. */
import { caller, code, list, sourceList, steps, table } from './markdown.js';
import type { Described, PolicyCase } from './model.js';

/** What differs from library to library. Sections are headings and texts, one after the other. */
export interface PageParts {
  /** What a template of its kind is, such as `A service control policy`. */
  readonly what: string;
  /** The table of parameters. */
  readonly parameters: string;
  /** What the template consists of. */
  readonly content: readonly string[];
  readonly cases: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
  /** What is known of it beyond its cases. `@default` none */
  readonly claims?: readonly string[];
}

/** @returns The page; it ends with a line break. */
export function templatePage(
  template: Described<string>,
  { what, parameters, content, cases, claims = [] }: PageParts,
): string {
  const { name, title, controls, description, risk, needs, doesNotReach, rollout, sources } = template;
  const parts = [
    `# ${name}`,
    `${title}. ${what} for ${controls.map(code).join(', ')}.`,
    description,
    `**Without it.** ${risk}`,
    '## Parameters',
    parameters,
    ...content,
    ...(needs.length === 0 ? [] : ['## What it needs', list(needs)]),
    '## What it does not reach',
    list(doesNotReach),
    '## How to roll it out',
    steps(rollout),
    '## Cases',
    table(cases.head, cases.rows),
    ...claims,
    '## Sources',
    sourceList(sources),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Cases that are requests with their decisions. */
export function caseTable(cases: readonly PolicyCase[]): PageParts['cases'] {
  return {
    head: ['Request', 'Decision'],
    rows: cases.map((each) => [`${each.name}: ${code(each.action)} by ${caller(each)}`, each.decision]),
  };
}

/** The page of a rule, made from its metadata, its text and its cases, so that none of them can drift from the others. */
import { PARAMETERS } from './parameters.js';
import { guardName } from './types.js';
import type { Control, RuleMetadata } from './types.js';

/** A case of the rule's test file: `expectations.rules` of the cfn-guard test format names the verdict. */
export interface RuleCase {
  readonly name: string;
  readonly verdict: 'PASS' | 'FAIL' | 'SKIP' | 'NOT_EVALUATED';
}

/** What a page is made from. */
export interface RulePageInput {
  readonly metadata: RuleMetadata;
  /** The text of the `.guard` file; empty for a rule in TypeScript. */
  readonly guard: string;
  readonly cases: readonly RuleCase[];
  /** The controls that `metadata.controls` names. */
  readonly controls: readonly Control[];
  /** Ids of the packs that hold the rule. */
  readonly packs: readonly string[];
}

/** The page of a rule in Markdown, as Prettier would write it. */
export function renderRulePage({ metadata, guard, cases, controls, packs }: RulePageInput): string {
  const titles = new Map(controls.map((control) => [control.id, control.title]));
  const facts = [
    `- Severity: ${metadata.severity}`,
    `- Status: ${metadata.status}, since ${metadata.since}`,
    metadata.kind === 'guard' ? `- Guard rule: \`${guardName(metadata.id)}\`` : `- Kind: ${metadata.kind} rule`,
    `- Packs: ${packs.length === 0 ? 'none' : packs.map(code).join(', ')}`,
    ...metadata.controls.map((id) => `- Control ${code(id)}: ${titles.get(id) ?? ''}`),
    ...(metadata.aliases.length === 0 ? [] : [`- Earlier names: ${metadata.aliases.map(code).join(', ')}`]),
    `- Resource types: ${metadata.resourceTypes.length === 0 ? everyType(metadata) : metadata.resourceTypes.map(code).join(', ')}`,
  ];
  const sections = [
    `# ${metadata.title}`,
    code(metadata.id),
    facts.join('\n'),
    '## What it looks at',
    metadata.description,
    '## Why it matters',
    metadata.risk,
    '## How to mend it',
    metadata.remediation.text,
    fence('yaml', metadata.remediation.cloudformation),
    ...parameterSection(metadata),
    ...listSection('What it cannot see', metadata.limits),
    ...caseSection('Passes', cases, 'PASS'),
    ...caseSection('Fails', cases, 'FAIL'),
    ...caseSection('Does not apply', cases, 'SKIP'),
    ...caseSection('Cannot be told', cases, 'NOT_EVALUATED'),
    ...(guard === '' ? [] : ['## The rule', fence('guard', withoutGenerated(guard))]),
    '## Sources',
    metadata.sources.map((source) => `- [${source.title}](${source.url}), read ${source.read}`).join('\n'),
  ];
  return `${sections.join('\n\n')}\n`;
}

function parameterSection({ parameters }: RuleMetadata): readonly string[] {
  return listSection(
    'Parameters',
    parameters.map((name) => {
      const definition = PARAMETERS[name];
      if (definition === undefined) throw new RangeError(`there is no parameter ${name}`);
      return `${code(name)}: ${definition.description} Default: ${code(JSON.stringify(definition.default))}`;
    }),
  );
}

/** What a rule looks at that names no resource types. */
function everyType({ tags }: RuleMetadata): string {
  return tags.includes('tagging') ? 'all that can carry tags' : 'none: it reads the parameters of the template';
}

function caseSection(heading: string, cases: readonly RuleCase[], verdict: RuleCase['verdict']): readonly string[] {
  const ending = `, ${verdict}`;
  const names = cases
    .filter((one) => one.verdict === verdict)
    .map(({ name }) => (name.endsWith(ending) ? name.slice(0, -ending.length) : name));
  return listSection(heading, names);
}

function listSection(heading: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`## ${heading}`, items.map((item) => `- ${item}`).join('\n')];
}

/** Long generated lists say nothing to a reader. */
function withoutGenerated(guard: string): string {
  return guard.replace(/^# generated: begin\n[\s\S]*?^# generated: end$/m, '# … generated lists, left out here');
}

function code(text: string): string {
  return `\`${text}\``;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.replace(/\n+$/, '')}\n\`\`\``;
}

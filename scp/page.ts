/** The page of a template, as Markdown: made from its files, so that it cannot say something else. */
import { isMap, keysOf } from '../template/index.js';
import type { Value } from '../template/index.js';
import { writtenStatements } from './build-policy.js';
import { textOf } from './fill.js';
import type { ParameterDefinition, PolicyCase, PolicyTemplate } from './model.js';
import { acceptedBy, completeParameters } from './parameters/values.js';

/** @returns The page; it ends with a line break. */
export function describeTemplate(template: PolicyTemplate): string {
  const { name, title, kind, controls, description, risk, needs, doesNotReach, rollout, sources } = template;
  const parts = [
    `# ${name}`,
    `${title}. A ${kind === 'scp' ? 'service' : 'resource'} control policy for ${controls.map(code).join(', ')}.`,
    description,
    `**Without it.** ${risk}`,
    '## Parameters',
    parametersOf(template),
    '## Statements',
    statementsOf(template),
    ...(needs.length === 0 ? [] : ['## What it needs', list(needs)]),
    '## What it does not reach',
    list(doesNotReach),
    '## How to roll it out',
    rollout.map((step, index) => `${index + 1}. ${step}`).join('\n'),
    '## Cases',
    table(
      ['Request', 'Decision'],
      template.cases.cases.map((each) => [`${each.name}: ${code(each.action)} by ${caller(each)}`, each.decision]),
    ),
    '## Claims',
    'Proven for every request that the policy reaches; with the change behind each, it fails.',
    list(template.claims.claims.map(({ claim, decision, twin }) => `${claim}: ${decision}. Not if ${twin.because}.`)),
    '## Sources',
    list(sources.map(({ title: what, url, read }) => `[${what}](${url}), read ${read}`)),
  ];
  return `${parts.join('\n\n')}\n`;
}

const code = (text: string): string => `\`${text}\``;
const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function caller({ principal }: PolicyCase): string {
  if (principal === 'anonymous') return 'an anonymous caller';
  return code(typeof principal === 'string' ? principal : principal.service);
}

function parametersOf({ parameters }: PolicyTemplate): string {
  const rows = Object.entries(parameters).map(([name, definition]) => [
    code(name),
    `${definition.description} It is ${acceptedBy(definition)}.`,
    sayDefault(definition),
  ]);
  return rows.length === 0 ? 'None.' : table(['Parameter', 'Meaning', 'Default'], rows);
}

function sayDefault({ default: value }: ParameterDefinition): string {
  if (value === undefined) return 'none: has to be given';
  return [value].flat().map(code).join(', ') || 'an empty list';
}

function statementsOf(template: PolicyTemplate): string {
  const { values } = completeParameters(template, template.cases.parameters ?? {}, { examples: true });
  const written = writtenStatements(template, values);
  const note =
    typeof template.statements === 'function'
      ? 'Made from the catalogue of actions; here for the parameters of the cases:\n\n'
      : '';
  const blocks = written.map((statement) => {
    const shown = Object.fromEntries(
      keysOf(statement)
        .filter((key) => key !== '$why')
        .map((key) => [key, statement[key]!]),
    );
    return `${textOf(statement['$why'])}\n\n\`\`\`json\n${pretty(shown)}\n\`\`\``;
  });
  return `${note}${blocks.join('\n\n')}`;
}

/** JSON with lists of texts on lines of their own only when they are long. */
function pretty(value: Value, indent = ''): string {
  if (Array.isArray(value)) {
    const flat = `[${value.map((each) => JSON.stringify(each)).join(', ')}]`;
    if (flat.length < 90) return flat;
    return `[\n${value.map((each) => `${indent}  ${pretty(each as Value, `${indent}  `)}`).join(',\n')}\n${indent}]`;
  }
  if (!isMap(value)) return JSON.stringify(value);
  const lines = keysOf(value).map((key) => `${indent}  ${JSON.stringify(key)}: ${pretty(value[key]!, `${indent}  `)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

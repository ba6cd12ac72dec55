/** Parts of the page of a template. */
import { isMap, keysOf } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { textOf } from './fill.js';
import type {
  ExplainedSurvivor,
  ParameterDefinition,
  Parametrised,
  PolicyCase,
  SourceReference,
  WrittenStatement,
} from './model.js';
import { acceptedBy } from './parameters/values.js';

export const code = (text: string): string => `\`${text}\``;
export const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
export const steps = (lines: readonly string[]): string =>
  lines.map((line, index) => `${index + 1}. ${line}`).join('\n');

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A table of parameters with their meaning and default. */
export function parameterTable({ parameters }: Parametrised): string {
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

/** Each statement under the sentence that says why it is there. */
export function statementBlocks(written: readonly WrittenStatement[]): string {
  const blocks = written.map((statement) => {
    const shown = Object.fromEntries(
      keysOf(statement)
        .filter((key) => key !== '$why')
        .map((key) => [key, statement[key]!]),
    );
    return `${textOf(statement['$why'])}\n\n\`\`\`json\n${pretty(shown)}\n\`\`\``;
  });
  return blocks.join('\n\n');
}

export function sourceList(sources: readonly SourceReference[]): string {
  return list(sources.map(({ title, url, read }) => `[${title}](${url}), read ${read}`));
}

/** Who makes the request of a case. */
export function caller({ principal }: PolicyCase): string {
  if (principal === 'anonymous') return 'an anonymous caller';
  if (typeof principal === 'string') return code(principal);
  return code('service' in principal ? principal.service : principal.federated);
}

/** The section about changes that nothing notices; empty when there are none. */
export function survivorSection(survivors: readonly ExplainedSurvivor[] = []): readonly string[] {
  if (survivors.length === 0) return [];
  const lines = survivors.map(({ statement, change, why }) => `${code(statement)}, ${change}: ${why}`);
  return ['## Changes that no case and no claim notices', list(lines)];
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

/** The page of a code of the schema lint, made of what the library says of it and of what Stackade adds. */
import { ADVICE, LINT_PAGE } from '../lint/advice.js';
import { createEngine } from '../lint/library.js';
import { OFF_BY_DEFAULT } from '../lint/service.js';

/** The parts of the library's list of rules that a page needs. */
export interface LintRule {
  readonly id: string;
  readonly severity: string;
  readonly category?: string;
  readonly description: string;
}

let known: readonly LintRule[] | undefined;

/** All rules of the library. It is loaded for this, which takes a second. */
export function lintRules(): readonly LintRule[] {
  return (known ??= createEngine().listRules());
}

const REPORTED: Readonly<Record<string, string>> = {
  FATAL: 'error',
  ERROR: 'error',
  WARN: 'warning',
  INFO: 'info',
  DEBUG: 'not reported',
};

/** The page in Markdown. */
export function lintPage({ id, severity, category, description }: LintRule): string {
  const off = OFF_BY_DEFAULT.includes(id);
  const advice = ADVICE.get(id);
  const [text, ...code] = (advice ?? '').split('\n');
  const sections = [
    `# ${id}: ${description}`,
    [
      '- Checked by: the schema lint, `@aws/cloudformation-validate`',
      `- Severity: ${REPORTED[severity] ?? severity}`,
      ...(category === undefined ? [] : [`- Category: ${category}`]),
      `- Reported: ${off ? 'only when asked for' : 'yes'}`,
    ].join('\n'),
    ...(advice === undefined
      ? []
      : ['## How to mend it', text!, ...(code.length === 0 ? [] : [`\`\`\`yaml\n${code.join('\n')}\n\`\`\``])]),
    `## How to switch it ${off ? 'on' : 'off'}`,
    `In \`stackade.yaml\`:\n\n\`\`\`yaml\nlint:\n  codes:\n    ${id}: ${off ? 'on' : 'off'}\n\`\`\``,
    `More: ${LINT_PAGE}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The page of a template, as Markdown: made from its files, so that it cannot say something else. */
import {
  caller,
  code,
  completeParameters,
  list,
  parameterTable,
  sourceList,
  statementBlocks,
  steps,
  survivorSection,
  table,
} from '../iam/templates/index.js';
import { writtenStatements } from './build-policy.js';
import type { PolicyTemplate } from './model.js';

/** @returns The page; it ends with a line break. */
export function describeTemplate(template: PolicyTemplate): string {
  const { name, title, kind, controls, description, risk, needs, doesNotReach, rollout, sources } = template;
  const parts = [
    `# ${name}`,
    `${title}. A ${kind === 'scp' ? 'service' : 'resource'} control policy for ${controls.map(code).join(', ')}.`,
    description,
    `**Without it.** ${risk}`,
    '## Parameters',
    parameterTable(template),
    '## Statements',
    statementsOf(template),
    ...(needs.length === 0 ? [] : ['## What it needs', list(needs)]),
    '## What it does not reach',
    list(doesNotReach),
    '## How to roll it out',
    steps(rollout),
    '## Cases',
    table(
      ['Request', 'Decision'],
      template.cases.cases.map((each) => [`${each.name}: ${code(each.action)} by ${caller(each)}`, each.decision]),
    ),
    '## Claims',
    'Proven for every request that the policy reaches; with the change behind each, it fails.',
    list(template.claims.claims.map(({ claim, decision, twin }) => `${claim}: ${decision}. Not if ${twin.because}.`)),
    ...survivorSection(template.survivors),
    '## Sources',
    sourceList(sources),
  ];
  return `${parts.join('\n\n')}\n`;
}

function statementsOf(template: PolicyTemplate): string {
  const { values } = completeParameters(template, template.cases.parameters ?? {}, { examples: true });
  const written = writtenStatements(template, values);
  const note =
    typeof template.statements === 'function'
      ? 'Made from the catalogue of actions; here for the parameters of the cases:\n\n'
      : '';
  return `${note}${statementBlocks(written)}`;
}

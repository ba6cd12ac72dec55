/** The page of a template, as Markdown: made from its files, so that it cannot say something else. */
import {
  caseTable,
  completeParameters,
  list,
  parameterTable,
  statementBlocks,
  survivorSection,
  templatePage,
} from '../iam/templates/index.js';
import { writtenStatements } from './build-policy.js';
import type { PolicyTemplate } from './model.js';

/** @returns The page; it ends with a line break. */
export function describeTemplate(template: PolicyTemplate): string {
  return templatePage(template, {
    what: `A ${template.kind === 'scp' ? 'service' : 'resource'} control policy`,
    parameters: parameterTable(template),
    content: ['## Statements', statementsOf(template)],
    cases: caseTable(template.cases.cases),
    claims: [
      '## Claims',
      'Proven for every request that the policy reaches; with the change behind each, it fails.',
      list(template.claims.claims.map(({ claim, decision, twin }) => `${claim}: ${decision}. Not if ${twin.because}.`)),
      ...survivorSection(template.survivors),
    ],
  });
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

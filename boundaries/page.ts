/** The page of a template, as Markdown: made from its files, so that it cannot say something else. */
import {
  caseTable,
  code,
  completeParameters,
  list,
  parameterTable,
  statementBlocks,
  survivorSection,
  templatePage,
} from '../iam/templates/index.js';
import { companionTexts, policyNames } from './build.js';
import type { BoundaryTemplate, PolicyName } from './model.js';

const HEADINGS: Readonly<Record<PolicyName, string>> = {
  boundary: '## Statements',
  permissions: '## Permissions',
  trust: '## Trust',
};

/** @returns The page; it ends with a line break. */
export function describeTemplate(template: BoundaryTemplate): string {
  const { claims, isolation = [] } = template.claims;
  return templatePage(template, {
    what: `A ${template.kind === 'boundary' ? 'permissions boundary' : 'role'}`,
    parameters: parameterTable(template),
    content: [
      ...policyNames(template).flatMap((each) => [HEADINGS[each], statementBlocks(template.policies[each]!)]),
      ...companions(template),
    ],
    cases: caseTable(template.cases.cases),
    claims: [
      '## Claims',
      'Proven for every request; with the change behind each, it fails.',
      list([
        ...claims.map(({ claim, decision, twin }) => `${claim}: ${decision}. Not if ${twin.because}.`),
        ...isolation.map(({ claim, key, within, twin }) => {
          return `${claim}: isolated. ${code(key)} matches ${code(within)}, and other values are denied. Not if ${twin.because}.`;
        }),
      ]),
      ...survivorSection(template.survivors),
    ],
  });
}

function companions(template: BoundaryTemplate): readonly string[] {
  const { values } = completeParameters(template, template.cases.parameters ?? {}, { examples: true });
  const texts = companionTexts(template, values);
  return (template.companions ?? []).flatMap(({ title, language }, index) => {
    return [`## ${title}`, 'For the parameters of the cases:', `\`\`\`${language}\n${texts[index]!}\n\`\`\``];
  });
}

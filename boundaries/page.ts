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
import { companionTexts, policyNames } from './build.js';
import type { BoundaryTemplate, PolicyName } from './model.js';

const HEADINGS: Readonly<Record<PolicyName, string>> = {
  boundary: '## Statements',
  permissions: '## Permissions',
  trust: '## Trust',
};

/** @returns The page; it ends with a line break. */
export function describeTemplate(template: BoundaryTemplate): string {
  const { name, title, kind, controls, description, risk, needs, doesNotReach, rollout, sources } = template;
  const { claims, isolation = [] } = template.claims;
  const parts = [
    `# ${name}`,
    `${title}. A ${kind === 'boundary' ? 'permissions boundary' : 'role'} for ${controls.map(code).join(', ')}.`,
    description,
    `**Without it.** ${risk}`,
    '## Parameters',
    parameterTable(template),
    ...policyNames(template).flatMap((each) => [HEADINGS[each], statementBlocks(template.policies[each]!)]),
    ...companions(template),
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
    'Proven for every request; with the change behind each, it fails.',
    list([
      ...claims.map(({ claim, decision, twin }) => `${claim}: ${decision}. Not if ${twin.because}.`),
      ...isolation.map(({ claim, key, within, twin }) => {
        return `${claim}: isolated. ${code(key)} matches ${code(within)}, and other values are denied. Not if ${twin.because}.`;
      }),
    ]),
    ...survivorSection(template.survivors),
    '## Sources',
    sourceList(sources),
  ];
  return `${parts.join('\n\n')}\n`;
}

function companions(template: BoundaryTemplate): readonly string[] {
  const { values } = completeParameters(template, template.cases.parameters ?? {}, { examples: true });
  const texts = companionTexts(template, values);
  return (template.companions ?? []).flatMap(({ title, language }, index) => {
    return [`## ${title}`, 'For the parameters of the cases:', `\`\`\`${language}\n${texts[index]!}\n\`\`\``];
  });
}

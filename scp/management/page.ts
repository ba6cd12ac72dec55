/** The page of a template, as Markdown: made from its files, so that it cannot say something else. */
import { code, list, sourceList, steps, table } from '../../iam/templates/index.js';
import { buildManagementPolicy } from './build.js';
import { MANAGEMENT_POLICY_TYPES } from './model.js';
import type { ManagementTemplate, SettingCase } from './model.js';

/** @returns The page; it ends with a line break. */
export function describeManagementTemplate(template: ManagementTemplate): string {
  const { name, title, kind, controls, description, risk, needs, doesNotReach, rollout, sources } = template;
  const { document } = buildManagementPolicy(template, {});
  const parts = [
    `# ${name}`,
    `${title}. A policy of type ${code(MANAGEMENT_POLICY_TYPES[kind])} for ${controls.map(code).join(', ')}.`,
    description,
    `**Without it.** ${risk}`,
    '## Parameters',
    table(
      ['Parameter', 'Meaning', 'Default'],
      Object.entries(template.parameters).map(([key, { description: meaning, default: value }]) => {
        return [code(key), meaning, code(JSON.stringify(value))];
      }),
    ),
    '## Document',
    `With the defaults:\n\n\`\`\`json\n${JSON.stringify(document, null, 2)}\n\`\`\``,
    ...(needs.length === 0 ? [] : ['## What it needs', list(needs)]),
    '## What it does not reach',
    list(doesNotReach),
    '## How to roll it out',
    steps(rollout),
    '## Cases',
    table(
      ['Case', 'Setting'],
      template.cases.map((each) => [each.name, settingOf(each)]),
    ),
    '## Sources',
    sourceList(sources),
  ];
  return `${parts.join('\n\n')}\n`;
}

function settingOf({ at = [], is, refused }: SettingCase): string {
  if (refused !== undefined) return `${code(refused)} is refused`;
  return `${code(at.join(' → '))}: ${is === undefined ? 'not set' : code(JSON.stringify(is))}`;
}

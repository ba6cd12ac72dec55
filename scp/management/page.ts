/** The page of a template, as Markdown: made from its files, so that it cannot say something else. */
import { code, table, templatePage } from '../../iam/templates/index.js';
import { buildManagementPolicy } from './build.js';
import { MANAGEMENT_POLICY_TYPES } from './model.js';
import type { ManagementTemplate, SettingCase } from './model.js';

/** @returns The page; it ends with a line break. */
export function describeManagementTemplate(template: ManagementTemplate): string {
  const { document } = buildManagementPolicy(template, {});
  return templatePage(template, {
    what: `A policy of type ${code(MANAGEMENT_POLICY_TYPES[template.kind])}`,
    parameters: table(
      ['Parameter', 'Meaning', 'Default'],
      Object.entries(template.parameters).map(([key, { description, default: value }]) => {
        return [code(key), description, code(JSON.stringify(value))];
      }),
    ),
    content: ['## Document', `With the defaults:\n\n\`\`\`json\n${JSON.stringify(document, null, 2)}\n\`\`\``],
    cases: { head: ['Case', 'Setting'], rows: template.cases.map((each) => [each.name, settingOf(each)]) },
  });
}

function settingOf({ at = [], is, refused }: SettingCase): string {
  if (refused !== undefined) return `${code(refused)} is refused`;
  return `${code(at.join(' → '))}: ${is === undefined ? 'not set' : code(JSON.stringify(is))}`;
}

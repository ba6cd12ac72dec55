/** Runs the cases of a management policy. */
import { buildManagementPolicy } from './build.js';
import { settingAt } from './inherit.js';
import type { ManagementTemplate, SettingCase } from './model.js';

export interface SettingResult {
  readonly case: SettingCase;
  readonly ok: boolean;
  /** Why it is not as expected. */
  readonly fault?: string;
}

/** Decides the cases of a template. */
export function runSettingCases(template: ManagementTemplate): readonly SettingResult[] {
  return template.cases.map((each) => {
    const fault = faultOf(template, each);
    return { case: each, ok: fault === undefined, ...(fault === undefined ? {} : { fault }) };
  });
}

function faultOf(
  template: ManagementTemplate,
  { parameters, below, at, is, refused }: SettingCase,
): string | undefined {
  const { document, diagnostics } = buildManagementPolicy(template, parameters ?? {});
  const said = diagnostics.map(({ message }) => message).join('; ');
  if (refused !== undefined) {
    if (document !== null) return `\`${refused}\` is accepted`;
    return said.includes(`\`${refused}\``) ? undefined : `it is refused for another reason: ${said}`;
  }
  if (document === null) return said;
  const found = settingAt(below === undefined ? [document] : [document, below], at ?? []);
  const [actual, expected] = [found, is].map((value) => JSON.stringify(value ?? null));
  return actual === expected ? undefined : `the setting is ${actual!}, expected is ${expected!}`;
}

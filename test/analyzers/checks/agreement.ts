/** Rules on live resources beside `check` on the template that the resources were deployed from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Library } from '../../../cli/library.js';
import { loadLiveRuleChecks } from '../../../cli/scan/live-rules.js';
import { codeRule } from '../../../rules/code/index.js';
import { buildBundle, checkTemplate, defaultParameters, guardName, parameterDocument } from '../../../rules/index.js';
import type { RuleBundle, RuleInfo } from '../../../rules/index.js';
import { readTemplate } from '../../../template/index.js';
import { codeLibrary, controls, library, packs, rulesFolder } from '../../rules/library.js';
import { contextOf, deploy, factsOf, PLACE, verdictOf } from './live.js';

/** The library as it lies in `rules/`. */
export const whole: Library = {
  rules: [
    ...library.map(({ id, service, guard, metadata }) => ({ metadata, file: `${service}/${id}.guard`, text: guard })),
    ...codeLibrary.map(({ id, service, metadata }) => ({ metadata, file: `${service}/${id}.ts`, text: '' })),
  ].sort((a, b) => (a.metadata.id < b.metadata.id ? -1 : 1)),
  packs,
  controls,
};

interface Sample {
  readonly name: string;
  readonly template: Readonly<Record<string, unknown>>;
  readonly parameters: object;
}

function samplesOf(id: string): readonly Sample[] {
  const guard = library.find((rule) => rule.id === id);
  if (guard !== undefined) {
    return guard.cases.map(({ name, input }) => {
      const { StackadeParameters: own = {}, ...template } = input as Record<string, object>;
      return { name, template, parameters: own };
    });
  }
  const { service } = codeLibrary.find((rule) => rule.id === id)!;
  const path = join(rulesFolder, service, 'cases', `${id}.yml`);
  const { source } = readTemplate(readFileSync(path, 'utf8'), path);
  const cases = source!.value as unknown as readonly (Record<string, object | undefined> & { readonly name: string })[];
  return cases.map(({ name, parameters, conditions, resources, with: own = {} }) => ({
    name,
    template: { Parameters: parameters ?? {}, Conditions: conditions ?? {}, Resources: resources },
    parameters: own,
  }));
}

/** The verdict of `check`, told that the account and Region are those of the live resources. */
function verdictOfCheck(id: string, { template, parameters }: Sample): string | undefined {
  const bundle = bundles.get(id) ?? bundleOf(id);
  bundles.set(id, bundle);
  const inputs = parameterDocument({ ...defaultParameters(), ...(parameters as Record<string, never>) });
  const checked = checkTemplate(JSON.stringify(template), 'case.json', bundle, PLACE, { inputs });
  return checked.kind === 'checked' ? checked.result.file.rules[id] : undefined;
}

const bundles = new Map<string, RuleBundle>();

function bundleOf(id: string): RuleBundle {
  const info: RuleInfo = { id, title: '', severity: 'error', controls: [], help: '', docs: '' };
  const guard = library.find((rule) => rule.id === id);
  const { bundle } =
    guard === undefined
      ? buildBundle([], [codeRule(info, codeLibrary.find((rule) => rule.id === id)!.metadata.resourceTypes)])
      : buildBundle([{ file: `${id}.guard`, text: guard.guard, rules: new Map([[guardName(id), info]]) }]);
  return bundle!;
}

/** What came of one case of a rule. */
export interface Compared {
  readonly rule: string;
  readonly name: string;
  readonly check: string;
  readonly live: string;
  /** Whether the template holds properties that no read shows. */
  readonly hides: boolean;
}

/** Rules on hundreds of types; a scan looks at fewer, so that not all of their cases can be deployed. */
const NARROWED = new Set(['tagging-resource-required-tags']);

/**
 * Compares the verdicts on the cases of the rules.
 *
 * @param most - Cases of each verdict that count for one rule.
 */
export async function compareAll(most: number): Promise<readonly Compared[]> {
  const compared: Compared[] = [];
  for (const check of await loadLiveRuleChecks(whole)) {
    if (NARROWED.has(check.id)) continue;
    const counts = new Map<string, number>();
    for (const sample of samplesOf(check.id)) {
      // A parameter of a wrong type is refused before a scan begins.
      if (sample.name.startsWith('parameter ')) continue;
      const live = deploy(sample.template);
      if (live === null) continue;
      const expected = verdictOfCheck(check.id, sample);
      const key = `${expected} ${live.hides}`;
      const count = counts.get(key) ?? 0;
      if (expected === undefined || expected === 'SKIP' || count >= most) continue;
      counts.set(key, count + 1);
      const outcome = check.check(factsOf(check, live), contextOf(sample.parameters as never));
      const verdict = verdictOf(outcome);
      compared.push({ rule: check.id, name: sample.name, check: expected, live: verdict, hides: live.hides });
    }
  }
  return compared;
}

/** The cases that are judged otherwise; what no read shows may keep a rule from deciding. */
export function disagreements(compared: readonly Compared[]): readonly Compared[] {
  return compared.filter(({ check, live, hides }) => live !== check && !(hides && live === 'NOT_EVALUATED'));
}

/** Cases that must come out otherwise, with the reason. */
export const EXPECTED: Readonly<Record<string, string>> = {
  'ec2-security-group-closed-to-internet: from a group by name, PASS':
    'a read shows the group under its id, which the case does not have',
  'iam-role-bounded: a policy of the template, PASS': 'the name of the policy is known in an account',
  'iam-role-bounded: the bad properties at a resource of another type, PASS':
    'the name of the policy is known in an account',
  'iam-user-bounded: a policy of the template, PASS': 'the name of the policy is known in an account',
  'iam-user-bounded: the bad properties at a resource of another type, PASS':
    'the name of the policy is known in an account',
  'kms-key-policy-duties-separate: an IAM policy of the template gives both, where the key policy leaves it to them':
    'inline policies of roles are not listed apart',
};

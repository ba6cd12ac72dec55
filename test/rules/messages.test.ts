/** What every rule says of its failing cases: in words of the template, at a place of the template. */
import {
  buildBundle,
  checkTemplate,
  defaultParameters,
  guardName,
  parameterDocument,
  PARAMETER_ROOT,
} from '../../rules/index.js';
import type { RuleBundle } from '../../rules/index.js';
import type { Finding } from '../../findings/index.js';
import { isMap } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { library } from './library.js';
import type { LibraryCase, LibraryRule } from './library.js';

/** Variables, filters and inner names of Guard, and sentences that lack their subject. */
const INTERNAL =
  /%\w|filter-clauses|StackadeParameters|\bkeys ==|(^|: )(is|are|must|holds) |the rule did not pass|nothing was selected|undefined/;

function bundleOf({ id, guard }: LibraryRule): RuleBundle {
  const info = { id, title: '', severity: 'error', controls: [], help: '', docs: '' } as const;
  const { bundle } = buildBundle([{ file: `${id}.guard`, text: guard, rules: new Map([[guardName(id), info]]) }]);
  return bundle!;
}

function findingsOf(bundle: RuleBundle, { input }: LibraryCase): readonly Finding[] {
  if (!isMap(input)) throw new Error('the input of a case is a map');
  const { [PARAMETER_ROOT]: chosen, ...template } = input;
  const defaults = parameterDocument(defaultParameters()) as unknown as Readonly<Record<string, Record<string, Value>>>;
  const inputs = { [PARAMETER_ROOT]: { ...defaults[PARAMETER_ROOT]!, ...(isMap(chosen) ? chosen : {}) } };
  const checked = checkTemplate(JSON.stringify(template), 't.json', bundle, {}, { inputs });
  return checked.kind === 'checked' ? checked.result.findings : [];
}

describe.each(library.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  it('tells its failures in words of the template', () => {
    const bundle = bundleOf(rule);
    const failing = rule.cases.filter(({ verdict }) => verdict === 'FAIL');
    const findings = failing.flatMap((one) => findingsOf(bundle, one)).filter(({ ruleId }) => ruleId === id);
    expect(findings).not.toStrictEqual([]);
    for (const { message, location, resource } of findings) {
      expect(message).not.toMatch(INTERNAL);
      expect(message).toMatch(/^[a-z`].*[^.]$/);
      const [, section, name] = location.pointer.split('/');
      // Only a parameter of the organization is nowhere in the template.
      if (section === undefined) expect(message).toMatch(/^the parameter \w+ is not given/);
      else expect(['Resources', 'Parameters', 'Outputs', 'Mappings', 'Conditions', 'Metadata']).toContain(section);
      expect(resource?.logicalId).toBe(section === 'Resources' ? name : undefined);
    }
  });
});

it('names the tags that are missing, all of them at once', () => {
  const rule = library.find(({ id }) => id === 'tagging-resource-required-tags')!;
  const input = {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags: [{ Key: 'owner', Value: 'team@example.com' }] } },
    },
  };
  const findings = findingsOf(bundleOf(rule), { name: '', verdict: 'FAIL', input });
  expect(findings.map(({ message }) => message)).toStrictEqual([
    'the resource lacks tags that are required: `cost-center`, `business-unit`, `project` are missing',
  ]);
});

it('lists the values that the organization allows', () => {
  const rule = library.find(({ id }) => id === 'tagging-datastore-data-class')!;
  const input = {
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags: [{ Key: 'data-classification', Value: 'secret' }] } },
    },
  };
  const [finding] = findingsOf(bundleOf(rule), { name: '', verdict: 'FAIL', input });
  expect(finding!.message).toContain(
    '`Tags[0].Value` is `"secret"`, not one of `"public"`, `"internal"`, `"confidential"`, `"restricted"`',
  );
});

/** Policies of organizations: how much smaller packing makes them, and how long building and verifying takes. */
import { printPolicy } from '../iam/index.js';
import type { Policy } from '../iam/index.js';
import { accountPaths, effectiveGroups, readOrganization, shownTarget } from '../organization/index.js';
import type { AttachedPolicy, Organization, PolicyLevel, PolicyTemplates } from '../organization/index.js';
import { buildPolicy, levelsOf, verifyAccounts } from '../scp/index.js';
import type { AccountSet, BuiltPolicy, EffectiveLevel, PolicyTemplate } from '../scp/index.js';
import { compose } from '../scp/compose/index.js';
import { compact } from '../scp/pack/index.js';
import type { CompactOptions } from '../scp/pack/index.js';
import { names, templateOf } from '../test/scp/library.js';
import { PUBLISHED, readPublished } from '../test/scp/published/published.js';
import type { Row } from './report.mjs';

const templates = new Map(names.map((name) => [name, templateOf(name)]));

/** A template with the parameters of its cases. */
function exampleOf(template: PolicyTemplate): BuiltPolicy {
  const { built } = buildPolicy(template, template.cases.parameters ?? {}, { examples: true });
  if (built === null) throw new Error(`${template.name} is not built`);
  return built;
}

/** Every policy, minified and packed; each step is proven, and none may be larger than before. */
function compaction(wildcards: CompactOptions['wildcards']): Row {
  const policies = [
    ...[...templates.values()].map((template) => {
      const { documents, policies: read } = exampleOf(template);
      const before = documents.reduce((sum, document) => sum + JSON.stringify(document).length, 0);
      return { name: template.name, kind: template.kind, before, read };
    }),
    ...PUBLISHED.map((each) => {
      const read = [readPublished(each)];
      return { name: each.name, kind: each.kind, before: JSON.stringify(each.document).length, read };
    }),
  ];
  let [before, after] = [0, 0];
  for (const { name, kind, before: own, read } of policies) {
    const { statements, steps } = compact(read, { kind, wildcards });
    if (steps.some(({ proof }) => proof !== 'HOLDS')) throw new Error(`${name}: a step without a proof`);
    const size = printPolicy({ version: '2012-10-17', statements }, 0).length;
    if (size > own) throw new Error(`${name}: larger than minified`);
    before += own;
    after += size;
  }
  return {
    what: `characters saved against minified JSON, ${wildcards}`,
    size: `${templates.size} templates and ${PUBLISHED.length} published policies, ${before} characters`,
    result: `**${((100 * (before - after)) / before).toFixed(1)} %**`,
    goal: 'at least 15 %',
  };
}

const UNITS = 50;

/**
 * The whole library in an organization: half of it at the root, the other half at each unit, with roles of the unit's own
 * exempt.
 *
 * @param kinds - How many different sets of such roles there are; as many as units: no two units have the same texts.
 */
function wholeLibrary(accounts: number, kinds: number): Organization {
  const use = (name: string, unit: number): string => {
    const template = templates.get(name)!;
    const values = Object.entries(exampleOf(template).values).map(([key, value]) => {
      const isExempt = template.parameters[key]!.type === 'principalPattern' && Array.isArray(value);
      return [
        key,
        isExempt ? [...(value as readonly string[]), `arn:aws:iam::*:role/unit-${unit}-release`] : value,
      ] as const;
    });
    return `{ template: ${name}, parameters: ${JSON.stringify(Object.fromEntries(values))} }`;
  };
  const policies = (half: number, unit: number): string => {
    const of = (kind: string): string =>
      names
        .filter((name, index) => index % 2 === half && templates.get(name)!.kind === kind)
        .map((name) => use(name, unit))
        .join(', ');
    return `policies: { scp: [${of('scp')}], rcp: [${of('rcp')}] }`;
  };
  const lines = [
    'version: 1',
    "organization: { id: o-exampleorgid, managementAccount: '999999999999', homeRegion: eu-central-1 }",
    'root:',
    `  ${policies(0, UNITS)}`,
    '  units:',
  ];
  for (let unit = 0; unit < UNITS; unit++) {
    lines.push(`    Unit${unit}:`, `      ${policies(1, unit % kinds)}`, '      accounts:');
    for (let index = 0; index < accounts / UNITS; index++) {
      const number = unit * (accounts / UNITS) + index + 1;
      lines.push(`        account-${number}: '${String(number).padStart(12, '0')}'`);
    }
  }
  const { organization } = readOrganization(`${lines.join('\n')}\n`, 'org.yaml', { templates: infos });
  if (organization === null) throw new Error('the description is not right');
  return organization;
}

const infos: PolicyTemplates = new Map(
  [...templates].map(([name, { kind, parameters }]) => {
    const known = Object.keys(parameters).map((key) => [key, { required: false }] as const);
    return [name, { types: [kind], parameters: Object.fromEntries(known) }];
  }),
);

function builder(): (policy: AttachedPolicy & { readonly kind: 'template' }) => BuiltPolicy {
  const known = new Map<string, BuiltPolicy>();
  const now = Date.now();
  return ({ name, parameters }) => {
    const key = `${name} ${JSON.stringify(parameters)}`;
    const built = known.get(key) ?? buildPolicy(templates.get(name)!, parameters, { now }).built;
    if (built === null) throw new Error(`${name} is not built`);
    known.set(key, built);
    return built;
  };
}

function composing(accounts: number): Row {
  const organization = wholeLibrary(accounts, UNITS);
  const built = builder();
  const start = performance.now();
  const { composition, certificate } = compose(organization, {
    templates: infos,
    policies: (policy) => (policy.kind === 'template' ? built(policy).policies : []),
    text: () => '',
  });
  const seconds = (performance.now() - start) / 1_000;
  if (composition === null || certificate?.result !== 'HOLDS') throw new Error('not composed, or not proven');
  return {
    what: 'scp build, with the proof at every account',
    size: `${templates.size} templates, ${UNITS} units with parameters of their own, ${accounts} accounts, ${composition.documents.length} documents, ${certificate.proofs} proofs`,
    result: `**${seconds.toFixed(1)} s**`,
    goal: 'under 30 s',
  };
}

/** No two units have the same parameters. */
const KINDS = UNITS;

function verifying(accounts: number): Row {
  const organization = wholeLibrary(accounts, KINDS);
  const built = builder();
  const paths = accountPaths(organization);
  const start = performance.now();
  const levels = (kind: 'scp' | 'rcp', list: readonly PolicyLevel[] | null): readonly EffectiveLevel[] | null => {
    const everything: Policy = levelsOf(kind, []).scps?.[0]?.[0] ?? levelsOf('rcp', []).rcps![0]![0]!;
    return (
      list?.map(({ shown, policies }) => ({
        shown,
        policies: policies.flatMap((each) => {
          const documents = each.kind === 'template' ? built(each).policies : [everything];
          return documents.map((policy) => ({ name: each.name, policy }));
        }),
      })) ?? null
    );
  };
  const sets = effectiveGroups(organization, infos, ['scp', 'rcp']).map((group): AccountSet => {
    const { scp, rcp } = group.effective.levels;
    return {
      accounts: group.accounts.map(({ id }) => ({ id, shown: shownTarget(paths.get(id)!) })),
      scps: levels('scp', scp),
      rcps: levels('rcp', rcp),
      templates: [...(scp ?? []), ...(rcp ?? [])].flatMap(({ shown, policies }) =>
        policies.flatMap((each) =>
          each.kind === 'template' ? [{ template: templates.get(each.name)!, built: built(each), shown }] : [],
        ),
      ),
    };
  });
  const { sets: verified } = verifyAccounts(sets, null);
  const seconds = (performance.now() - start) / 1_000;
  const inEffect = verified.flatMap((each) => each.templates);
  const claims = inEffect.flatMap((each) => each.claims);
  const wrong = claims.filter(({ ok }) => !ok);
  if (wrong.length > 0) throw new Error(`a claim does not hold: ${wrong[0]!.claim.claim}`);
  return {
    what: 'scp verify --config',
    size: `${accounts} accounts in ${UNITS} units of ${KINDS} kinds, ${verified.length} sets of policies, ${claims.length} claims and ${inEffect.flatMap((each) => each.cases).length} cases at them`,
    result: `**${seconds.toFixed(1)} s**`,
    goal: 'under 60 s for 1000 accounts',
  };
}

export function scpPack(): Row[] {
  return [compaction('words'), compaction('characters'), composing(1_000), verifying(1_000)];
}

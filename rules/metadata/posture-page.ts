/**
 * The page that tells of every control what enforces it. Made from the list of controls, what the rules cover, and what
 * the layers are, so that no control can be forgotten.
 */
import type { Control, ControlCoverage, ControlLayer, RuleMetadata } from './types.js';

/** What a layer is, and why a template does not show what it enforces. */
const LAYERS: Readonly<Record<ControlLayer, string>> = {
  rule: 'rule',
  gate: 'restricted schema of the resource type',
  hook: 'CloudFormation Hook',
  scp: 'service control policy',
  rcp: 'resource control policy',
  boundary: 'permissions boundary',
  abac: 'policy by tags',
  revocation: 'denial for running sessions',
  analyzer: 'policy analysis',
  stackset: 'rollout by StackSets',
  scan: 'look at the accounts',
  'config-rule': 'AWS Config rule',
  diff: 'comparison of two versions',
  attest: 'dated statement of a person',
};

/** Why no template decides a control that has no layer `rule`, by the layer that decides it best. */
const ELSEWHERE: Readonly<Partial<Record<ControlLayer, string>>> = {
  gate: 'It is a property of the restricted schemas in front of CloudFormation, not of a template.',
  hook: 'It is a property of the hooks that run in the account, not of a template.',
  scp: 'It holds where a policy of the organization is attached, which a template of a workload does not show.',
  rcp: 'It holds where a policy of the organization is attached, which a template of a workload does not show.',
  boundary: 'It is decided by the document and the protection of the boundary, over all identities of an account.',
  abac: 'It is decided by policies and the tags that principals carry when they act.',
  revocation: 'It is an act upon running sessions.',
  analyzer: 'It is decided over all policies that are in force, inside and outside of a template.',
  stackset: 'It is a property of a rollout over accounts and Regions.',
  scan: 'It is the state of accounts, which only a look at them shows.',
  'config-rule': 'It is the state of accounts, which only a look at them shows.',
  diff: 'It compares two versions; one template has no earlier one.',
  attest: 'Only a person can say it.',
};

/** What a rule would have to read, where there is none. */
const NEEDS: Readonly<Record<'policy' | 'graph', string>> = {
  policy: 'No rule: a policy must be read.',
  graph: 'No rule: more than one resource must be read.',
};

/** Layers that a policy holds: Stackade has templates of them. */
const POLICY_LAYERS: ReadonlySet<ControlLayer> = new Set(['scp', 'rcp', 'boundary', 'abac', 'revocation']);

/** Layers that are brought to accounts. */
const ROLLOUT_LAYERS: ReadonlySet<ControlLayer> = new Set(['stackset', 'config-rule']);

/** Layers that decide before CloudFormation provisions anything. */
const HOOK_LAYERS: ReadonlySet<ControlLayer> = new Set(['gate', 'hook']);

const HEADINGS = [
  'control',
  'severity',
  'enforced by',
  'rules',
  'policies',
  'gate and hooks',
  'rollout',
  'scan',
  'what a template does not show',
];

/** A rule, as the page needs it. */
export interface PostureRule {
  readonly metadata: RuleMetadata;
  /** Its page, from the folder of the posture page. */
  readonly page: string;
  /** Whether hooks leave it to the targets that see the whole template. */
  readonly isOfWholeTemplate: boolean;
}

/** A template of a policy, as the page needs it. */
export interface PostureGuardrail {
  readonly name: string;
  /** Its page, from the folder of the posture page. */
  readonly page: string;
  /** The controls that it puts into practice. */
  readonly controls: readonly string[];
}

const FAMILIES: Readonly<Record<string, string>> = {
  ENC: 'Encryption at rest',
  TLS: 'Encryption in transit',
  KEY: 'Keys',
  TAG: 'Tags and cost attribution',
  NET: 'Networks and exposure',
  LOG: 'Logs and audit',
  IAM: 'Identity and least privilege',
  BND: 'Permissions boundaries',
  TEN: 'Tenants',
  SES: 'Sessions',
  HOOK: 'Hooks',
  ORG: 'Organization and accounts',
  ROLL: 'Rollout',
  PIPE: 'Pipelines',
  DATA: 'Data governance',
  SEC: 'Secrets',
  RES: 'Resilience',
  COST: 'Cost',
  DET: 'Detection',
};

/**
 * The page in Markdown.
 *
 * @param scans - What a look at the accounts says of controls, and who attests them, by their ids. `@default` nothing.
 * @throws RangeError when a control has neither a rule nor a reason why it has none, when a policy could hold it and there
 *   is neither a template nor a reason (or both), when a gate or a hook could hold it and nothing decides it there without a
 *   reason (or with one), when a rollout could bring it to accounts and there is neither a template nor a reason (or both), or
 *   when its family or layer is unknown.
 */
export function renderPosturePage(
  controls: readonly Control[],
  coverage: Readonly<Record<string, ControlCoverage>>,
  rules: readonly PostureRule[],
  guardrails: readonly PostureGuardrail[],
  scans: ReadonlyMap<string, string> = new Map(),
): string {
  const byId = new Map(rules.map((rule) => [rule.metadata.id, rule]));
  const rows = controls.map((control) => ({ control, ...rowOf(control, coverage, byId, guardrails, scans) }));
  const hooked = rows.filter(({ control }) => isHooked(control)).length;
  const covered = rows.filter(({ ruleIds }) => ruleIds.length > 0).length;
  const guarded = rows.filter(({ control }) => guardrails.some((each) => each.controls.includes(control.id))).length;
  const decidable = controls.filter(({ layers }) => layers.includes('rule')).length;
  const families = [...new Set(controls.map(({ family }) => family))];
  const sections = families.map((family) => {
    const heading = FAMILIES[family];
    if (heading === undefined) throw new RangeError(`the family ${family} has no name`);
    const lines = rows.filter(({ control }) => control.family === family).map(({ line }) => line);
    return [`## ${family}: ${heading}`, table([HEADINGS, ...lines])].join('\n\n');
  });
  return `${[
    '# The posture, control by control',
    'Made from `rules/controls.json` and `rules/coverage.json`; `UPDATE_RULES=1 npx jest test/rules/posture` writes it.',
    `There are ${controls.length} controls. A template can tell something about ${decidable} of them, and rules check ${covered}. The column _enforced by_ lists every layer that can hold a control, the best one first; only rules are part of Stackade's packs.`,
    `Templates of policies put ${guarded} controls into practice: \`stackade scp show\` and \`stackade boundary show\` print them. A control that a policy could hold, and that has no template, says why.`,
    `Rules run in the Lambda Hook as they run in \`stackade check\`, and the feature gate beside them: ${hooked} controls can be held there. _Rules, with the template_: the targets \`STACK\` and \`CHANGE_SET\` decide, since one resource does not show enough. [The same verdict everywhere](hook-parity.md) has the figures.`,
    'The column _scan_ names the checks of `stackade scan org`, or says why there is none. [What a scan checks](scan-controls.md) tells what they read.',
    ...sections,
  ].join('\n\n')}\n`;
}

function rowOf(
  control: Control,
  coverage: Readonly<Record<string, ControlCoverage>>,
  rules: ReadonlyMap<string, PostureRule>,
  guardrails: readonly PostureGuardrail[],
  scans: ReadonlyMap<string, string>,
): { readonly line: readonly string[]; readonly ruleIds: readonly string[] } {
  const covered = Object.hasOwn(coverage, control.id) ? coverage[control.id]! : undefined;
  const ruleIds = covered?.rules ?? [];
  const links = ruleIds.map((id) => {
    const page = rules.get(id)?.page;
    if (page === undefined) throw new RangeError(`control ${control.id} names the rule ${id}, which does not exist`);
    return `[${id}](${page})`;
  });
  const cells = [
    `\`${control.id}\` ${control.title}`,
    control.severity,
    control.layers.map((layer) => LAYERS[layer]).join(', '),
    links.length === 0 ? '–' : links.join('<br>'),
    policiesOf(control, covered, guardrails),
    hooksOf(control, covered, rules),
    rolloutOf(control, covered),
    scans.get(control.id) ?? '–',
    reasonOf(control, covered),
  ];
  return { line: cells.map((cell) => cell.replaceAll('|', '\\|')), ruleIds };
}

/** A table in Markdown, its columns as wide as their widest cell, as Prettier writes it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const [heading, ...rest] = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column]!))));
  return [heading, line(widths.map((width) => '-'.repeat(width))), ...rest].join('\n');
}

function policiesOf(
  { id, layers }: Control,
  covered: ControlCoverage | undefined,
  guardrails: readonly PostureGuardrail[],
): string {
  const own = guardrails.filter(({ controls }) => controls.includes(id));
  const reason = covered?.withoutPolicy;
  if (own.length > 0 && reason !== undefined) {
    throw new RangeError(`control ${id} has a template of a policy, and a reason why it has none`);
  }
  if (own.length > 0) return own.map(({ name, page }) => `[${name}](${page})`).join('<br>');
  if (reason !== undefined) return reason;
  if (layers.some((layer) => POLICY_LAYERS.has(layer))) {
    throw new RangeError(`control ${id} has neither a template of a policy nor a reason`);
  }
  return '–';
}

/** What decides a control before anything is provisioned. */
function hooksOf(
  control: Control,
  covered: ControlCoverage | undefined,
  rules: ReadonlyMap<string, PostureRule>,
): string {
  const { rules: ids = [], hook, withoutHook } = covered ?? {};
  if (!isHooked(control)) {
    if (hook === undefined && withoutHook === undefined) return '–';
    throw new RangeError(`control ${control.id} is none that a gate or a hook could hold`);
  }
  const byRules = ids.every((id) => rules.get(id)?.isOfWholeTemplate === true) ? 'rules, with the template' : 'rules';
  const decides = [...(ids.length > 0 ? [byRules] : []), ...(hook === undefined ? [] : [hook.decides])];
  if (decides.length > 0 && withoutHook !== undefined) {
    throw new RangeError(`control ${control.id} is decided by a gate or hook, and has a reason why it is not`);
  }
  if (decides.length === 0 && withoutHook === undefined) {
    throw new RangeError(`control ${control.id} is decided by no rule, gate or hook, and has no reason`);
  }
  return withoutHook ?? decides.join('; ');
}

function isHooked({ layers }: Control): boolean {
  return layers.some((layer) => HOOK_LAYERS.has(layer));
}

/** What brings a control to the accounts, and watches it there. */
function rolloutOf({ id, layers }: Control, { rollout, withoutRollout }: Partial<ControlCoverage> = {}): string {
  const isRolledOut = layers.some((layer) => ROLLOUT_LAYERS.has(layer));
  if (!isRolledOut) {
    if (rollout === undefined && withoutRollout === undefined) return '–';
    throw new RangeError(`control ${id} is none that is rolled out to accounts`);
  }
  if (rollout !== undefined && withoutRollout !== undefined) {
    throw new RangeError(`control ${id} is rolled out, and has a reason why it is not`);
  }
  if (rollout === undefined && withoutRollout === undefined) {
    throw new RangeError(`control ${id} is rolled out by no template, and has no reason`);
  }
  return rollout ?? withoutRollout!;
}

function reasonOf(control: Control, covered: ControlCoverage | undefined): string {
  if (covered === undefined || isSilent(covered)) {
    const reason = ELSEWHERE[control.layers[0]!];
    if (reason === undefined || control.layers.includes('rule')) {
      throw new RangeError(`control ${control.id} has neither a rule nor a reason`);
    }
    return reason;
  }
  if (covered.rules.length > 0) return covered.open ?? '';
  if (covered.needs === undefined || covered.open === undefined) {
    throw new RangeError(`control ${control.id} has neither a rule nor a reason`);
  }
  return `${NEEDS[covered.needs]} ${covered.open}`;
}

/** Whether an entry says nothing of rules. */
function isSilent({ rules, needs, open }: ControlCoverage): boolean {
  return rules.length === 0 && needs === undefined && open === undefined;
}

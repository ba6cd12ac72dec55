/** The scan of one template: its policies, and what is wrong with each. */
import { createFinding } from '../../findings/index.js';
import type { FileResult, Finding, Location, NotEvaluated, Verdict } from '../../findings/index.js';
import { get, isMap, madeUpName, OWN_ACCOUNT, supposedName } from '../../template/index.js';
import type { Supposed, TemplateSource } from '../../template/index.js';
import { RULES } from './checks/check.js';
import type { Notes, OpenCheck } from './checks/check.js';
import { checkExternal } from './checks/external.js';
import { checkProofs, NOT_GRANTED } from './checks/proofs.js';
import { checkValidation } from './checks/validation.js';
import { supposedOf, templatePolicies } from './collect.js';
import type { TemplatePolicies, TemplatePolicy } from './collect.js';
import { innerTemplates, withoutDefaultsOf } from './nested.js';
import type { PolicyScanOptions } from './options.js';

const MANAGED_POLICY = 'AWS::IAM::ManagedPolicy';

/** The one policy of AWS whose document cannot change: it allows everything. */
const ADMINISTRATOR = /^arn:[^:]+:iam::aws:policy\/AdministratorAccess$/;

/** What a scan of a template finds. */
export interface TemplateScan {
  readonly file: FileResult;
  readonly findings: readonly Finding[];
  readonly notEvaluated: readonly NotEvaluated[];
  /** The policies that were looked at. */
  readonly found: TemplatePolicies;
}

/**
 * Scans a template.
 *
 * @param source - A template: a map with `Resources`. Its file is the path in the report.
 * @param supposed - Made of it, see {@link supposedOf}.
 */
export function scanTemplate(
  source: TemplateSource,
  supposed: Supposed,
  options: PolicyScanOptions = {},
): TemplateScan {
  return scanNested(source, supposed, options, '', 0);
}

/** Most templates in each other that are looked at. */
const MAX_DEPTH = 4;

/** @param prefix - Logical ids of the resources around the template, with `/` behind each. */
function scanNested(
  source: TemplateSource,
  supposed: Supposed,
  options: PolicyScanOptions,
  prefix: string,
  depth: number,
): TemplateScan {
  const found = named(templatePolicies(source, supposed), prefix);
  const { inner, unread } = innerTemplates(source, supposed, found.marks);
  const tooDeep = depth < MAX_DEPTH ? [] : inner.map((each) => deeper(each.logicalId, each.source.locationOf([])));
  const scan = new Scan(source.file, { ...found, unread: [...found.unread, ...unread, ...tooDeep] }, options);
  scan.run();
  const own = { file: scan.result(), findings: scan.findings, notEvaluated: scan.notEvaluated, found };
  if (depth >= MAX_DEPTH) return own;
  return inner.reduce<TemplateScan>((all, { logicalId, source: text, parameters, unknown }) => {
    const template = withoutDefaultsOf(text, unknown);
    // The accounts and Regions of its stacks are other ones than those of the stack set.
    const { partition } = supposed.place;
    const there = supposedOf(template, { parameters, partition });
    return joined(all, scanNested(template, there, options, `${prefix}${logicalId}/`, depth + 1));
  }, own);
}

function deeper(logicalId: string, location: Location): TemplatePolicies['unread'][number] {
  return { reason: `the template of \`${logicalId}\` stands in too many others`, parameters: [], location };
}

/** Policies with the names of what is around their template. */
function named(found: TemplatePolicies, prefix: string): TemplatePolicies {
  if (prefix === '') return found;
  const rename = <T extends { readonly resource: TemplatePolicy['resource'] }>(each: T): T => ({
    ...each,
    resource: { ...each.resource, logicalId: prefix + each.resource.logicalId },
  });
  return { ...found, policies: found.policies.map(rename), attachments: found.attachments.map(rename) };
}

/** From the strongest on. */
const STRENGTH: readonly Verdict[] = ['FAIL', 'NOT_EVALUATED', 'PASS', 'SKIP'];

const stronger = (one: Verdict, other: Verdict): Verdict =>
  STRENGTH.find((each) => each === one || each === other) ?? one;

/** Two scans as one: of a template and one that is in it, or of a template under several values of its parameters. */
export function joined(one: TemplateScan, other: TemplateScan): TemplateScan {
  const rules = { ...one.file.rules };
  for (const [rule, verdict] of Object.entries(other.file.rules)) {
    rules[rule] = stronger(rules[rule] ?? verdict, verdict);
  }
  const keys = new Set(one.findings.map(({ fingerprint, location }) => `${fingerprint} ${location.line}`));
  const open = new Set(one.notEvaluated.map((each) => JSON.stringify(each)));
  return {
    file: { ...one.file, status: stronger(one.file.status, other.file.status), rules },
    findings: [
      ...one.findings,
      ...other.findings.filter(({ fingerprint, location }) => !keys.has(`${fingerprint} ${location.line}`)),
    ],
    notEvaluated: [...one.notEvaluated, ...other.notEvaluated.filter((each) => !open.has(JSON.stringify(each)))],
    found: { ...one.found, policies: [...one.found.policies, ...other.found.policies] },
  };
}

class Scan {
  readonly findings: Finding[] = [];
  readonly notEvaluated: NotEvaluated[] = [];
  private readonly failed = new Set<string>();
  private readonly open = new Set<string>();
  private readonly names: Names;

  constructor(
    private readonly file: string,
    private readonly found: TemplatePolicies,
    private readonly options: PolicyScanOptions,
  ) {
    this.names = new Names(found.supposed);
  }

  run(): void {
    const { policies, unread, marks } = this.found;
    const { notGranted = [], references = [], zone = null } = this.options;
    for (const policy of policies) {
      const notes = this.notesOn(policy);
      checkValidation(policy, marks, notes);
      checkProofs(policy, { notGranted, references }, notes);
      if (zone !== null) checkExternal(policy, zone, marks, notes);
    }
    // What was not read may be wrong in every way.
    if (unread.length > 0) for (const rule of this.asked()) this.open.add(rule);
    for (const { reason, parameters, location } of unread) {
      this.leaveOpen(RULES.validation, reason, parameters, location);
    }
    if (notGranted.length + references.length > 0) this.attachments();
  }

  result(): FileResult {
    const { policies, attachments } = this.found;
    const nothing: Verdict = policies.length + attachments.length === 0 ? 'SKIP' : 'PASS';
    const rules: Record<string, Verdict> = {};
    for (const rule of this.asked()) rules[rule] = this.verdictOf(rule, nothing);
    for (const rule of this.failed) rules[rule] = 'FAIL';
    return { path: this.file, status: this.status(nothing), rules };
  }

  /** The rules that every template is asked about. */
  private asked(): readonly string[] {
    const { notGranted = [], references = [], zone = null } = this.options;
    return [
      RULES.validation,
      RULES.public,
      ...(notGranted.length > 0 ? [RULES.notGranted] : []),
      ...(references.length > 0 ? [RULES.noNewAccess] : []),
      ...(zone === null ? [] : [RULES.external]),
    ];
  }

  private verdictOf(rule: string, otherwise: Verdict): Verdict {
    if (this.failed.has(rule)) return 'FAIL';
    return this.open.has(rule) ? 'NOT_EVALUATED' : otherwise;
  }

  private status(nothing: Verdict): Verdict {
    if (this.failed.size > 0) return 'FAIL';
    return this.open.size > 0 ? 'NOT_EVALUATED' : nothing;
  }

  private notesOn(policy: TemplatePolicy): Notes {
    const { resource, when, defaults, generated } = policy;
    const labels = [
      ...defaults.map((name) => `assumes-default:${name}`),
      ...(generated ? [`generated:${resource.key}`] : []),
    ];
    return {
      fail: (issue) => {
        this.failed.add(issue.ruleId);
        const message = this.names.inText(issue.message);
        this.findings.push(
          createFinding({
            ...issue,
            message: when === '' ? message : `${message} (when ${when})`,
            location: policy.locate(issue.path),
            resource: { logicalId: resource.logicalId, type: resource.type },
            labels: [...issue.labels, ...labels],
          }),
        );
      },
      open: (check) => {
        this.leaveOpen(
          check.ruleId,
          this.names.inText(reasonOf(check)),
          parametersOf(check),
          policy.locate(check.path),
        );
      },
    };
  }

  /** What is attached by its ARN stands elsewhere: in this template, or nowhere that could be looked at. */
  private attachments(): void {
    const { supposed, attachments } = this.found;
    const { notGranted = [], references = [] } = this.options;
    const { place, resolution } = supposed;
    const section = get(resolution.document.value, 'Resources');
    const own = new Set(
      [...resolution.model.resources.values()].flatMap(({ key, type }) => {
        const resource = section !== undefined && isMap(section) ? get(section, key) : undefined;
        const arn = type === MANAGED_POLICY ? supposedName(key, { type, resource }, undefined, place) : undefined;
        return arn === undefined ? [] : [arn];
      }),
    );
    for (const { arn, location, resource } of attachments) {
      if (own.has(arn)) continue;
      const shown = this.names.inText(arn);
      if (notGranted.length > 0 && ADMINISTRATOR.test(arn)) {
        this.grantsAll(resource, shown, location);
        continue;
      }
      const reason = `\`${shown}\` is attached to \`${resource.logicalId}\`, and its document is not in the template`;
      const isAsked = references.some(({ kind }) => kind === 'identity');
      if (notGranted.length > 0) this.leaveOpen(RULES.notGranted, reason, [], location);
      if (isAsked) this.leaveOpen(RULES.noNewAccess, reason, [], location);
    }
  }

  private grantsAll({ logicalId, type }: TemplatePolicy['resource'], arn: string, location: Location): void {
    this.failed.add(RULES.notGranted);
    this.findings.push(
      createFinding({
        ...NOT_GRANTED,
        message: `\`${arn}\` is attached, which grants every action on every resource`,
        location,
        resource: { logicalId, type },
        subject: arn,
      }),
    );
  }

  private leaveOpen(ruleId: string, reason: string, parameters: readonly string[], location: Location | null): void {
    this.open.add(ruleId);
    const same = this.notEvaluated.some(
      (one) => one.ruleId === ruleId && one.reason === reason && one.location?.pointer === location?.pointer,
    );
    if (!same) this.notEvaluated.push({ path: this.file, ruleId, controls: [], reason, parameters, location });
  }
}

function reasonOf({ reason, unknowns }: OpenCheck): string {
  const because = [...new Set(unknowns.map((unknown) => unknown.reason))];
  return because.length === 0 ? reason : `${reason}: ${because.join('; ')}`;
}

function parametersOf({ unknowns }: OpenCheck): readonly string[] {
  return [...new Set(unknowns.flatMap(({ parameters }) => parameters))].sort();
}

/** Names that are supposed for resources are told as the references that they stand for: nobody will ever see them. */
class Names {
  private readonly made: readonly (readonly [name: string, key: string])[];
  /** Values that are not to be shown, and the parameters that have them. */
  private readonly hidden: readonly (readonly [value: string, parameter: string])[];

  constructor({ resolution, place }: Supposed) {
    this.hidden = [...resolution.model.parameters.values()].flatMap(({ name, noEcho, value }) =>
      noEcho && typeof value === 'string' && value.length > 2 ? [[value, name] as const] : [],
    );
    this.made = [...resolution.model.resources.values()].map(({ key, type }) => [
      madeUpName(key, type, place),
      key.split('::')[0]!,
    ]);
  }

  inText(message: string): string {
    let text = message;
    for (const [value, name] of this.hidden) text = text.replaceAll(value, () => `\${${name}}`);
    if (/[\da-f]{4}/.test(message)) {
      for (const [name, key] of this.made) {
        if (!text.includes(name)) continue;
        text = text.replaceAll(`\`${name}\``, () => `\`${key}\``).replaceAll(name, () => `\${${key}}`);
      }
    }
    return text.replaceAll(OWN_ACCOUNT, () => '${AWS::AccountId}');
  }
}

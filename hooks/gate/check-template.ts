/** A template through the gate: each resource as far as its values are known, as findings with places. */
import { createFinding } from '../../findings/index.js';
import type { Finding, NotEvaluated, Verdict } from '../../findings/index.js';
import { openTemplate } from '../../rules/index.js';
import type { CheckedFile, DeploymentOptions, OpenedTemplate } from '../../rules/index.js';
import { ABSENT, get, isMap } from '../../template/index.js';
import type { Assignment, Path, ResourceModel, Value, ValueMap } from '../../template/index.js';
import { codeOf, explain, explainType, TITLES } from './explain.js';
import type { Explanation, GateCode } from './explain.js';
import type { Gate } from './gate.js';
import type { Problem } from './judge.js';
import { NO_CHOICES, Ways, withReferences } from './outcomes.js';
import type { Unknowns } from './outcomes.js';
import type { GateContext } from './pattern.js';

const PAGE = (code: string): string => `docs/diagnostics/${code}.md`;
const CODES = Object.keys(TITLES) as readonly GateCode[];
/** Template parameters that fill a placeholder, as entries of NOT EVALUATED name them. */
const FILLED_BY: Readonly<Record<string, string>> = { accountId: 'AWS::AccountId', region: 'AWS::Region' };

/**
 * Checks the text of one template, as if all its resources were created.
 *
 * @param file - Its name in reports.
 * @param context - Fills placeholders. What hangs on one that is not given is NOT EVALUATED.
 * @returns Verdicts by code. Resources that a condition takes away are not looked at; where a condition is open, both
 *   ways are.
 */
export function checkTemplateGate(
  text: string,
  file: string,
  gate: Gate,
  deployment: DeploymentOptions,
  context: GateContext,
): CheckedFile {
  const opened = openTemplate(text, file, deployment);
  if (opened.kind !== 'opened') return opened;
  const { source, resolution, problems } = opened.template;
  const run = new TemplateGate(opened.template, file, gate, context);
  for (const resource of resolution.model.resources.values()) run.resource(resource);
  const findings = [...problems, ...run.findings];
  const failed = findings.some(({ severity }) => severity === 'error');
  const status: Verdict = failed
    ? 'FAIL'
    : run.notEvaluated.length > 0
      ? 'NOT_EVALUATED'
      : run.count > 0
        ? 'PASS'
        : 'SKIP';
  return {
    kind: 'checked',
    result: { file: { path: file, status, rules: run.verdicts() }, findings, notEvaluated: run.notEvaluated },
    source,
    document: resolution.document.value,
  };
}

class TemplateGate {
  readonly findings: Finding[] = [];
  readonly notEvaluated: NotEvaluated[] = [];
  count = 0;
  private readonly failed = new Set<string>();
  private readonly open = new Set<string>();
  private readonly told = new Set<string>();
  private readonly unknowns: Unknowns;

  constructor(
    private readonly template: OpenedTemplate,
    private readonly file: string,
    private readonly gate: Gate,
    private readonly context: GateContext,
  ) {
    const { document, model } = template.resolution;
    const names = new Set([...model.resources.values()].flatMap(({ key, logicalId }) => [key, logicalId]));
    this.unknowns = withReferences(document, (name) => names.has(name));
  }

  verdicts(): Readonly<Record<GateCode, Verdict>> {
    const verdictOf = (code: GateCode): Verdict =>
      this.failed.has(code) ? 'FAIL' : this.open.has(code) ? 'NOT_EVALUATED' : this.count > 0 ? 'PASS' : 'SKIP';
    return Object.fromEntries(CODES.map((code) => [code, verdictOf(code)])) as Record<GateCode, Verdict>;
  }

  resource({ key, logicalId, type }: ResourceModel): void {
    this.count += 1;
    const { document } = this.template.resolution;
    const path: Path = ['Resources', key];
    if (type === undefined) {
      this.hanging('GAT1001', path, NO_CHOICES, 'the type of the resource cannot be told', []);
      return;
    }
    const resources = get(document.value, 'Resources');
    const node = isMap(resources) ? get(resources, key) : undefined;
    const named = { key, logicalId, type };
    for (const { value, assignment, unknown } of new Ways(this.unknowns).of(node ?? null, NO_CHOICES)) {
      if (value === ABSENT) continue;
      if (unknown !== undefined) this.hanging('GAT1001', path, assignment, unknown.reason, unknown.parameters);
      else this.decide(named, isMap(value) ? propertiesOf(value) : null, assignment);
    }
  }

  private decide(named: Named, properties: Value, assignment: Assignment): void {
    const request = { type: named.type, action: 'CREATE', properties } as const;
    const { typeProblem, problems } = this.gate.decide(request, this.context, this.unknowns, assignment);
    if (typeProblem !== null) {
      const explanation = explainType(this.gate, named.type, typeProblem);
      this.refuse(named, explanation, ['Resources', named.key, 'Type'], NO_CHOICES, '');
    }
    // The fewer choices a problem needs, the more it says.
    for (const problem of [...problems].sort((a, b) => a.assignment.size - b.assignment.size)) {
      this.problem(named, problem);
    }
  }

  private problem(named: Named, problem: Problem): void {
    const path: Path = ['Resources', named.key, 'Properties', ...problem.path];
    if (problem.kind === 'open' || problem.kind === 'placeholder') {
      const parameters =
        problem.kind === 'open' ? problem.parameters : problem.names.map((name) => FILLED_BY[name] ?? name);
      const reason = problem.kind === 'open' ? problem.message : explain(this.gate, named.type, problem).message;
      this.hanging(codeOf(problem), path, problem.assignment, reason, parameters);
      return;
    }
    this.refuse(
      named,
      explain(this.gate, named.type, problem),
      path,
      problem.assignment,
      subjectOf(problem),
      problem.kind,
    );
  }

  private refuse(
    named: Named,
    { code, title, message, help, controls }: Explanation,
    path: Path,
    assignment: Assignment,
    subject: string,
    kind?: Problem['kind'],
  ): void {
    const { source, resolution } = this.template;
    const { document } = resolution;
    this.failed.add(code);
    const written = document.sourcePath(path, assignment);
    // What is too much is told at its name, what is missing at the name of what lacks it.
    const which = kind === 'property' || kind === 'forbidden' || kind === 'required' ? 'key' : 'value';
    const location = { ...source.locationOf(written, which), file: this.file };
    const { key, logicalId, type } = named;
    const told = [code, message, location.pointer, key].join('\n');
    if (this.told.has(told)) return;
    this.told.add(told);
    const when = [...assignment].map(([id, value]) => `${id.slice(id.indexOf(':') + 1)} is ${textOf(value)}`);
    this.findings.push(
      createFinding({
        ruleId: code,
        controls,
        severity: 'error',
        title,
        message: when.length === 0 ? message : `${message} (when ${when.join(' and ')})`,
        help,
        docs: PAGE(code),
        location,
        resource: { logicalId, type },
        labels: [
          ...document.defaultsAt(path, assignment).map((name) => `assumes-default:${name}`),
          ...(key === logicalId ? [] : [`generated:${key.split('::')[0]!}`]),
        ],
        subject,
      }),
    );
  }

  private hanging(
    code: GateCode,
    path: Path,
    assignment: Assignment,
    reason: string,
    parameters: readonly string[],
  ): void {
    const { source, resolution } = this.template;
    this.open.add(code);
    const location = { ...source.locationOf(resolution.document.sourcePath(path, assignment)), file: this.file };
    const told = [code, reason, location.pointer].join('\n');
    if (this.told.has(told)) return;
    this.told.add(told);
    const controls =
      code === 'GAT1001' || code === 'GAT1002' ? ['HOOK-GATE-01', 'HOOK-GATE-03'] : ['HOOK-GATE-02', 'HOOK-GATE-03'];
    this.notEvaluated.push({ path: this.file, ruleId: code, controls, reason, parameters, location });
  }
}

interface Named {
  readonly key: string;
  readonly logicalId: string;
  readonly type: string;
}

/** A resource may be without properties; `null` in their place is no value that CloudFormation takes. */
function propertiesOf(resource: ValueMap): Value {
  const written = get(resource, 'Properties');
  return written === undefined ? {} : written;
}

/** What a finding is about besides its place: approved values may change, and the finding stays the same. */
function subjectOf({ kind, names }: Problem): string {
  return kind === 'value' ? '' : names.join(',');
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

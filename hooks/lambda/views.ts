/** What a hook sees: one resource with its values, or a template as it was submitted. */
import type { Finding, NotEvaluated, Severity, Verdict } from '../../findings/index.js';
import { openTemplate, PARAMETER_ROOT, parameterDocument, runChecks, WaiverSession } from '../../rules/index.js';
import type { CheckResult, DeploymentOptions, OpenedTemplate } from '../../rules/index.js';
import { isMap } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { checkTemplateGate, explain, explainType, pathText } from '../gate/index.js';
import type { Gate, GateContext } from '../gate/index.js';
import type { Point } from './answer.js';
import type { HookBundle, HookCall } from './bundle.js';
import { EventError } from './event.js';
import type { ResourceChange } from './event.js';

/** Everything a view has to say. */
export interface Seen {
  readonly points: readonly Point[];
  readonly rules: Readonly<Record<string, Verdict>>;
}

/** What is known of the deployment. */
export interface Surroundings {
  readonly deployment: DeploymentOptions & { readonly accountId: string };
  readonly placeholders: GateContext;
  readonly ouPath: string | undefined;
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };
const UNFILLED = 'nothing fills the placeholder';

export class Views {
  constructor(
    private readonly bundle: HookBundle,
    private readonly call: HookCall,
    private readonly surroundings: Surroundings,
  ) {}

  /** A resource whose values are all known. */
  resource(change: ResourceChange): Seen {
    const { bundle } = this;
    const { type, logicalId } = change;
    const points = bundle.gate === null ? [] : this.gateOnResource(bundle.gate, change);
    // Who deletes something changes no value; delete rules are the gate's.
    if (change.action === 'DELETE') return { points, rules: {} };
    const function_ = functionIn(change.properties, '');
    if (function_ !== null) {
      // A rule would see what the function gives, and not what is deployed.
      const message = `\`${function_}\` reads as an intrinsic function, which values of an event cannot have`;
      return { points: [...points, finding('HOOK', 'error', logicalId, message, 'write the value out')], rules: {} };
    }
    const text = JSON.stringify({ Resources: { [logicalId]: { Type: type, Properties: change.properties } } });
    const { result } = this.check(text, true);
    return { points: [...points, ...this.pointsOf(result)], rules: result.file.rules };
  }

  /** A template as it was submitted: values of its parameters are not in the event, and Defaults stand for none of them. */
  template(text: string): Seen {
    const { result } = this.check(text, false);
    const gated = this.bundle.gate === null ? [] : this.gateOnTemplate(this.bundle.gate, text);
    return { points: [...gated, ...this.pointsOf(result)], rules: result.file.rules };
  }

  private check(text: string, oneResource: boolean): { readonly result: CheckResult } {
    const { bundle, surroundings } = this;
    const file = 'event';
    const { source, resolution, problems, supposed } = open(text, { ...surroundings.deployment, defaults: false });
    if (isMap(source.value) && Object.hasOwn(source.value, PARAMETER_ROOT)) {
      throw new EventError(
        `the template has the key \`${PARAMETER_ROOT}\`, which is kept for parameters of rules`,
        'take it out',
      );
    }
    const inputs = parameterDocument(bundle.ruleParameters);
    const target = { path: file, source, document: resolution.document, supposed };
    const additional = { findings: problems, notEvaluated: [] };
    const all = runChecks(target, bundle.rules, { inputs, additional });
    const session = new WaiverSession(bundle.waivers, {
      today: this.call.today,
      account: surroundings.deployment.accountId,
      ...(surroundings.ouPath !== undefined && { ou: surroundings.ouPath }),
      compileGlob: bundle.compileGlob,
      isChecked: () => true,
      sources: new Map(),
    });
    return { result: session.cover(oneResource ? this.ofOneResource(all) : all, source) };
  }

  /** Takes away what only a whole template can decide; what applies to nothing here stays SKIP. */
  private ofOneResource({ file, findings, notEvaluated }: CheckResult): CheckResult {
    const { wholeTemplate } = this.bundle;
    const stays = ({ ruleId }: { readonly ruleId: string }): boolean => !wholeTemplate.has(ruleId);
    const rules = Object.fromEntries(
      Object.entries(file.rules).map(([id, verdict]): [string, Verdict] => [
        id,
        wholeTemplate.has(id) ? 'SKIP' : verdict,
      ]),
    );
    return { file: { ...file, rules }, findings: findings.filter(stays), notEvaluated: notEvaluated.filter(stays) };
  }

  private pointsOf({ findings, notEvaluated }: CheckResult): readonly Point[] {
    return [
      ...findings.map((each) => this.pointOfFinding(each)),
      ...notEvaluated.map((entry) => this.pointOfOpen(entry)),
    ];
  }

  private pointOfFinding({ ruleId, severity, location, message, help, waived }: Finding): Point {
    const place = placeOf(location.pointer);
    if (waived !== null) {
      const until = waived.expires === null ? '' : `, until ${waived.expires}`;
      const said = `${message} (waived by ${waived.owner}${until}: ${waived.reason})`;
      return { ruleId, severity, place, message: said, help: '', kind: 'waived', blocks: false };
    }
    const blocks = RANK[severity] >= RANK[this.bundle.failOn];
    return { ruleId, severity, place, message, help, kind: 'finding', blocks };
  }

  private pointOfOpen({ ruleId, reason, location, waived }: NotEvaluated): Point {
    const place = location === null ? '' : placeOf(location.pointer);
    const point = { ruleId, severity: 'error', place, message: reason } as const;
    if (waived !== undefined) return { ...point, help: '', kind: 'waived', blocks: false };
    const unfilled = reason.startsWith(UNFILLED);
    const help = unfilled ? FILL : 'write the value out, or let the hook of the resource decide';
    return { ...point, help, kind: 'notEvaluated', blocks: unfilled || this.bundle.notEvaluated === 'block' };
  }

  private gateOnTemplate(gate: Gate, text: string): readonly Point[] {
    const { placeholders } = this.surroundings;
    const deployment = { ...this.surroundings.deployment, defaults: false };
    for (const type of open(text, deployment).resolution.model.byType.keys()) {
      const { typeProblem } = gate.decide({ type, action: 'CREATE', properties: {} }, placeholders);
      if (typeProblem?.reason === 'unusable') throw new EventError(typeProblem.message, UNUSABLE);
    }
    const checked = checkTemplateGate(text, 'event', gate, deployment, placeholders);
    if (checked.kind !== 'checked') throw new EventError('the template cannot be read', MEND);
    const { findings, notEvaluated } = checked.result;
    // What is wrong with the template itself is told with the rules.
    const ours = findings.filter(({ ruleId }) => ruleId.startsWith('GAT'));
    return [
      ...ours.map(({ ruleId, location, message, help }) =>
        finding(ruleId, 'error', placeOf(location.pointer), message, help),
      ),
      ...notEvaluated.map((entry) => this.pointOfOpen(entry)),
    ];
  }

  private gateOnResource(gate: Gate, { action, type, logicalId, properties, previous }: ResourceChange): Point[] {
    const request = {
      type,
      action,
      properties: properties as Value,
      ...(action === 'UPDATE' && previous !== null && { previous: previous as Value }),
    };
    const { typeProblem, problems, legacy, status } = gate.decide(request, this.surroundings.placeholders);
    const points = problems.map((problem): Point => {
      const { code, message, help } = explain(gate, type, problem);
      const mend = problem.kind === 'placeholder' ? FILL : help;
      return finding(code, 'error', `${logicalId}${pathText(problem.path)}`, message, mend);
    });
    if (typeProblem !== null) {
      if (typeProblem.reason === 'unusable') throw new EventError(typeProblem.message, UNUSABLE);
      const { code, message, help } = explainType(gate, type, typeProblem);
      points.push(finding(code, 'error', logicalId, message, help));
    }
    if (status !== 'PASS' && points.length === 0) throw new Error('the gate refuses without a reason');
    for (const problem of legacy) {
      const { code, message } = explain(gate, type, problem);
      const place = `${logicalId}${pathText(problem.path)}`;
      points.push({ ruleId: code, severity: 'warning', place, message, help: '', kind: 'legacy', blocks: false });
    }
    return points;
  }
}

const MEND = 'mend the template';
const UNUSABLE = 'publish the policy bundle anew';
const FILL = "fill it in the bundle's map of accounts, or take the placeholder out of the overlay";

function finding(ruleId: string, severity: Severity, place: string, message: string, help: string): Point {
  return { ruleId, severity, place, message, help, kind: 'finding', blocks: true };
}

/** @throws EventError when the text is no template. */
function open(text: string, deployment: DeploymentOptions): OpenedTemplate {
  const opened = openTemplate(text, 'event', deployment);
  if (opened.kind === 'opened') return opened.template;
  if (opened.kind === 'noTemplate') throw new EventError('the template has no `Resources` map', MEND);
  throw new EventError(
    `the template cannot be read: ${opened.diagnostics.map(({ message }) => message).join('; ')}`,
    MEND,
  );
}

/** The first key that reads as an intrinsic function, as a pointer. */
function functionIn(value: unknown, pointer: string): string | null {
  if (Array.isArray(value)) return firstOf(value.entries(), pointer);
  if (typeof value !== 'object' || value === null) return null;
  const keys = Object.keys(value);
  const own = keys.find((key) => key.startsWith('Fn::') || (key === 'Ref' && keys.length === 1));
  return own === undefined ? firstOf(Object.entries(value), pointer) : `${pointer}/${own}`;
}

function firstOf(entries: Iterable<readonly [string | number, unknown]>, pointer: string): string | null {
  for (const [key, each] of entries) {
    const found = functionIn(each, `${pointer}/${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** `/Resources/Orders/Properties/BucketName` is told as `Orders/BucketName`, and the type of a resource as the resource. */
function placeOf(pointer: string): string {
  return pointer.replace(/^\/Resources\//, '').replace(/^([^/]+)\/(?:Type$|Properties(?=\/|$))/, '$1');
}

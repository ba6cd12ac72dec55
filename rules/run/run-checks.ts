/**
 * The one pipeline: a template and a bundle of rules in, verdicts, findings and what could not be evaluated out.
 * The command, hooks and the sandbox all call it, so that the same template gets the same answer everywhere.
 */
import { createFinding } from '../../findings/index.js';
import type { FileResult, Finding, Location, NotEvaluated, Verdict } from '../../findings/index.js';
import {
  EvaluationError,
  RegexBudgetError,
  evaluateOpenRule,
  lacksTypes,
  materialise,
  openDocument,
} from '../../guard/index.js';
import type { Document, Materialised, OpenVerdict } from '../../guard/index.js';
import type { Assignment, Path, ResolvedDocument, Unknown, Value } from '../../template/index.js';
import type { CodeRule } from '../code/run.js';
import { checkCodeRule, HIDES } from './code-rules.js';
import { get, isMap } from '../../template/index.js';
import { ruleInfo } from './bundle.js';
import type { BundleFile, RuleBundle } from './bundle.js';
import { failuresOf, propertyName, resourceOf } from './failures.js';
import type { Failure } from './failures.js';
import { ReportedResources } from './reported-resource.js';
import type { RuleInfo } from './rule-info.js';
import type { CheckTarget } from './target.js';
import { UnknownPlaces, withRoot } from './unknown-places.js';
import type { UnknownPlace } from './unknown-places.js';

export interface RunOptions {
  /** Merged into the document's root before rules are evaluated, such as the parameters of rule packs. */
  readonly inputs?: Readonly<Record<string, Value>>;
  /** What a schema lint or another analysis said of the same template. */
  readonly additional?: {
    readonly findings: readonly Finding[];
    readonly notEvaluated: readonly NotEvaluated[];
  };
}

export interface CheckResult {
  readonly file: FileResult;
  readonly findings: readonly Finding[];
  readonly notEvaluated: readonly NotEvaluated[];
}

/** Verdicts from the strongest to the weakest: a rule that occurs twice has the stronger one. */
const STRENGTH: readonly Verdict[] = ['FAIL', 'NOT_EVALUATED', 'PASS', 'SKIP'];

/**
 * Checks one template against every rule of a bundle.
 *
 * @param target - Positions are asked of `target.source` only for what is reported.
 * @returns Verdicts by rule id. A rule file whose evaluation fails is NOT EVALUATED as a whole, with the reason: nothing
 *   of it counts as passed.
 */
export function runChecks(target: CheckTarget, bundle: RuleBundle, options: RunOptions = {}): CheckResult {
  const run = new Run(target, options.inputs ?? {});
  for (const file of bundle.files) run.checkFile(file);
  if (bundle.code.length > 0) run.checkCode(bundle.code);
  return run.result(options.additional);
}

/** The document with some choices made. */
interface CarriedOut extends Materialised {
  readonly opened: Document;
}

const NO_CHOICES: Assignment = new Map();
/** Positions are asked of the source when something is reported, not by explanations. */
const NO_POSITION = (): { line: number; column: number } => ({ line: 0, column: 0 });
/** Most failing assignments that are explained one by one. */
const MAX_EXPLAINED = 64;

class Run {
  private readonly document: ResolvedDocument;
  private readonly opened: Document;
  /** Whether the template has dynamic references: texts that stand for values nobody knows. */
  private readonly dynamic: boolean;
  private readonly places: UnknownPlaces;
  private readonly resources: ReportedResources;
  private readonly verdicts = new Map<string, Verdict>();
  private readonly findings: Finding[] = [];
  private readonly told = new Set<string>();
  private readonly notEvaluated: NotEvaluated[] = [];
  private readonly materialised = new Map<string, CarriedOut>();

  constructor(
    private readonly target: CheckTarget,
    private readonly inputs: Readonly<Record<string, Value>>,
  ) {
    const { document } = target;
    // An input wins over a key of the template: a template cannot choose the parameters it is judged by.
    const root = Object.keys(inputs).length === 0 ? document.value : { ...document.value, ...inputs };
    this.document = withRoot(document, root);
    this.dynamic = target.source.text.includes('{{resolve:');
    this.places = new UnknownPlaces(this.document, this.dynamic);
    this.resources = new ReportedResources(this.document);
    this.opened = document.hasUnknowns
      ? openDocument(root, { isUnknown: (node) => document.unknownAt(node as Value) !== undefined })
      : openDocument(root);
  }

  checkFile(file: BundleFile): void {
    const { needs = [], rules } = file.source;
    if (needs.length > 0 && !this.dynamic && lacksTypes(needs, this.opened)) {
      for (const info of rules.values()) this.verdict(info, 'SKIP');
      return;
    }
    try {
      const evaluation = file.program.evaluate(this.opened);
      evaluation.rules.forEach((result, index) => {
        const info = ruleInfo(file.source, result.name);
        if (result.touchedUnknown || this.dynamic) this.openVerdict(file, index, info, result.status);
        else if (result.status === 'FAIL') this.failed(file, index, info);
        else this.verdict(info, result.status);
      });
    } catch (error) {
      if (!(error instanceof EvaluationError) && !(error instanceof RegexBudgetError)) throw error;
      for (const rule of file.tree.rules) {
        this.undecided(ruleInfo(file.source, rule.name), `rule file ${file.source.file}: ${error.message}`, [], null);
      }
    }
  }

  checkCode(rules: readonly CodeRule[]): void {
    const { target } = this;
    if (target.supposed === undefined) throw new RangeError('rules written in TypeScript need supposed names');
    const supposed = target.supposed();
    for (const rule of rules) {
      const { verdict, findings, notEvaluated } = checkCodeRule(rule, target, supposed, this.inputs);
      this.verdict(rule.info, verdict);
      this.findings.push(...findings.filter((finding) => !this.isTold(finding)));
      if (notEvaluated !== null) this.notEvaluated.push(notEvaluated);
    }
  }

  /** @param asWritten - The status where a value that is not known counts as the map that is written. */
  private openVerdict(file: BundleFile, index: number, info: RuleInfo, asWritten: Verdict): void {
    const verdict = evaluateOpenRule(file.tree, file.tree.rules[index]!, this.document);
    if (verdict.status === 'NOT_EVALUATED') {
      if (info.written === true && asWritten === 'PASS' && verdict.unknowns.every(isWrittenNowhere)) {
        this.verdict(info, 'PASS');
        return;
      }
      this.hanging(info, verdict);
      return;
    }
    this.verdict(info, verdict.status);
    if (verdict.status !== 'FAIL') return;
    // Each failure with the fewest choices it needs; the same failure under more choices is not told again.
    const told = new Set<string>();
    for (const assignment of distinct(verdict.failures)) {
      for (const failure of this.explain(file, index, assignment)) {
        const key = JSON.stringify([failure.path, failure.subject, failure.message]);
        if (!told.has(key)) this.report(info, failure, assignment);
        told.add(key);
      }
    }
    if (told.size === 0) this.report(info, NOWHERE, verdict.failures[0] ?? NO_CHOICES);
  }

  /** What fails under an assignment, told of values that are known under it. */
  private explain(file: BundleFile, index: number, assignment: Assignment): readonly Failure[] {
    const carried = this.carriedOut(assignment);
    if (file.program.evaluate(carried.opened).rules[index]!.status !== 'FAIL') return [];
    const failures = failuresOf(file.program.explain(carried.opened, index, NO_POSITION), carried.value);
    // The explanation takes a value that is not chosen, or that nobody knows, for a wrong one.
    return failures.filter((failure) => !isOpenAt(this.document, carried, failure.path));
  }

  private carriedOut(assignment: Assignment): CarriedOut {
    const key = JSON.stringify([...assignment].sort(([a], [b]) => (a < b ? -1 : 1)));
    let known = this.materialised.get(key);
    if (known === undefined) {
      const carried = materialise(this.document, assignment);
      this.materialised.set(key, (known = { ...carried, opened: openDocument(carried.value) }));
    }
    return known;
  }

  /** Reports a rule that fails whatever is chosen: every place of its explanation. */
  private failed(file: BundleFile, index: number, info: RuleInfo): void {
    this.verdict(info, 'FAIL');
    const failures = failuresOf(file.program.explain(this.opened, index, NO_POSITION), this.document.value);
    for (const failure of failures) this.report(info, failure, NO_CHOICES);
    if (failures.length === 0) this.report(info, NOWHERE, NO_CHOICES);
  }

  private report(info: RuleInfo, failure: Failure, assignment: Assignment): void {
    const { source, path: file } = this.target;
    const holder = this.document.sourcePath(failure.path, assignment);
    const written = failure.missing ? writtenPart(source.value, holder, failure.subject) : holder;
    const place = source.locationOf(written, failure.missing ? 'key' : 'value');
    const key = resourceOf(failure.path);
    const resource = key === null ? null : this.resources.of(key);
    const missing = failure.missing ? namesOf(failure.subject) : [];
    const defaults = failure.path.length < 2 ? [] : this.document.defaultsAt(failure.path, assignment, missing);
    const detail = info.secret === true ? hidden(failure.detail) : failure.detail;
    const message = [failure.message, detail].filter((part) => part !== '').join(': ');
    const when = [...assignment].map(([id, value]) => `${id.slice(id.indexOf(':') + 1)} is ${choiceText(value)}`);
    const generated = resource?.generated ?? null;
    const made = generated === null ? [] : [`generated:${generated}`];
    const finding = createFinding({
      ruleId: info.id,
      controls: info.controls,
      severity: info.severity,
      title: info.title,
      message: when.length === 0 ? message : `${message} (when ${when.join(' and ')})`,
      help: failure.help === '' ? info.help : failure.help,
      docs: info.docs,
      location: { ...place, file },
      resource: resource && { logicalId: resource.logicalId, type: resource.type },
      labels: [...defaults.map((name) => `assumes-default:${name}`), ...made, ...(info.secret === true ? [HIDES] : [])],
      subject: failure.subject === '' ? propertyName(failure.path) : failure.subject,
    });
    if (!this.isTold(finding)) this.findings.push(finding);
  }

  /** Whether the same was said of the same value already: what AWS SAM makes of a resource has its values. */
  private isTold({ ruleId, message, location, resource, labels }: Finding): boolean {
    const { pointer } = location;
    // Where a resource as a whole lacks something, each that SAM makes lacks it for itself.
    const own = pointer.split('/').length > 3 ? '' : labels.join(' ');
    const key = JSON.stringify([ruleId, message, pointer, resource?.logicalId, own]);
    const told = this.told.has(key);
    this.told.add(key);
    return told;
  }

  private hanging(info: RuleInfo, { unknowns }: OpenVerdict): void {
    const parameters = [...new Set(unknowns.flatMap((unknown) => unknown.parameters))].sort();
    const placed = unknowns.map((unknown) => ({ reason: unknown.reason, place: this.places.of(unknown) }));
    // What stands for resources that nobody sees concerns every rule; a value inside a resource tells more.
    const inside = placed.filter(({ place }) => (place?.path.length ?? 0) > 2);
    const ordered = [...inside, ...placed.filter((one) => !inside.includes(one))];
    const reasons = new Map<string, Path | null>();
    for (const { reason, place } of ordered) {
      if ((reasons.get(reason) ?? null) === null) {
        reasons.set(reason, place === undefined ? null : this.writtenAt(place));
      }
    }
    const first = [...reasons.values()].find((path) => path !== null) ?? null;
    const told = [...reasons].map(([reason, path]) => {
      if (path === null || path === first) return reason;
      const { line, column } = this.locationOf(path);
      return `${reason} (at ${line}:${column})`;
    });
    this.undecided(info, told.length === 0 ? 'a value is not known' : told.join('; '), parameters, first);
  }

  private writtenAt({ path, assignment }: UnknownPlace): Path | null {
    const written = this.document.sourcePath(path, assignment);
    return written.length === 0 ? null : written;
  }

  /** A resource as a whole is shown by its name. */
  private locationOf(path: Path): Location {
    return { ...this.target.source.locationOf(path, path.length === 2 ? 'key' : 'value'), file: this.target.path };
  }

  private undecided(info: RuleInfo, reason: string, parameters: readonly string[], path: Path | null): void {
    this.verdict(info, 'NOT_EVALUATED');
    this.notEvaluated.push({
      path: this.target.path,
      ruleId: info.id,
      controls: info.controls,
      reason,
      parameters,
      location: path === null ? null : this.locationOf(path),
    });
  }

  private verdict(info: RuleInfo, verdict: Verdict): void {
    const known = this.verdicts.get(info.id);
    if (known === undefined || STRENGTH.indexOf(verdict) < STRENGTH.indexOf(known)) this.verdicts.set(info.id, verdict);
  }

  result(additional: RunOptions['additional']): CheckResult {
    const findings = [...this.findings, ...(additional?.findings ?? [])];
    const notEvaluated = [...this.notEvaluated, ...(additional?.notEvaluated ?? [])];
    const verdicts = [...this.verdicts.values()];
    const status = findings.some((finding) => finding.waived === null && finding.severity === 'error')
      ? 'FAIL'
      : (STRENGTH.find((verdict) => verdicts.includes(verdict)) ?? 'SKIP');
    return {
      file: {
        path: this.target.path,
        status: notEvaluated.length > 0 && status !== 'FAIL' ? 'NOT_EVALUATED' : status,
        rules: Object.fromEntries(this.verdicts),
      },
      findings,
      notEvaluated,
    };
  }
}

/**
 * Whether a value is one that somebody gives at deployment, or that a resource has only then. What is written around such
 * values counts as an address, a path or an ARN, or as words that a sign joins to them; in any other text it may be what
 * matters.
 */
function isWrittenNowhere({ kind, choices, pieces = [] }: Unknown): boolean {
  if (choices.length > 0 || !['parameter', 'attribute', 'import', 'pseudoParameter'].includes(kind)) return false;
  return pieces.every((piece) => piece === null || piece.length < 2 || HARMLESS_PIECE.test(piece));
}

/** An address, a path, an ARN; `-orders-table`, `.execute-api.`, `dev_`: words without digits, joined by a sign. */
const HARMLESS_PIECE = /^[^@]*[:/][^@]*$|^[-_.][a-z]+(?:[-_.]+[a-z]+)*[-_.]?$|^(?:[a-z]+[-_.]+)+$/;

/** A text without the values that it shows. */
function hidden(text: string): string {
  return text.replace(/`"[^`]*`/g, '`"***"`');
}

const NOWHERE: Failure = {
  path: [],
  missing: false,
  subject: '',
  message: '',
  help: '',
  detail: 'the rule did not pass',
};

/** The path of what is missing as far as it is written: a value that a false condition takes away has a place all the same. */
function writtenPart(value: Value, holder: Path, subject: string): Path {
  let at: Value | undefined = valueAt(value, holder);
  const path = [...holder];
  for (const step of subject.split('.')) {
    at = isMap(at) ? get(at, step) : undefined;
    if (at === undefined) break;
    path.push(step);
  }
  return path;
}

/** The names that something missing was looked for by, up to the first part that is no name, such as `[*]`. */
function namesOf(subject: string): readonly string[] {
  const names = subject.split('.');
  const end = names.findIndex((name) => !/^[\w:-]+$/.test(name));
  return end < 0 ? names : names.slice(0, end);
}

/** Assignments without repetition, those with fewer choices first. */
function distinct(assignments: readonly Assignment[]): readonly Assignment[] {
  const known = new Map<string, Assignment>();
  for (const assignment of assignments) {
    known.set(JSON.stringify([...assignment].sort(([a], [b]) => (a < b ? -1 : 1))), assignment);
  }
  return [...known.values()].sort((a, b) => a.size - b.size).slice(0, MAX_EXPLAINED);
}

/** Whether a value, or one above it, is an unknown that the assignment leaves open. */
function isOpenAt(document: ResolvedDocument, carried: CarriedOut, path: Path): boolean {
  let at = carried.value;
  for (const step of path) {
    const next = childOf(at, step);
    if (next === undefined) return false;
    if (document.unknownAt(next) !== undefined && carried.isUnknown(next)) return true;
    at = next;
  }
  return false;
}

function choiceText(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function valueAt(value: Value, path: Path): Value {
  let at: Value | undefined = value;
  for (const step of path) at = at === undefined ? undefined : childOf(at, step);
  return at === undefined ? null : at;
}

function childOf(value: Value, step: string | number): Value | undefined {
  if (Array.isArray(value)) return (value as readonly Value[])[Number(step)];
  return isMap(value) ? get(value, String(step)) : undefined;
}

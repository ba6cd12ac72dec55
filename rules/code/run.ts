/** Runs rules written in TypeScript on a template, under every way to make the choices that they may hang on. */
import { get, isMap } from '../../template/index.js';
import type { Assignment, Path, Supposed, Unknown } from '../../template/index.js';
import type { ParameterValue } from '../metadata/parameters.js';
import type { RuleInfo } from '../run/rule-info.js';
import { readingOf } from './reading.js';
import { View } from './view.js';
import type { CodeVerdict, ResourceUnder } from './view.js';

/** A rule written in TypeScript. */
export interface CodeRule {
  readonly info: RuleInfo;
  /** The resource types that it reads; their choices are tried. */
  readonly types: readonly string[];
  /** Looks at the template and says what it finds. */
  readonly check: (view: View) => void;
}

/** A failure, with the choices under which it occurs. */
export interface CodeFailure extends Omit<CodeVerdict & { status: 'FAIL' }, 'status'> {
  readonly logicalId: string;
  readonly type: string;
  /** The choices that it depends on, as they are where it occurs; empty when it occurs whatever is chosen. */
  readonly assignment: Assignment;
  /** Leads to the place in the written document. */
  readonly anyAssignment: Assignment;
}

/** What a rule came to on a template. */
export interface CodeResult {
  readonly status: 'PASS' | 'FAIL' | 'SKIP' | 'NOT_EVALUATED';
  readonly failures: readonly CodeFailure[];
  readonly open: readonly { readonly path: Path; readonly unknown: Unknown; readonly assignment: Assignment }[];
  /** Why nothing could be told at all. */
  readonly reason?: string;
}

/**
 * Runs one rule.
 *
 * @param supposed - The template with names supposed for its resources.
 * @param parameters - Values of the rules' parameters.
 * @returns FAIL when it fails under a way to make the choices that some values of the template's parameters lead to;
 *   NOT EVALUATED when it hangs on a value that nothing decides, or there are too many choices.
 */
export function runCodeRule(
  rule: CodeRule,
  supposed: Supposed,
  parameters: Readonly<Record<string, ParameterValue>>,
): CodeResult {
  const reading = readingOf(supposed);
  const own = reading.ofTypes(rule.types);
  const unseen = unseenResult(supposed);
  if (own.length === 0) return unseen ?? NOTHING;
  const assignments = reading.assignments(own);
  if (assignments === undefined) {
    return { ...NOTHING, status: 'NOT_EVALUATED', reason: 'the template leaves too many choices open to try them all' };
  }
  const runs = assignments.map((assignment) => {
    const resources = own.flatMap((resource) => reading.under(resource, assignment) ?? []);
    const view = new View(resources, reading, parameters);
    rule.check(view);
    return { assignment, verdicts: view.verdicts, resources };
  });
  const ownChoices = (key: string): ReadonlySet<string> => {
    const resource = own.find((one) => one.key === key);
    const choices = resource === undefined ? undefined : reading.choices(resource);
    return new Set((choices ?? []).map(({ id }) => id));
  };
  return summary(runs, unseen, ownChoices);
}

const NOTHING: CodeResult = { status: 'SKIP', failures: [], open: [] };

interface OneRun {
  readonly assignment: Assignment;
  readonly verdicts: readonly CodeVerdict[];
  readonly resources: readonly ResourceUnder[];
}

/** What a macro or a loop makes may be of any type. */
function unseenResult({ resolution: { document, model } }: Supposed): CodeResult | undefined {
  const section = get(document.value, 'Resources');
  const open = model.untyped.flatMap((key) => {
    const node = isMap(section) ? get(section, key) : undefined;
    const unknown = node === undefined || node === null ? undefined : document.unknownAt(node);
    return unknown === undefined ? [] : [{ path: ['Resources'], unknown, assignment: new Map() }];
  });
  return open.length === 0 ? undefined : { ...NOTHING, status: 'NOT_EVALUATED', open };
}

function summary(
  runs: readonly OneRun[],
  unseen: CodeResult | undefined,
  ownChoices: (key: string) => ReadonlySet<string>,
): CodeResult {
  const failures = new Map<string, { failure: Omit<CodeFailure, 'assignment'>; occurs: Set<OneRun> }>();
  const open: CodeResult['open'][number][] = [...(unseen?.open ?? [])];
  let passes = 0;
  for (const run of runs) {
    const { assignment, verdicts, resources } = run;
    for (const verdict of verdicts) {
      if (verdict.status === 'PASS') passes++;
      else if (verdict.status === 'NOT_EVALUATED') {
        for (const unknown of verdict.unknowns) open.push({ path: verdict.path, unknown, assignment });
      } else {
        const { key, path, message, missing, subject } = verdict;
        const fault = { key, path, message, subject, ...(missing === undefined ? {} : { missing }) };
        const id = JSON.stringify([fault.path, fault.subject, fault.message]);
        const known = failures.get(id);
        if (known !== undefined) {
          known.occurs.add(run);
          continue;
        }
        const { logicalId, type } = resources.find(({ key }) => key === fault.key)!;
        failures.set(id, {
          failure: { ...fault, logicalId, type, anyAssignment: assignment },
          occurs: new Set([run]),
        });
      }
    }
  }
  const all = [...failures.values()].map(({ failure, occurs }) => ({
    ...failure,
    assignment: because(occurs, runs, ownChoices(failure.key)),
  }));
  const status = all.length > 0 ? 'FAIL' : open.length > 0 ? 'NOT_EVALUATED' : passes > 0 ? 'PASS' : 'SKIP';
  return { status, failures: all, open: status === 'NOT_EVALUATED' ? open : [] };
}

/**
 * The choices that a failure depends on, with values under which it always occurs: of those of its first occurrence none
 * can be left out. Those of its own resource go before others that say the same.
 */
function because(occurs: ReadonlySet<OneRun>, runs: readonly OneRun[], own: ReadonlySet<string>): Assignment {
  const [first] = occurs;
  const kept = new Map(first!.assignment);
  const agrees = ({ assignment }: OneRun): boolean => [...kept].every(([id, value]) => assignment.get(id) === value);
  const isEnough = (): boolean => runs.every((run) => occurs.has(run) || !agrees(run));
  for (const [id, value] of [...kept].sort(([a], [b]) => Number(own.has(a)) - Number(own.has(b)))) {
    kept.delete(id);
    if (!isEnough()) kept.set(id, value);
  }
  return kept;
}

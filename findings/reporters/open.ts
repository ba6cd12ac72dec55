/** What was not evaluated, as reporters group it: by what would decide it, then by the value that is not known. */
import type { Location, NotEvaluated } from '../finding.js';
import { counted } from '../text.js';

/** Entries that have one reason at one place: a value that many rules look at is told once. */
export interface Cause {
  readonly path: string;
  readonly location: Location | null;
  readonly reason: string;
  readonly entries: readonly NotEvaluated[];
}

/** Entries that the same thing would decide. */
export interface OpenGroup {
  /** A parameter's value; reading the file; the schema lint; or nothing that the user could give. */
  readonly kind: 'parameter' | 'file' | 'lint' | 'other';
  /** The name of the parameter; `''` for the other kinds. */
  readonly parameter: string;
  readonly entries: readonly NotEvaluated[];
  readonly causes: readonly Cause[];
}

/** What says that a file was not looked at: a code of the command or of the template reader stands for the rules. */
const FILE_CODE = /^(CLI|TPL)[0-9]{4}$/;
const LINT_RULES: ReadonlySet<string> = new Set(['lint-crashed', 'lint-incomplete']);

const KINDS = ['parameter', 'other', 'lint', 'file'] as const;

/**
 * Groups what was not evaluated by what would decide it, parameters first and those with the most entries before the
 * others. An entry that hangs on two parameters is in both groups.
 */
export function groupOpen(entries: readonly NotEvaluated[]): readonly OpenGroup[] {
  const groups = new Map<string, { kind: OpenGroup['kind']; parameter: string; entries: NotEvaluated[] }>();
  const put = (kind: OpenGroup['kind'], parameter: string, entry: NotEvaluated): void => {
    const group = groups.get(`${kind} ${parameter}`) ?? { kind, parameter, entries: [] };
    groups.set(`${kind} ${parameter}`, group);
    group.entries.push(entry);
  };
  for (const entry of entries) {
    if (FILE_CODE.test(entry.ruleId)) put('file', '', entry);
    else if (LINT_RULES.has(entry.ruleId)) put('lint', '', entry);
    else if (entry.parameters.length === 0) put('other', '', entry);
    else for (const parameter of new Set(entry.parameters)) put('parameter', parameter, entry);
  }
  return [...groups.values()]
    .map((group) => ({ ...group, causes: causesOf(group.entries) }))
    .sort(
      (a, b) =>
        KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
        b.entries.length - a.entries.length ||
        (a.parameter < b.parameter ? -1 : 1),
    );
}

function causesOf(entries: readonly NotEvaluated[]): readonly Cause[] {
  const causes = new Map<string, { readonly first: NotEvaluated; readonly entries: NotEvaluated[] }>();
  for (const entry of entries) {
    const { path, reason, location } = entry;
    const key = JSON.stringify([path, reason, location]);
    const cause = causes.get(key) ?? { first: entry, entries: [] };
    causes.set(key, cause);
    cause.entries.push(entry);
  }
  return [...causes.values()].map(({ first: { path, location, reason }, entries: together }) => ({
    path,
    location,
    reason,
    entries: together,
  }));
}

/** The option that gives a value which is no parameter of the template. */
const OPTIONS: ReadonlyMap<string, readonly [what: string, option: string]> = new Map([
  ['AWS::Region', ['The Region', '--region REGION']],
  ['AWS::AccountId', ['The account', '--account ID']],
]);

/**
 * The title of a group.
 *
 * @param mark - How the reporter sets off a name.
 */
export function groupTitle({ kind, parameter, entries }: OpenGroup, mark: (name: string) => string): string {
  const size = counted(entries.length, 'verdict');
  switch (kind) {
    case 'parameter': {
      const [what, option] = OPTIONS.get(parameter) ?? ['Parameter', ''];
      return option === ''
        ? `${what} ${mark(parameter)} decides ${size}; give its value with ${mark(`--parameters ${parameter}=VALUE`)}`
        : `${what} (${mark(parameter)}) decides ${size}; give it with ${mark(option)}`;
    }
    case 'other':
      return `No parameter decides ${size}`;
    case 'lint':
      return `The schema lint did not look at everything in ${counted(fileCount(entries), 'file')}`;
    case 'file':
      return `${counted(fileCount(entries), 'file')} could not be checked`;
  }
}

/**
 * The options that give every value at once; some verdicts need more than one of them.
 *
 * @returns `null` when there are fewer than two such values.
 */
export function allOptions(groups: readonly OpenGroup[]): string | null {
  const names = groups.filter(({ kind }) => kind === 'parameter').map(({ parameter }) => parameter);
  if (names.length < 2) return null;
  const options = names.flatMap((name) => OPTIONS.get(name)?.[1] ?? []);
  const values = names.filter((name) => !OPTIONS.has(name)).map((name) => `${name}=VALUE`);
  return [...options, ...(values.length === 0 ? [] : ['--parameters', ...values])].join(' ');
}

/** Everything that was not evaluated, in one sentence without full stop. */
export function openSentence(entries: readonly NotEvaluated[]): string {
  const files = entries.filter(({ ruleId }) => FILE_CODE.test(ruleId));
  const verdicts = entries.length - files.length;
  const parts = [
    ...(verdicts === 0 ? [] : [`${counted(verdicts, 'verdict')} could not be reached`]),
    ...(files.length === 0 ? [] : [`${counted(fileCount(files), 'file')} could not be checked`]),
  ];
  return `${parts.join(', ')}; nothing is known about ${entries.length === 1 ? 'it' : 'them'}`;
}

function fileCount(entries: readonly NotEvaluated[]): number {
  return new Set(entries.map(({ path }) => path)).size;
}

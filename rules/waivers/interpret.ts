/** From the content of a waiver file, which fits its schema, to waivers: names, dates and contradictions are checked here. */
import { nearestName } from '../../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import type { Path } from '../../template/index.js';
import { badDate, contradiction, noSingleTarget, unknownTarget } from './diagnostics.js';
import type { Target, Waiver, WaiverContent, WaiverFile, WaiverFileContent, WaiverScope } from './model.js';

/** Names that a waiver may speak of. */
export interface WaivableNames {
  readonly rules: ReadonlySet<string>;
  readonly controls: ReadonlySet<string>;
}

/** A code of the schema lint, whose list is not ours. */
const LINT_CODE = /^[EFWI][0-9]{4}$/;

/**
 * Interprets a waiver file.
 *
 * @param locate - Where a value of the file is written.
 * @returns The file, or `null` with every fault: half a waiver file is none.
 */
export function interpretWaivers(
  content: WaiverFileContent,
  names: WaivableNames,
  locate: (path: Path) => SourceRange,
): { readonly file: WaiverFile | null; readonly diagnostics: readonly Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const targets = (list: readonly string[], path: Path): readonly Target[] =>
    list.flatMap((id, index) => {
      const target = anyTarget(id, names);
      if (target === undefined) {
        const nearest = nearestName(id, [...names.rules, ...names.controls]);
        problems.push(unknownTarget('rule or control', id, nearest, locate([...path, index])));
      }
      return target ?? [];
    });
  const neverWaivable = targets(content.neverWaivable ?? [], ['neverWaivable']);
  const { allowDeveloperSuppressions: allow = false } = content;
  const developerSuppressions = typeof allow === 'boolean' ? allow : targets(allow, ['allowDeveloperSuppressions']);
  if (typeof allow !== 'boolean') {
    allow.forEach((id, index) => {
      const other = (content.neverWaivable ?? []).indexOf(id);
      if (other < 0) return;
      problems.push(
        contradiction(
          `developers may suppress \`${id}\`, which is never waivable`,
          'take the name out of one of the two lists',
          locate(['allowDeveloperSuppressions', index]),
          locate(['neverWaivable', other]),
        ),
      );
    });
  }
  const waivers = (content.waivers ?? []).flatMap((waiver, index) => {
    const { read, problems: found } = readWaiver(waiver, ['waivers', index], names, locate);
    problems.push(...found);
    return read ?? [];
  });
  problems.push(...contradictions(waivers));
  return problems.length > 0
    ? { file: null, diagnostics: problems.sort((a, b) => a.location!.start - b.location!.start) }
    : { file: { waivers, neverWaivable, developerSuppressions }, diagnostics: [] };
}

function readWaiver(
  waiver: WaiverContent,
  path: Path,
  names: WaivableNames,
  locate: (path: Path) => SourceRange,
): { readonly read: Waiver | null; readonly problems: readonly Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const { rule, control, reason, owner, ticket, expires } = waiver;
  const range = locate(path);
  let target: Target | undefined;
  if ((rule === undefined) === (control === undefined)) problems.push(noSingleTarget(rule !== undefined, range));
  else {
    const kind = rule === undefined ? 'control' : 'rule';
    const id = (rule ?? control)!;
    target = { kind, id };
    if (!isKnown(target, names)) {
      const other = kind === 'rule' ? names.controls : names.rules;
      const hint = other.has(id)
        ? `it is a ${kind === 'rule' ? 'control: write `control`' : 'rule: write `rule`'}. `
        : '';
      const nearest = nearestName(id, kind === 'rule' ? names.rules : names.controls);
      problems.push(unknownTarget(kind, id, nearest, locate([...path, kind]), hint));
    }
  }
  if (!isDate(expires)) problems.push(badDate(expires, locate([...path, 'expires'])));
  if (target === undefined || problems.length > 0) return { read: null, problems };
  // What a report is to show stays a mark on one place; the whole waiver may be many lines.
  const place = locate([...path, target.kind]);
  return {
    read: { target, scope: readScope(waiver.scope ?? {}), reason, owner, ticket, expires, range: place },
    problems,
  };
}

function readScope(scope: NonNullable<WaiverContent['scope']>): WaiverScope {
  const { tag, ...lists } = scope;
  const list = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);
  const entries = Object.entries(lists).map(([part, value]) => [part, list(value)]);
  return {
    ...(Object.fromEntries(entries) as WaiverScope),
    ...(tag && { tag: Object.fromEntries(Object.entries(tag).map(([key, values]) => [key, list(values)])) }),
  };
}

function isKnown({ kind, id }: Target, { rules, controls }: WaivableNames): boolean {
  return kind === 'control' ? controls.has(id) : rules.has(id) || LINT_CODE.test(id);
}

function anyTarget(id: string, names: WaivableNames): Target | undefined {
  return (['rule', 'control'] as const).map((kind) => ({ kind, id })).find((target) => isKnown(target, names));
}

/** Whether a text is a day of the calendar, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1]!;
}

/** Two waivers of one thing in one scope: nobody could say which reason, owner and date count. */
function contradictions(waivers: readonly Waiver[]): readonly Diagnostic[] {
  const seen = new Map<string, Waiver>();
  return waivers.flatMap((waiver) => {
    const { target, scope, range } = waiver;
    const key = JSON.stringify([target.kind, target.id, canonical(scope)]);
    const other = seen.get(key);
    seen.set(key, other ?? waiver);
    if (other === undefined) return [];
    return [
      contradiction(
        `two waivers of ${target.kind} \`${target.id}\` have the same scope; one ends on ${other.expires}, the other on ${waiver.expires}`,
        'keep one of them',
        range,
        other.range,
      ),
    ];
  });
}

function canonical({ tag, ...lists }: WaiverScope): unknown {
  const sorted = (map: Readonly<Record<string, readonly string[]>>): unknown =>
    Object.keys(map)
      .sort()
      .map((key) => [key, [...new Set(map[key])].sort()]);
  return [sorted(lists), sorted(tag ?? {})];
}

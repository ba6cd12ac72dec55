/** Short ways to run rule texts. */
import {
  EvaluationError,
  compileRegex,
  compileRules,
  loadData,
  openDocument,
  parseRules,
} from '../../../guard/index.js';
import type { FailedCheck, Program } from '../../../guard/index.js';
import { printJson } from '../../../guard/report/json.js';
import { isList, isMap, type Value } from '../../../template/index.js';

export const FILE = 'r.guard';

export function program(text: string): Program {
  const { tree, diagnostics } = parseRules(text, FILE, {
    checkRegex: (pattern) => {
      const compiled = compileRegex(pattern);
      return compiled.ok ? null : compiled.message;
    },
  });
  if (tree === null) throw new Error(`${diagnostics[0]?.message ?? 'no diagnostic'} in ${text}`);
  return compileRules(tree, { file: FILE, text });
}

/** Statuses in file order, such as `PASS FAIL`, or the message of the error. */
export function statuses(text: string, value: Value): string {
  try {
    return program(text)
      .evaluate(openDocument(value))
      .rules.map(({ status }) => status)
      .join(' ');
  } catch (error) {
    if (error instanceof EvaluationError) return error.message;
    throw error;
  }
}

/** The status of one clause, or of several lines, in a rule of its own. */
export function clause(text: string, value: Value): string {
  return statuses(`rule r {\n${text}\n}`, value);
}

/** Failed checks without what this project adds to the reference's report. */
export function withoutOrigins(checks: readonly FailedCheck[]): unknown[] {
  return checks.map((check) => {
    if ('Rule' in check) return { Rule: { ...check.Rule, checks: withoutOrigins(check.Rule.checks) } };
    if ('Disjunctions' in check) return { Disjunctions: { checks: withoutOrigins(check.Disjunctions.checks) } };
    return 'Block' in check ? { Block: check.Block } : { Clause: check.Clause };
  });
}

/** Every map and list of a value with the way to it, the root left out. */
export function containers(value: Value, path: readonly string[] = []): { path: readonly string[]; node: object }[] {
  const children: (readonly [string, Value])[] = isList(value)
    ? value.map((each, index) => [String(index), each] as const)
    : isMap(value)
      ? Object.entries(value)
      : [];
  return children.flatMap(([key, child]) => [
    ...(isMap(child) || isList(child) ? [{ path: [...path, key], node: child as object }] : []),
    ...containers(child, [...path, key]),
  ]);
}

/** A copy in which the value at a path is another one, or, with `undefined`, is not there. */
export function replaced(value: Value, path: readonly string[], by: Value | undefined): Value {
  const [key, ...rest] = path;
  if (key === undefined) return by ?? null;
  const change = (child: Value): Value | undefined => (rest.length === 0 ? by : replaced(child, rest, by));
  if (isList(value)) {
    return value.flatMap((child, index) => {
      const changed = index === Number(key) ? change(child) : child;
      return changed === undefined ? [] : [changed];
    });
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, child]) => {
      const changed = name === key ? change(child) : child;
      return changed === undefined ? [] : [[name, changed] as const];
    }),
  );
}

/** What a report prints under `not_compliant`, read back from its JSON text. */
export function notCompliant(programs: readonly Program[], data: string): unknown {
  const loaded = loadData(data, 'data.json');
  if (!loaded.ok) throw new Error(loaded.message);
  const document = openDocument(loaded.value);
  const checks = programs.flatMap((each) =>
    each.ruleNames.flatMap((_name, index) => each.explain(document, index, (path, key) => loaded.locate(path, key))),
  );
  return JSON.parse(printJson(withoutOrigins(checks) as Value));
}

/** A rule file that the reference was given as text. */
export function payloadProgram(text: string): Program | null {
  const { tree } = parseRules(text, 'RULES_STDIN[1]');
  return tree === null ? null : compileRules(tree, { file: 'RULES_STDIN[1]', text });
}

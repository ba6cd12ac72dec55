import { Float, isList, KEY_ORDER, type Value } from '../../template/index.js';
import type { FailedCheck, PathValue } from '../explanation.js';
import { reportValue, type FileReport } from './file-report.js';
import { printJson } from './json.js';

/** Whether `JSON.stringify` prints a value just as {@link printJson} does. `known` holds collections that it does. */
function isOrdinary(value: Value, known: Set<Value>): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      // Smaller floats are written with an exponent earlier than JavaScript does.
      return Number.isInteger(value) || (Number.isFinite(value) && Math.abs(value) >= 1e-5);
    case 'bigint':
      return false;
    default:
      break;
  }
  if (value === null || known.has(value)) return true;
  if (value instanceof Float || KEY_ORDER in value) return false;
  known.add(value);
  return (isList(value) ? value : Object.values(value)).every((each) => isOrdinary(each, known));
}

/** The values that an entry prints. */
function* valuesOf(check: FailedCheck): Generator<PathValue> {
  if ('Rule' in check) for (const each of check.Rule.checks) yield* valuesOf(each);
  else if ('Disjunctions' in check) for (const each of check.Disjunctions.checks) yield* valuesOf(each);
  else if ('Block' in check) {
    if (check.Block.unresolved !== null) yield check.Block.unresolved.traversed_to;
  } else {
    const { check: found } = 'Unary' in check.Clause ? check.Clause.Unary : check.Clause.Binary;
    if ('UnResolvedContext' in found) return;
    if ('UnResolved' in found) yield found.UnResolved.value.traversed_to;
    else if ('InResolved' in found) {
      yield found.InResolved.from;
      yield* found.InResolved.to;
    } else if ('value' in found.Resolved) yield found.Resolved.value;
    else {
      yield found.Resolved.from;
      yield found.Resolved.to;
    }
  }
}

/**
 * The text of one element of the JSON array of reports, indented but without a comma or line end, so that a long run
 * can print each file when it is done. Most of a run is this text; the engine's own printer makes it at a third of the
 * time, and is used unless the report holds a value that it would print differently.
 *
 * @throws UnprintableError when an infinity or NaN must be printed.
 */
export function reportElementJson(report: FileReport): string {
  const known = new Set<Value>();
  const value = reportValue(report);
  for (const failure of report.failures) {
    for (const printed of valuesOf(failure)) {
      if (!isOrdinary(printed.value, known)) return `  ${printJson(value, 2, 2)}`;
    }
  }
  return JSON.stringify([value], null, 2).slice('[\n'.length, -'\n]'.length);
}

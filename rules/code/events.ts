/**
 * Which events a pattern of EventBridge takes, as far as source and kind of the event tell
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
 */
import { get, isList, isMap } from '../../template/index.js';
import type { Unknown, Value } from '../../template/index.js';
import { at, itemsOf, scalar } from './read.js';
import type { ResourceUnder, View } from './view.js';

/** An event, as a pattern sees it. */
export interface EventKind {
  readonly source: string;
  readonly 'detail-type': string;
}

/** Whether the pattern of a rule takes events of a kind, some of them at least. */
export function takes(view: View, rule: ResourceUnder, event: EventKind): boolean {
  const pattern = get(rule.properties, 'EventPattern');
  return isMap(pattern) && view.text(pattern) === undefined && matches(view, pattern, event);
}

/** The unknown values of a pattern on which it hangs what it takes. */
export function openIn(view: View, rule: ResourceUnder): readonly Unknown[] {
  const pattern = get(rule.properties, 'EventPattern');
  const parts = [pattern, ...['source', 'detail-type'].flatMap((name) => itemsOf(at(pattern, name)))];
  return parts.flatMap((part) => view.unknownsIn(scalar(view, part) ?? ''));
}

function matches(view: View, pattern: Value, event: EventKind): boolean {
  for (const name of ['source', 'detail-type'] as const) {
    const wanted = at(pattern, name);
    if (wanted !== undefined && !itemsOf(wanted).some((one) => matchesValue(view, one, event[name]))) return false;
  }
  const either = at(pattern, '$or');
  return either === undefined || itemsOf(either).some((one) => matches(view, one, event));
}

function matchesValue(view: View, wanted: Value, text: string): boolean {
  if (!isMap(wanted) || view.text(wanted) !== undefined) return scalar(view, wanted) === text;
  const inside = (name: string): Value | undefined => get(wanted, name);
  const folded = (value: Value | undefined): readonly [want: string, has: string] => {
    const inner = at(value, 'equals-ignore-case');
    const want = scalar(view, inner ?? value) ?? '';
    return inner === undefined ? [want, text] : [want.toLowerCase(), text.toLowerCase()];
  };
  if (inside('prefix') !== undefined) {
    const [want, has] = folded(inside('prefix'));
    return has.startsWith(want);
  }
  if (inside('suffix') !== undefined) {
    const [want, has] = folded(inside('suffix'));
    return has.endsWith(want);
  }
  if (inside('equals-ignore-case') !== undefined) {
    const [want, has] = folded(wanted);
    return want === has;
  }
  if (inside('wildcard') !== undefined) return wildcard(scalar(view, inside('wildcard')) ?? '').test(text);
  const not = inside('anything-but');
  if (not !== undefined) {
    const refused = isList(not) ? not : [not];
    return !refused.some((one) => matchesValue(view, one, text));
  }
  const exists = inside('exists');
  return exists === true || exists === 'true';
}

function wildcard(text: string): RegExp {
  return new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
}

/** Whether a rule is switched on. */
export function isEnabled(view: View, { properties }: ResourceUnder): boolean {
  return scalar(view, get(properties, 'State')) !== 'DISABLED';
}

/** Encryption, logging and protection from the public, before and after; and resources that guard or open by being there. */
import { get, isList } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { kindWord } from './comparison.js';
import type { Comparison, Found } from './comparison.js';
import { differencesOf } from './differences.js';
import { rangeOf } from './network/addresses.js';
import { minus } from './network/boxes.js';
import type { Box } from './network/boxes.js';
import { ALARMS, GUARDS, INWARD, WAYS_IN } from './guards.js';
import { SAFEGUARDS } from './safeguards.js';
import type { Order, Safeguard } from './orders.js';
import { bestOf, hasGrown, isWeaker, ranksOf, valuesAt, worstOf } from './ranks.js';
import type { RankedOrder } from './ranks.js';
import { compareKept } from './compare-kept.js';
import { compareUnwatched } from './compare-unwatched.js';
import { textOf } from './side.js';
import type { Resource } from './side.js';

/** Tells which safeguards became weaker. */
export function compareSafeguards(comparison: Comparison): void {
  const { older, newer } = comparison;
  const keyOf = ({ stack, id, type }: Resource): string => `${stack}/${id} ${type}`;
  const [before, after] = [older, newer].map((side) => new Map(side.map((each) => [keyOf(each), each])));
  for (const [key, resource] of after!) {
    const old = before!.get(key);
    for (const safeguard of SAFEGUARDS.get(resource.type) ?? []) compareOne(comparison, old, resource, safeguard);
    compareOpen(comparison, old, resource);
    if (old === undefined) compareReplaced(comparison, before!, after!, resource);
    else {
      compareKept(comparison, old, resource);
      compareUnwatched(comparison, old, resource);
    }
    const way = WAYS_IN.get(resource.type);
    if (way !== undefined) compareWay(comparison, way, old, resource);
    const guard = GUARDS.get(resource.type);
    if (guard?.watches !== undefined && old !== undefined) {
      compareWatched(comparison, guard.what, guard.watches, old, resource);
    }
  }
  for (const [key, resource] of before!) {
    const guard = after!.has(key) ? undefined : GUARDS.get(resource.type);
    if (guard !== undefined) compareGuard(comparison, guard, resource, [...after!.values()]);
    const alarm = after!.has(key) ? undefined : ALARMS.get(resource.type);
    if (alarm !== undefined) compareAlarm(comparison, alarm, resource);
  }
}

/** Properties that a macro makes. */
function compareOpen({ say }: Comparison, old: Resource | undefined, now: Resource): void {
  if (old?.open === now.open) return;
  const message = 'its properties are known only when the template is processed, and they may have changed';
  const place = now.place(['Properties']);
  say({ verdict: 'NOT_EVALUATED', kind: 'template', severity: 'warning', subject: subject(now), message, place });
}

/**
 * A new resource, where one of its type goes: most likely it takes its place, and what the old one had it has to have too.
 * Of several that go, the one counts over which it is the least weaker.
 */
function compareReplaced(
  comparison: Comparison,
  before: ReadonlyMap<string, Resource>,
  after: ReadonlyMap<string, Resource>,
  now: Resource,
): void {
  const gone = [...before].flatMap(([key, each]) =>
    each.type === now.type && each.stack === now.stack && !after.has(key) ? [each] : [],
  );
  const found = gone.map((old) => {
    const said: Found[] = [];
    const quiet: Comparison = { ...comparison, say: (one) => said.push(one) };
    for (const safeguard of SAFEGUARDS.get(now.type) ?? []) {
      // Another role or definition is what is new about a new resource.
      if (safeguard.order.kind !== 'same' && safeguard.order.kind !== 'set') compareOne(quiet, old, now, safeguard);
    }
    compareKept(quiet, old, now);
    return { old, said: said.filter(({ verdict }) => verdict !== 'NARROWED') };
  });
  const [least] = found.sort((one, other) => one.said.length - other.said.length);
  for (const one of least?.said ?? []) {
    comparison.say({ ...one, message: `${one.message} (${least!.old.id} is gone, of the same type)` });
  }
}

const subject = ({ stack, id, type }: Resource): { stack: string; name: string; type: string } => ({
  stack,
  name: id,
  type,
});

// ------------------------------------------------------------------------------------------- Properties

/** Orders in which nothing is open to the public by what is written. */
const NEVER_OPEN: ReadonlySet<Order['kind']> = new Set(['present', 'less', 'same', 'key', 'tls', 'without']);

function compareOne(comparison: Comparison, old: Resource | undefined, now: Resource, safeguard: Safeguard): void {
  const { kind, path, order, what } = safeguard;
  if (order.kind === 'set') {
    compareSet(comparison, old, now, safeguard, order);
    return;
  }
  const { say, unknowns, newer } = comparison;
  const [older, fresh] = [old, now].map((each) => (each === undefined ? undefined : ranksOf(each, path, order)));
  const [had, has] = [older, fresh].map((ranks) => (ranks === undefined ? undefined : worstOf(ranks)));
  const place = now.place(['Properties', ...path.slice(0, !path.includes('*') ? path.length : path.indexOf('*'))]);
  const written = shown(now, path);
  if (old === undefined) {
    // Of what is new, only what opens it to the public by its own words is something that was not there before.
    const isOpen = kind === 'public' && !NEVER_OPEN.has(order.kind) && has === 0 && written !== undefined;
    // A browser asks by OPTIONS whether it may call, without saying who calls.
    const isPreflight = textOf(get(now.properties, 'HttpMethod')) === 'OPTIONS';
    if (!isOpen || isPreflight || (order.kind === 'flag' && order.good)) return;
    const message = `the new ${kindWord(now.type)} has \`${path.join('.')}\` ${written}: no ${what}`;
    say({ verdict: 'BROADENED', kind, severity: 'error', subject: subject(now), message, place });
    return;
  }
  if (hasGrown(old, now, path, order)) return;
  const isOtherKey = order.kind === 'key' && had === 2 && has === 2 && isAnotherKey(old, now, path, newer);
  const best = bestOf(order);
  // A new element of a list is like a new resource: only what opens it to the public is something that was not there before.
  const isAdded = had === undefined && has !== undefined && kind === 'public';
  const more = (isAdded || had === has) && isWeaker(older ?? [], fresh ?? [], best);
  if (!more && ((had === has && !isOtherKey) || had === undefined || has === undefined)) return;
  const change = `\`${path.join('.')}\` changes from ${shown(old, path) ?? 'nothing'} to ${written ?? 'nothing'}`;
  if (isOtherKey) {
    const message = `${what}: ${change}, and the policy of the new key is in no template`;
    say({ verdict: 'NOT_EVALUATED', kind, severity: 'warning', subject: subject(now), message, place });
  } else if (more || had === undefined || has === undefined) {
    const message = `${what} gets weaker: more of \`${path.join('.')}\` than before have ${worstShown(now, path, order) ?? 'nothing'}`;
    const severity = kind === 'public' ? 'error' : 'warning';
    say({ verdict: 'BROADENED', kind, severity, subject: subject(now), message, place });
  } else if (typeof had === 'string' || typeof has === 'string') {
    // What was at its worst cannot become worse, and what becomes best cannot be.
    if ((had === 0 && order.kind !== 'same') || has === best) return;
    const [reason] = unknowns.in(String(had), String(has));
    const message = `${what}: ${change}, which cannot be compared${reason === undefined ? '' : `: ${reason.reason}`}`;
    say({ verdict: 'NOT_EVALUATED', kind, severity: 'warning', subject: subject(now), message, place });
  } else if (has < had) {
    const severity = kind === 'public' ? 'error' : 'warning';
    say({
      verdict: 'BROADENED',
      kind,
      severity,
      subject: subject(now),
      message: `${what} gets weaker: ${change}`,
      place,
    });
  } else {
    say({
      verdict: 'NARROWED',
      kind,
      severity: 'info',
      subject: subject(now),
      message: `${what} gets stronger: ${change}`,
      place,
    });
  }
}

/** Whether a key is another one than before, whose policy is not compared because no template holds it. */
function isAnotherKey(old: Resource, now: Resource, path: readonly string[], newer: readonly Resource[]): boolean {
  const [had, has] = [old, now].map(({ properties }) => valuesAt(properties, path).map(({ value }) => textOf(value)));
  const isHere = (text: string | undefined): boolean =>
    newer.some(
      ({ type, called }) =>
        type.startsWith('AWS::KMS::') &&
        called !== undefined &&
        (text === called || text?.endsWith(`/${called}`) === true),
    );
  return jsonOf(had) !== jsonOf(has) && !has!.every(isHere);
}

function shown({ properties }: Resource, path: readonly string[]): string | undefined {
  const values = valuesAt(properties, path).flatMap(({ value }) => (value === undefined ? [] : [value]));
  const [first] = values;
  return first === undefined ? undefined : `\`${textOf(first) ?? jsonOf(first)}\``;
}

/** The value of the weakest element. */
function worstShown(now: Resource, path: readonly string[], order: RankedOrder): string | undefined {
  const ranks = ranksOf(now, path, order) ?? [];
  const { value } = valuesAt(now.properties, path)[ranks.indexOf(worstOf(ranks))] ?? {};
  return value === undefined ? undefined : `\`${textOf(value) ?? jsonOf(value)}\``;
}

/** Elements that let in everybody. */
const EVERYBODY: ReadonlySet<string> = new Set(['*', '0.0.0.0/0', '::/0']);

/** Lists of those who are let in, or of what is watched: elements that come or go count. */
function compareSet(
  { say, unknowns }: Comparison,
  old: Resource | undefined,
  now: Resource,
  { kind, path, what }: Safeguard,
  { good, absent }: Extract<Order, { kind: 'set' }>,
): void {
  const [had, has] = [old, now].map((each) => (each === undefined ? [] : textsAt(each.properties, path, absent)));
  const fresh = has!.filter((each) => !covers(had!, each));
  const gone = had!.filter((each) => !covers(has!, each));
  const worse = good === 'fewer' ? fresh : gone;
  const told = good === 'fewer' ? (old === undefined ? fresh.filter((each) => EVERYBODY.has(each)) : fresh) : gone;
  const place = now.place(['Properties', ...path.slice(0, path.includes('*') ? path.indexOf('*') : path.length)]);
  const name = `\`${path.filter((step) => step !== '*').join('.')}\``;
  const words = (list: readonly string[]): string => list.map((each) => `\`${each}\``).join(', ');
  if (told.length > 0 && (old !== undefined || good === 'fewer')) {
    const open = told.filter((each) => unknowns.isOpen(each));
    const change = `${name} ${good === 'fewer' ? 'newly has' : 'no longer has'} ${words(told)}`;
    const [reason] = unknowns.in(...open);
    if (open.length > 0 && open.length === told.length) {
      const message = `${what}: ${change}, which cannot be compared${reason === undefined ? '' : `: ${reason.reason}`}`;
      say({ verdict: 'NOT_EVALUATED', kind, severity: 'warning', subject: subject(now), message, place });
    } else {
      const severity = kind === 'public' ? 'error' : 'warning';
      const message = `${what} gets weaker: ${change}`;
      say({ verdict: 'BROADENED', kind, severity, subject: subject(now), message, place });
    }
  } else if (old !== undefined && worse.length === 0 && fresh.length + gone.length > 0) {
    const change = `${name} ${good === 'fewer' ? 'no longer has' : 'newly has'} ${words(good === 'fewer' ? gone : fresh)}`;
    const message = `${what} gets stronger: ${change}`;
    say({ verdict: 'NARROWED', kind, severity: 'info', subject: subject(now), message, place });
  }
}

function textsAt(properties: Value, path: readonly string[], absent: readonly string[]): readonly string[] {
  const values = valuesAt(properties, path).flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (values.length === 0) return absent;
  return values.flatMap((value) => (isList(value) ? value : [value])).map((value) => textOf(value) ?? jsonOf(value));
}

/** Whether an element is there: itself, or as part of a range of addresses. */
function covers(elements: readonly string[], wanted: string): boolean {
  if (elements.includes(wanted)) return true;
  const range = rangeOf(wanted);
  if (range === undefined) return elements.includes('*');
  return (
    minus(
      [[range]],
      elements.flatMap((each): Box[] => {
        const one = rangeOf(each);
        return one === undefined ? [] : [[one]];
      }),
    ).length === 0
  );
}

// ------------------------------------------------------------------------------------------- Resources

/** Properties of ways that say neither who goes them nor where to. */
const SAYS_NOTHING = /^(?:Tags|Description|Comment|DeliveryPolicy|RawMessageDelivery)$/;

function compareWay({ say, unknowns }: Comparison, what: string, old: Resource | undefined, now: Resource): void {
  const inward = INWARD.get(now.type);
  const leads = inward === undefined ? undefined : textOf(get(now.properties, inward));
  if (leads?.split(':')[4] === unknowns.place.accountId) return;
  const place = now.place(['Properties']);
  if (old === undefined) {
    const message = `${what} is added`;
    say({ verdict: 'BROADENED', kind: 'route', severity: 'warning', subject: subject(now), message, place });
  } else if (differencesOf(old.properties, now.properties).some(({ path }) => !SAYS_NOTHING.test(path[0] ?? ''))) {
    const message = `${what} is another one: its properties changed`;
    say({ verdict: 'NOT_EVALUATED', kind: 'route', severity: 'warning', subject: subject(now), message, place });
  }
}

function compareGuard(
  { say }: Comparison,
  { what, watches }: { readonly what: string; readonly watches?: string },
  old: Resource,
  after: readonly Resource[],
): void {
  const watched = watches === undefined ? undefined : textOf(get(old.properties, watches));
  if (watched !== undefined && watches !== undefined) {
    // What it watched is gone too, or another one watches it.
    const isThere = after.some(
      ({ type, properties }) => type === old.type && textOf(get(properties, watches)) === watched,
    );
    if (isThere) return;
  }
  const message = `${what} is gone: the ${kindWord(old.type)} is removed`;
  say({
    verdict: 'BROADENED',
    kind: 'guard',
    severity: 'warning',
    subject: subject(old),
    message,
    place: old.place([]),
  });
}

/** Alarms and the like that are gone; what goes with what it was about, or told nobody, is none. */
function compareAlarm({ say, older, newer }: Comparison, what: string, old: Resource): void {
  const isThere = new Set(newer.map(({ stack, id }) => `${stack}/${id}`));
  const gone = older.filter(({ stack, id, called }) => called !== undefined && !isThere.has(`${stack}/${id}`));
  const text = jsonOf(old.properties);
  const isAboutGone = gone.some((each) => each !== old && text.includes(jsonOf(each.called).slice(1, -1)));
  const isSilent = textOf(get(old.properties, 'ActionsEnabled')) === 'false';
  if (isAboutGone || isSilent) return;
  const message = `${what} is gone: the ${kindWord(old.type)} is removed`;
  say({
    verdict: 'BROADENED',
    kind: 'guard',
    severity: 'warning',
    subject: subject(old),
    message,
    place: old.place([]),
  });
}

function compareWatched({ say }: Comparison, what: string, watches: string, old: Resource, now: Resource): void {
  const [had, has] = [old, now].map(({ properties }) => textOf(get(properties, watches)));
  if (had === has) return;
  const message = `${what} is for ${has ?? 'nothing'} instead of ${had ?? 'nothing'}`;
  const place = now.place(['Properties', watches]);
  say({ verdict: 'BROADENED', kind: 'guard', severity: 'warning', subject: subject(now), message, place });
}

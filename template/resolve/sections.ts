/**
 * The sections `Resources` and `Outputs`: what they declare, and what of it is there.
 *
 * A resource whose condition is false is not there; one whose condition is not decided is an unknown that is either its
 * map or absent. What a macro, a module or a loop that cannot be expanded makes is an entry of its own that is unknown:
 * a rule that looks at every resource meets it.
 */
import { ABSENT } from '../unknown.js';
import { get, isMap, keysOf } from '../values.js';
import type { Path, Value, ValueMap } from '../values.js';
import { copyOf, mapOf } from './build.js';
import { badLoop, malformed } from './diagnostics.js';
import { hasLoop } from './loops.js';
import type { Evaluated, Resolver } from './resolver.js';
import { Invalid, Stuck, assignmentsOf, combined } from './scope.js';
import type { Blocker, Scope } from './scope.js';

/** Something that a section declares: under which name, what, and where it is written. */
export interface Declared {
  readonly key: string;
  readonly node: Value;
  readonly path: Path;
}

/** A section after expansion of its loops. */
export interface Section {
  readonly declared: readonly Declared[];
  /** Whether there may be more than is declared. */
  readonly open: boolean;
}

/** Attributes of a resource that are names, not values. */
const NAMES = new Set(['Type', 'DependsOn']);

/** Expands the loops of a section. */
export function readSection(resolver: Resolver, template: ValueMap, name: string): Section {
  const section = get(template, name);
  if (!isMap(section)) return { declared: [], open: false };
  const { entries, unexpanded } = resolver.expand(section, resolver.scopes.root);
  const declared: Declared[] = [];
  let open = false;
  for (const { key, node, from } of entries) {
    if (key === 'Fn::Transform') {
      open = true;
      declared.push(unseen(resolver, key, node, [name, key], macroReason(node)));
    } else declared.push({ key, node, path: [name, ...from] });
  }
  for (const { key, why } of unexpanded) {
    if (declared.some((entry) => entry.key === key)) continue;
    const tried =
      why instanceof Stuck && name !== 'Conditions' ? loopUnderChoices(resolver, name, section, key, why) : [];
    if (tried.length > 0) {
      declared.push(...tried);
      continue;
    }
    open = true;
    const reason = why instanceof Stuck ? why.blockers[0]!.reason : why.problem.message;
    const kind = why instanceof Stuck ? why.blockers[0]!.kind : 'invalid';
    const map: ValueMap = mapOf([[key, section[key]!]]);
    const parameters = why instanceof Stuck ? [...new Set(why.blockers.flatMap((blocker) => blocker.parameters))] : [];
    const placed = resolver.place(map, resolver.scopes.root, resolver.blocked(kind, reason, parameters), () => ABSENT);
    declared.push({ key, node: placed, path: [name, key] });
  }
  return { declared, open };
}

/** Most combinations of choices under which a loop is expanded. */
const MAX_TRIED = 64;

/**
 * What a loop declares whose collection hangs on choices: each copy is there under some of them.
 *
 * @returns Nothing when no choice decides it, or when there are too many combinations.
 */
function loopUnderChoices(
  resolver: Resolver,
  name: string,
  section: ValueMap,
  loop: string,
  stuck: Stuck,
): readonly Declared[] {
  const blocker: Blocker = { ...combined(stuck), kind: 'condition' };
  const combinations = assignmentsOf(blocker.choices, MAX_TRIED);
  const root = resolver.scopes.root;
  const found = new Map<string, { readonly one: Declared; readonly under: Set<Scope> }>();
  for (const assignment of combinations) {
    const scope = resolver.scopes.extend(root, blocker.choices, assignment)!;
    const { entries, unexpanded } = resolver.expand(mapOf([[loop, section[loop]!]]), scope);
    if (unexpanded.length > 0) return [];
    for (const { key, node, from } of entries) {
      const known = found.get(key) ?? { one: { key, node, path: [name, ...from] }, under: new Set<Scope>() };
      found.set(key, known);
      known.under.add(scope);
    }
  }
  return [...found.values()].map(({ one, under }) => {
    const shown = isMap(one.node) ? copyOf(one.node) : mapOf([[one.key, one.node]]);
    const placed = resolver.place(shown, root, blocker, (within) =>
      under.has(within) ? declaredValue(resolver, one, within) : ABSENT,
    );
    return { ...one, node: placed };
  });
}

function macroReason(node: Value): string {
  const name = isMap(node) ? get(node, 'Name') : undefined;
  return `what the macro \`${typeof name === 'string' ? name : 'Fn::Transform'}\` makes is known only when the template is processed`;
}

/** An entry that stands for what cannot be seen. */
export function unseen(resolver: Resolver, key: string, node: Value, path: Path, reason: string): Declared {
  const map: ValueMap = isMap(node) ? copyOf(node) : mapOf([[key, node]]);
  const blocker = resolver.blocked('macro', reason);
  return { key, node: resolver.place(map, resolver.scopes.root, blocker, () => ABSENT), path };
}

/** What a declared resource or output is in a scope. */
export function declaredValue(resolver: Resolver, declared: Declared, scope: Scope): Evaluated {
  const { node } = declared;
  if (!isMap(node) || resolver.unknownAt(node) !== undefined) return node;
  const known = scope.memo.get(node);
  if (known !== undefined) return known;
  const value = conditional(resolver, node, declared, scope);
  scope.memo.set(node, value);
  return value;
}

function conditional(resolver: Resolver, node: ValueMap, declared: Declared, scope: Scope): Evaluated {
  const type = get(node, 'Type');
  if (typeof type === 'string' && type.endsWith('::MODULE')) {
    const reason = `module \`${type}\` makes resources that the template does not show`;
    return resolver.place(copyOf(node), scope, resolver.blocked('macro', reason), () => ABSENT);
  }
  if (hasLoop(node)) {
    const problem = badLoop('Fn::ForEach', 'cannot stand among the attributes of a resource');
    resolver.report(node, problem, declared.path);
    return resolver.place(copyOf(node), scope, resolver.blocked('invalid', problem.message), () => ABSENT);
  }
  const stands = conditionOf(resolver, node, scope);
  if (typeof stands === 'boolean') return stands ? content(resolver, node, scope) : ABSENT;
  const path = [...declared.path, 'Condition'];
  if (stands instanceof Invalid) {
    resolver.report(node, stands.problem, path);
    const blocker = resolver.blocked('invalid', stands.problem.message);
    return resolver.place(copyOf(node), scope, blocker, () => ABSENT);
  }
  // The placeholder is a copy: under the condition the map may be itself.
  return resolver.place(copyOf(node), scope, stands.blockers[0]!, (within) =>
    declaredValue(resolver, declared, within),
  );
}

/** Whether the `Condition` of a resource or output holds. */
function conditionOf(resolver: Resolver, node: ValueMap, scope: Scope): boolean | Stuck | Invalid {
  const written = get(node, 'Condition');
  if (written === undefined) return true;
  const name = resolver.evaluate(written, scope);
  if (name === ABSENT) return true;
  if (typeof name !== 'string') {
    const blocker = resolver.blockedBy(name);
    if (blocker !== undefined) return new Stuck([blocker]);
    return new Invalid(malformed('Condition', 'it takes the name of a condition'));
  }
  const truth = resolver.truth(name, scope);
  return typeof truth === 'boolean' ? truth : resolver.undecided(name, scope);
}

/** A resource or output with its functions evaluated. */
function content(resolver: Resolver, node: ValueMap, scope: Scope): ValueMap {
  if (!resolver.calls.isDynamic(node)) return node;
  const entries: (readonly [string, Value])[] = [];
  let changed = false;
  for (const key of keysOf(node)) {
    const written = node[key]!;
    const value = NAMES.has(key) ? written : resolver.evaluate(written, scope);
    if (value !== written) changed = true;
    if (value !== ABSENT) entries.push([key, value]);
  }
  return changed ? mapOf(entries) : node;
}

/**
 * Looks at every function of a template, evaluated or not, for names that nothing has and for forms that are wrong.
 *
 * Evaluation is lazy and meets only what somebody asks for; what is wrong in a branch that nobody tries is wrong all the
 * same, and CloudFormation refuses the template.
 */
import { isList, isMap, keysOf } from '../values.js';
import type { Path, Value, ValueMap } from '../values.js';
import { cyclesOf } from './conditions.js';
import {
  notForConditions,
  notInMapping,
  resourceCycle,
  undefinedCondition,
  unresolvedAttribute,
  unresolvedReference,
} from './diagnostics.js';
import {
  CONDITION_FUNCTIONS,
  LOOP_PREFIX,
  attributeParts,
  callOf,
  formProblem,
  isVariableName,
  subParts,
} from './intrinsics.js';
import type { Call } from './intrinsics.js';
import { PSEUDO_PARAMETERS } from './pseudo-parameters.js';
import type { Resolver } from './resolver.js';
import type { Declared } from './sections.js';

/**
 * Reports what is wrong with the functions of what a section declares.
 *
 * @param where - In conditions, condition functions are at home and resources cannot be referred to.
 */
export function checkDeclared(resolver: Resolver, declared: readonly Declared[], where: 'values' | 'conditions'): void {
  const checker = new Checker(resolver, where);
  for (const { node, path } of declared) {
    if (typeof node === 'object' && node !== null && resolver.unknownAt(node)?.kind !== 'macro') {
      checker.value(node, path);
    }
  }
}

class Checker {
  private readonly seen = new Set<object>();

  constructor(
    private readonly resolver: Resolver,
    private readonly where: 'values' | 'conditions',
  ) {}

  value(node: Value, path: Path): void {
    if (this.resolver.calls.isDynamic(node)) this.dynamic(node as ValueMap | readonly Value[], path);
  }

  private dynamic(node: ValueMap | readonly Value[], path: Path): void {
    if (this.seen.has(node)) return;
    this.seen.add(node);
    if (isMap(node)) {
      const call = callOf(node);
      if (call !== undefined) this.call(node, call, path);
    }
    for (const key of isList(node) ? node.keys() : keysOf(node)) {
      // The fragment of a loop is checked once it is copied, when its names are known.
      if (typeof key === 'string' && key.startsWith(LOOP_PREFIX)) continue;
      const child = (node as Readonly<Record<string | number, Value>>)[key]!;
      if (this.resolver.calls.isDynamic(child)) this.value(child, [...path, key]);
    }
  }

  private call(node: ValueMap, call: Call, path: Path): void {
    if (this.where === 'conditions' && CONDITION_FUNCTIONS.has(call.name)) return;
    const problem = formProblem(node, call) ?? this.nameProblem(call);
    if (problem !== undefined) this.resolver.report(node, problem, this.resolver.placeOf(node) ?? path);
  }

  private nameProblem(call: Call): ReturnType<typeof formProblem> {
    const { resolver } = this;
    const { name, argument } = call;
    if (name === 'Ref') return typeof argument === 'string' ? this.referenceProblem(argument, name) : undefined;
    if (name === 'Fn::GetAtt') {
      const [id] = attributeParts(argument);
      return typeof id === 'string' ? this.attributeProblem(id, name) : undefined;
    }
    if (name === 'Fn::If') {
      const condition = (argument as readonly Value[])[0] as string;
      if (resolver.conditions.has(condition) || resolver.conditionsAreOpen) return undefined;
      return undefinedCondition(condition, resolver.conditions.names);
    }
    if (name === 'Fn::FindInMap') {
      const [mapping, , , options] = argument as readonly Value[];
      if (typeof mapping !== 'string' || options !== undefined || resolver.mappingsAreOpen) return undefined;
      if (Object.hasOwn(resolver.mappings, mapping)) return undefined;
      return notInMapping(`no mapping is called \`${mapping}\``, keysOf(resolver.mappings), mapping);
    }
    return name === 'Fn::Sub' ? this.textProblem(argument) : undefined;
  }

  private textProblem(argument: Value): ReturnType<typeof formProblem> {
    if (isMap(argument)) return undefined;
    const [text, variables] = isList(argument) ? argument : [argument, undefined];
    for (const part of subParts(text as string)) {
      if (typeof part === 'string' || !isVariableName(part.name)) continue;
      if (isMap(variables) && Object.hasOwn(variables, part.name)) continue;
      const dot = part.name.indexOf('.');
      const problem =
        dot < 0
          ? this.referenceProblem(part.name, 'Fn::Sub')
          : this.attributeProblem(part.name.slice(0, dot), 'Fn::Sub');
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private referenceProblem(name: string, from: string): ReturnType<typeof formProblem> {
    const { parameters, targets } = this.resolver;
    if (PSEUDO_PARAMETERS.has(name) || parameters.has(name)) return undefined;
    if (this.where === 'conditions') return notForConditions(name);
    if (targets.isResource(name) || targets.mayBeMade(name)) return undefined;
    return unresolvedReference(name, from, [...parameters.keys(), ...targets.names()]);
  }

  private attributeProblem(id: string, from: string): ReturnType<typeof formProblem> {
    const { targets } = this.resolver;
    if (targets.isResource(id) || targets.mayBeMade(id)) return undefined;
    return unresolvedAttribute(id, from, targets.names());
  }
}

/**
 * Reports resources that depend on each other in a circle, by `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`.
 *
 * Dependencies that hang on a condition which is not decided are left out: the circle may never close. So are the events
 * and the deployment preference of serverless functions and state machines: SAM makes resources of their own of them,
 * which depend on both sides
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html).
 */
export function checkCycles(resolver: Resolver, resources: ValueMap, declared: ReadonlyMap<string, Declared>): void {
  const edges = new Map<string, readonly string[]>();
  for (const key of keysOf(resources)) {
    const found = new Set<string>();
    collectTargets(resolver, withoutOwnResources(resources[key]!), found);
    edges.set(
      key,
      [...found].filter((name) => Object.hasOwn(resources, name)),
    );
  }
  for (const cycle of cyclesOf(edges)) {
    const first = declared.get(cycle[0]!);
    if (first !== undefined && isMap(first.node)) resolver.report(first.node, resourceCycle(cycle), first.path);
  }
}

/** Properties of serverless resources that become resources of their own. */
const OWN_RESOURCES: ReadonlySet<string> = new Set(['Events', 'DeploymentPreference']);

/** A resource as dependencies are looked for in it: without what becomes a resource of its own. */
function withoutOwnResources(resource: Value): Value {
  if (!isMap(resource) || typeof resource['Type'] !== 'string' || !resource['Type'].startsWith('AWS::Serverless::')) {
    return resource;
  }
  const parts = keysOf(resource).flatMap((key) => {
    const part = resource[key]!;
    const isProperties = key === 'Properties' && isMap(part) && callOf(part) === undefined;
    return isProperties ? keysOf(part).flatMap((name) => (OWN_RESOURCES.has(name) ? [] : [part[name]!])) : [part];
  });
  const dependsOn = resource['DependsOn'];
  return dependsOn === undefined ? parts : [...parts, { DependsOn: dependsOn }];
}

function collectTargets(resolver: Resolver, node: Value, found: Set<string>): void {
  if (isList(node)) {
    for (const item of node) collectTargets(resolver, item, found);
    return;
  }
  if (!isMap(node)) return;
  const unknown = resolver.unknownAt(node);
  if (unknown !== undefined && unknown.kind !== 'attribute') return;
  const call = callOf(node);
  if (call?.name === 'Fn::If') return;
  if (call?.name === 'Ref' && typeof call.argument === 'string') found.add(call.argument);
  else if (call?.name === 'Fn::GetAtt' && (typeof call.argument === 'string' || isList(call.argument))) {
    const [id] = attributeParts(call.argument);
    if (typeof id === 'string') found.add(id);
  } else if (call?.name === 'Fn::Sub') {
    const text = isList(call.argument) ? call.argument[0] : call.argument;
    if (typeof text === 'string') {
      for (const part of subParts(text)) if (typeof part !== 'string') found.add(part.name.split('.')[0]!);
    }
  }
  for (const key of keysOf(node)) {
    const child = node[key]!;
    if (key !== 'DependsOn') collectTargets(resolver, child, found);
    else for (const name of isList(child) ? child : [child]) if (typeof name === 'string') found.add(name);
  }
}

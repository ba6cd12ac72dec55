/** What refers to a parameter or a resource: `Ref`, `Fn::GetAtt`, and the variables of `Fn::Sub`. */
import { ABSENT } from '../unknown.js';
import { get } from '../values.js';
import type { ValueMap } from '../values.js';
import { malformed, needsTransform, unresolvedAttribute, unresolvedReference } from './diagnostics.js';
import { attributeParts, isVariableName } from './intrinsics.js';
import { PSEUDO_PARAMETERS } from './pseudo-parameters.js';
import type { Resolver } from './resolver.js';
import { Invalid, Stuck } from './scope.js';
import type { Scope } from './scope.js';
import { text } from './text.js';
import type { IntrinsicFunction, Outcome } from './text.js';

/**
 * What `Ref` gives: a parameter's value, or for a resource the reference itself.
 *
 * @param node - The map that stands for the reference when it stays one.
 */
function reference(resolver: Resolver, name: string, scope: Scope, from: string, node: ValueMap): Outcome {
  if (name === 'AWS::NoValue') return ABSENT;
  if (PSEUDO_PARAMETERS.has(name) || resolver.parameters.has(name)) return resolver.named(name, scope);
  if (resolver.targets.isResource(name)) return resolver.world.supposed?.(name, undefined) ?? node;
  if (resolver.targets.mayBeMade(name)) {
    return new Stuck([resolver.blocked('macro', `what \`${name}\` names is made when the template is processed`)]);
  }
  return new Invalid(unresolvedReference(name, from, [...resolver.parameters.keys(), ...resolver.targets.names()]));
}

export const ref: IntrinsicFunction = (resolver, argument, scope, node) => {
  if (typeof argument === 'string') return reference(resolver, argument, scope, 'Ref', node);
  if (!resolver.extensions) resolver.report(node, needsTransform('a function inside `Ref`'));
  const name = text(resolver, argument, scope, 'Ref');
  return typeof name === 'string' ? reference(resolver, name, scope, 'Ref', { Ref: name }) : name;
};

/**
 * What `Fn::GetAtt` gives: the reference itself. An output of a nested stack and what a custom resource answers may be
 * anything, as an import may.
 *
 * @param node - Where it is written.
 * @param stays - The map that stands for the reference.
 */
function attribute(
  resolver: Resolver,
  id: string,
  attributeName: string,
  from: string,
  node: ValueMap,
  stays: ValueMap,
): Outcome {
  const { targets } = resolver;
  if (targets.isResource(id)) {
    const problem = targets.attributeProblem(id, attributeName);
    if (problem !== undefined) resolver.report(node, problem);
    if (targets.givesAnything(id)) {
      const what = `attribute \`${attributeName}\` of resource \`${id}\``;
      return new Stuck([resolver.blocked('attribute', `what ${what} gives is known only after deployment`)]);
    }
    return resolver.world.supposed?.(id, attributeName) ?? stays;
  }
  if (targets.mayBeMade(id)) {
    return new Stuck([resolver.blocked('macro', `what \`${id}\` names is made when the template is processed`)]);
  }
  return new Invalid(unresolvedAttribute(id, from, targets.names()));
}

export const getAtt: IntrinsicFunction = (resolver, argument, scope, node) => {
  const [id, name] = attributeParts(argument);
  if (typeof id === 'string' && typeof name === 'string') {
    return attribute(resolver, id, name, 'Fn::GetAtt', node, node);
  }
  if (typeof id !== 'string' && !resolver.extensions) {
    resolver.report(node, needsTransform('a function inside `Fn::GetAtt`'));
  }
  const idText = text(resolver, id, scope, 'Fn::GetAtt');
  if (typeof idText !== 'string') return idText;
  const nameText = text(resolver, name, scope, 'Fn::GetAtt');
  if (typeof nameText !== 'string') return nameText;
  return attribute(resolver, idText, nameText, 'Fn::GetAtt', node, { 'Fn::GetAtt': [idText, nameText] });
};

/** The function that `${Name}` or `${Name.Attribute}` is short for. */
export function longForm(name: string): ValueMap {
  const dot = name.indexOf('.');
  return dot < 0 ? { Ref: name } : { 'Fn::GetAtt': [name.slice(0, dot), name.slice(dot + 1)] };
}

/** What stands for `${Name}` or `${Name.Attribute}` in a text. */
export function variable(resolver: Resolver, name: string, variables: ValueMap, scope: Scope, node: ValueMap): Outcome {
  const own = get(variables, name);
  if (own !== undefined) return resolver.evaluate(own, scope);
  if (!isVariableName(name)) {
    return new Invalid(malformed('Fn::Sub', `\`\${${name}}\` is no name; write \`\${!${name}}\` for the text itself`));
  }
  const dot = name.indexOf('.');
  if (dot < 0) return reference(resolver, name, scope, 'Fn::Sub', longForm(name));
  return attribute(resolver, name.slice(0, dot), name.slice(dot + 1), 'Fn::Sub', node, longForm(name));
}

/** Types and properties that filters and blocks name. */
import type { Clause, Conjunctions, Query, QueryPart } from '../ast.js';
import { compileRegex } from '../regex/index.js';
import type { TypeKnowledge } from './knowledge.js';
import { literalOf } from './keys.js';

/** A type that a filter asks for. */
export interface AskedType {
  readonly names: readonly string[];
  /** A pattern of types. */
  readonly pattern: string | null;
  readonly offset: number;
}

/** The types that the conditions of a filter ask for; a condition about anything else is left out. */
export function typesAsked(conjunctions: Conjunctions<Clause>): readonly (readonly AskedType[])[] {
  return conjunctions.flatMap((members) => {
    const asked = members.map(askedType);
    return asked.every((type) => type !== null) ? [asked] : [];
  });
}

function askedType(clause: Clause): AskedType | null {
  if (clause.kind !== 'access' || clause.negated !== clause.prefixNot) return null;
  const [part, ...rest] = clause.query.parts;
  if (part?.kind !== 'key' || part.name !== 'Type' || rest.length > 0) return null;
  if (clause.operator !== 'eq' && clause.operator !== 'in') return null;
  const literal = literalOf(clause.right);
  const { offset } = clause;
  if (literal?.kind === 'string') return { names: [literal.value], pattern: null, offset };
  if (literal?.kind === 'regex') return { names: [], pattern: literal.pattern, offset };
  if (literal?.kind !== 'list') return null;
  const names = literal.items.flatMap((item) => (item.kind === 'string' ? [item.value] : []));
  return names.length === literal.items.length ? { names, pattern: null, offset } : null;
}

/** The known types that a filter lets through; `null` when it does not ask for any. */
export function typesOf(conjunctions: Conjunctions<Clause>, knowledge: TypeKnowledge): readonly string[] | null {
  const [line] = typesAsked(conjunctions);
  if (line === undefined) return null;
  return line.flatMap(({ names, pattern }) => (pattern === null ? names : matching(pattern, knowledge)));
}

/** Types that a pattern matches. */
export function matching(pattern: string, knowledge: TypeKnowledge): readonly string[] {
  const compiled = compileRegex(pattern);
  if (!compiled.ok) return [];
  try {
    return knowledge.typeNames().filter((name) => compiled.regex.test(name));
  } catch {
    // A pattern that takes too long is the evaluation's to refuse.
    return knowledge.typeNames();
  }
}

/** Whether a type is one that everybody has: private types, custom resources and modules belong to an account. */
export function isPublicType(name: string): boolean {
  return (
    /^(AWS|Alexa)::/.test(name) && !name.startsWith('AWS::CloudFormation::CustomResource') && !name.endsWith('::MODULE')
  );
}

/**
 * The path below `Properties` that a query takes from a resource, as far as keys of intrinsic functions, variables and
 * filters by key do not hide it.
 */
export function propertyPath(query: Query, from: number): readonly string[] | null {
  const [head, ...rest] = query.parts.slice(from);
  if (head?.kind !== 'key' || head.name !== 'Properties') return null;
  const path: string[] = [];
  for (const part of rest) {
    const step = stepOf(part);
    if (step === null) break;
    if (step !== '') path.push(step);
  }
  return path;
}

function stepOf(part: QueryPart): string | null {
  switch (part.kind) {
    case 'key':
      return part.name === 'Ref' || part.name.startsWith('Fn::') ? null : part.name;
    case 'index':
    case 'allIndices':
    case 'allValues':
      return '*';
    case 'filter':
      // A filter looks at the elements of a list, and at the value itself otherwise.
      return null;
    case 'this':
      return '';
    default:
      return null;
  }
}

/**
 * Whether a type has a path. `.*` and `[*]` take a value that is no list as it is, and a key goes on below the elements
 * of a list.
 */
export function hasPath(type: string, path: readonly string[], { hasProperty }: TypeKnowledge): boolean {
  let at: readonly string[] = [];
  for (const step of path) {
    const ways = [
      [...at, step],
      [...at, '*', step],
    ];
    const next = ways.find((way) => hasProperty(type, way));
    if (next !== undefined) at = next;
    else if (step !== '*') return false;
  }
  return true;
}

/**
 * A second resolver, for tests only: every parameter has a value, every condition is decided, nothing is shared.
 *
 * It follows the documentation of each function word by word and knows nothing of choices.
 */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const GONE = Symbol('gone');

export interface NaiveTemplate {
  readonly Conditions?: Record<string, Json>;
  readonly Mappings?: Record<string, Record<string, Record<string, Json>>>;
  readonly Resources: Record<string, Record<string, Json>>;
}

/** The truth of every condition for values of all parameters. */
export function naiveConditions(template: NaiveTemplate, values: Record<string, Json>): Record<string, boolean> {
  const truths: Record<string, boolean> = {};
  const truth = (node: Json): boolean => {
    const [name, argument] = Object.entries(node as Record<string, Json>)[0]!;
    const parts = argument as Json[];
    switch (name) {
      case 'Condition':
        return truth(template.Conditions![argument as string]!);
      case 'Fn::Not':
        return !truth(parts[0]!);
      case 'Fn::And':
        return parts.every(truth);
      case 'Fn::Or':
        return parts.some(truth);
      default:
        return naiveValue(template, values, {}, parts[0]!) === naiveValue(template, values, {}, parts[1]!);
    }
  };
  for (const [name, node] of Object.entries(template.Conditions ?? {})) truths[name] = truth(node);
  return truths;
}

/** What `Resources` is for values of all parameters. */
export function naiveResources(template: NaiveTemplate, values: Record<string, Json>): Json {
  const truths = naiveConditions(template, values);
  const kept: Record<string, Json> = {};
  for (const [id, resource] of Object.entries(template.Resources)) {
    const condition = resource['Condition'];
    if (typeof condition === 'string' && !truths[condition]!) continue;
    kept[id] = naiveValue(template, values, truths, resource) as Json;
  }
  return kept;
}

function naiveValue(
  template: NaiveTemplate,
  values: Record<string, Json>,
  truths: Record<string, boolean>,
  node: Json,
): Json | typeof GONE {
  const again = (inner: Json): Json | typeof GONE => naiveValue(template, values, truths, inner);
  if (Array.isArray(node)) return node.map(again).filter((item): item is Json => item !== GONE);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node);
  const [name, argument] = entries[0] ?? ['', null];
  if (entries.length === 1) {
    const parts = argument as Json[];
    switch (name) {
      case 'Ref':
        if (argument === 'AWS::NoValue') return GONE;
        return Object.hasOwn(values, argument as string) ? values[argument as string]! : node;
      case 'Fn::If':
        return again(truths[parts[0] as string]! ? parts[1]! : parts[2]!);
      case 'Fn::Sub':
        return (argument as string).replace(/\$\{(\w+)\}/g, (_all, variable: string) => values[variable] as string);
      case 'Fn::Join':
        return (again(parts[1]!) as Json[]).map(String).join(parts[0] as string);
      case 'Fn::Select':
        return (again(parts[1]!) as Json[])[Number(again(parts[0]!))]!;
      case 'Fn::Split':
        return (again(parts[1]!) as string).split(parts[0] as string);
      case 'Fn::FindInMap': {
        const [map, top, second] = parts.map((part) => again(part) as string);
        return template.Mappings![map!]![top!]![second!]!;
      }
    }
  }
  const result: Record<string, Json> = {};
  for (const [key, value] of entries) {
    const inner = again(value);
    if (inner !== GONE) result[key] = inner;
  }
  return result;
}

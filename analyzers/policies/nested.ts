/** Templates in templates: those that stack sets hold as text, and those that nested stacks name. */
import type { Location } from '../../findings/index.js';
import {
  ABSENT,
  choicesIn,
  feasibleAssignments,
  get,
  isList,
  isMap,
  keysOf,
  Marks,
  readTemplate,
  valueUnder,
} from '../../template/index.js';
import type { Path, Supposed, TemplateSource, Value, ValueMap } from '../../template/index.js';
import { withoutDefaults } from '../without-defaults.js';
import { locationAt, rangeIn } from './text-places.js';
import type { InsideSource, Span } from './text-places.js';
import { hasUnknown } from './values.js';
import { writtenOffsets } from './written-text.js';

const STACK = 'AWS::CloudFormation::Stack';
const STACK_SET = 'AWS::CloudFormation::StackSet';

/** Most ways to make the choices of one resource that are tried. */
const MAX_WAYS = 16;

/** What a stack gets from the template that makes it. */
export interface GivenToStack {
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters that get a value which nobody knows; their Defaults are not used. */
  readonly unknown: readonly string[];
}

/** A template that stands as text in another one. */
export interface InnerTemplate extends GivenToStack {
  readonly logicalId: string;
  /** Of the text; its places are those of the outer file. */
  readonly source: TemplateSource;
}

/** A nested stack whose template is a file. */
export interface NestedStack extends GivenToStack {
  /** Its key in the resolved document. */
  readonly key: string;
  readonly logicalId: string;
  /** As it is written: a path from the folder of the template on. */
  readonly file: string;
}

/** Something that should hold a template and does not. */
export interface NoInner {
  readonly logicalId: string;
  readonly reason: string;
  readonly parameters: readonly string[];
  readonly location: Location;
}

/** The templates that stack sets hold as text (`TemplateBody`). */
export function innerTemplates(
  source: TemplateSource,
  supposed: Supposed,
  marks: Marks,
): { readonly inner: readonly InnerTemplate[]; readonly unread: readonly NoInner[] } {
  const inner: InnerTemplate[] = [];
  const unread: NoInner[] = [];
  const seen = new Set<string>();
  for (const { key, logicalId, properties, written } of made(supposed, STACK_SET)) {
    const body = get(properties, 'TemplateBody');
    if (body === undefined) continue;
    const path = written('TemplateBody');
    const location = source.locationOf(path);
    const text = marks.replace(body);
    const unknowns = typeof text === 'string' ? marks.in(text) : [];
    const given = givenBy(marks.replace(get(properties, 'Parameters') ?? null), overridden(properties));
    const id = JSON.stringify([key, text, given]);
    if (seen.has(id)) continue;
    seen.add(id);
    const cannot = (reason: string): void => {
      const parameters = [...new Set(unknowns.flatMap((each) => each.parameters))].sort();
      unread.push({
        logicalId,
        reason: `the template of the stack set \`${logicalId}\` ${reason}`,
        parameters,
        location,
      });
    };
    if (typeof text !== 'string') cannot('is no text');
    else if (unknowns.length > 0) cannot(`is not known: ${unknowns.map(({ reason }) => reason).join('; ')}`);
    else {
      const read = readTemplate(text, source.file).source;
      if (read === null || !isMap(read.value) || !isMap(get(read.value, 'Resources'))) cannot('cannot be read');
      else inner.push({ logicalId, source: insideOf(source, path, read), ...given });
    }
  }
  return { inner, unread };
}

/**
 * The templates of stack sets that read the same whatever is chosen; what is left out cannot be read, or has no text.
 *
 * @param supposed - Made of the source, see `supposedOf`.
 */
export function stackSetTemplates(source: TemplateSource, supposed: Supposed): readonly InnerTemplate[] {
  const { inner, unread } = innerTemplates(source, supposed, new Marks(supposed.resolution.document));
  const times = new Map<string, number>();
  for (const { logicalId } of [...inner, ...unread]) times.set(logicalId, (times.get(logicalId) ?? 0) + 1);
  return inner.filter(({ logicalId }) => times.get(logicalId) === 1);
}

/** The nested stacks whose templates are files, as `aws cloudformation package` and the CDK take them. */
export function nestedStacks(supposed: Supposed, marks: Marks): readonly NestedStack[] {
  return made(supposed, STACK).flatMap(({ key, logicalId, properties, resource }): NestedStack[] => {
    const metadata = get(resource, 'Metadata');
    const asset = metadata !== undefined && isMap(metadata) ? get(metadata, 'aws:asset:path') : undefined;
    const file = asset ?? get(properties, 'TemplateURL');
    if (typeof file !== 'string' || /^[a-z][a-z\d+.-]*:/i.test(file)) return [];
    return [{ key, logicalId, file, ...givenBy(marks.replace(get(properties, 'Parameters') ?? null), new Set()) }];
  });
}

/** A template without the Defaults of parameters that get another value. */
export function withoutDefaultsOf(source: TemplateSource, names: readonly string[]): TemplateSource {
  return isMap(source.value) && names.length > 0 ? { ...source, value: withoutDefaults(source.value, names) } : source;
}

interface Made {
  readonly key: string;
  readonly logicalId: string;
  readonly resource: ValueMap;
  readonly properties: ValueMap;
  /** The path in the template of a property. */
  readonly written: (property: string) => Path;
}

/** The resources of a type, once for each way to make their choices. */
function made({ resolution: { document, model } }: Supposed, wanted: string): readonly Made[] {
  const section = get(document.value, 'Resources');
  return [...model.resources.values()].flatMap(({ key, logicalId, type }): Made[] => {
    const node = type === wanted && section !== undefined && isMap(section) ? get(section, key) : undefined;
    const choices = node === undefined ? undefined : choicesIn(node, document);
    const ways = choices === undefined ? undefined : feasibleAssignments(choices, document, MAX_WAYS);
    return (ways ?? (node === undefined ? [] : [new Map<string, Value>()])).flatMap((way): Made[] => {
      const resource = valueUnder(node!, document, way);
      const properties = resource !== ABSENT && isMap(resource) ? get(resource, 'Properties') : undefined;
      if (resource === ABSENT || !isMap(resource) || properties === undefined || !isMap(properties)) return [];
      const written = (property: string): Path => document.sourcePath(['Resources', key, 'Properties', property], way);
      return [{ key, logicalId, resource, properties, written }];
    });
  });
}

/** Parameters of a stack (a map), or of a stack set (a list); their values are copies with marks. */
function givenBy(written: Value, overrides: ReadonlySet<string>): GivenToStack {
  const pairs: (readonly [string, Value])[] = isList(written)
    ? written.flatMap((each) => {
        const name = isMap(each) ? get(each, 'ParameterKey') : undefined;
        return isMap(each) && typeof name === 'string' ? [[name, get(each, 'ParameterValue') ?? null] as const] : [];
      })
    : isMap(written)
      ? keysOf(written).map((name) => [name, get(written, name)!])
      : [];
  const parameters: Record<string, string> = {};
  const unknown = new Set(overrides);
  for (const [name, value] of pairs) {
    const text = isList(value) ? value.map(scalar).join() : scalar(value);
    if (overrides.has(name)) continue;
    if (text === undefined || hasUnknown(text)) unknown.add(name);
    else parameters[name] = text;
  }
  return { parameters, unknown: [...unknown].sort() };
}

function scalar(value: Value): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** Parameters that groups of instances get other values for. */
function overridden(properties: ValueMap): ReadonlySet<string> {
  const names = new Set<string>();
  const groups = get(properties, 'StackInstancesGroup');
  for (const group of groups !== undefined && isList(groups) ? groups : []) {
    const overrides = isMap(group) ? get(group, 'ParameterOverrides') : undefined;
    for (const each of overrides !== undefined && isList(overrides) ? overrides : []) {
      const name = isMap(each) ? get(each, 'ParameterKey') : undefined;
      if (typeof name === 'string') names.add(name);
    }
  }
  return names;
}

/** A source whose places are told as those of the text that holds it. */
function insideOf(outer: TemplateSource, written: Path, inner: TemplateSource): InsideSource {
  let offsets: readonly number[] | undefined;
  const placeOf = (span: Span): Location | undefined => {
    offsets ??= writtenOffsets(outer, written, inner.text) ?? [];
    const found = rangeIn(offsets, span);
    return found === undefined ? undefined : locationAt(outer, written, found);
  };
  const outside = (span: Span): Location => placeOf(span) ?? outer.locationOf(written);
  return {
    ...inner,
    outside,
    locationOf: (path, which = 'value') => {
      for (let length = path.length; length > 0; length--) {
        const part = path.slice(0, length);
        const range = which === 'key' ? (inner.keyRangeOf(part) ?? inner.rangeOf(part)) : inner.rangeOf(part);
        if (range !== undefined) return outside(range);
      }
      return outer.locationOf(written);
    },
  };
}

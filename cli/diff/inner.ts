/** Templates inside of those that are compared: of stack sets, which hold them as text, and of nested stacks, which are files. */
import { posix } from 'node:path';
import { isHidden } from '../../analyzers/diff/index.js';
import type { HeldTemplate, StackInput } from '../../analyzers/diff/index.js';
import { nestedStacks, stackSetTemplates, supposedOf, withoutDefaultsOf } from '../../analyzers/policies/index.js';
import type { NestedStack } from '../../analyzers/policies/index.js';
import { get, isMap, Marks } from '../../template/index.js';
import type {
  GivenParameters,
  ResolveOptions,
  Supposed,
  TemplateSource,
  Value,
  ValueMap,
} from '../../template/index.js';

/** What both sides are given. */
export interface Deployment {
  readonly parameters?: GivenParameters | undefined;
  readonly region?: string | undefined;
  readonly accountId?: string | undefined;
}

/** A stack with the source of its template. */
export interface ReadStack {
  readonly stack: StackInput;
  readonly source: TemplateSource;
}

/** Most templates in each other that are looked at. */
const MAX_DEPTH = 4;

/** A stack with the templates of its stack sets, and of theirs. @param add - Takes the sources of what is found. */
export function withStackSets(
  { stack, source }: ReadStack,
  deployment: Deployment,
  add: (name: string, source: TemplateSource) => void,
  depth = 0,
): StackInput {
  // Nearly all templates have no stack sets.
  if (depth >= MAX_DEPTH || !source.text.includes('CloudFormation::StackSet')) return stack;
  const held = stackSetTemplates(source, supposed({ stack, source }, deployment)).map(
    ({ logicalId, source: text, parameters, unknown }): HeldTemplate => {
      const name = `${stack.name}/${logicalId}`;
      const inner = withoutDefaultsOf(text, unknown);
      add(name, inner);
      const read = { stack: { name, template: inner.value as ValueMap, parameters }, source: inner };
      // The accounts and Regions of its stacks are other ones than those of the stack set.
      return { logicalId, stack: withStackSets(read, {}, add, depth + 1) };
    },
  );
  return held.length === 0 ? stack : { ...stack, held };
}

/** A template whose nested stacks are looked for. */
interface Parent {
  readonly path: string;
  readonly stack: StackInput;
  readonly source: TemplateSource;
}

/**
 * Adds the nested stacks whose templates are files beside the template that names them, each with what it is given.
 *
 * @param read - The template at a path; `null` when there is none.
 * @returns All stacks, and the paths of those that are nested in another.
 */
export function withNested(
  parents: readonly Parent[],
  deployment: Deployment,
  read: (path: string) => TemplateSource | null,
): { readonly stacks: readonly ReadStack[]; readonly nested: ReadonlySet<string> } {
  const stacks: ReadStack[] = [];
  const nested = new Set<string>();
  const visit = ({ path, stack, source }: Parent, above: readonly string[]): void => {
    const missing: string[] = [];
    for (const each of nestedOf({ stack, source }, deployment)) {
      const child = posix.normalize(posix.join(posix.dirname(path), each.file));
      const inner = above.includes(child) || above.length >= MAX_DEPTH || each.isOther ? null : read(child);
      if (inner === null) {
        missing.push(each.key);
        continue;
      }
      nested.add(child);
      const own = withoutDefaultsOf(inner, each.unknown);
      const { key, logicalId, parameters } = each;
      const name = `${stack.name}/${logicalId}`;
      const nestedIn = { stack: stack.name, logicalId: key };
      const next = { name, template: own.value as ValueMap, parameters, nestedIn };
      visit({ path: child, stack: next, source: own }, [...above, child]);
    }
    stacks.push({ stack: missing.length === 0 ? stack : { ...stack, missing }, source });
  };
  for (const parent of parents) visit(parent, [parent.path]);
  return { stacks, nested };
}

/** Nested stacks; one that may have several templates cannot be followed. */
function nestedOf(read: ReadStack, deployment: Deployment): readonly (NestedStack & { readonly isOther: boolean })[] {
  if (!/AWS::CloudFormation::Stack\b|AWS::Serverless::Application/.test(read.source.text)) return [];
  const there = supposed(read, deployment);
  const found = nestedStacks(there, new Marks(there.resolution.document));
  const first = new Map(found.map((each) => [each.key, each]));
  return [...first.values()].map((each) => ({
    ...each,
    isOther: !isWritten(read.stack.template, each.logicalId),
  }));
}

/** Whether a template says by a text which file it is; what is chosen may be another one. */
function isWritten(template: ValueMap, logicalId: string): boolean {
  const at = (value: Value | undefined, ...path: readonly string[]): Value | undefined =>
    path.reduce<Value | undefined>(
      (found, name) => (found !== undefined && isMap(found) ? get(found, name) : undefined),
      value,
    );
  const resource = at(template, 'Resources', logicalId);
  const isAsset = typeof at(resource, 'Metadata', 'aws:asset:path') === 'string';
  const [url, place] = ['TemplateURL', 'Location'].map((name) => at(resource, 'Properties', name));
  return isAsset || typeof (url ?? place) === 'string';
}

/** A template with names for its resources. What parameters with NoEcho are given is not used. */
function supposed({ stack, source }: ReadStack, deployment: Deployment): Supposed {
  const given = { ...deployment.parameters, ...stack.parameters };
  const hidden = Object.keys(given).filter((name) => isHidden(stack.template, name));
  const parameters = Object.fromEntries(Object.entries(given).filter(([name]) => !hidden.includes(name)));
  const options: ResolveOptions = { ...deployment, parameters };
  return supposedOf(withoutDefaultsOf({ ...source, value: stack.template }, hidden), options);
}

/** Whether a document is a template. */
export function isTemplate(source: TemplateSource): boolean {
  return isMap(source.value) && isMap(get(source.value, 'Resources'));
}

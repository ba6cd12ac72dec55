/** Nested stacks whose templates are files of the same scan: they are scanned with what their parents give them. */
import { posix } from 'node:path';
import { nestedStacks, supposedOf, templatePolicies, withoutDefaultsOf } from '../../analyzers/policies/index.js';
import type { GivenToStack } from '../../analyzers/policies/index.js';
import { get, isMap, readTemplate } from '../../template/index.js';
import type { ResolveOptions, TemplateSource } from '../../template/index.js';
import type { InputFile } from '../check/discover.js';
import { readFileText, STDIN } from '../check/read-file.js';

/** What the stacks of a template get; one entry for each stack. */
export type NestedIn = ReadonlyMap<string, readonly GivenToStack[]>;

/** Most ways to be given parameters that are followed for one template; those behind are one way in which all are open. */
const MAX_GIVEN = 16;

/**
 * The templates of nested stacks, by their path in the report.
 *
 * @param deployment - What the outermost stacks are given.
 */
export function nestedIn(files: readonly InputFile[], deployment: ResolveOptions): NestedIn {
  const known = new Set(files.map(({ path }) => path));
  const parents = files.flatMap(({ source, path }) => {
    // Standard input has no files beside it, and can be read but once.
    if (source === STDIN) return [];
    const { text } = readFileText(source, path);
    // Nearly all templates have no nested stacks.
    if (text === null || !/AWS::CloudFormation::Stack\b|AWS::Serverless::Application/.test(text)) return [];
    const read = readTemplate(text, path).source;
    return read !== null && isMap(read.value) && isMap(get(read.value, 'Resources')) ? [{ path, source: read }] : [];
  });
  const found = new Map<string, GivenToStack[]>();
  const visit = (path: string, source: TemplateSource, given: GivenToStack | null, above: readonly string[]): void => {
    const template = withoutDefaultsOf(source, given?.unknown ?? []);
    const supposed = supposedOf(template, givenTo(deployment, given));
    for (const stack of nestedStacks(supposed, templatePolicies(template, supposed).marks)) {
      const child = posix.normalize(posix.join(posix.dirname(path), stack.file));
      if (!known.has(child) || above.includes(child)) continue;
      const before = found.get(child) ?? [];
      const next = before.length < MAX_GIVEN ? ownOf(stack) : openOf(stack, before[MAX_GIVEN]);
      if (before.some((each) => JSON.stringify(each) === JSON.stringify(next))) continue;
      found.set(child, [...before.slice(0, MAX_GIVEN), next]);
      const inner = parents.find((each) => each.path === child);
      if (inner !== undefined) visit(child, inner.source, next, [...above, child]);
    }
  };
  for (const { path, source } of parents) if (!found.has(path)) visit(path, source, null, [path]);
  return found;
}

const ownOf = ({ parameters, unknown }: GivenToStack): GivenToStack => ({ parameters, unknown });

/** One more stack than is followed: nobody knows what it is given, nor what others like it are. */
function openOf({ parameters, unknown }: GivenToStack, others: GivenToStack | undefined): GivenToStack {
  const open = new Set([...(others?.unknown ?? []), ...Object.keys(parameters), ...unknown]);
  return { parameters: {}, unknown: [...open].sort() };
}

/** What is known of the deployment of a nested stack. */
export function givenTo(deployment: ResolveOptions, given: GivenToStack | null): ResolveOptions {
  return given === null ? deployment : { ...deployment, parameters: { ...deployment.parameters, ...given.parameters } };
}

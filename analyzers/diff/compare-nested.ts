/**
 * Stacks in stacks, and stack sets: their templates are compared when they are given; what is not given cannot be, and is
 * never passed over.
 */
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import { jsonOf } from '../json.js';
import type { Comparison } from './comparison.js';
import { UNEXPANDED } from './compare-unwatched.js';
import { differencesOf } from './differences.js';
import { textOf, valueAt } from './side.js';
import type { Resource } from './side.js';
import { STACK_SET } from './stack-sets.js';

const NESTED = 'AWS::CloudFormation::Stack';

/** Properties of stack sets that change nothing of what their stacks may do, and where. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['StackSetName', 'Description', 'Tags', 'OperationPreferences', 'ManagedExecution', 'Capabilities', 'CallAs'],
]);

/** What is compared elsewhere; each by `stack/logicalId`. */
export interface Compared {
  /** Nested stacks whose templates are given on both sides, with the parameters that are texts. */
  readonly nested: ReadonlySet<string>;
  /** Nested stacks whose templates are given on the one side on which they are. */
  readonly alone: ReadonlySet<string>;
  /** Nested stacks whose templates are files that were not read. */
  readonly missing: ReadonlySet<string>;
  /** Stack sets. */
  readonly sets: ReadonlySet<string>;
}

/** Tells which nested stacks and stack sets changed in a way that nobody can compare. */
export function compareNested(comparison: Comparison, compared: Compared): void {
  const of = (side: readonly Resource[]): ReadonlyMap<string, Resource> =>
    new Map(
      side.flatMap((each) =>
        each.type === NESTED || each.type === STACK_SET ? [[`${each.stack}/${each.id}`, each] as const] : [],
      ),
    );
  const [before, after] = [of(comparison.older), of(comparison.newer)];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(key), after.get(key)];
    const { type } = (now ?? old)!;
    const change =
      type === NESTED ? ofStack(comparison, compared, key, old, now) : ofSet(comparison, compared, key, old, now);
    if (change === undefined) continue;
    const { stack, id, place } = (now ?? old)!;
    comparison.say({
      ...{ verdict: 'NOT_EVALUATED', kind: 'template', severity: 'warning', message: change, place: place([]) },
      subject: { stack, name: id, type },
    });
  }
}

/** What cannot be told of a nested stack; `undefined` when there is nothing. */
function ofStack(
  { unknowns }: Comparison,
  { nested, alone, missing }: Compared,
  key: string,
  old: Resource | undefined,
  now: Resource | undefined,
): string | undefined {
  if (old === undefined || now === undefined) {
    if (alone.has(key)) return undefined;
    const isOnBoth = nested.has(key);
    if (isOnBoth) return `the nested stack is in the ${now === undefined ? 'old' : 'new'} template only`;
    return `the nested stack ${now === undefined ? 'is gone' : 'is new'}, and its template is not given`;
  }
  if (missing.has(key)) return `the template of the nested stack is a file that cannot be read: ${urlOf(now)}`;
  const [had, has] = [old, now].map(({ properties }) =>
    nested.has(key)
      ? openParameters(get(properties, 'Parameters'), (text) => unknowns.isOpen(text))
      : jsonOf(properties),
  );
  if (had === has) return undefined;
  return nested.has(key)
    ? 'the nested stack gets other parameters, of which not all are known'
    : 'the nested stack changed, and its template is not given';
}

const APPLICATION = 'AWS::Serverless::Application';

/**
 * Applications of the AWS Serverless Application Repository that are others than before, by logical id. What AWS SAM makes
 * of them no longer says which they are
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html).
 */
export function changedApplications(older: ValueMap, newer: ValueMap): readonly string[] {
  const [before, after] = [older, newer].map(applicationsOf);
  return [...after!].flatMap(([id, application]) => (before!.get(id) === application ? [] : [id]));
}

/**
 * What `Globals` say of the callers of an API that no resource of the template is: AWS SAM makes one for functions that name
 * none (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html).
 *
 * @returns Names of what changed; `undefined` when nothing did.
 */
export function changedGlobals(older: ValueMap, newer: ValueMap): string | undefined {
  const changed = ['Api', 'HttpApi'].flatMap((kind) => {
    const [had, has] = [older, newer].map((template) => valueAt(template, 'Globals', kind));
    const names = differencesOf(had, has).flatMap(({ path }) =>
      path.filter((name) => UNEXPANDED.test(name)).slice(0, 1),
    );
    return [...new Set(names)].map((name) => `\`Globals.${kind}.${name}\``);
  });
  return changed.length === 0 ? undefined : changed.join(' and ');
}

function applicationsOf(template: ValueMap): ReadonlyMap<string, string> {
  const resources = get(template, 'Resources');
  const found = new Map<string, string>();
  for (const id of resources !== undefined && isMap(resources) ? keysOf(resources) : []) {
    const resource = valueAt(resources, id);
    const location = valueAt(resource, 'Properties', 'Location');
    if (textOf(valueAt(resource, 'Type')) !== APPLICATION || location === undefined || typeof location === 'string') {
      continue;
    }
    // What references in it give hangs on the rest of the template.
    const isOpen = /"(?:Ref|Fn::\w+)":/.test(jsonOf(location));
    const more = isOpen ? ['Parameters', 'Mappings', 'Conditions'].map((name) => get(template, name) ?? null) : [];
    found.set(id, jsonOf([location, ...more]));
  }
  return found;
}

function urlOf({ properties }: Resource): string {
  return `\`${textOf(get(properties, 'TemplateURL')) ?? 'TemplateURL'}\``;
}

/** What cannot be told of a stack set; `undefined` when there is nothing. */
function ofSet(
  { unknowns }: Comparison,
  { sets }: Compared,
  key: string,
  old: Resource | undefined,
  now: Resource | undefined,
): string | undefined {
  if (old === undefined || now === undefined) {
    const where = `the stack set is in the ${now === undefined ? 'old' : 'new'} template only`;
    return sets.has(key) ? undefined : `${where}, and what its stacks hold cannot be read`;
  }
  const names = [...new Set([...keysOf(old.properties), ...keysOf(now.properties)])].sort();
  const changed = names.filter((name) => {
    if (HARMLESS.has(name)) return false;
    const [had, has] = [old, now].map(({ properties }) => get(properties, name));
    if (sets.has(key) && name === 'TemplateBody') return (had === undefined) !== (has === undefined);
    if (sets.has(key) && name === 'Parameters') {
      const isOpen = (text: string): boolean => unknowns.isOpen(text);
      return openParameters(had, isOpen) !== openParameters(has, isOpen);
    }
    return jsonOf(had ?? null) !== jsonOf(has ?? null);
  });
  if (changed.length === 0) return undefined;
  const words = changed.map((name) => `\`${name}\``).join(', ');
  return changed.some((name) => name === 'TemplateBody' || name === 'TemplateURL')
    ? `the template of the stack set changed and cannot be read: ${words}`
    : `the stack set changes where its stacks are or what they are given: ${words}`;
}

/** The parameters that are no texts: what changes of the others is compared where they are used. */
function openParameters(written: Value | undefined, isOpen: (text: string) => boolean): string {
  if (written === undefined) return '';
  const pairs: readonly (readonly [string, Value])[] = isList(written)
    ? written.map((each) =>
        isMap(each)
          ? [textOf(get(each, 'ParameterKey')) ?? jsonOf(each), get(each, 'ParameterValue') ?? null]
          : ['', each],
      )
    : isMap(written)
      ? keysOf(written).map((name) => [name, get(written, name)!])
      : [['', written]];
  const open = pairs.filter(([, value]) => {
    const text = textOf(value);
    return text === undefined || isOpen(text);
  });
  return jsonOf(open.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => [name, value]));
}

/** The checks of policy validation on policies that may hold values that nobody knows. */
import type { Severity } from '../../../findings/index.js';
import type { PolicyKind } from '../../../iam/index.js';
import { POLICY_CHECKS, RESOURCE_TYPES, validatePolicy } from '../../../iam/validate/index.js';
import type { PolicyFinding, PolicyFindingType } from '../../../iam/validate/index.js';
import { get, isList, isMap, keysOf, readJsonSource, withUnknownsAs } from '../../../template/index.js';
import type { Marks, Path, Value } from '../../../template/index.js';
import type { TemplatePolicy } from '../collect.js';
import { SOME_ACCOUNT } from '../readings.js';
import { hasUnknown, isUnknown, textOf, valueAt } from '../values.js';
import { RULES } from './check.js';
import type { Notes } from './check.js';

const SEVERITIES: Readonly<Record<PolicyFindingType, Severity>> = {
  ERROR: 'error',
  SECURITY_WARNING: 'warning',
  WARNING: 'warning',
  SUGGESTION: 'info',
};

/** Checks of ours that a proof of the same takes the place of. */
const PROVEN: ReadonlySet<string> = new Set(['IAM4012']);

/** Codes that ask for what the author of such a policy cannot write, or that its language has and IAM has not. */
const NOT_MEANT: Readonly<Record<string, ReadonlySet<string>>> = {
  // Policies of IoT Core have the grammar of IAM, and variables, ARNs and actions that only IoT Core knows.
  'AWS::IoT::Policy': new Set(['INVALID_ACTION', 'INVALID_SERVICE_CONDITION_KEY', 'IAM4013', 'IAM4014']),
};

/**
 * Validates a policy. A value that nobody knows is tried as a plain name and as `*`: what is wrong either way is a finding;
 * what is dangerous with `*` only is left open.
 */
export function checkValidation(policy: TemplatePolicy, marks: Marks, notes: Notes): void {
  const { unknowns, problems } = policy;
  const value = documentOf(policy.value);
  if (value === undefined) {
    if (unknowns.length > 0) {
      notes.open({ ruleId: RULES.validation, path: [], reason: 'nothing of the document is known', unknowns });
      return;
    }
    // Text that is no JSON.
    for (const { code, message, help } of problems) fail(notes, { code, type: 'ERROR', message, help, path: [] });
    return;
  }
  const unclear = new Set<string>();
  const doubt = (path: Path, of: string): void => {
    const id = JSON.stringify(path);
    if (unclear.has(id)) return;
    unclear.add(id);
    notes.open({
      ruleId: RULES.validation,
      path,
      reason: `${of} is not known`,
      unknowns: unknownsAt(value, path, marks),
    });
  };
  const named = findingsOf(policy, unknowns.length === 0 ? value : substituted(value, 'name'));
  const stars = unknowns.length === 0 ? named : findingsOf(policy, substituted(value, 'star'));
  const idOf = ({ code, path }: PolicyFinding): string => JSON.stringify([code, path]);
  const alsoStars = new Set(stars.map(idOf));
  const alsoNamed = new Set(named.map(idOf));
  for (const finding of named) {
    // The form of what is not known is not known either.
    const isOurs = unknowns.length > 0 && finding.type !== 'SECURITY_WARNING' && holdsUnknown(value, finding.path);
    if (isOurs || !alsoStars.has(idOf(finding))) continue;
    if (finding.type === 'SECURITY_WARNING' && hasUnknownKeys(value, finding.path)) {
      doubt(finding.path, `whether ${finding.message}`);
    } else fail(notes, finding);
  }
  for (const finding of stars) {
    if (finding.type === 'SECURITY_WARNING' && !alsoNamed.has(idOf(finding))) {
      doubt(finding.path, `whether ${finding.message}`);
    }
  }
  for (const path of wholeUnknowns(value)) doubt(path, `\`${String(path.at(-1) ?? 'Statement')}\``);
}

function fail(notes: Notes, { code, type, message, help, path }: PolicyFinding): void {
  notes.fail({
    ruleId: code,
    severity: SEVERITIES[type],
    title: POLICY_CHECKS.get(code)!.title,
    message,
    help,
    docs: `docs/iam/codes/${code}.md`,
    path,
    subject: withUnknownsAs(message, '?'),
    labels: [type],
  });
}

function findingsOf({ kind, protects, resource, generated }: TemplatePolicy, value: Value): readonly PolicyFinding[] {
  const options = kind === 'resource' && RESOURCE_TYPES.includes(protects) ? { resourceType: protects } : {};
  const notMeant = Object.hasOwn(NOT_MEANT, resource.type) ? NOT_MEANT[resource.type] : undefined;
  return validatePolicy(value, kind as PolicyKind, options).filter(
    // The version of what AWS SAM makes is for AWS SAM to write.
    ({ code }) => notMeant?.has(code) !== true && !PROVEN.has(code) && !(generated && code === 'MISSING_VERSION'),
  );
}

/** The document as data; `undefined` for text that is none. */
function documentOf(value: Value): Value | undefined {
  if (typeof value !== 'string') return value;
  return readJsonSource(value, '').source?.value;
}

/** The document with something plain in the place of unknown values. */
function substituted(value: Value, by: 'name' | 'star'): Value {
  if (typeof value === 'string') return by === 'star' ? withUnknownsAs(value, '*') : namedText(value);
  if (isList(value)) return value.map((each) => substituted(each, by));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    keysOf(value).map((key) => [withUnknownsAs(key, 'unknown'), substituted(get(value, key)!, by)]),
  );
}

function namedText(text: string): string {
  if (!hasUnknown(text)) return text;
  const parts = text.split(':');
  if (parts[0] !== 'arn' || parts.length < 6) return withUnknownsAs(text, 'unknown');
  return parts.map((part, at) => withUnknownsAs(part, ARN_PARTS[at] ?? 'unknown')).join(':');
}

/** By their place in an ARN. */
const ARN_PARTS: readonly (string | undefined)[] = ['arn', 'aws', undefined, 'us-east-1', SOME_ACCOUNT];

/** Whether an unknown value stands at a path, or below it where it is no whole statement. */
function holdsUnknown(value: Value, path: Path): boolean {
  const found = valueAt(value, path);
  // A key that is not known leads nowhere here.
  if (found === undefined && path.includes('Condition')) return true;
  return hasUnknown(typeof found === 'string' || path.length > 2 ? textOf(found) : '');
}

/** Whether the statement that a path leads into has conditions on keys that are not known. */
function hasUnknownKeys(value: Value, path: Path): boolean {
  const statement =
    path[0] !== 'Statement' ? undefined : valueAt(value, path.slice(0, typeof path[1] === 'number' ? 2 : 1));
  const conditions = statement !== undefined && isMap(statement) ? get(statement, 'Condition') : undefined;
  if (conditions === undefined || !isMap(conditions)) return false;
  return keysOf(conditions).some((operator) => {
    const keys = get(conditions, operator)!;
    return hasUnknown(operator) || (isMap(keys) && keysOf(keys).some(hasUnknown));
  });
}

function unknownsAt(value: Value, path: Path, marks: Marks): ReturnType<Marks['in']> {
  const found = marks.in(textOf(valueAt(value, path)));
  return found.length > 0 ? found : marks.in(textOf(value));
}

/** Elements without which nothing is known of what a statement says: all but resources and values of conditions. */
function wholeUnknowns(value: Value): readonly Path[] {
  const isOpen = (each: Value | undefined): boolean => typeof each === 'string' && isUnknown(each);
  if (!isMap(value)) return [];
  const written = get(value, 'Statement');
  if (isOpen(written)) return [['Statement']];
  const statements: (readonly [Value, Path])[] = isList(written)
    ? written.map((each, index) => [each, ['Statement', index]])
    : written === undefined
      ? []
      : [[written, ['Statement']]];
  return statements.flatMap(([statement, path]) => {
    if (isOpen(statement)) return [path];
    if (!isMap(statement)) return [];
    return ['Effect', 'Action', 'NotAction', 'Condition'].flatMap((name): Path[] => {
      const element = get(statement, name);
      if (isOpen(element)) return [[...path, name]];
      return isList(element)
        ? element.flatMap((each, index): Path[] => (isOpen(each) ? [[...path, name, index]] : []))
        : [];
    });
  });
}

/**
 * The configuration of a hook: "Hook configuration schema syntax reference" of the CloudFormation Hooks User Guide
 * (https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/hook-configuration-schema.html), and whether it
 * makes a hook run for a target.
 */
import { ServiceError } from '../../errors.js';
import { textOf } from '../json.js';
import type { Json } from '../json.js';
import type { HookQuestion } from '../hook-gate.js';

export interface HookConfiguration {
  readonly isEnabled: boolean;
  readonly failureMode: 'FAIL' | 'WARN';
  readonly operations: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly targetFilters: TargetFilters | null;
  readonly stackFilters: StackFilters | null;
}

interface TargetFilters {
  readonly names: readonly string[] | null;
  readonly actions: readonly string[] | null;
  readonly targets: readonly { readonly name: string; readonly action: string | null }[] | null;
}

interface StackFilters {
  readonly all: boolean;
  readonly names: Lists | null;
  readonly roles: Lists | null;
}

interface Lists {
  readonly include: readonly string[] | null;
  readonly exclude: readonly string[];
}

const MAX_LENGTH = 204_800;
const MAX_NAMES = 50;

function refused(message: string): ServiceError {
  return new ServiceError('CFNRegistryException', message);
}

/** @throws ServiceError when it is no configuration of a hook. */
export function readConfiguration(text: string): HookConfiguration {
  if (text.length > MAX_LENGTH) throw refused(`Configuration is longer than ${MAX_LENGTH} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused('Configuration is not valid JSON');
  }
  const outer = mapAt(mapOf(value, 'the configuration'), 'CloudFormationConfiguration');
  const inner = outer && mapAt(outer, 'HookConfiguration');
  if (inner === undefined) throw refused('required key [CloudFormationConfiguration.HookConfiguration] not found');
  const status = wordAt(inner, 'HookInvocationStatus', ['ENABLED', 'DISABLED']);
  const stacks = wordAt(inner, 'TargetStacks', ['ALL', 'NONE']);
  return {
    isEnabled: status === undefined ? stacks === 'ALL' : status === 'ENABLED' && stacks !== 'NONE',
    failureMode: (wordAt(inner, 'FailureMode', ['FAIL', 'WARN']) ?? 'WARN') as 'FAIL' | 'WARN',
    operations: textsAt(inner, 'TargetOperations') ?? ['RESOURCE'],
    properties: mapAt(inner, 'Properties') ?? {},
    targetFilters: targetFiltersOf(mapAt(inner, 'TargetFilters')),
    stackFilters: stackFiltersOf(mapAt(inner, 'StackFilters')),
  };
}

function targetFiltersOf(filters: Json | undefined): TargetFilters | null {
  if (filters === undefined) return null;
  const targets = filters['Targets'];
  const names = textsAt(filters, 'TargetNames');
  if (targets !== undefined && names !== undefined) {
    throw refused('TargetFilters can have either Targets or TargetNames, not both');
  }
  if ((names?.length ?? 0) > MAX_NAMES) throw refused(`TargetNames has more than ${MAX_NAMES} items`);
  return {
    names: names ?? null,
    actions: textsAt(filters, 'Actions') ?? null,
    targets: Array.isArray(targets)
      ? (targets as readonly unknown[]).map((each) => {
          const target = mapOf(each, 'a member of Targets');
          return {
            name: textOf(target['TargetName'], '*'),
            action: typeof target['Action'] === 'string' ? target['Action'] : null,
          };
        })
      : null,
  };
}

function stackFiltersOf(filters: Json | undefined): StackFilters | null {
  if (filters === undefined || Object.keys(filters).length === 0) return null;
  const names = listsOf(mapAt(filters, 'StackNames'));
  const roles = listsOf(mapAt(filters, 'StackRoles'));
  if (names === null && roles === null) throw refused('StackFilters needs StackNames or StackRoles');
  return { all: wordAt(filters, 'FilteringCriteria', ['ALL', 'ANY']) !== 'ANY', names, roles };
}

function listsOf(lists: Json | undefined): Lists | null {
  if (lists === undefined) return null;
  return { include: textsAt(lists, 'Include') ?? null, exclude: textsAt(lists, 'Exclude') ?? [] };
}

function mapOf(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw refused(`${what} is no map`);
}

function mapAt(map: Json, key: string): Json | undefined {
  return map[key] === undefined ? undefined : mapOf(map[key], key);
}

function textsAt(map: Json, key: string): readonly string[] | undefined {
  const value = map[key];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw refused(`${key} is no list`);
  return (value as readonly unknown[]).map(String);
}

function wordAt(map: Json, key: string, words: readonly string[]): string | undefined {
  const value = map[key];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && words.includes(value)) return value;
  throw refused(`${key} is none of ${words.join(', ')}`);
}

/** The operation, as configurations name it. */
export function operationOf(question: HookQuestion): 'RESOURCE' | 'STACK' | 'CHANGE_SET' | 'CLOUD_CONTROL' {
  return question.target === 'RESOURCE' && question.requestToken !== undefined ? 'CLOUD_CONTROL' : question.target;
}

/** Whether a hook runs for a target. */
export function concerns(configuration: HookConfiguration, question: HookQuestion): boolean {
  const { isEnabled, operations, targetFilters, stackFilters } = configuration;
  if (!isEnabled || !operations.includes(operationOf(question))) return false;
  // There is no stack that filters could choose.
  if (operationOf(question) === 'CLOUD_CONTROL') return passesTarget(targetFilters, question);
  return passesTarget(targetFilters, question) && passesStack(stackFilters, question);
}

function passesTarget(filters: TargetFilters | null, question: HookQuestion): boolean {
  if (filters === null) return true;
  const { action } = question;
  const name = question.target === 'RESOURCE' ? question.type : question.target;
  if (filters.targets !== null) {
    return filters.targets.some((each) => isLike(each.name, name) && (each.action ?? action) === action);
  }
  // Names are those of resource types: stacks and change sets are chosen by the operations.
  const isNamed =
    filters.names === null ||
    filters.names.some((pattern) => isLike(pattern, name)) ||
    (question.target !== 'RESOURCE' && !filters.names.some((pattern) => !pattern.includes('::')));
  return isNamed && (filters.actions?.includes(action) ?? true);
}

function passesStack(filters: StackFilters | null, { stack, call }: HookQuestion): boolean {
  if (filters === null) return true;
  const role = stack.roleArn ?? call.caller.issuer;
  const answers = [
    ...(filters.names === null ? [] : [isAmong(filters.names, stack.name)]),
    ...(filters.roles === null ? [] : [isAmong(filters.roles, role)]),
  ];
  return filters.all ? answers.every(Boolean) : answers.some(Boolean);
}

function isAmong({ include, exclude }: Lists, text: string): boolean {
  if (exclude.some((pattern) => isLike(pattern, text))) return false;
  return include === null || include.some((pattern) => isLike(pattern, text));
}

/** Whether a text fits a pattern with `*` and `?`. */
function isLike(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

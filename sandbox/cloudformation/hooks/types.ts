/** Operations on types of hooks and on their results (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ActivateType.html and its neighbours). */
import { partitionOf } from '../../../template/index.js';
import { ServiceError } from '../../errors.js';
import { newId } from '../data.js';
import type { CfnCall, Output } from '../engine.js';
import { flag, optional, optionalWord, page, structure, structures, text, validationError } from '../input.js';
import { date } from '../shapes.js';
import type { Shape } from '../shapes.js';
import { readConfiguration } from './configuration.js';
import { hooksAt } from './data.js';
import type { HookResult, HooksHere, HookType } from './data.js';

const PUBLIC_HOOKS: ReadonlySet<string> = new Set(['AWS::Hooks::GuardHook', 'AWS::Hooks::LambdaHook']);
const PUBLISHER = 'aws-hooks';
const NAME = { pattern: /^[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}$/, most: 204 };

function here({ by, account, region }: CfnCall): HooksHere {
  return hooksAt(by.state, account, region);
}

export function typeArn(account: string, region: string, name: string): string {
  return `arn:${partitionOf(region)}:cloudformation:${region}:${account}:type/hook/${name.replaceAll('::', '-')}`;
}

/** What is known of a type before it is activated. */
export interface Activation {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly originalName: string;
  readonly executionRoleArn: string | undefined;
  readonly autoUpdate: boolean;
  readonly logging: HookType['logging'];
  readonly now: number;
}

export function activated(types: Map<string, HookType>, from: Activation): HookType {
  const { account, region, name, originalName, executionRoleArn, autoUpdate, logging, now } = from;
  const type: HookType = {
    arn: typeArn(account, region, name),
    name,
    originalName,
    publisherId: originalName.startsWith('AWS::') ? PUBLISHER : undefined,
    executionRoleArn,
    versionId: '00000001',
    createdAt: now,
    updatedAt: now,
    autoUpdate,
    logging,
    configuration: undefined,
    configurationVersion: undefined,
  };
  types.set(name, type);
  return type;
}

export function configure(type: HookType, configuration: string, now: number): string {
  readConfiguration(configuration);
  type.configuration = configuration;
  type.configurationVersion = newId();
  type.updatedAt = now;
  return `${type.arn.replace(':type/hook/', ':type-configuration/hook/')}/default`;
}

export function activateType(call: CfnCall): Output {
  const { input } = call;
  const publicArn = optional(input, 'PublicTypeArn');
  const name =
    publicArn === undefined
      ? text(input, 'TypeName')
      : publicArn.slice(publicArn.lastIndexOf('/') + 1).replaceAll('-', '::');
  optionalWord(input, 'Type', ['HOOK', 'RESOURCE', 'MODULE'] as const);
  if (!PUBLIC_HOOKS.has(name)) {
    throw new ServiceError('TypeNotFoundException', `The public type ${name} is not emulated by the sandbox`, 404);
  }
  const alias = optional(input, 'TypeNameAlias', NAME) ?? name;
  const { types } = here(call);
  const roleArn = optional(input, 'ExecutionRoleArn');
  if (roleArn !== undefined) {
    call.by.authorize('iam:PassRole', roleArn, {
      context: { 'iam:PassedToService': 'hooks.cloudformation.amazonaws.com' },
    });
  }
  const known = types.get(alias);
  if (known !== undefined) {
    known.executionRoleArn = roleArn ?? known.executionRoleArn;
    return { Arn: known.arn };
  }
  const logging = structure(input, 'LoggingConfig');
  const { arn } = activated(types, {
    account: call.account,
    region: call.region,
    name: alias,
    originalName: name,
    executionRoleArn: roleArn,
    autoUpdate: flag(input, 'AutoUpdate') ?? true,
    logging: logging && { group: text(logging, 'LogGroupName'), roleArn: text(logging, 'LogRoleArn') },
    now: call.by.now,
  });
  return { Arn: arn };
}

/** The type of an input, by name or ARN. @throws ServiceError when it is not activated. */
function named(call: CfnCall, nameKey = 'TypeName', arnKey = 'Arn'): HookType {
  const { types } = here(call);
  const arn = optional(call.input, arnKey)?.replace(/\/[0-9]{8}$/, '');
  const name = optional(call.input, nameKey);
  if (arn === undefined && name === undefined) {
    throw validationError(`Either ${nameKey} or ${arnKey} must be specified`);
  }
  const found = [...types.values()].find((each) => (name === undefined ? each.arn === arn : each.name === name));
  if (found !== undefined) return found;
  throw new ServiceError('TypeNotFoundException', `The type '${name ?? arn ?? ''}' cannot be found.`, 404);
}

export function deactivateType(call: CfnCall): Output {
  const type = named(call);
  here(call).types.delete(type.name);
  return {};
}

export function describeType(call: CfnCall): Output {
  const type = named(call);
  return {
    Arn: type.arn,
    Type: 'HOOK',
    TypeName: type.name,
    DefaultVersionId: type.versionId,
    IsDefaultVersion: true,
    DeprecatedStatus: 'LIVE',
    ProvisioningType: 'IMMUTABLE',
    Visibility: type.publisherId === undefined ? 'PRIVATE' : 'PUBLIC',
    ExecutionRoleArn: type.executionRoleArn,
    LoggingConfig: type.logging && { LogGroupName: type.logging.group, LogRoleArn: type.logging.roleArn },
    LastUpdated: date(type.updatedAt),
    TimeCreated: date(type.createdAt),
    PublisherId: type.publisherId,
    OriginalTypeName: type.originalName,
    IsActivated: true,
    AutoUpdate: type.autoUpdate,
  };
}

/**
 * A public type that is activated is among the private ones of the account, by its alias; the public ones are those that
 * could be activated (`Visibility` of API_ListTypes, read 2026-11-22).
 */
export function listTypes(call: CfnCall): Output {
  const kind = optionalWord(call.input, 'Type', ['HOOK', 'RESOURCE', 'MODULE'] as const) ?? 'RESOURCE';
  const visibility = optionalWord(call.input, 'Visibility', ['PUBLIC', 'PRIVATE'] as const) ?? 'PRIVATE';
  const filters = structure(call.input, 'Filters') ?? {};
  const prefix = optional(filters, 'TypeNamePrefix') ?? '';
  const isActivated = optional(filters, 'Category') === 'ACTIVATED';
  const { types } = here(call);
  const all = visibility === 'PRIVATE' || isActivated ? [...types.values()].map(summary) : publicHooks(call);
  const found = all.filter(({ TypeName }) => kind === 'HOOK' && TypeName.startsWith(prefix));
  const { items, ...rest } = page(call.input, JSON.stringify(['ListTypes', kind, visibility, filters]), found);
  return { TypeSummaries: items, ...rest };
}

function summary(type: HookType): Shape & { readonly TypeName: string } {
  return {
    Type: 'HOOK',
    TypeName: type.name,
    DefaultVersionId: type.versionId,
    TypeArn: type.arn,
    LastUpdated: date(type.updatedAt),
    PublisherId: type.publisherId,
    OriginalTypeName: type.originalName,
    IsActivated: true,
  };
}

function publicHooks(call: CfnCall): readonly (Shape & { readonly TypeName: string })[] {
  const { region } = call;
  const activated = new Set([...here(call).types.values()].map(({ originalName }) => originalName));
  return [...PUBLIC_HOOKS].map((name) => ({
    Type: 'HOOK',
    TypeName: name,
    TypeArn: `arn:${partitionOf(region)}:cloudformation:${region}::type/hook/${PUBLISHER}/${name.replaceAll('::', '-')}`,
    PublisherId: PUBLISHER,
    IsActivated: activated.has(name),
  }));
}

export function setTypeConfiguration(call: CfnCall): Output {
  const type = named(call, 'TypeName', 'TypeArn');
  optional(call.input, 'ConfigurationAlias', { oneOf: ['default'] });
  return { ConfigurationArn: configure(type, text(call.input, 'Configuration'), call.by.now) };
}

export function batchDescribeTypeConfigurations(call: CfnCall): Output {
  const details: Shape[] = [];
  const errors: Shape[] = [];
  const identifiers = structures(call.input, 'TypeConfigurationIdentifiers', { least: 1 });
  for (const identifier of identifiers) {
    optionalWord(identifier, 'Type', ['RESOURCE', 'MODULE', 'HOOK'] as const);
    optional(identifier, 'TypeName', {
      least: 10,
      most: 204,
      pattern: /^[A-Za-z0-9]{2,64}(?:::[A-Za-z0-9]{2,64}){2}(?:::MODULE)?$/,
    });
    try {
      const type = named({ ...call, input: identifier }, 'TypeName', 'TypeArn');
      details.push({
        Arn: `${type.arn.replace(':type/hook/', ':type-configuration/hook/')}/default`,
        Alias: 'default',
        Configuration: type.configuration ?? '{}',
        LastUpdated: date(type.updatedAt),
        TypeArn: type.arn,
        TypeName: type.name,
        IsDefaultConfiguration: type.configuration === undefined,
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      errors.push({
        ErrorCode: error.code,
        ErrorMessage: error.message,
        TypeConfigurationIdentifier: {
          TypeArn: optional(identifier, 'TypeArn'),
          TypeName: optional(identifier, 'TypeName'),
          Type: optional(identifier, 'Type'),
        },
      });
    }
  }
  return { TypeConfigurations: details, Errors: errors, UnprocessedTypeConfigurations: [] };
}

const RESULT_STATUSES = ['HOOK_IN_PROGRESS', 'HOOK_COMPLETE_SUCCEEDED', 'HOOK_COMPLETE_FAILED', 'HOOK_FAILED'] as const;

/** A target that no hook was asked for is refused ("Errors" of API_ListHookResults, read 2026-11-22). */
export function listHookResults(call: CfnCall): Output {
  const { input } = call;
  const targetType = optionalWord(input, 'TargetType', ['CHANGE_SET', 'STACK', 'RESOURCE', 'CLOUD_CONTROL'] as const);
  const targetId = optional(input, 'TargetId', { least: 1, most: 1600, pattern: /^[A-Za-z0-9:/-]*$/ });
  if ((targetType === undefined) !== (targetId === undefined)) {
    throw validationError('TargetType and TargetId must be specified together');
  }
  const ofType = optional(input, 'TypeArn');
  const status = optionalWord(input, 'Status', RESULT_STATUSES);
  const results = [...here(call).results.values()].reverse().filter((result) => {
    if (targetType !== undefined) return result.target.operation === targetType && isAt(result, targetId!);
    return (ofType === undefined || result.typeArn === ofType) && (status === undefined || result.status === status);
  });
  if (targetType !== undefined && results.length === 0) {
    throw new ServiceError(
      'HookResultNotFound',
      "The specified target doesn't have any requested Hook invocations.",
      404,
    );
  }
  const { items, ...rest } = page(
    input,
    JSON.stringify(['ListHookResults', targetType, targetId, ofType, status]),
    results,
  );
  return {
    ...(targetType !== undefined && { TargetType: targetType, TargetId: targetId }),
    HookResults: items.map((result) => resultSummary(result, targetType === undefined)),
    ...rest,
  };
}

function isAt({ target: { id, stackId } }: HookResult, targetId: string): boolean {
  return id === targetId || stackId === targetId;
}

function resultSummary(result: HookResult, withTarget: boolean): Shape {
  const { target } = result;
  return {
    HookResultId: result.id,
    InvocationPoint: 'PRE_PROVISION',
    FailureMode: result.failureMode,
    TypeName: result.typeName,
    TypeVersionId: result.versionId,
    TypeConfigurationVersionId: result.configurationVersion,
    TypeArn: result.typeArn,
    Status: result.status,
    HookStatusReason: result.reason,
    ...(withTarget && {
      InvokedAt: date(result.invokedAt),
      TargetType: target.operation,
      TargetId: target.id,
      HookExecutionTarget: target.stackId === '' || target.operation === 'CHANGE_SET' ? target.id : target.stackId,
    }),
  };
}

export function getHookResult(call: CfnCall): Output {
  const id = text(call.input, 'HookResultId', { most: 36 });
  const result = here(call).results.get(id);
  if (result === undefined) throw new ServiceError('HookResultNotFound', `Hook result ${id} was not found`, 404);
  const { target } = result;
  return {
    ...resultSummary(result, false),
    InvokedAt: date(result.invokedAt),
    OriginalTypeName: result.originalName,
    Target: {
      TargetType: 'RESOURCE',
      TargetTypeName: target.typeName,
      TargetId: target.id,
      Action: target.action,
    },
    Annotations: result.annotations as readonly Shape[],
  };
}

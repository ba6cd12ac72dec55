/** Hooks as resources: `AWS::CloudFormation::LambdaHook`, `GuardHook`, `HookTypeConfig` and `TypeActivation`. */
import type { Call } from '../../call.js';
import type { Json } from '../json.js';
import type { ResourceData, StackData } from '../data.js';
import { readConfiguration } from '../hooks/configuration.js';
import { hooksAt } from '../hooks/data.js';
import type { HookType } from '../hooks/data.js';
import { activated, configure, typeArn } from '../hooks/types.js';
import { ResourceFailure } from '../surroundings.js';
import type { Made, PresentCall, Provider, ResourceCall } from '../surroundings.js';

const HOOKS_PRINCIPAL = 'hooks.cloudformation.amazonaws.com';

/** What the two managed hooks have of their own. */
interface Kind {
  readonly originalName: string;
  readonly status: 'ENABLED' | 'DISABLED';
  properties(resource: Json): Json;
}

const LAMBDA: Kind = {
  originalName: 'AWS::Hooks::LambdaHook',
  status: 'ENABLED',
  properties: (resource) => ({ LambdaFunction: resource['LambdaFunction'] }),
};

const GUARD: Kind = {
  originalName: 'AWS::Hooks::GuardHook',
  // As the reference has it: a Guard Hook that does not say more does nothing.
  status: 'DISABLED',
  properties: (resource) => {
    const options = resource['Options'] as Json | undefined;
    return {
      ruleLocation: place(resource['RuleLocation']),
      logBucket: resource['LogBucket'],
      ...(options !== undefined && { options: { inputParams: place(options['InputParams']) } }),
    };
  },
};

function place(location: unknown): unknown {
  if (Array.isArray(location)) return (location as readonly unknown[]).map(place);
  const { Uri: uri, VersionId: versionId } = (location ?? {}) as Json;
  return { uri, versionId };
}

function configurationOf(kind: Kind, resource: Json): string {
  return JSON.stringify({
    CloudFormationConfiguration: {
      HookConfiguration: {
        HookInvocationStatus: resource['HookStatus'] ?? kind.status,
        TargetOperations: resource['TargetOperations'],
        FailureMode: resource['FailureMode'] ?? 'WARN',
        Properties: kind.properties(resource),
        TargetFilters: resource['TargetFilters'],
        StackFilters: resource['StackFilters'],
      },
    },
  });
}

function typesOf(call: Call, { account, region }: StackData): Map<string, HookType> {
  return hooksAt(call.state, account, region).types;
}

function typeAt(call: Call, stack: StackData, arn: string): HookType {
  const found = [...typesOf(call, stack).values()].find((each) => each.arn === arn || each.name === arn);
  if (found === undefined) throw new ResourceFailure(`The type ${arn} cannot be found`);
  return found;
}

/** A change of a hook is a call of the registry, which needs a right of its own. */
function permitSetting(call: Call): void {
  call.authorize('cloudformation:SetTypeConfiguration');
}

function managed(kind: Kind): Provider {
  const apply = ({ call, resource }: ResourceCall, type: HookType): Made => {
    permitSetting(call);
    try {
      configure(type, configurationOf(kind, resource.properties), call.now);
    } catch (error) {
      throw new ResourceFailure(error instanceof Error ? error.message : String(error));
    }
    return { physicalId: type.arn, attributes: { HookArn: type.arn } };
  };
  return {
    create(asked: ResourceCall): Made {
      const { call, stack, resource } = asked;
      const { account, region } = stack;
      const name = String(resource.properties['Alias']);
      const roleArn = String(resource.properties['ExecutionRole']);
      const types = typesOf(call, stack);
      call.authorize('cloudformation:ActivateType');
      call.authorize('iam:PassRole', roleArn, { context: { 'iam:PassedToService': HOOKS_PRINCIPAL } });
      if (types.has(name)) throw new ResourceFailure(`${typeArn(account, region, name)} already exists`);
      // What cannot be a configuration shall leave nothing behind.
      readConfiguration(configurationOf(kind, resource.properties));
      const logging = resource.properties['LoggingConfig'] as Json | undefined;
      const type = activated(types, {
        account,
        region,
        name,
        originalName: kind.originalName,
        executionRoleArn: roleArn,
        autoUpdate: resource.properties['AutoUpdate'] !== false,
        logging: logging && { group: String(logging['LogGroupName']), roleArn: String(logging['LogRoleArn']) },
        now: call.now,
      });
      return apply(asked, type);
    },
    update(asked: ResourceCall, current: ResourceData): Made {
      const type = typeAt(asked.call, asked.stack, current.physicalId!);
      type.executionRoleArn = String(asked.resource.properties['ExecutionRole']);
      return apply(asked, type);
    },
    delete({ call, stack }: PresentCall, current: ResourceData): void {
      call.authorize('cloudformation:DeactivateType');
      const types = typesOf(call, stack);
      for (const { arn, name } of [...types.values()]) if (arn === current.physicalId) types.delete(name);
    },
  };
}

const HOOK_TYPE_CONFIG: Provider = {
  create: ({ call, stack, resource }: ResourceCall): Made => {
    permitSetting(call);
    const { TypeArn: arn, TypeName: name, Configuration: configuration } = resource.properties;
    const type = typeAt(call, stack, String(arn ?? name));
    const configurationArn = configure(type, String(configuration), call.now);
    return { physicalId: configurationArn, attributes: { ConfigurationArn: configurationArn } };
  },
  update(asked: ResourceCall): Made {
    return HOOK_TYPE_CONFIG.create(asked) as Made;
  },
  delete({ call, stack }: PresentCall, current: ResourceData): void {
    permitSetting(call);
    const { TypeArn: arn, TypeName: name } = current.properties;
    const type = [...typesOf(call, stack).values()].find((each) => each.arn === arn || each.name === name);
    if (type !== undefined) type.configuration = undefined;
  },
};

const LAMBDA_HOOK = managed(LAMBDA);

/** A hook that is activated and configured apart. */
const TYPE_ACTIVATION: Provider = {
  create({ call, stack, resource }: ResourceCall): Made {
    call.authorize('cloudformation:ActivateType');
    const { TypeName: name, TypeNameAlias: alias, ExecutionRoleArn: roleArn, Type: type } = resource.properties;
    if (type !== 'HOOK') throw new ResourceFailure(`the sandbox activates hooks only, and no ${String(type)}`);
    const { arn } = activated(typesOf(call, stack), {
      account: stack.account,
      region: stack.region,
      name: String(alias ?? name),
      originalName: String(name),
      executionRoleArn: typeof roleArn === 'string' ? roleArn : undefined,
      autoUpdate: true,
      logging: undefined,
      now: call.now,
    });
    return { physicalId: arn, attributes: { Arn: arn } };
  },
  update({ call, stack, resource }: ResourceCall, current: ResourceData): Made {
    call.authorize('cloudformation:ActivateType');
    const type = typeAt(call, stack, current.physicalId!);
    const roleArn = resource.properties['ExecutionRoleArn'];
    if (typeof roleArn === 'string') type.executionRoleArn = roleArn;
    return { physicalId: type.arn, attributes: { Arn: type.arn } };
  },
  delete: (asked, current) => LAMBDA_HOOK.delete(asked, current),
};

export const HOOK_PROVIDERS: ReadonlyMap<string, Provider> = new Map([
  ['AWS::CloudFormation::LambdaHook', LAMBDA_HOOK],
  ['AWS::CloudFormation::GuardHook', managed(GUARD)],
  ['AWS::CloudFormation::HookTypeConfig', HOOK_TYPE_CONFIG],
  ['AWS::CloudFormation::TypeActivation', TYPE_ACTIVATION],
]);

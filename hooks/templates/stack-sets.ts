/**
 * The stack sets, as one stack of the account that administers them: for each wave one of hooks, and one of the rule
 * that watches them. A set goes on when its stack is deleted; it is emptied first, by hand or by `stackade deploy`.
 *
 * AWS CloudFormation Template Reference: AWS::CloudFormation::StackSet.
 */
import { RETAIN, withTags } from '../../template/building/index.js';
import type { Json, JsonMap } from '../../template/building/index.js';
import { Names } from './deployment.js';
import type { HookDeployment } from './deployment.js';

/** Keys of member templates in the bucket of packages. */
export interface TemplateKeys {
  /** By the ring of the wave. */
  readonly hooks: Readonly<Record<string, string>>;
  readonly watch: Readonly<Record<string, string>>;
}

/** @returns The template. Each wave waits for the one before. */
export function stackSetTemplate(deployment: HookDeployment, keys: TemplateKeys): JsonMap {
  const sets: Record<string, Json> = {};
  const isSeveral = deployment.waves.length > 1;
  let before: string | undefined;
  for (const [index, wave] of deployment.waves.entries()) {
    const ring = `${wave.ring.charAt(0).toUpperCase()}${wave.ring.slice(1)}`;
    const common = { unitIds: wave.unitIds, isFirst: index === 0 && isSeveral, ring: wave.ring };
    sets[`${ring}Hooks`] = stackSet(deployment, {
      ...common,
      name: wave.stackSetName,
      description: `Hooks of Stackade, ${wave.ring} ring, failure mode ${wave.mode}`,
      templateKey: keys.hooks[wave.ring]!,
      before,
    });
    sets[`${ring}Watch`] = stackSet(deployment, {
      ...common,
      name: `${wave.stackSetName}-watch`,
      description: `Reports hooks of Stackade that are changed, disabled or removed, ${wave.ring} ring`,
      templateKey: keys.watch[wave.ring]!,
      before: `${ring}Hooks`,
    });
    before = `${ring}Watch`;
  }
  return withTags(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description:
        'Stack sets of the hooks of Stackade. A stack of the delegated administrator account, in the home Region; the management account gets the same templates as stacks of its own.',
      Resources: sets,
    },
    deployment.tags,
  );
}

interface SetOptions {
  readonly name: string;
  readonly description: string;
  readonly unitIds: readonly string[];
  readonly templateKey: string;
  readonly isFirst: boolean;
  readonly ring: string;
  readonly before: string | undefined;
}

function stackSet(deployment: HookDeployment, options: SetOptions): JsonMap {
  const { name, description, unitIds, templateKey, ring, before } = options;
  const { homeRegion, regions, partition } = deployment;
  const bucket = new Names(deployment).assetBucketOf(homeRegion);
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    Type: 'AWS::CloudFormation::StackSet',
    ...(before === undefined ? {} : { DependsOn: [before] }),
    ...RETAIN,
    Properties: {
      StackSetName: name,
      Description: description,
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'DELEGATED_ADMIN',
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      ManagedExecution: { Active: true },
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      OperationPreferences: preferences(options.isFirst),
      StackInstancesGroup: [{ DeploymentTargets: { OrganizationalUnitIds: unitIds }, Regions: regions }],
      TemplateURL: `https://${bucket}.s3.${homeRegion}.${suffix}/${templateKey}`,
      Tags: [
        { Key: 'stackade', Value: 'hooks' },
        { Key: 'ring', Value: ring },
      ],
    },
  };
}

/** In the first ring one account at a time, and the first failure stops; later a quarter at a time, still without tolerance. */
function preferences(isFirst: boolean): JsonMap {
  return isFirst
    ? {
        RegionConcurrencyType: 'SEQUENTIAL',
        MaxConcurrentCount: 1,
        FailureToleranceCount: 0,
        ConcurrencyMode: 'STRICT_FAILURE_TOLERANCE',
      }
    : {
        RegionConcurrencyType: 'PARALLEL',
        MaxConcurrentPercentage: 25,
        FailureToleranceCount: 0,
        ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
      };
}

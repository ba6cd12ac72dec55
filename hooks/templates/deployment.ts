/** What the templates of hooks are made from: the organization, where the hooks go, and how they decide. */

import { sub } from '../../template/building/index.js';
import type { Json } from '../../template/building/index.js';

/** What becomes of an operation that a hook refuses: `WARN` lets it go on, and so does a hook that cannot answer. */
export type FailureMode = 'FAIL' | 'WARN';

/** Targets of a hook: AWS CloudFormation Hooks User Guide, "Hook targets". */
export type HookTarget = 'RESOURCE' | 'CLOUD_CONTROL' | 'STACK' | 'CHANGE_SET';
export type HookAction = 'CREATE' | 'UPDATE' | 'DELETE';

/** Accounts that get the hooks at the same time. */
export interface Wave {
  /** `canary` or `general`: the ring of the rollout. */
  readonly ring: string;
  /** Name of its stack set. */
  readonly stackSetName: string;
  /** Organizational units, or the root. */
  readonly unitIds: readonly string[];
  readonly mode: FailureMode;
}

export interface HookDeployment {
  readonly organizationId: string;
  /** The account that administers the stack sets and owns the packages. */
  readonly administratorAccount: string;
  /** Stack sets do not reach it; it reads the packages for a stack of its own. */
  readonly managementAccount: string;
  readonly partition: string;
  readonly homeRegion: string;
  /** The home Region among them, sorted. */
  readonly regions: readonly string[];
  /** In the order in which they are rolled out. */
  readonly waves: readonly Wave[];
  /** Beginning of every name, such as `stackade-`; the policy that protects the hooks goes by it. */
  readonly prefix: string;
  /** Name of the role that publishes packages. */
  readonly releaseRole: string;
  /** First two parts of the type names of the hooks: `Stackade::Policy`. */
  readonly alias: string;
  readonly targets: readonly HookTarget[];
  readonly actions: readonly HookAction[];
  readonly logRetentionDays: number;
  /** Name, with its path, of a permissions boundary that every account has; `null` where the organization asks for none. */
  readonly roleBoundary: string | null;
  /** Tags on everything that carries tags. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Names that several templates have to agree on. */
export class Names {
  constructor(private readonly deployment: HookDeployment) {}

  /** The bucket of packages of the stack's Region: Lambda reads code from a bucket of its own Region only. */
  get assetBucket(): Json {
    return sub(this.assetBucketOf('${AWS::Region}'));
  }

  assetBucketOf(region: string): string {
    return `${this.deployment.prefix}assets-${this.deployment.administratorAccount}-${region}`;
  }

  /** Alias of the key of the packages, the same in every Region. */
  get assetKeyAlias(): string {
    return `alias/${this.deployment.prefix}assets`;
  }

  /** Of the roles that read packages; IAM names hold in all Regions, so the Region is part of the name. */
  role(purpose: string): Json {
    return sub(`${this.deployment.prefix}hook-${purpose}-\${AWS::Region}`);
  }

  /** Of the role of each account with which the release role reads what the hooks said. */
  get resultsRole(): string {
    return `${this.deployment.prefix}hook-results`;
  }

  get hookFunction(): string {
    return `${this.deployment.prefix}hook`;
  }

  get watchFunction(): string {
    return `${this.deployment.prefix}hook-watch`;
  }

  /**
   * The bucket of reports of a Guard Hook. Its name does not begin with the prefix: the policy that protects the hooks lets
   * nobody but the rollout write to buckets that do, and here the hook writes.
   */
  get guardReports(): Json {
    return sub(`reports-${this.deployment.prefix}\${AWS::AccountId}-\${AWS::Region}-\${ShortStackUuid}`);
  }

  /** Type names of the hooks: `Stackade::Policy::Resources` sees resources, `…::Templates` sees stacks and change sets. */
  alias(kind: 'Resources' | 'Templates' | 'GuardRules'): string {
    return `${this.deployment.alias}::${kind}`;
  }
}

/** Targets that show one resource, and those that show a template. */
export const RESOURCE_TARGETS: readonly HookTarget[] = ['RESOURCE', 'CLOUD_CONTROL'];
export const TEMPLATE_TARGETS: readonly HookTarget[] = ['STACK', 'CHANGE_SET'];

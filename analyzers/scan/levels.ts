/** The organization policies in effect at an account, as they are attached: level by level from the root to the account. */
import { MANAGED_POLICY_IDS } from '../../organization/index.js';
import { readPolicy } from '../../iam/index.js';
import type { Policy } from '../../iam/index.js';
import type { OrganizationFacts, OrganizationPolicy } from './source.js';

/** A policy of a level. */
export interface LevelPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** What is attached at one root, unit or account. */
export interface Level {
  /** Such as `/Workloads/Production`. */
  readonly shown: string;
  readonly policies: readonly LevelPolicy[];
}

/** The levels of a type at an account. */
export type Levels =
  /** Policies of the type do not act there, and why. */
  | { readonly kind: 'none'; readonly why: string }
  /** They could not be read. */
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'levels'; readonly levels: readonly Level[]; readonly key: string };

export type RestrainingType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

const TITLES = { SERVICE_CONTROL_POLICY: 'SCP', RESOURCE_CONTROL_POLICY: 'RCP' } as const;

/** `RCPFullAWSAccess` is attached everywhere and cannot be detached. */
const EVERYTHING: LevelPolicy = {
  name: 'RCPFullAWSAccess',
  policy: {
    version: '2012-10-17',
    statements: [
      {
        effect: 'Allow',
        principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
        action: { negated: false, patterns: ['*'] },
        resource: { negated: false, patterns: ['*'] },
        conditions: [],
      },
    ],
  },
};

/** Reads the policies of an organization once, and tells what is in effect at its accounts. */
export class EffectiveLevels {
  private readonly accounts: ReadonlyMap<string, OrganizationFacts['accounts'][number]>;
  private readonly units: ReadonlyMap<string, { readonly name: string; readonly parentId: string }>;
  private readonly read = new Map<string, LevelPolicy | null>();
  private readonly known = new Map<string, Levels>();

  constructor(private readonly organization: OrganizationFacts) {
    this.accounts = new Map(organization.accounts.map((account) => [account.id, account]));
    this.units = new Map(organization.units.map((unit) => [unit.id, unit]));
  }

  /** What policies of a type say at an account. */
  at(account: string, type: RestrainingType): Levels {
    const key = `${account} ${type}`;
    const known = this.known.get(key) ?? this.make(account, type);
    this.known.set(key, known);
    return known;
  }

  private make(id: string, type: RestrainingType): Levels {
    const { enabledPolicyTypes, managementAccount, policies } = this.organization;
    const title = TITLES[type];
    if (id === managementAccount) return { kind: 'none', why: `no ${title} restrains the management account` };
    const account = this.accounts.get(id);
    if (account === undefined) {
      return { kind: 'none', why: `no ${title} of the organization acts in the account ${id}` };
    }
    if (policies.failures.length > 0) {
      return {
        kind: 'unknown',
        why: `the policies of the organization could not be read (${policies.failures[0]!.code})`,
      };
    }
    if (!enabledPolicyTypes.includes(type)) return { kind: 'none', why: `${title}s are not enabled` };
    const levels: Level[] = [];
    for (const target of [...account.parents, id]) {
      const attached = policies.items.filter((each) => each.type === type && each.targets.includes(target));
      const parsed: LevelPolicy[] = [];
      for (const policy of attached) {
        const one = this.policyOf(policy);
        if (one === null) {
          return { kind: 'unknown', why: `the text of the ${title} \`${policy.name}\` could not be read` };
        }
        parsed.push(one);
      }
      const isThere = attached.some((each) => each.id === MANAGED_POLICY_IDS.rcp);
      if (type === 'RESOURCE_CONTROL_POLICY' && !isThere) parsed.unshift(EVERYTHING);
      levels.push({ shown: this.shown(target), policies: parsed });
    }
    const key = levels.map((level) => level.policies.map(({ name }) => name).join('\n')).join('\n\n');
    return { kind: 'levels', levels, key };
  }

  private policyOf({ id, name, type, content }: OrganizationPolicy): LevelPolicy | null {
    let made = this.read.get(id);
    if (made === undefined) {
      const kind = type === 'SERVICE_CONTROL_POLICY' ? 'scp' : 'rcp';
      const policy = content === null ? undefined : readPolicy(content, kind, name).policy;
      made = policy === undefined ? null : { name, policy };
      this.read.set(id, made);
    }
    return made;
  }

  private shown(target: string): string {
    const account = this.accounts.get(target);
    if (account !== undefined) return `account ${account.id} (${account.name})`;
    const names: string[] = [];
    for (let unit = this.units.get(target); unit !== undefined; unit = this.units.get(unit.parentId)) {
      names.unshift(unit.name);
    }
    return `/${names.join('/')}`;
  }
}

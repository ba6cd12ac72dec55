/**
 * Looks at what an analyzer watches, and keeps its findings in step: at once, where AWS takes up to thirty minutes. What
 * has not changed since is not looked at again.
 */
import { uuidOf } from '../cloudformation/data.js';
import type { Host } from '../service.js';
import { changesOf, type SandboxState } from '../state.js';
import { isOrganizational, kindOf } from './data.js';
import type { AnalyzedResource, AnalyzerData, FindingData, FindingStatus } from './data.js';
import { externalGrants, type Prover, type Zone } from './external.js';
import { matches } from './filters.js';
import { internalFindings } from './internal.js';
import { policedResources } from './resources.js';
import { isUnderRcp, type Seen } from './seen.js';
import { statusOf } from './status.js';
import { unusedAccess, type Exclusion } from './unused.js';

/** What an analyzer was last looked at with; no part of the state. */
const done = new WeakMap<AnalyzerData, string>();

let prover: Promise<Prover> | undefined;

const DAY = 86_400_000;

/** Brings the findings of an analyzer up to date. One that is disabled keeps those that it has. */
export async function analyze(host: Host, analyzer: AnalyzerData): Promise<void> {
  const { state } = host;
  if (statusOf(state, analyzer).status !== 'ACTIVE') return;
  const kind = kindOf(analyzer.type);
  const { changes, uses } = changesOf(state);
  const now = host.now();
  const at = kind === 'unused' ? `${changes} ${uses} ${Math.floor(now / DAY)}` : String(changes);
  if (done.get(analyzer) === at) return;
  const seen =
    kind === 'external'
      ? external(state, analyzer, now, await (prover ??= import('../../iam/prove/index.js')))
      : kind === 'unused'
        ? unused(state, analyzer, now)
        : internalFindings(state, analyzer, zoneOf(state, analyzer));
  done.set(analyzer, at);
  keep(analyzer, seen, now);
}

/** Whether the next look has to be a new one, as after a scan was asked for. */
export function forget(analyzer: AnalyzerData): void {
  done.delete(analyzer);
}

/** Accounts that an analyzer trusts: its own, or those of the organization. */
export function zoneOf({ organization }: SandboxState, { type, account }: AnalyzerData): Zone {
  if (!isOrganizational(type)) return { organizationId: null, accounts: new Set([account]) };
  const active = [...organization.accounts.values()].filter(({ state }) => state === 'ACTIVE');
  return { organizationId: organization.id, accounts: new Set(active.map(({ id }) => id)) };
}

function external(state: SandboxState, analyzer: AnalyzerData, now: number, by: Prover): readonly Seen[] {
  const zone = zoneOf(state, analyzer);
  const looked = new Map<string, AnalyzedResource>();
  const seen: Seen[] = [];
  for (const account of zone.accounts) {
    for (const resource of policedResources(state, account, analyzer.region)) {
      const { arn, type, owner } = resource;
      looked.set(arn, { arn, type, owner, analyzedAt: analyzer.resources.get(arn)?.analyzedAt ?? now });
      for (const { principal, condition, actions, isPublic } of externalGrants(resource, zone, by)) {
        const detail = {
          action: actions,
          condition,
          isPublic,
          principal,
          // Told of buckets only.
          ...(type === 'AWS::S3::Bucket' && { sources: [{ type: 'POLICY' }] }),
          resourceControlPolicyRestriction: isUnderRcp(state, owner, type) ? 'APPLICABLE' : 'NOT_APPLICABLE',
        };
        seen.push({
          id: uuidOf(JSON.stringify([analyzer.arn, arn, principal, condition])),
          findingType: 'ExternalAccess',
          resource: arn,
          resourceType: type,
          resourceOwnerAccount: owner,
          findingDetails: [{ externalAccessDetails: detail }],
        });
      }
    }
  }
  const last = [...looked.values()].at(-1);
  analyzer.resources = looked;
  analyzer.lastAnalyzed = last && { resource: last.arn, at: now };
  return seen;
}

/** Days that access is unused before it is told, where an analyzer does not say. */
const UNUSED_AGE = 90;

function unused(state: SandboxState, analyzer: AnalyzerData, now: number): readonly Seen[] {
  const { unusedAccessAge, analysisRule } = (analyzer.configuration?.['unusedAccess'] ?? {}) as {
    readonly unusedAccessAge?: number;
    readonly analysisRule?: { readonly exclusions?: readonly Exclusion[] };
  };
  return [...zoneOf(state, analyzer).accounts].flatMap((account) =>
    unusedAccess(state, account, unusedAccessAge ?? UNUSED_AGE, analysisRule?.exclusions ?? [], now).map(
      ({ findingType, resource, resourceType, details, subject }): Seen => ({
        id: uuidOf(JSON.stringify([analyzer.arn, findingType, resource, subject])),
        findingType,
        resource,
        resourceType,
        resourceOwnerAccount: account,
        findingDetails: details,
      }),
    ),
  );
}

/** What archive rules make of a new finding. */
export function firstStatus({ rules }: AnalyzerData, finding: FindingData): FindingStatus {
  return [...rules.values()].some(({ filter }) => matches(finding, filter)) ? 'ARCHIVED' : 'ACTIVE';
}

function keep(analyzer: AnalyzerData, seen: readonly Seen[], now: number): void {
  const { findings } = analyzer;
  const open = new Set<string>();
  for (const each of seen) {
    open.add(each.id);
    const old = findings.get(each.id);
    if (old === undefined || old.status === 'RESOLVED') {
      const times = { createdAt: old?.createdAt ?? now, analyzedAt: now, updatedAt: now };
      const made: FindingData = { ...each, ...times, status: 'ACTIVE', isSeeded: false };
      findings.set(each.id, { ...made, status: firstStatus(analyzer, made) });
    } else if (JSON.stringify(old.findingDetails) !== JSON.stringify(each.findingDetails)) {
      findings.set(each.id, { ...old, ...each, analyzedAt: now, updatedAt: now });
    }
  }
  for (const [id, finding] of findings) {
    if (finding.isSeeded || finding.status === 'RESOLVED' || open.has(id)) continue;
    findings.set(id, { ...finding, status: 'RESOLVED', analyzedAt: now, updatedAt: now });
  }
}

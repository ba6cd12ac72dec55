/** Analyzers and findings that are there from the start, for tests and benches. */
import { randomUUID } from 'node:crypto';
import { noteChange, type SandboxState } from '../state.js';
import { firstStatus } from './analyze.js';
import { ANALYZERS, kindOf } from './data.js';
import type { AnalyzerData, AnalyzerType, FindingData, FindingDetail, FindingStatus, FindingType } from './data.js';

export interface SeededAnalyzer {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly type: AnalyzerType;
  /** As `CreateAnalyzer` takes it. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** A finding, with the members that `GetFindingV2` answers. */
export interface SeededFinding {
  /** `@default` made up */
  readonly id?: string;
  readonly findingType: FindingType;
  readonly resource: string;
  readonly resourceType: string;
  readonly resourceOwnerAccount: string;
  /** `@default` what archive rules make of it. */
  readonly status?: FindingStatus;
  readonly error?: string;
  /** In milliseconds. `@default` when the organization was made. */
  readonly createdAt?: number;
  readonly updatedAt?: number;
  /** Each a map with one member, such as `externalAccessDetails`. */
  readonly findingDetails: readonly FindingDetail[];
}

const KINDS = { external: /^External/, unused: /^Unused/, internal: /^Internal/ } as const;

/**
 * Makes an analyzer, whatever quotas and the organization say.
 *
 * @returns Its ARN.
 * @throws RangeError when the account is not there, or the name is taken.
 */
export function seedAnalyzer(
  state: SandboxState,
  { account, region, name, type, configuration }: SeededAnalyzer,
): string {
  if (!state.organization.accounts.has(account)) throw new RangeError(`there is no account ${account}`);
  const { analyzers } = ANALYZERS.of(state, account, region);
  if (analyzers.has(name)) throw new RangeError(`there is an analyzer ${name} in ${account}, ${region} already`);
  const arn = `arn:aws:access-analyzer:${region}:${account}:analyzer/${name}`;
  analyzers.set(name, {
    ...{ name, arn, account, region, type, configuration, createdAt: state.organization.createdAt },
    tags: new Map(),
    rules: new Map(),
    findings: new Map(),
    resources: new Map(),
    lastAnalyzed: undefined,
  });
  noteChange(state);
  return arn;
}

/**
 * Adds findings to an analyzer. No analysis of the sandbox resolves them; `UpdateFindings` and archive rules do as with
 * others.
 *
 * @throws RangeError when there is no such analyzer, a finding is of another kind, or an id is there already.
 */
export function seedFindings(state: SandboxState, analyzerArn: string, findings: readonly SeededFinding[]): void {
  const analyzer = analyzerOf(state, analyzerArn);
  const pattern = KINDS[kindOf(analyzer.type)];
  const { createdAt: start } = state.organization;
  for (const seeded of findings) {
    const { id = randomUUID(), findingType, createdAt = start, updatedAt = createdAt, error, status } = seeded;
    if (!pattern.test(findingType)) throw new RangeError(`an analyzer of ${analyzer.type} has no ${findingType}`);
    if (analyzer.findings.has(id)) throw new RangeError(`there is a finding ${id} already`);
    const { resource, resourceType, resourceOwnerAccount, findingDetails } = seeded;
    const made: FindingData = {
      ...{ id, findingType, resource, resourceType, resourceOwnerAccount, findingDetails },
      ...(error !== undefined && { error }),
      ...{ createdAt, updatedAt, analyzedAt: updatedAt, status: 'ACTIVE', isSeeded: true },
    };
    analyzer.findings.set(id, { ...made, status: status ?? firstStatus(analyzer, made) });
  }
  noteChange(state);
}

function analyzerOf(state: SandboxState, arn: string): AnalyzerData {
  const [, , , region = '', account = ''] = arn.split(':');
  const found = [...ANALYZERS.of(state, account, region).analyzers.values()].find((each) => each.arn === arn);
  if (found === undefined) throw new RangeError(`there is no analyzer ${arn}`);
  return found;
}

/** Operations on findings. */
import type { Call } from '../call.js';
import type { Input, Operation } from '../service.js';
import { changesOf } from '../state.js';
import { analyze } from './analyze.js';
import { analyzerAt } from './analyzers.js';
import { FINDING_TYPES, kindOf } from './data.js';
import type { AnalyzerData, Filter, FindingData } from './data.js';
import { matches, sorted, sortKeyOf } from './filters.js';
import {
  filterOf,
  invalid,
  notFound,
  notPossible,
  optionalMap,
  optionalText,
  optionalWord,
  page,
  texts,
  word,
} from './input.js';

const timeOf = (at: number): string => new Date(at).toISOString();

/** What is known of the findings of an analyzer as they were at some time; no part of the state. */
interface Known {
  readonly at: string;
  /** In the order of their map. */
  readonly byOwner: ReadonlyMap<string, readonly FindingData[]>;
  /** Answers of the last questions, so that a page of a long list does not cost the whole list. */
  readonly lists: Map<string, readonly FindingData[]>;
}

const known = new WeakMap<AnalyzerData, Known>();
const MOST_LISTS = 64;

function knownOf(call: Call, analyzer: AnalyzerData): Known {
  const { changes, uses } = changesOf(call.state);
  const at = `${changes} ${uses} ${analyzer.findings.size}`;
  let found = known.get(analyzer);
  if (found?.at !== at) {
    found = { at, byOwner: byOwner(analyzer.findings.values()), lists: new Map() };
    known.set(analyzer, found);
  }
  return found;
}

function byOwner(findings: Iterable<FindingData>): ReadonlyMap<string, readonly FindingData[]> {
  const grouped = new Map<string, FindingData[]>();
  for (const finding of findings) {
    const of = grouped.get(finding.resourceOwnerAccount);
    if (of === undefined) grouped.set(finding.resourceOwnerAccount, [finding]);
    else of.push(finding);
  }
  return grouped;
}

/** Findings that may fit a filter: those of the accounts that it names, where it names some. */
function candidates({ byOwner }: Known, { findings }: AnalyzerData, filter: Filter): readonly FindingData[] {
  const owners = filter['resourceOwnerAccount']?.eq;
  return owners === undefined
    ? [...findings.values()]
    : [...new Set(owners)].flatMap((owner) => byOwner.get(owner) ?? []);
}

async function listed(
  call: Call,
  analyzer: AnalyzerData,
  input: Input,
): Promise<readonly [string, readonly FindingData[]]> {
  const filter = input['filter'] === undefined || input['filter'] === null ? {} : filterOf(input['filter']);
  const sort = optionalMap(input, 'sort') ?? {};
  const name = optionalText(sort, 'attributeName') ?? 'updatedAt';
  const key = sortKeyOf(name);
  if (key === undefined) throw invalid('sort', `findings cannot be sorted by ${name}`);
  const order = optionalWord(sort, 'orderBy', ['ASC', 'DESC'] as const) ?? 'DESC';
  await analyze(call.host, analyzer);
  const question = JSON.stringify([analyzer.arn, filter, key, order]);
  const of = knownOf(call, analyzer);
  const before = of.lists.get(question);
  if (before !== undefined) return [question, before];
  const list = sorted(
    candidates(of, analyzer, filter).filter((each) => matches(each, filter)),
    key,
    order,
  );
  if (of.lists.size >= MOST_LISTS) of.lists.clear();
  of.lists.set(question, list);
  return [question, list];
}

function head(finding: FindingData): object {
  const { id, resource, resourceType, resourceOwnerAccount, status, error } = finding;
  return {
    id,
    resource,
    resourceType,
    resourceOwnerAccount,
    status,
    analyzedAt: timeOf(finding.analyzedAt),
    createdAt: timeOf(finding.createdAt),
    updatedAt: timeOf(finding.updatedAt),
    ...(error !== undefined && { error }),
  };
}

async function listFindingsV2(call: Call, input: Input): Promise<object> {
  const analyzer = analyzerAt(call, input, 'ListFindings');
  const [question, list] = await listed(call, analyzer, input);
  const { items, rest } = page(input, question, list, ({ id }) => id);
  return { findings: items.map((each) => ({ ...head(each), findingType: each.findingType })), ...rest };
}

/** The first version knows of external access only. */
async function listFindings(call: Call, input: Input): Promise<object> {
  const analyzer = analyzerAt(call, input, 'ListFindings');
  if (kindOf(analyzer.type) !== 'external') throw notPossible('Use ListFindingsV2 for this type of analyzer');
  const [question, list] = await listed(call, analyzer, input);
  const { items, rest } = page(input, question, list, ({ id }) => id);
  return { findings: items.map(oldShape), ...rest };
}

function oldShape(finding: FindingData): object {
  const details = (finding.findingDetails[0]?.['externalAccessDetails'] ?? {}) as Input;
  return { ...head(finding), condition: {}, ...details };
}

async function findingOf(call: Call, input: Input): Promise<readonly [AnalyzerData, FindingData]> {
  const analyzer = analyzerAt(call, input, 'GetFinding');
  const id = optionalText(input, 'id') ?? '';
  await analyze(call.host, analyzer);
  const finding = analyzer.findings.get(id);
  if (finding === undefined) throw notFound('finding', id);
  return [analyzer, finding];
}

async function getFindingV2(call: Call, input: Input): Promise<object> {
  const [, finding] = await findingOf(call, input);
  const details = finding.findingDetails.map((detail, index) => ({ detail, index }));
  const { items, rest } = page(input, `details ${finding.id}`, details, ({ index }) => String(index));
  return {
    ...head(finding),
    findingType: finding.findingType,
    findingDetails: items.map(({ detail }) => detail),
    ...rest,
  };
}

async function getFinding(call: Call, input: Input): Promise<object> {
  const [analyzer, finding] = await findingOf(call, input);
  if (kindOf(analyzer.type) !== 'external') throw notPossible('Use GetFindingV2 for this type of analyzer');
  return { finding: oldShape(finding) };
}

/** Sets findings aside, or takes them back; resolved ones stay so. */
async function updateFindings(call: Call, input: Input): Promise<object> {
  const analyzer = analyzerAt(call, input, 'UpdateFindings');
  const status = word(input, 'status', ['ACTIVE', 'ARCHIVED'] as const);
  const ids = texts(input, 'ids');
  const resource = optionalText(input, 'resourceArn');
  if ((ids === undefined) === (resource === undefined)) throw invalid('ids', 'give either ids or resourceArn');
  await analyze(call.host, analyzer);
  const unknown = ids?.find((id) => !analyzer.findings.has(id));
  if (unknown !== undefined) throw notFound('finding', unknown);
  const chosen =
    ids?.map((id) => analyzer.findings.get(id)!) ??
    [...analyzer.findings.values()].filter((each) => each.resource === resource);
  for (const finding of chosen) {
    if (finding.status === 'RESOLVED' || finding.status === status) continue;
    analyzer.findings.set(finding.id, { ...finding, status, updatedAt: call.now });
  }
  return {};
}

const count = <T>(list: readonly T[], test: (each: T) => boolean): number => list.filter(test).length;

function totals(all: readonly FindingData[]): object {
  return {
    totalActiveFindings: count(all, ({ status }) => status === 'ACTIVE'),
    totalArchivedFindings: count(all, ({ status }) => status === 'ARCHIVED'),
    totalResolvedFindings: count(all, ({ status }) => status === 'RESOLVED'),
  };
}

function isPublic({ findingDetails }: FindingData): boolean {
  return findingDetails.some((each) => (each['externalAccessDetails'] as Input | undefined)?.['isPublic'] === true);
}

function byType(all: readonly FindingData[], shape: (of: readonly FindingData[]) => object): object {
  const types = [...new Set(all.map(({ resourceType }) => resourceType))].sort();
  return Object.fromEntries(types.map((type) => [type, shape(all.filter((each) => each.resourceType === type))]));
}

/** Accounts with the most findings that are told. */
const TOP = 10;

function statistics(analyzer: AnalyzerData): object {
  const all = [...analyzer.findings.values()];
  const active = all.filter(({ status }) => status === 'ACTIVE');
  switch (kindOf(analyzer.type)) {
    case 'external':
      return {
        externalAccessFindingsStatistics: {
          resourceTypeStatistics: byType(active, (of) => ({
            totalActivePublic: count(of, isPublic),
            totalActiveCrossAccount: count(of, (each) => !isPublic(each) && each.error === undefined),
            totalActiveErrors: count(of, ({ error }) => error !== undefined),
          })),
          ...totals(all),
        },
      };
    case 'internal':
      return {
        internalAccessFindingsStatistics: { resourceTypeStatistics: byType(all, totals), ...totals(all) },
      };
    case 'unused': {
      const accounts = [...new Set(active.map(({ resourceOwnerAccount }) => resourceOwnerAccount))]
        .map((account) => [account, active.filter((each) => each.resourceOwnerAccount === account)] as const)
        .sort(([a, of], [b, other]) => other.length - of.length || (a < b ? -1 : 1));
      const types = FINDING_TYPES.filter((each) => each.startsWith('Unused'));
      const of = (list: readonly FindingData[]): readonly (readonly [string, number])[] =>
        types.map((type) => [type, count(list, ({ findingType }) => findingType === type)] as const);
      return {
        unusedAccessFindingsStatistics: {
          unusedAccessTypeStatistics: of(active).map(([unusedAccessType, total]) => ({ unusedAccessType, total })),
          topAccounts: accounts.slice(0, TOP).map(([account, list]) => ({
            account,
            numberOfActiveFindings: list.length,
            details: Object.fromEntries(of(list)),
          })),
          ...totals(all),
        },
      };
    }
  }
}

export const FINDING_OPERATIONS: Readonly<Record<string, Operation>> = {
  GetFinding: getFinding,
  GetFindingsStatistics: async (call, input) => {
    const analyzer = analyzerAt(call, input, 'GetFindingsStatistics');
    await analyze(call.host, analyzer);
    return { findingsStatistics: [statistics(analyzer)], lastUpdatedAt: timeOf(call.now) };
  },
  GetFindingV2: getFindingV2,
  ListFindings: listFindings,
  ListFindingsV2: listFindingsV2,
  UpdateFindings: updateFindings,
};

/** Operations on analyzers, their tags and what they have looked at. */
import type { Call } from '../call.js';
import type { Input, Operation } from '../service.js';
import { IAM } from '../iam/data.js';
import { analyze, forget, zoneOf } from './analyze.js';
import { ANALYZER_TYPES, ANALYZERS, isOrganizational, kindOf } from './data.js';
import type { AnalyzerData, AnalyzerType } from './data.js';
import {
  conflict,
  filterOf,
  invalid,
  NAME,
  notFound,
  notPossible,
  optionalMap,
  optionalText,
  optionalWord,
  overQuota,
  page,
  tags,
  text,
  texts,
  word,
} from './input.js';
import { refuseUnlessAdministrator, statusOf } from './status.js';

export function analyzersOf(call: Call): Map<string, AnalyzerData> {
  return ANALYZERS.of(call.state, call.account, call.region).analyzers;
}

/** What policies call an analyzer. */
export const arnOf = ({ account, region }: Pick<Call, 'account' | 'region'>, name: string): string =>
  `arn:aws:access-analyzer:${region}:${account}:analyzer/${name}`;

/** @throws RequestError `accessDenied`. */
export function allow(call: Call, action: string, arn: string): void {
  const analyzer = byArn(call, arn);
  call.authorize(`access-analyzer:${action}`, arn, {
    owner: call.account,
    ...(analyzer !== undefined && { resourceTags: analyzer.tags }),
  });
}

function byArn(call: Call, arn: string): AnalyzerData | undefined {
  return [...analyzersOf(call).values()].find((each) => each.arn === arn);
}

/** The analyzer that an input names, when the caller may do something with it. */
export function namedAnalyzer(call: Call, input: Input, action: string): AnalyzerData {
  const name = text(input, 'analyzerName', NAME);
  allow(call, action, arnOf(call, name));
  const found = analyzersOf(call).get(name);
  if (found === undefined) throw notFound('analyzer', name);
  return found;
}

/** The analyzer whose ARN an input has. Those of other accounts and Regions are not there. */
export function analyzerAt(call: Call, input: Input, action: string): AnalyzerData {
  const arn = text(input, 'analyzerArn', /^[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:analyzer\/.{1,255}$/);
  allow(call, action, arn);
  const found = byArn(call, arn);
  if (found === undefined) throw notFound('analyzer', arn);
  return found;
}

/** Analyzers of a type that an account may have in a Region: "Access Analyzer quotas" of the IAM User Guide. */
function quotaOf(type: AnalyzerType): number {
  return isOrganizational(type) && kindOf(type) !== 'internal' ? 5 : 1;
}

const MOST_RULES = 100;

/** A configuration. @throws ServiceError when it is not one of the type. */
function configurationOf(type: AnalyzerType, input: Input): Input | undefined {
  const given = optionalMap(input, 'configuration');
  if (given === undefined) return undefined;
  const kind = kindOf(type);
  const member = kind === 'unused' ? 'unusedAccess' : 'internalAccess';
  if (kind === 'external') throw notPossible(`A configuration is not supported for analyzers of type ${type}`);
  const other = Object.keys(given).find((key) => key !== member);
  if (other !== undefined) throw invalid('configuration', `${other} is not for analyzers of type ${type}`);
  const of = optionalMap(given, member) ?? {};
  const age = of['unusedAccessAge'];
  if (age !== undefined && (typeof age !== 'number' || !Number.isInteger(age) || age < 1 || age > 365)) {
    throw invalid('unusedAccessAge', 'must be a number from 1 to 365');
  }
  const rule = optionalMap(of, 'analysisRule') ?? {};
  for (const list of ['exclusions', 'inclusions']) {
    const entries = rule[list];
    if (entries !== undefined && !Array.isArray(entries)) throw invalid(list, 'must be a list');
    for (const entry of (entries ?? []) as readonly Input[]) {
      for (const key of ['accountIds', 'resourceTypes', 'resourceArns']) texts(entry, key);
    }
  }
  return { [member]: of };
}

async function createAnalyzer(call: Call, input: Input): Promise<object> {
  const name = text(input, 'analyzerName', NAME);
  const type = word(input, 'type', ANALYZER_TYPES);
  const given = tags(input);
  const arn = arnOf(call, name);
  call.authorize('access-analyzer:CreateAnalyzer', arn, { owner: call.account, requestTags: given });
  const configuration = configurationOf(type, input);
  const listed = input['archiveRules'] ?? [];
  if (!Array.isArray(listed)) throw invalid('archiveRules', 'must be a list');
  const rules = (listed as readonly Input[]).map((each) => ({
    name: text(each, 'ruleName', NAME),
    filter: filterOf(each['filter']),
    createdAt: call.now,
    updatedAt: call.now,
  }));
  if (rules.length > MOST_RULES) throw overQuota('archiveRule', name, `An analyzer has at most ${MOST_RULES} rules`);
  if (isOrganizational(type)) refuseUnlessAdministrator(call.state, call.account);
  const analyzers = analyzersOf(call);
  if (analyzers.has(name)) throw conflict('analyzer', name);
  const same = [...analyzers.values()].filter((each) => each.type === type).length;
  if (same >= quotaOf(type)) {
    throw overQuota('analyzer', name, `The limit of ${quotaOf(type)} analyzers of type ${type} is reached`);
  }
  await makeLinkedRole(call);
  const analyzer: AnalyzerData = {
    ...{ name, arn, type, account: call.account, region: call.region, createdAt: call.now },
    tags: new Map(given),
    configuration,
    rules: new Map(rules.map((rule) => [rule.name, rule])),
    findings: new Map(),
    resources: new Map(),
    lastAnalyzed: undefined,
  };
  analyzers.set(name, analyzer);
  return { arn };
}

/** The first analyzer of an account makes the role that the service has for itself. */
async function makeLinkedRole(call: Call): Promise<void> {
  if (IAM.of(call.state, call.account).roles.has('awsserviceroleforaccessanalyzer')) return;
  await call.invoke('iam', 'CreateServiceLinkedRole', { AWSServiceName: 'access-analyzer.amazonaws.com' });
}

const timeOf = (at: number): string => new Date(at).toISOString();

function analyzerShape(call: Call, analyzer: AnalyzerData): object {
  const { arn, name, type, createdAt, lastAnalyzed, tags: of, configuration } = analyzer;
  const { status, reason } = statusOf(call.state, analyzer);
  return {
    arn,
    name,
    type,
    createdAt: timeOf(createdAt),
    ...(lastAnalyzed !== undefined && {
      lastResourceAnalyzed: lastAnalyzed.resource,
      lastResourceAnalyzedAt: timeOf(lastAnalyzed.at),
    }),
    tags: Object.fromEntries(of),
    status,
    ...(reason !== undefined && { statusReason: { code: reason } }),
    ...(configuration !== undefined && { configuration }),
  };
}

async function getAnalyzer(call: Call, input: Input): Promise<object> {
  const analyzer = namedAnalyzer(call, input, 'GetAnalyzer');
  await analyze(call.host, analyzer);
  return { analyzer: analyzerShape(call, analyzer) };
}

function listAnalyzers(call: Call, input: Input): object {
  call.authorize('access-analyzer:ListAnalyzers');
  const type = optionalWord(input, 'type', ANALYZER_TYPES);
  const all = [...analyzersOf(call).values()].filter((each) => type === undefined || each.type === type);
  const { items, rest } = page(input, `analyzers ${type ?? ''}`, all, ({ name }) => name);
  return { analyzers: items.map((each) => analyzerShape(call, each)), ...rest };
}

function updateAnalyzer(call: Call, input: Input): object {
  const analyzer = namedAnalyzer(call, input, 'UpdateAnalyzer');
  if (kindOf(analyzer.type) === 'external') {
    throw notPossible(`Analyzers of type ${analyzer.type} cannot be updated`);
  }
  const configuration = configurationOf(analyzer.type, input);
  if (configuration === undefined) throw invalid('configuration', 'must not be null');
  analyzer.configuration = configuration;
  forget(analyzer);
  return { configuration };
}

function deleteAnalyzer(call: Call, input: Input): object {
  const { name } = namedAnalyzer(call, input, 'DeleteAnalyzer');
  analyzersOf(call).delete(name);
  return {};
}

function startResourceScan(call: Call, input: Input): object {
  const analyzer = analyzerAt(call, input, 'StartResourceScan');
  const arn = text(input, 'resourceArn', /^arn:[^:]*:[^:]*:[^:]*:[^:]*:.*$/);
  const owner = optionalText(input, 'resourceOwnerAccount') ?? call.account;
  if (kindOf(analyzer.type) !== 'external') throw notPossible('The analyzer does not look at single resources');
  if (!zoneOf(call.state, analyzer).accounts.has(owner)) throw notFound('resource', arn);
  forget(analyzer);
  return {};
}

async function listAnalyzedResources(call: Call, input: Input): Promise<object> {
  const analyzer = analyzerAt(call, input, 'ListAnalyzedResources');
  const type = optionalText(input, 'resourceType');
  await analyze(call.host, analyzer);
  const all = [...analyzer.resources.values()].filter((each) => type === undefined || each.type === type);
  const { items, rest } = page(input, `resources ${type ?? ''}`, all, ({ arn }) => arn);
  return {
    analyzedResources: items.map(({ arn, owner, type: resourceType }) => ({
      resourceArn: arn,
      resourceOwnerAccount: owner,
      resourceType,
    })),
    ...rest,
  };
}

async function getAnalyzedResource(call: Call, input: Input): Promise<object> {
  const analyzer = analyzerAt(call, input, 'GetAnalyzedResource');
  const arn = text(input, 'resourceArn');
  await analyze(call.host, analyzer);
  const found = analyzer.resources.get(arn);
  if (found === undefined) throw notFound('resource', arn);
  const findings = [...analyzer.findings.values()].filter(({ resource }) => resource === arn);
  const details = findings.flatMap(({ status, findingDetails }) =>
    status === 'RESOLVED' ? [] : findingDetails.map((each) => each['externalAccessDetails'] as Input | undefined),
  );
  const status = ['ACTIVE', 'ARCHIVED', 'RESOLVED'].find((each) => findings.some((of) => of.status === each));
  return {
    resource: {
      resourceArn: arn,
      resourceType: found.type,
      createdAt: timeOf(found.analyzedAt),
      analyzedAt: timeOf(analyzer.lastAnalyzed?.at ?? found.analyzedAt),
      updatedAt: timeOf(Math.max(found.analyzedAt, ...findings.map(({ updatedAt }) => updatedAt))),
      isPublic: details.some((each) => each?.['isPublic'] === true),
      actions: [...new Set(details.flatMap((each) => (each?.['action'] ?? []) as readonly string[]))].sort(),
      sharedVia: details.length === 0 ? [] : ['POLICY'],
      ...(status !== undefined && { status }),
      resourceOwnerAccount: found.owner,
    },
  };
}

/** The analyzer that tags are of. */
function tagged(call: Call, input: Input, action: string): AnalyzerData {
  const arn = text(input, 'resourceArn');
  allow(call, action, arn);
  const found = byArn(call, arn);
  if (found === undefined) throw notFound('analyzer', arn);
  return found;
}

export const ANALYZER_OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateAnalyzer: createAnalyzer,
  DeleteAnalyzer: deleteAnalyzer,
  GetAnalyzedResource: getAnalyzedResource,
  GetAnalyzer: getAnalyzer,
  ListAnalyzedResources: listAnalyzedResources,
  ListAnalyzers: listAnalyzers,
  ListTagsForResource: (call, input) => ({
    tags: Object.fromEntries(tagged(call, input, 'ListTagsForResource').tags),
  }),
  StartResourceScan: startResourceScan,
  TagResource: (call, input) => {
    const { tags: of } = tagged(call, input, 'TagResource');
    for (const [key, value] of tags(input)) of.set(key, value);
    return {};
  },
  UntagResource: (call, input) => {
    const { tags: of } = tagged(call, input, 'UntagResource');
    const keys = input['tagKeys'];
    for (const key of typeof keys === 'string' ? [keys] : (texts(input, 'tagKeys') ?? [])) of.delete(key);
    return {};
  },
  UpdateAnalyzer: updateAnalyzer,
};

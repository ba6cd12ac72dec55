/** AWS Config, as far as results of rules need it (https://docs.aws.amazon.com/config/latest/APIReference/API_Operations.html). */
import type { Call } from '../call.js';
import { uuidOf } from '../cloudformation/data.js';
import { jsonProtocol } from '../protocols/json.js';
import type { Input, Operation, Service } from '../service.js';
import { CONFIG, type ConfigData, type EvaluationData, type RuleData } from './data.js';
import { evaluateRule } from './evaluate.js';
import { evaluatedWith, here, map, putRecorder, putRule, refused, removeRule, text } from './made.js';

function optionalTexts(input: Input, key: string): readonly string[] | undefined {
  const value = input[key];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw refused('ValidationException', `${key} must be a list of strings`);
}

/** @param call - In whose account and Region the rule is. */
function ruleNamed(call: Call, name: string): RuleData {
  const found = here(call).rules.get(name);
  if (found !== undefined) return found;
  throw refused('NoSuchConfigRuleException', `The ConfigRule '${name}' provided in the request is invalid.`);
}

/** Rules that an input names, or all. */
function rulesOf(call: Call, input: Input): readonly RuleData[] {
  const names = optionalTexts(input, 'ConfigRuleNames');
  return names === undefined || names.length === 0
    ? [...here(call).rules.values()]
    : names.map((name) => ruleNamed(call, name));
}

function page<T>(input: Input, items: readonly T[], most: number): readonly [readonly T[], { NextToken?: string }] {
  const token = input['NextToken'];
  const start = token === undefined || token === null || token === '' ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) throw refused('InvalidNextTokenException', 'The NextToken is not valid.');
  const limit = Number(input['Limit'] ?? 0);
  const end = start + (limit > 0 ? Math.min(limit, 100) : most);
  return [items.slice(start, end), end < items.length ? { NextToken: String(end) } : {}];
}

function ruleShape({ name, arn, id, written }: RuleData): object {
  return { ...written, ConfigRuleName: name, ConfigRuleArn: arn, ConfigRuleId: id, ConfigRuleState: 'ACTIVE' };
}

const seconds = (at: number | undefined): number | undefined => (at === undefined ? undefined : at / 1000);

function compliance(rule: RuleData): object {
  const all = [...rule.evaluations.values()];
  const bad = all.filter((each) => each.compliance === 'NON_COMPLIANT').length;
  if (bad > 0) {
    const count = { CappedCount: Math.min(bad, 25), CapExceeded: bad > 25 };
    return { ComplianceType: 'NON_COMPLIANT', ComplianceContributorCount: count };
  }
  const isGood = all.some((each) => each.compliance === 'COMPLIANT');
  return { ComplianceType: isGood ? 'COMPLIANT' : 'INSUFFICIENT_DATA' };
}

function resultShape(rule: RuleData, each: EvaluationData): object {
  return {
    EvaluationResultIdentifier: {
      EvaluationResultQualifier: {
        ...{ ConfigRuleName: rule.name, ResourceType: each.resourceType, ResourceId: each.resourceId },
        EvaluationMode: 'DETECTIVE',
      },
      OrderingTimestamp: seconds(each.orderedAt),
    },
    ComplianceType: each.compliance,
    ResultRecordedTime: seconds(each.recordedAt),
    ConfigRuleInvokedTime: seconds(each.invokedAt),
    Annotation: each.annotation,
  };
}

async function describeCompliance(call: Call, input: Input): Promise<object> {
  call.authorize('config:DescribeComplianceByConfigRule');
  const rules = rulesOf(call, input);
  for (const rule of rules) await evaluateRule(call.host, call.account, call.region, rule);
  const wanted = optionalTexts(input, 'ComplianceTypes');
  const shapes = rules
    .map((rule) => ({ ConfigRuleName: rule.name, Compliance: compliance(rule) as { ComplianceType: string } }))
    .filter(({ Compliance: { ComplianceType } }) => wanted?.includes(ComplianceType) ?? true);
  const [ComplianceByConfigRules, rest] = page(input, shapes, 25);
  return { ComplianceByConfigRules, ...rest };
}

async function complianceDetails(call: Call, input: Input): Promise<object> {
  const rule = ruleNamed(call, text(input, 'ConfigRuleName'));
  call.authorize('config:GetComplianceDetailsByConfigRule', rule.arn);
  await evaluateRule(call.host, call.account, call.region, rule);
  const wanted = optionalTexts(input, 'ComplianceTypes');
  const all = [...rule.evaluations.values()].filter((each) => wanted?.includes(each.compliance) ?? true);
  const [items, rest] = page(input, all, 10);
  return { EvaluationResults: items.map((each) => resultShape(rule, each)), ...rest };
}

const COMPLIANCES = ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE'];

function putEvaluations(call: Call, input: Input): object {
  call.authorize('config:PutEvaluations');
  const token = text(input, 'ResultToken');
  const { tokens } = here(call);
  const invocation = tokens.get(token);
  const rule = invocation && here(call).rules.get(invocation.rule);
  if (invocation === undefined || rule === undefined) {
    throw refused('InvalidResultTokenException', 'The specified ResultToken is not valid.');
  }
  const evaluations = input['Evaluations'] ?? [];
  if (!Array.isArray(evaluations) || evaluations.length > 100) {
    throw refused('InvalidParameterValueException', 'Evaluations must be a list of no more than 100 entries.');
  }
  for (const each of evaluations as readonly Input[]) {
    const [resourceType, resourceId] = [text(each, 'ComplianceResourceType'), text(each, 'ComplianceResourceId')];
    const type = text(each, 'ComplianceType');
    const annotation = each['Annotation'];
    if (!COMPLIANCES.includes(type) || (typeof annotation === 'string' && annotation.length > 256)) {
      throw refused('InvalidParameterValueException', `The evaluation of ${resourceId} is not valid.`);
    }
    const key = `${resourceType} ${resourceId}`;
    if (input['TestMode'] === true) continue;
    if (type === 'NOT_APPLICABLE') {
      rule.evaluations.delete(key);
      continue;
    }
    rule.evaluations.set(key, {
      ...{ resourceType, resourceId, compliance: type },
      annotation: typeof annotation === 'string' ? annotation : undefined,
      ...{ orderedAt: Number(each['OrderingTimestamp']) * 1000, recordedAt: call.now, invokedAt: invocation.at },
    });
  }
  return { FailedEvaluations: [] };
}

function describeStatus(call: Call, input: Input): object {
  call.authorize('config:DescribeConfigRuleEvaluationStatus');
  const [items, rest] = page(input, rulesOf(call, input), 50);
  return {
    ConfigRulesEvaluationStatus: items.map((rule) => ({
      ...{ ConfigRuleName: rule.name, ConfigRuleArn: rule.arn, ConfigRuleId: rule.id },
      FirstActivatedTime: seconds(rule.createdAt),
      LastSuccessfulInvocationTime: rule.error === undefined ? seconds(rule.invokedAt) : undefined,
      LastFailedInvocationTime: seconds(rule.failedAt),
      LastErrorCode: rule.error?.code,
      LastErrorMessage: rule.error?.message,
      FirstEvaluationStarted: rule.invokedAt !== undefined,
    })),
    ...rest,
  };
}

function recorders(call: Call, input: Input): readonly (readonly [string, { written: Input; isRecording: boolean }])[] {
  const names = optionalTexts(input, 'ConfigurationRecorderNames');
  const all = here(call).recorders;
  const unknown = names?.find((name) => !all.has(name));
  if (unknown !== undefined) {
    const message = `Cannot find configuration recorder with the specified name '${unknown}'.`;
    throw refused('NoSuchConfigurationRecorderException', message);
  }
  return [...all].filter(([name]) => names?.includes(name) ?? true);
}

function setRecording(isRecording: boolean): Operation {
  return (call, input) => {
    const name = text(input, 'ConfigurationRecorderName');
    call.authorize(`config:${isRecording ? 'Start' : 'Stop'}ConfigurationRecorder`);
    const recorder = recorders(call, { ConfigurationRecorderNames: [name] })[0]![1];
    recorder.isRecording = isRecording;
    return {};
  };
}

/** Accounts that an aggregator reads: all of the organization, or those that it names. */
function* aggregated(call: Call, input: Input): Generator<readonly [account: string, region: string, rule: RuleData]> {
  const name = text(input, 'ConfigurationAggregatorName');
  const aggregator = here(call).aggregators.get(name);
  if (aggregator === undefined) {
    throw refused('NoSuchConfigurationAggregatorException', `The configuration aggregator '${name}' does not exist.`);
  }
  const { AccountAggregationSources: sources } = aggregator.written as {
    readonly AccountAggregationSources?: readonly { readonly AccountIds?: readonly string[] }[];
  };
  const accounts = sources?.flatMap(({ AccountIds }) => AccountIds ?? []);
  for (const { account, region, value } of CONFIG.all(call.state)) {
    if (accounts !== undefined && !accounts.includes(account)) continue;
    for (const rule of value.rules.values()) yield [account, region, rule];
  }
}

async function aggregateCompliance(call: Call, input: Input): Promise<object> {
  call.authorize('config:DescribeAggregateComplianceByConfigRules');
  const all: object[] = [];
  for (const [account, region, rule] of aggregated(call, input)) {
    await evaluateRule(call.host, account, region, rule);
    all.push({ ConfigRuleName: rule.name, Compliance: compliance(rule), AccountId: account, AwsRegion: region });
  }
  const [AggregateComplianceByConfigRules, rest] = page(input, all, 50);
  return { AggregateComplianceByConfigRules, ...rest };
}

async function aggregateDetails(call: Call, input: Input): Promise<object> {
  call.authorize('config:GetAggregateComplianceDetailsByConfigRule');
  const [name, account, region] = ['ConfigRuleName', 'AccountId', 'AwsRegion'].map((key) => text(input, key));
  const all: object[] = [];
  for (const [of, at, rule] of aggregated(call, input)) {
    if (of !== account || at !== region || rule.name !== name) continue;
    await evaluateRule(call.host, of, at, rule);
    for (const each of rule.evaluations.values()) {
      all.push({ ...resultShape(rule, each), AccountId: of, AwsRegion: at });
    }
  }
  const [AggregateEvaluationResults, rest] = page(input, all, 50);
  return { AggregateEvaluationResults, ...rest };
}

function aggregatorShape(
  name: string,
  { arn, written, createdAt }: ConfigData['aggregators'] extends Map<string, infer T> ? T : never,
): object {
  return {
    ...written,
    ConfigurationAggregatorName: name,
    ConfigurationAggregatorArn: arn,
    CreationTime: createdAt / 1000,
  };
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  DeleteConfigRule: (call, input) => {
    const rule = ruleNamed(call, text(input, 'ConfigRuleName'));
    call.authorize('config:DeleteConfigRule', rule.arn);
    removeRule(call, rule.name);
    return {};
  },
  DescribeAggregateComplianceByConfigRules: aggregateCompliance,
  DescribeComplianceByConfigRule: describeCompliance,
  DescribeConfigRuleEvaluationStatus: describeStatus,
  DescribeConfigRules: (call, input) => {
    call.authorize('config:DescribeConfigRules');
    const [items, rest] = page(input, rulesOf(call, input), 25);
    return { ConfigRules: items.map(ruleShape), ...rest };
  },
  DescribeConfigurationAggregators: (call, input) => {
    call.authorize('config:DescribeConfigurationAggregators');
    const [items, rest] = page(input, [...here(call).aggregators], 50);
    return { ConfigurationAggregators: items.map(([name, each]) => aggregatorShape(name, each)), ...rest };
  },
  DescribeConfigurationRecorders: (call, input) => {
    call.authorize('config:DescribeConfigurationRecorders');
    return { ConfigurationRecorders: recorders(call, input).map(([, { written }]) => written) };
  },
  DescribeConfigurationRecorderStatus: (call, input) => {
    call.authorize('config:DescribeConfigurationRecorderStatus');
    const shapes = recorders(call, input).map(([name, { isRecording }]) => ({
      ...{ name, recording: isRecording, lastStatus: isRecording ? 'SUCCESS' : 'PENDING' },
    }));
    return { ConfigurationRecordersStatus: shapes };
  },
  GetAggregateComplianceDetailsByConfigRule: aggregateDetails,
  GetComplianceDetailsByConfigRule: complianceDetails,
  PutConfigRule: (call, input) => {
    call.authorize('config:PutConfigRule', `arn:aws:config:${call.region}:${call.account}:config-rule/*`);
    putRule(call, map(input, 'ConfigRule'));
    return {};
  },
  PutConfigurationAggregator: (call, input) => {
    const name = text(input, 'ConfigurationAggregatorName');
    call.authorize('config:PutConfigurationAggregator');
    const id = `config-aggregator-${uuidOf(`${call.account} ${call.region} ${name}`).slice(0, 8)}`;
    const arn = `arn:aws:config:${call.region}:${call.account}:config-aggregator/${id}`;
    const written = Object.fromEntries(Object.entries(input).filter(([key]) => key !== 'Tags'));
    const made = { arn, written, createdAt: call.now };
    here(call).aggregators.set(name, made);
    return { ConfigurationAggregator: aggregatorShape(name, made) };
  },
  PutConfigurationRecorder: (call, input) => {
    call.authorize('config:PutConfigurationRecorder');
    putRecorder(call, map(input, 'ConfigurationRecorder'), false);
    return {};
  },
  PutEvaluations: putEvaluations,
  StartConfigRulesEvaluation: (call, input) => {
    for (const rule of rulesOf(call, input)) {
      call.authorize('config:StartConfigRulesEvaluation', rule.arn);
      evaluatedWith.delete(rule);
    }
    return {};
  },
  StartConfigurationRecorder: setRecording(true),
  StopConfigurationRecorder: setRecording(false),
};

export const CONFIG_SERVICE: Service = {
  name: 'config',
  protocol: jsonProtocol('StarlingDoveService'),
  operations: OPERATIONS,
};

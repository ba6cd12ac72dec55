/** Rules and recorders of AWS Config, and analyzers of IAM Access Analyzer, as resources: they are made where they live. */
import { putRecorder, putRule, removeRule } from '../../config/made.js';
import { CONFIG } from '../../config/data.js';
import type { Json } from '../json.js';
import type { ResourceData } from '../data.js';
import { generatedName, givenName, RECORDS } from '../records.js';
import type { Made, PresentCall, Provider, ResourceCall } from '../surroundings.js';

const RULE: Provider = {
  async create(asked: ResourceCall): Promise<Made> {
    const { physicalId } = await RECORDS.create(asked);
    return ruleMade(asked, physicalId);
  },
  async update(asked: ResourceCall, current: ResourceData): Promise<Made> {
    await RECORDS.update(asked, current);
    return ruleMade(asked, current.physicalId!);
  },
  async delete(asked: PresentCall, current: ResourceData): Promise<void> {
    await RECORDS.delete(asked, current);
    removeRule(asked.call.as(asked.call.caller, asked.stack.region), current.physicalId!);
  },
};

function ruleMade({ call, resource }: ResourceCall, name: string): Made {
  const { InputParameters } = resource.properties;
  // These have another form in the API, or none.
  const others = ['InputParameters', 'EvaluationModes', 'Compliance'];
  const written = Object.fromEntries(Object.entries(resource.properties).filter(([key]) => !others.includes(key)));
  const { arn, id } = putRule(call, {
    ...written,
    ConfigRuleName: name,
    ...(InputParameters !== undefined && {
      InputParameters: typeof InputParameters === 'string' ? InputParameters : JSON.stringify(InputParameters),
    }),
  });
  return { physicalId: name, attributes: { Arn: arn, ConfigRuleId: id, 'Compliance.Type': 'INSUFFICIENT_DATA' } };
}

/** Made by a stack, a recorder records at once. */
const RECORDER: Provider = {
  async create(asked: ResourceCall): Promise<Made> {
    const { call, stack, resource } = asked;
    const { logicalId, type, properties } = resource;
    const name = givenName(type, properties) ?? generatedName(stack, logicalId, type);
    await RECORDS.create(asked);
    putRecorder(call, recorderOf(name, properties), true);
    return { physicalId: name, attributes: {} };
  },
  async update(asked: ResourceCall, current: ResourceData): Promise<Made> {
    await RECORDS.update(asked, current);
    putRecorder(asked.call, recorderOf(current.physicalId!, asked.resource.properties), true);
    return { physicalId: current.physicalId!, attributes: {} };
  },
  async delete(asked: PresentCall, current: ResourceData): Promise<void> {
    await RECORDS.delete(asked, current);
    CONFIG.of(asked.call.state, asked.stack.account, asked.stack.region).recorders.delete(current.physicalId!);
  },
};

function recorderOf(name: string, { RoleARN, RecordingGroup }: Json): Json {
  const { AllSupported, IncludeGlobalResourceTypes, ResourceTypes } = (RecordingGroup ?? {}) as Json;
  return {
    name,
    roleARN: RoleARN,
    recordingGroup: {
      ...(AllSupported !== undefined && { allSupported: AllSupported === true || AllSupported === 'true' }),
      ...(IncludeGlobalResourceTypes !== undefined && {
        includeGlobalResourceTypes: IncludeGlobalResourceTypes === true || IncludeGlobalResourceTypes === 'true',
      }),
      ...(ResourceTypes !== undefined && { resourceTypes: ResourceTypes }),
    },
  };
}

const ANALYZER: Provider = {
  async create({ call, stack, resource }: ResourceCall): Promise<Made> {
    const { logicalId, type, properties } = resource;
    const { AnalyzerName, Type, AnalyzerConfiguration, ArchiveRules, Tags } = properties;
    const name = typeof AnalyzerName === 'string' ? AnalyzerName : generatedName(stack, logicalId, type);
    const configuration = configurationOf(AnalyzerConfiguration);
    const { arn } = await call.invoke('access-analyzer', 'CreateAnalyzer', {
      ...{ analyzerName: name, type: Type, archiveRules: rulesOf(ArchiveRules).map(ruleShape) },
      ...(configuration !== undefined && { configuration }),
      tags: Object.fromEntries(listOf(Tags).map(({ Key, Value }) => [String(Key), String(Value)])),
    });
    return { physicalId: String(arn), attributes: { Arn: String(arn) } };
  },
  async update({ call, resource }: ResourceCall, current: ResourceData): Promise<Made> {
    const analyzerName = nameOf(current);
    const old = new Set(rulesOf(current.properties['ArchiveRules']).map(({ RuleName }) => String(RuleName)));
    for (const rule of rulesOf(resource.properties['ArchiveRules'])) {
      const shape = ruleShape(rule);
      const isOld = old.delete(String(rule['RuleName']));
      await call.invoke('access-analyzer', isOld ? 'UpdateArchiveRule' : 'CreateArchiveRule', {
        analyzerName,
        ...shape,
      });
    }
    for (const ruleName of old) await call.invoke('access-analyzer', 'DeleteArchiveRule', { analyzerName, ruleName });
    const configuration = configurationOf(resource.properties['AnalyzerConfiguration']);
    if (configuration !== undefined) {
      await call.invoke('access-analyzer', 'UpdateAnalyzer', { analyzerName, configuration });
    }
    return { physicalId: current.physicalId!, attributes: current.attributes };
  },
  async delete({ call }: PresentCall, current: ResourceData): Promise<void> {
    await call.invoke('access-analyzer', 'DeleteAnalyzer', { analyzerName: nameOf(current) });
  },
};

const nameOf = ({ physicalId }: ResourceData): string => physicalId!.slice(physicalId!.lastIndexOf('/') + 1);
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
const rulesOf = listOf;

function ruleShape({ RuleName, Filter }: Json): { readonly ruleName: string; readonly filter: Json } {
  const filter = listOf(Filter).map(({ Property, Eq, Neq, Contains, Exists }) => [
    String(Property),
    {
      ...(Eq !== undefined && { eq: Eq }),
      ...(Neq !== undefined && { neq: Neq }),
      ...(Contains !== undefined && { contains: Contains }),
      ...(Exists !== undefined && { exists: Exists === true || Exists === 'true' }),
    },
  ]);
  return { ruleName: String(RuleName), filter: Object.fromEntries(filter) as Json };
}

function configurationOf(value: unknown): Json | undefined {
  const { UnusedAccessConfiguration: unused } = (value ?? {}) as { readonly UnusedAccessConfiguration?: Json };
  const age = unused?.['UnusedAccessAge'];
  return age === undefined ? undefined : { unusedAccess: { unusedAccessAge: Number(age) } };
}

export const CONFIG_PROVIDERS: ReadonlyMap<string, Provider> = new Map([
  ['AWS::AccessAnalyzer::Analyzer', ANALYZER],
  ['AWS::Config::ConfigRule', RULE],
  ['AWS::Config::ConfigurationRecorder', RECORDER],
]);

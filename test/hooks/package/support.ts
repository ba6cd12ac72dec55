/** One deployment with everything in it, its templates, and templates as an account would have them. */
import { plainJson } from '../../../cli/check/plain.js';
import type { Json } from '../../../cli/check/plain.js';
import {
  assetTemplate,
  memberTemplate,
  printTemplate,
  privateHookTemplate,
  releaseTemplate,
  stackSetTemplate,
  watchTemplate,
} from '../../../hooks/package/index.js';
import type { FailureMode, HookDeployment, JsonMap } from '../../../hooks/package/index.js';
import { openTemplate } from '../../../rules/index.js';

export const ORGANIZATION = 'o-exampleorgid';
export const ADMINISTRATOR = '555555555555';
export const MEMBER = '111122223333';
export const MANAGEMENT = '999999999999';
export const REGION = 'eu-central-1';

export const DEPLOYMENT: HookDeployment = {
  organizationId: ORGANIZATION,
  administratorAccount: ADMINISTRATOR,
  managementAccount: MANAGEMENT,
  partition: 'aws',
  homeRegion: REGION,
  regions: [REGION, 'eu-west-1'],
  waves: [
    { ring: 'canary', stackSetName: 'stackade-hooks-canary', unitIds: ['ou-exam-11111111'], mode: 'WARN' },
    { ring: 'general', stackSetName: 'stackade-hooks', unitIds: ['ou-exam-22222222'], mode: 'FAIL' },
  ],
  prefix: 'stackade-',
  releaseRole: 'stackade-release',
  alias: 'Stackade::Policy',
  targets: ['RESOURCE', 'CLOUD_CONTROL', 'STACK', 'CHANGE_SET'],
  actions: ['CREATE', 'UPDATE', 'DELETE'],
  logRetentionDays: 365,
  roleBoundary: 'developer-policy',
  tags: {
    application: 'governance',
    'business-unit': 'platform',
    'cost-center': '1234',
    'data-classification': 'internal',
    owner: 'platform@example.com',
    project: 'hooks',
    stage: 'prod',
  },
};

const hash = (digit: string): string => digit.repeat(64);
const CODE = {
  key: `hooks/${hash('a')}.zip`,
  handler: 'handler.handler',
  environment: { STACKADE_BUNDLE_DIGEST: hash('b') },
};
export const GUARD = { rulesKey: `guard/${hash('c')}.zip`, inputParametersKey: `guard/${hash('d')}.json` };
const KEYS = { canary: `templates/${hash('e')}.json`, general: `templates/${hash('f')}.json` };

export interface Sample {
  readonly template: JsonMap;
  /** Where it is deployed. */
  readonly account: string;
  /** What hooks in it do; `null` for a template without hooks. */
  readonly mode: FailureMode | 'parameter' | null;
}

/** Every template by name. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  assets: { template: assetTemplate(DEPLOYMENT), account: ADMINISTRATOR, mode: null },
  'stack-sets': {
    template: stackSetTemplate(DEPLOYMENT, { hooks: KEYS, watch: KEYS }),
    account: ADMINISTRATOR,
    mode: null,
  },
  'member-warn': {
    template: memberTemplate(DEPLOYMENT, { mode: 'WARN', code: { ...CODE, reads: [] }, guard: null }),
    account: MEMBER,
    mode: 'WARN',
  },
  'member-fail': {
    template: memberTemplate(DEPLOYMENT, {
      mode: 'FAIL',
      code: { ...CODE, reads: ['bundles/', 'policies/'] },
      guard: GUARD,
    }),
    account: MEMBER,
    mode: 'FAIL',
  },
  'member-rollout': {
    template: memberTemplate(DEPLOYMENT, { mode: null, code: { ...CODE, reads: [] }, guard: null }),
    account: MEMBER,
    mode: 'parameter',
  },
  release: { template: releaseTemplate(DEPLOYMENT), account: ADMINISTRATOR, mode: null },
  watch: {
    template: watchTemplate(DEPLOYMENT, { mode: 'FAIL', codeKey: CODE.key, guardRulesKey: GUARD.rulesKey }),
    account: MEMBER,
    mode: null,
  },
  'private-hook': {
    template: privateHookTemplate({
      typeName: 'Example::Hooks::Buckets',
      bucket: 'stackade-assets-555555555555-${AWS::Region}',
      packageKey: CODE.key,
      mode: 'FAIL',
      targets: ['RESOURCE', 'CLOUD_CONTROL'],
      properties: { Mode: 'strict' },
      actions: ['s3:GetBucketTagging'],
      prefix: 'stackade-hook-',
      logRetentionDays: 365,
      roleBoundary: 'developer-policy',
      tags: DEPLOYMENT.tags,
    }),
    account: MEMBER,
    mode: 'FAIL',
  },
};

export type Resource = Readonly<Record<string, Json>> & {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, Json>>;
};

/** Values of parameters. */
const VALUES = { FailureMode: 'FAIL', TrustedRole: 'pipeline' };

/** The resources of a template with names and pseudo parameters put in. */
export function deployed(template: JsonMap, accountId: string, region = REGION): Readonly<Record<string, Resource>> {
  const wanted = (template['Parameters'] ?? {}) as Readonly<Record<string, unknown>>;
  const parameters = Object.fromEntries(Object.entries(VALUES).filter(([name]) => name in wanted));
  const place = { accountId, region, partition: 'aws', stackName: 'StackSet-x-1', parameters };
  const stackId = `arn:aws:cloudformation:${region}:${accountId}:stack/StackSet-x-1/51af3dc0-da77-11e4-872e-1234567db123`;
  const ofStack = (_: string, value: Json): Json =>
    JSON.stringify(value) === JSON.stringify({ Ref: 'AWS::StackId' }) ? stackId : value;
  const placed = JSON.parse(JSON.stringify(template), ofStack) as JsonMap;
  const read = openTemplate(printTemplate(placed), 'template.json', place);
  if (read.kind !== 'opened') throw new Error('the template cannot be read');
  const value = plainJson(read.template.supposed().resolution.document.value) as {
    Resources: Record<string, Resource>;
  };
  return value.Resources;
}

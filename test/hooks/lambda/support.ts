/** Bundles and events for tests of the hook. */
import { decideHook } from '../../../hooks/lambda/index.js';
import type { HookAnswer, HookBundle } from '../../../hooks/lambda/index.js';
import { buildBundle, NO_WAIVERS } from '../../../rules/index.js';
import { gateOf, overlay } from '../gate/support.js';

export const ACCOUNT = '111122223333';
export const BUCKET = 'AWS::S3::Bucket';
export const CLUSTER = 'AWS::RDS::DBCluster';
export const TODAY = '2026-11-21';

const GUARD = `
rule CLUSTER_ENCRYPTED when Resources.*[ Type == 'AWS::RDS::DBCluster' ] !empty {
  Resources.*[ Type == 'AWS::RDS::DBCluster' ] {
    Properties.StorageEncrypted == true << the cluster is not encrypted >>
  }
}
rule CLUSTER_RETAINED when Resources.*[ Type == 'AWS::RDS::DBCluster' ] !empty {
  Resources.*[ Type == 'AWS::RDS::DBCluster' ] { DeletionPolicy == 'Retain' << the cluster is not kept >> }
}
`;

export const topics = overlay({
  [BUCKET]: {
    constrain: [
      {
        path: '/NotificationConfiguration/TopicConfigurations/*/Topic',
        pattern: String.raw`arn:<partition>:sns:[a-z0-9-]+:<accountId>:[A-Za-z0-9_-]{1,256}(?:\.fifo)?`,
      },
      { path: '/BucketName', enum: ['orders', '<orgId>'] },
    ],
  },
});

export function bundleOf(more: Partial<HookBundle> = {}): HookBundle {
  const { bundle } = buildBundle([{ file: 'own.guard', text: GUARD, rules: new Map() }]);
  return {
    rules: bundle!,
    ruleParameters: {},
    wholeTemplate: new Set(['CLUSTER_RETAINED']),
    gate: gateOf([BUCKET, CLUSTER], topics),
    waivers: NO_WAIVERS,
    compileGlob: (pattern) => (text) => pattern === text,
    accounts: new Map([[ACCOUNT, { orgId: 'o-exampleorgid' }]]),
    failOn: 'error',
    notEvaluated: 'block',
    ...more,
  };
}

export type Event = Readonly<Record<string, unknown>>;

function envelope(action: string, requestData: object, more: object): Event {
  return {
    clientRequestToken: 'token-1',
    awsAccountId: ACCOUNT,
    stackId: `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/orders/id`,
    actionInvocationPoint: `${action}_PRE_PROVISION`,
    requestData,
    ...more,
  };
}

export function resourceEvent(
  type: string,
  properties: unknown,
  { action = 'CREATE', previous = {}, ...more }: { action?: string; previous?: unknown; [key: string]: unknown } = {},
): Event {
  const targetModel = { resourceProperties: properties, previousResourceProperties: previous };
  return envelope(action, { targetName: type, targetType: type, targetLogicalId: 'Thing', targetModel }, more);
}

/** The same resource as Cloud Control has it: no stack, another target type. */
export function cloudControlEvent(type: string, properties: unknown, action = 'CREATE'): Event {
  const targetModel = { resourceProperties: properties, previousResourceProperties: {} };
  const requestData = { targetName: type, targetType: 'RESOURCE', targetLogicalId: 'Thing', targetModel };
  return envelope(action, requestData, { stackId: '' });
}

export function stackEvent(targetName: 'STACK' | 'CHANGE_SET', action = 'CREATE'): Event {
  return envelope(action, { targetName, targetType: targetName, targetLogicalId: 'orders', payload: 'https://x' }, {});
}

/** The answer to an event. */
export function answer(event: unknown, payload: unknown = null, bundle: HookBundle = bundleOf()): HookAnswer {
  const text = payload === null || typeof payload === 'string' ? payload : JSON.stringify(payload);
  return decideHook(event, bundle, { payload: text, today: TODAY, region: 'eu-west-1' }).answer;
}

export function templateOf(type: string, properties: unknown, more: object = {}): string {
  return JSON.stringify({ Resources: { Thing: { Type: type, Properties: properties, ...more } } });
}

export function asTexts(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asTexts(each)]));
}

/** The payload of a change set that has one resource. */
export function changeSetPayload(type: string, properties: unknown, action = 'CREATE'): object {
  const context = JSON.stringify({ Properties: asTexts(properties) });
  const change = { logicalResourceId: 'Thing', resourceType: type, action, lineNumber: 1 };
  return {
    template: templateOf(type, properties, { DeletionPolicy: 'Retain' }),
    changedResources: [{ ...change, beforeContext: null, afterContext: action === 'DELETE' ? null : context }],
  };
}

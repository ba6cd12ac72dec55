/** guardduty-rule-reaches-target: a rule on events of GuardDuty is on, and its targets let it in. */
import { compilePolicies, evaluate, mayBeAllowed } from '../../iam/index.js';
import type { Request } from '../../iam/index.js';
import { supposedName } from '../../template/index.js';
import type { Value } from '../../template/index.js';
import { isEnabled, takes } from '../code/events.js';
import { COVERAGE, FINDING } from '../code/guardduty.js';
import { at, itemsOf, pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { PolicyUnder, ResourceUnder, View } from '../code/view.js';

const SERVICE = 'events.amazonaws.com';
const OTHER = { source: 'stackade.other', 'detail-type': 'Other' };

/** What a rule does at each type of target, and where the policy of the target stands. */
const TARGETS = {
  'AWS::SNS::Topic': { action: 'sns:Publish', policies: ['AWS::SNS::TopicPolicy'], key: 'KmsMasterKeyId' },
  'AWS::SQS::Queue': { action: 'sqs:SendMessage', policies: ['AWS::SQS::QueuePolicy'], key: 'KmsMasterKeyId' },
} as const;

type TargetType = keyof typeof TARGETS;

export function check(view: View): void {
  for (const rule of view.resources('AWS::Events::Rule')) {
    const isMeant = [FINDING, ...COVERAGE].some((event) => takes(view, rule, event)) && !takes(view, rule, OTHER);
    if (isMeant) checkRule(view, rule);
  }
}

function checkRule(view: View, rule: ResourceUnder): void {
  const before = view.verdicts.length;
  if (!isEnabled(view, rule)) {
    const message = `the rule \`${rule.logicalId}\` on events of GuardDuty is switched off`;
    view.fail(rule, { path: pathOf(rule, 'State'), message, subject: 'State' });
  }
  const targets = itemsOf(property(rule, 'Targets'));
  if (targets.length === 0) {
    const message = `the rule \`${rule.logicalId}\` on events of GuardDuty has no target`;
    view.fail(rule, { path: pathOf(rule, 'Targets'), missing: true, message, subject: 'Targets' });
  }
  for (const [index, target] of targets.entries()) {
    // With a role the policies of the role decide.
    if (at(target, 'RoleArn') === undefined) checkTarget(view, rule, target, index);
  }
  if (view.verdicts.length === before) view.pass(rule);
}

function checkTarget(view: View, rule: ResourceUnder, value: Value, index: number): void {
  const types = Object.keys(TARGETS) as TargetType[];
  const target = view.graph.target(at(value, 'Arn'), ...types);
  if (target === undefined) return;
  const { action, policies, key } = TARGETS[target.type as TargetType];
  const path = pathOf(rule, 'Targets', index, 'Arn');
  const own = view
    .policies(...policies)
    .filter(({ protects }) => protects.some((text) => view.graph.target(text, target.type) === target));
  judge(view, rule, path, {
    policies: own,
    actions: [action],
    resource: arnOf(view, target),
    message: `no policy of \`${target.logicalId}\` lets \`${SERVICE}\` do \`${action}\`, so that events of GuardDuty do not arrive`,
  });
  const encrypted = property(target, key);
  const master = view.graph.target(encrypted, 'AWS::KMS::Key');
  if (view.text(encrypted)?.includes('alias/aws/') === true) {
    const message = `\`${target.logicalId}\` is encrypted with a key that AWS manages, which EventBridge may not use, so that events of GuardDuty do not arrive`;
    view.fail(rule, { path, message, subject: 'key' });
  } else if (master !== undefined) {
    judge(view, rule, path, {
      policies: view.policies('AWS::KMS::Key').filter(({ resource }) => resource === master),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resource: arnOf(view, master),
      message: `the policy of the key \`${master.logicalId}\` does not let \`${SERVICE}\` encrypt for \`${target.logicalId}\`, so that events of GuardDuty do not arrive`,
    });
  }
}

interface Question {
  readonly policies: readonly PolicyUnder[];
  readonly actions: readonly string[];
  readonly resource: string;
  readonly message: string;
}

/** Asks whether the service is let in on behalf of the rule. */
function judge(view: View, rule: ResourceUnder, path: readonly (string | number)[], question: Question): void {
  const { policies, actions, resource, message } = question;
  const read = policies.flatMap(({ policy }) => (policy === undefined ? [] : [policy]));
  const unknowns = policies.flatMap((one) => one.unknowns);
  const set = compilePolicies({
    identity: [],
    boundary: null,
    session: null,
    scps: null,
    rcps: null,
    resource: { version: '2012-10-17', statements: read.flatMap(({ statements }) => statements) },
    vpcEndpoint: null,
  });
  const requests = actions.map((action): Request => {
    const context = { 'aws:SourceArn': arnOf(view, rule), 'aws:SourceAccount': view.place.accountId };
    return { principal: { service: SERVICE }, action, resource, context };
  });
  if (requests.every((request) => evaluate(set, request, { unknownContext: true }).decision === 'ALLOW')) return;
  if (unknowns.length > 0) view.open(rule, path, unknowns);
  else if (!requests.every((request) => mayBeAllowed(set, request))) {
    view.fail(rule, { path, message, subject: actions.join(' ') });
  }
}

function arnOf(view: View, { key, type, value }: ResourceUnder): string {
  return supposedName(key, { type, resource: value }, 'Arn', view.place) ?? '';
}

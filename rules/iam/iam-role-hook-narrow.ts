/**
 * iam-role-hook-narrow: the role of a hook is assumed by hooks of the own account only, and reads the rules or calls the
 * function of the hook, nothing else.
 */
import { expandActionPattern } from '../../catalogue/iam/index.js';
import type { Policy, Request } from '../../iam/index.js';
import { ALLOW_ALL, mayAllow } from '../code/may.js';
import { OUTSIDE_ACCOUNT } from '../code/outsiders.js';
import { pathIn } from '../code/policy-paths.js';
import { isForEveryone, textsOf } from '../code/principals.js';
import { rolesOf } from '../code/roles.js';
import type { RoleUnder } from '../code/roles.js';
import { reached } from '../code/tenants.js';
import { property } from '../code/view.js';
import type { PolicyUnder, View } from '../code/view.js';

const HOOKS = 'hooks.cloudformation.amazonaws.com';
const RESOURCES = 'resources.cloudformation.amazonaws.com';
const READ = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'];
/** What hooks need besides reading: logs of theirs, keys of the rules, and the function of a Lambda hook. */
const OTHER = new Set(
  [
    's3:GetBucketLocation',
    's3:PutObject',
    'kms:Decrypt',
    'kms:GenerateDataKey',
    'kms:DescribeKey',
    'lambda:InvokeFunction',
  ]
    .concat(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'])
    .concat(['logs:DescribeLogGroups', 'cloudwatch:PutMetricData']),
);

/** The policy of a bucket that is open to everybody. */
const OPEN: Policy = {
  ...ALLOW_ALL,
  statements: ALLOW_ALL.statements.map((statement) => ({
    ...statement,
    principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
  })),
};

export function check(view: View): void {
  for (const role of rolesOf(view)) {
    const { trust } = role;
    const services = (trust?.policy?.statements ?? [])
      .filter(({ effect }) => effect === 'Allow')
      .flatMap(({ principal }) => principal?.principals ?? [])
      .map(({ value }) => value);
    if (trust?.policy === undefined || !(services.includes(HOOKS) || isOfHook(view, role))) continue;
    const before = view.verdicts.length;
    checkTrust(view, role, trust, trust.policy);
    // The handlers of a hook of one's own need what they need.
    if (!services.includes(RESOURCES)) for (const found of role.policies) checkPolicy(view, role, found);
    if (view.verdicts.length === before) view.pass(role.resource);
  }
}

/** Whether a hook of the template runs with the role. */
function isOfHook(view: View, { resource }: RoleUnder): boolean {
  return view
    .resources('AWS::CloudFormation::GuardHook', 'AWS::CloudFormation::LambdaHook')
    .map((hook) => property(hook, 'ExecutionRole'))
    .some((value) => value !== undefined && view.graph.target(value, 'AWS::IAM::Role')?.key === resource.key);
}

function checkTrust(view: View, { resource, arn }: RoleUnder, trust: PolicyUnder, policy: Policy): void {
  const { partition, region, accountId } = view.place;
  const may = mayAllow({ resource: policy });
  const ask = (service: string, account: string, type: string): boolean => {
    const source = `arn:${partition}:cloudformation:${region}:${account}:${type}`;
    const context = { 'aws:SourceAccount': account, 'aws:SourceArn': source };
    return may({ principal: { service }, action: 'sts:AssumeRole', resource: arn, context });
  };
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow' || statement.principal === undefined) return;
    const path = pathIn(trust, index, statement.principal.negated ? 'NotPrincipal' : 'Principal');
    const unknown = view.unknownsIn(...textsOf(statement));
    const say = (message: string, subject: string): void => {
      if (unknown.length > 0) view.open(resource, path, unknown);
      else view.fail(resource, { path, message, subject: `statement ${index} ${subject}` });
    };
    if (isForEveryone(statement)) {
      say('everybody may assume the role of a hook', 'everyone');
      return;
    }
    for (const { kind, value } of statement.principal.principals) {
      if (kind !== 'Service' || ![HOOKS, RESOURCES].includes(value)) {
        say(`\`${value}\` may assume the role, which only hooks of CloudFormation may`, value);
      } else if (ask(value, OUTSIDE_ACCOUNT, 'type/hook/Some-Guard-Hook')) {
        say(`\`${value}\` may assume the role on behalf of any account: \`aws:SourceAccount\` does not hold it`, value);
      } else if (ask(value, accountId, 'stack/some/id')) {
        say(
          `\`${value}\` may assume the role for something that is no hook: \`aws:SourceArn\` does not hold it`,
          value,
        );
      }
    }
  });
}

function checkPolicy(view: View, { resource, arn }: RoleUnder, found: PolicyUnder): void {
  if (found.policy === undefined) {
    view.unreadable(found);
    return;
  }
  const { policy } = found;
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
  const accounts = view.texts('hookRuleAccounts');
  policy.statements.forEach((statement, index) => {
    if (statement.effect !== 'Allow') return;
    const { action, conditions } = statement;
    const hidden = view.unknownsIn(...action.patterns);
    const unknown = view.unknownsIn(...conditions.flatMap(({ key, values }) => [key, ...values]));
    const identity = [{ ...policy, statements: [...denies, statement] }];
    const mayHere = mayAllow({ identity });
    // Somebody else's bucket can let everybody in.
    const mayElsewhere = mayAllow({ identity, resource: OPEN });
    const places = statement.resource?.negated === true ? ['*'] : (statement.resource?.patterns ?? []);
    const ask = (name: string, place: string, owner: string): boolean =>
      reached(place, 'x').some((one) =>
        (owner === view.place.accountId ? mayHere : mayElsewhere)(requestOf(arn, name, one, owner)),
      );
    const names = action.negated
      ? ['iam:CreateRole', 'sts:AssumeRole', 's3:DeleteObject', 'ec2:RunInstances']
      : action.patterns.flatMap((pattern) => expandActionPattern(pattern));
    const own = view.place.accountId;
    const extra = names.find(
      (name) => !READ.includes(name) && !OTHER.has(name) && places.some((place) => ask(name, place, own)),
    );
    const say = (element: string, message: string): void => {
      const path = pathIn(found, index, element);
      if (unknown.length > 0) view.open(resource, path, unknown);
      else view.fail(resource, { path, message, subject: `statement ${index} ${element}` });
    };
    if (extra !== undefined) {
      say(
        action.negated ? 'NotAction' : 'Action',
        `the role of a hook may \`${extra}\`; it reads rules, calls its function and writes its logs`,
      );
      return;
    }
    if (hidden.length > 0) view.open(resource, pathIn(found, index, 'Action'), hidden);
    const named = conditions
      .filter(({ key }) => key.toLowerCase() === 'aws:resourceaccount')
      .flatMap(({ values }) => values);
    const owners = accounts.length === 0 ? [own, ...named] : [own, ...accounts];
    const strangers = [OUTSIDE_ACCOUNT, ...named].filter((account) => !owners.includes(account));
    for (const place of places) {
      const everywhere = [...owners, ...strangers];
      const read = READ.find((name) => everywhere.some((owner) => ask(name, place, owner)));
      const isOfTemplate = view.graph.mentioned(place, 'AWS::S3::Bucket').length > 0;
      if (/^\*+$|:function:\*+$/.test(place) && ask('lambda:InvokeFunction', place, own)) {
        say('Resource', `the role of a hook may call every function (\`${place}\`)`);
      } else if (read !== undefined && /^(?:\*+|arn:[^:]*:s3:::\*.*)$/.test(place)) {
        say('Resource', `the role of a hook may \`${read}\` in every bucket (\`${place}\`)`);
      } else if (read !== undefined && !isOfTemplate && strangers.some((stranger) => ask(read, place, stranger))) {
        const message = `the role of a hook may \`${read}\` on \`${place}\` whoever owns the bucket: \`aws:ResourceAccount\` does not hold it`;
        say('Resource', accounts.length === 0 ? message : `${message} to the accounts in \`hookRuleAccounts\``);
      }
    }
  });
}

function requestOf(principal: string, action: string, resource: string, owner: string): Request {
  const context = { 'aws:ResourceAccount': owner };
  return action.startsWith('s3:')
    ? { principal, action, resource, resourceAccount: owner, context }
    : { principal, action, resource, context: {} };
}

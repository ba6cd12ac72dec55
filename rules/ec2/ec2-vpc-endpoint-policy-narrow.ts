/**
 * ec2-vpc-endpoint-policy-narrow: the policy of an endpoint is written down, and is narrower than full access. Asked of
 * the evaluator with a caller of another organization who does what nobody named with something that nobody named.
 */
import { iamService } from '../../catalogue/iam/index.js';
import type { Policy, Request } from '../../iam/index.js';
import { ask, UNNAMED, unknownsOf } from '../code/bounds.js';
import { ALLOW_ALL, mayAllow } from '../code/may.js';
import { Network } from '../code/network.js';
import { OUTSIDE_ACCOUNT, OUTSIDE_CONTEXT } from '../code/outsiders.js';
import { property } from '../code/view.js';
import type { PolicyUnder, ResourceUnder, View } from '../code/view.js';

/** Kinds of endpoints that take policies. */
const WITH_POLICY = ['Gateway', 'Interface'];

/**
 * Services of AWS that take no endpoint policies, by their guides, by the data perimeter guidance of AWS, or by
 * what the EC2 API says of them (`VpcEndpointPolicySupported`). The list says where a policy may be missing: a service
 * that is not on it is asked for one, and a policy that is there is judged everywhere.
 */
const WITHOUT_POLICY = new Set([
  'apigateway',
  'appsync',
  'cleanrooms',
  'cleanrooms-ml',
  'codeguru-reviewer',
  'codepipeline',
  'eks-capabilities',
  'email-smtp',
  'inspector-scan',
  'inspector2',
  'iot.credentials',
  'iot.data',
  'iotwireless.api',
  'neptune-graph',
  'sagemaker.runtime-fips',
  'sts-oidc',
  'transfer.server',
]);

/** Stands for an action that a policy allows only by wildcards or by leaving others out. */
const UNNAMED_ACTION = 'ZzzNobodyNamedThis';

export function check(view: View): void {
  const policies = view.policies('AWS::EC2::VPCEndpoint');
  for (const { resource: endpoint, service: whole } of new Network(view).endpoints()) {
    const service = serviceOf(view, endpoint);
    if (service === undefined) continue;
    const found = policies.find(({ resource }) => resource === endpoint);
    if (found === undefined && WITHOUT_POLICY.has(whole)) continue;
    if (found === undefined) {
      view.fail(endpoint, {
        path: ['Resources', endpoint.key, 'Properties', 'PolicyDocument'],
        missing: true,
        message: 'the endpoint has no `PolicyDocument`, so that everybody may do everything through it',
        subject: 'PolicyDocument',
      });
    } else if (found.policy === undefined) view.unreadable(found);
    else checkPolicy(view, found, found.policy, service);
  }
}

/** The last part of the service's name; `undefined` where endpoints take no policy. */
function serviceOf(view: View, endpoint: ResourceUnder): string | undefined {
  const type = view.text(property(endpoint, 'VpcEndpointType')) ?? 'Gateway';
  const name = view.text(property(endpoint, 'ServiceName'));
  if (name === undefined || (view.unknownsIn(type).length === 0 && !WITH_POLICY.includes(type))) return undefined;
  // Services of other owners take no policies.
  return name.includes('.vpce.') ? undefined : name.slice(name.lastIndexOf('.') + 1);
}

function checkPolicy(view: View, found: PolicyUnder, policy: Policy, service: string): void {
  const own = view.parameters['orgId'];
  const foreign = { ...OUTSIDE_CONTEXT, ...ofResource(OUTSIDE_ACCOUNT, 'o-outsider00') };
  const caller = `arn:aws:iam::${OUTSIDE_ACCOUNT}:role/outsider`;
  const full: Question[] = prefixesOf(service, policy).map((prefix) => ({
    request: requestOf(caller, `${prefix}:${UNNAMED_ACTION}`, `arn:aws:${prefix}:::${UNNAMED}`, foreign),
    message: 'the policy of the endpoint lets everybody do everything with resources of any account',
  }));
  const strict = service === 's3' && typeof own === 'string' ? organizationQuestions(view, own) : [];
  for (const { request, message } of [...full, ...strict]) {
    const answer = ask(view, [policy], ([one]) =>
      mayAllow({ identity: [ALLOW_ALL], resource: ALLOW_RESOURCE, vpcEndpoint: one! })(request),
    );
    if (answer === 'no') continue;
    if (answer === 'open') view.open(found.resource, found.path, unknownsOf(view, policy));
    else view.fail(found.resource, { path: found.path, message, subject: 'PolicyDocument' });
    return;
  }
  view.pass(found.resource);
}

interface Question {
  readonly request: Request;
  readonly message: string;
}

/** With a known organization, callers and buckets must both be of it. */
function organizationQuestions(view: View, own: string): readonly Question[] {
  const inside = { ...OUTSIDE_CONTEXT, 'aws:PrincipalOrgID': own, 'aws:PrincipalOrgPaths': [`${own}/r-0000/`] };
  const role = (account: string): string => `arn:${view.place.partition}:iam::${account}:role/zzz-some-role`;
  const bucket = `arn:${view.place.partition}:s3:::${UNNAMED}`;
  return ['s3:GetObject', 's3:PutObject', 's3:ListBucket'].flatMap((action) => {
    const resource = action === 's3:ListBucket' ? bucket : `${bucket}/key`;
    return [
      {
        request: requestOf(role(view.place.accountId), action, resource, {
          ...inside,
          ...ofResource(OUTSIDE_ACCOUNT, 'o-outsider00'),
        }),
        message: `through the endpoint \`${action}\` works on buckets of other organizations: \`aws:ResourceOrgID\` is not asked for`,
      },
      {
        request: requestOf(role(OUTSIDE_ACCOUNT), action, resource, {
          ...OUTSIDE_CONTEXT,
          ...ofResource(view.place.accountId, own),
        }),
        message: `through the endpoint \`${action}\` works for callers of other organizations: \`aws:PrincipalOrgID\` is not asked for`,
      },
    ];
  });
}

/** Prefixes of actions that the service's endpoint may serve: those of its name, and those that the policy names. */
function prefixesOf(service: string, { statements }: Policy): readonly string[] {
  const named = statements.flatMap(({ action }) =>
    action.negated ? [] : action.patterns.map((pattern) => pattern.split(':')[0]!.toLowerCase()),
  );
  const known = [service, ...named].filter((prefix) => iamService(prefix) !== undefined);
  return known.length > 0 ? [...new Set(known)] : ['s3'];
}

function ofResource(account: string, organization: string): Request['context'] {
  return {
    'aws:ResourceAccount': account,
    'aws:ResourceOrgID': organization,
    'aws:ResourceOrgPaths': [`${organization}/r-0000/`],
    's3:ResourceAccount': account,
  };
}

function requestOf(principal: string, action: string, resource: string, context: Request['context']): Request {
  const account = context['aws:ResourceAccount'];
  return { principal, action, resource, resourceAccount: typeof account === 'string' ? account : '', context };
}

/** The policies of the caller and of the resource are not in question. */
const ALLOW_RESOURCE: Policy = {
  ...ALLOW_ALL,
  statements: ALLOW_ALL.statements.map((statement) => ({
    ...statement,
    principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
  })),
};

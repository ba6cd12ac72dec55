/**
 * s3-bucketpolicy-known-networks: a bucket answers on known networks only, and still to services of AWS. Asked of the
 * evaluator with calls from the internet, from a foreign VPC, by services, and through services.
 */
import type { Policy, Request } from '../../iam/index.js';
import type { Unknown } from '../../template/index.js';
import { ask, isRefused, unknownsOf } from '../code/bounds.js';
import { bucketArnOf, callersInConditions } from '../code/buckets.js';
import { isKnown } from '../code/read.js';
import type { PolicyUnder, View } from '../code/view.js';

type Place = Pick<Request, 'context' | 'absent'>;

const NETWORK_KEYS = [
  'aws:SourceIp',
  'aws:SourceVpc',
  'aws:SourceVpcArn',
  'aws:SourceVpce',
  'aws:VpcSourceIp',
  'aws:VpceAccount',
  'aws:VpceOrgID',
  'aws:VpceOrgPaths',
];
/** Keys of callers that a service which acts for itself does not have. */
const NOT_OF_SERVICES = ['aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:PrincipalOrgID', 'aws:PrincipalOrgPaths'];
const DIRECT = { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false' };
const FOREIGN_VPC = {
  'aws:SourceVpc': 'vpc-00000000000000000',
  'aws:VpcSourceIp': '10.0.0.10',
  'aws:VpceAccount': '999999999999',
  'aws:VpceOrgID': 'o-outsider00',
  'aws:VpceOrgPaths': ['o-outsider00/r-0000/'],
};

/** What reads, writes, deletes and lists data. */
const DATA = ['GetObject', 'PutObject', 'DeleteObject'].map((name) => `s3:${name}`);

export function check(view: View): void {
  for (const found of view.policies('AWS::S3::BucketPolicy')) {
    const { policy, resource } = found;
    const arn = bucketArnOf(view, found);
    if (policy === undefined || arn === undefined) {
      view.unreadable(found);
      continue;
    }
    const before = view.verdicts.length;
    checkPolicy(view, found, policy, arn);
    if (view.verdicts.length === before) view.pass(resource);
  }
}

function checkPolicy(view: View, found: PolicyUnder, policy: Policy, bucketArn: string): void {
  const say = (answer: 'yes' | readonly Unknown[], message: string, subject: string): void => {
    if (answer === 'yes') view.fail(found.resource, { path: found.path, message, subject });
    else view.open(found.resource, found.path, answer);
  };
  const asked = (request: Request, isOpen: boolean): 'no' | 'yes' | readonly Unknown[] => {
    // What is not denied is granted, as far as the bucket's own policy can tell.
    const answer = ask(view, [policy], ([one]) => !isRefused(one!, request));
    if (isOpen) return answer === 'open' ? unknownsOf(view, policy) : answer;
    if (answer === 'open') return unknownsOf(view, policy);
    return answer === 'yes' ? 'no' : 'yes';
  };
  const { partition, accountId } = view.place;
  const call = (principal: Request['principal'], action: string, place: Place): Request => ({
    principal,
    action,
    resource: action === 's3:ListBucket' || action.endsWith('Policy') ? bucketArn : `${bucketArn}/zzz/object`,
    resourceAccount: accountId,
    ...place,
  });
  const role = `arn:${partition}:iam::${accountId}:role/zzz-some-role`;

  for (const [where, place] of outsidePlaces(view, policy)) {
    for (const action of [...DATA, 's3:ListBucket']) {
      const answer = asked(call(role, action, place), true);
      if (answer === 'no') continue;
      say(answer, outsideMessage(policy, action, where), 'network');
      return;
    }
  }
  const internet = placeOf(policy, DIRECT);
  const byItself = { ...internet, absent: [...(internet.absent ?? []), ...NOT_OF_SERVICES] };
  const service = asked(call({ service: 'logging.s3.amazonaws.com' }, 's3:PutObject', byItself), false);
  if (service !== 'no') {
    say(
      service,
      'the deny of other networks holds for services of AWS too, such as log delivery: `aws:PrincipalIsAWSService` is not spared',
      'aws:PrincipalIsAWSService',
    );
  }
  const via = asked(call(role, 's3:GetObject', placeOf(policy, { ...DIRECT, 'aws:ViaAWSService': 'true' })), false);
  if (via !== 'no') {
    say(
      via,
      'the deny of other networks holds for calls that a service makes for its caller: `aws:ViaAWSService` is not spared',
      'aws:ViaAWSService',
    );
  }
  const administrators = [role, ...callersInConditions(policy.statements), ...sparedPrincipals(policy)];
  const locked = administrators.map((one) => asked(call(one, 's3:PutBucketPolicy', internet), false));
  if (locked.every((one) => one !== 'no')) {
    say(
      locked.find((one) => one !== 'yes') ?? 'yes',
      'the deny of other networks holds for `s3:PutBucketPolicy` and spares no role: nobody outside of them can mend the policy',
      's3:PutBucketPolicy',
    );
  }
}

/** From where nobody should get in. */
function outsidePlaces(view: View, policy: Policy): readonly (readonly [string, Place])[] {
  const allowed = view.texts('allowedVpce');
  const named = policy.statements.flatMap(({ conditions }) =>
    conditions.flatMap(({ key, values }) => (key.toLowerCase() === 'aws:sourcevpce' ? values : [])),
  );
  const foreign =
    allowed.length === 0
      ? []
      : named.filter(
          (id) =>
            isKnown(view, id) &&
            /^vpce-[0-9a-f]+$/.test(id) &&
            !allowed.includes(id) &&
            view.graph.target(id, 'AWS::EC2::VPCEndpoint') === undefined,
        );
  return [
    ['the internet', placeOf(policy, { ...DIRECT, 'aws:SourceIp': '198.51.100.250' })],
    ['a foreign VPC', placeOf(policy, { ...DIRECT, ...FOREIGN_VPC, 'aws:SourceVpce': 'vpce-00000000000000000' })],
    ...[...new Set(foreign)].map((id): readonly [string, Place] => [
      `the endpoint \`${id}\`, which is not in \`allowedVpce\``,
      placeOf(policy, { ...DIRECT, ...FOREIGN_VPC, 'aws:SourceVpce': id }),
    ]),
  ];
}

/** A place with what a call from there carries; the caller has none of the tags that the policy asks for. */
function placeOf({ statements }: Policy, context: Place['context']): Place {
  const tags = statements
    .flatMap(({ conditions }) => conditions.map(({ key }) => key))
    .filter((key) => /^(?:aws:(?:principal|resource|request)tag|s3:existingobjecttag)\//i.test(key));
  return { context, absent: [...NETWORK_KEYS.filter((key) => !Object.hasOwn(context, key)), ...tags] };
}

/** Principals that a deny spares by `NotPrincipal`. */
function sparedPrincipals({ statements }: Policy): readonly string[] {
  return statements.flatMap(({ effect, principal }) =>
    effect === 'Deny' && principal?.negated === true
      ? principal.principals.flatMap(({ kind, value }) => (kind === 'AWS' && value.includes(':role/') ? [value] : []))
      : [],
  );
}

function outsideMessage({ statements }: Policy, action: string, where: string): string {
  const mentions = statements.some(
    ({ effect, conditions }) =>
      effect === 'Deny' &&
      conditions.some(({ key }) => NETWORK_KEYS.some((one) => one.toLowerCase() === key.toLowerCase())),
  );
  return mentions
    ? `the deny of other networks is too narrow: \`${action}\` from ${where} is not denied`
    : `no statement denies calls from other networks, so that \`${action}\` works from ${where}`;
}

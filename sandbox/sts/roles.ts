/**
 * Assuming a role: what may be asked for, who decides, and what the session carries
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
 */
import type { Call } from '../call.js';
import { serviceCaller, sessionCaller, type Caller, type Session } from '../callers.js';
import { RequestError, ServiceError } from '../errors.js';
import { AWS_MANAGED } from '../iam/aws-managed.js';
import { IAM, type Role } from '../iam/data.js';
import { checkDocument } from '../iam/documents.js';
import { inputs, optionalNumber, optionalText, tagList, text, texts, unsatisfied, validation } from '../input.js';
import type { Input } from '../service.js';

const NAME = /^[\w+=,.@-]*$/;
const HOUR = 3600;
/** Plain characters of session policies, and of tags with them, that fit (quotas of IAM and STS). */
const MOST_PACKED = 2048;

/** The role of an ARN. @throws RequestError as for one that the caller may not assume: AWS does not tell the difference. */
export function roleOf(call: Call, arn: string): Role & { readonly account: string } {
  const [, account = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  const found = call.state.organization.accounts.has(account)
    ? IAM.of(call.state, account).roles.get(name.toLowerCase())
    : undefined;
  if (found?.arn === arn) return { ...found, account };
  throw new RequestError(
    'accessDenied',
    `User: ${call.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
  );
}

/**
 * Decides whether the caller may assume a role, and makes the session.
 *
 * @throws RequestError, ServiceError as the operation's page lists it.
 */
export function assume(call: Call, input: Input): { readonly caller: Caller; readonly packed: number | undefined } {
  const { caller, now } = call;
  const arn = text(input, 'RoleArn', { least: 20, most: 2048 });
  if (!/^arn:[\w-]+:iam::\d{12}:role\/./.test(arn)) throw validation(`${arn} is invalid`);
  const name = text(input, 'RoleSessionName', { least: 2, most: 64, pattern: NAME });
  const externalId = optionalText(input, 'ExternalId', { least: 2, most: 1224, pattern: /^[\w+=,.@:/-]*$/ });
  const duration = optionalNumber(input, 'DurationSeconds', 900, 43_200) ?? HOUR;
  const asked = optionalText(input, 'SourceIdentity', { least: 2, most: 64, pattern: NAME });
  const given = tagList(input, 'Tags', 50, 'InvalidParameterValue');
  const transitive = texts(input, 'TransitiveTagKeys');
  if (transitive.length > 50) throw unsatisfied(null, 'TransitiveTagKeys', 'have length less than or equal to 50');
  if (caller.kind === 'root') throw new RequestError('accessDenied', 'Roles may not be assumed by root accounts.');
  const role = roleOf(call, arn);

  const inherited = transitiveTags(caller);
  const clash = [...given.keys()].find((key) => [...inherited.keys()].some((each) => sameKey(each, key)));
  if (clash !== undefined) {
    throw new ServiceError(
      'InvalidParameterValue',
      `One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session: ${clash}`,
    );
  }
  const unknown = transitive.find((key) => ![...given.keys()].some((each) => sameKey(each, key)));
  if (unknown !== undefined) {
    throw new ServiceError(
      'InvalidParameterValue',
      'The specified transitive tag key must be included in the requested tags.',
    );
  }
  const held = caller.session?.sourceIdentity ?? null;
  if (held !== null && asked !== undefined && asked !== held) {
    throw new RequestError(
      'accessDenied',
      `User: ${caller.arn} is not authorized to perform: sts:SetSourceIdentity on resource: ${arn}`,
    );
  }
  const sourceIdentity = held ?? asked ?? null;
  const passed = new Map([...inherited, ...given]);

  const options = {
    owner: role.account,
    resourcePolicy: { text: role.trust, kind: 'trust' as const, principals: role.trusted },
    resourceTags: role.tags,
    requestTags: passed,
    context: {
      'sts:RoleSessionName': name,
      ...(externalId !== undefined && { 'sts:ExternalId': externalId }),
      ...(sourceIdentity !== null && { 'sts:SourceIdentity': sourceIdentity }),
      ...(transitive.length > 0 && { 'sts:TransitiveTagKeys': transitive }),
      ...Object.fromEntries([...role.tags].map(([key, value]) => [`iam:ResourceTag/${key}`, value])),
    },
  };
  call.authorize('sts:AssumeRole', arn, options);
  if (passed.size > 0) call.authorize('sts:TagSession', arn, options);
  if (sourceIdentity !== null) call.authorize('sts:SetSourceIdentity', arn, options);

  if (caller.kind === 'session' && duration > HOUR) {
    throw validation(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (duration > role.maxSessionDuration) {
    throw validation('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const { policies, packed } = sessionPolicies(call, role.account, input, passed);
  const issuedAt = Math.floor(now / 1000) * 1000;
  const session: Session = {
    name,
    issuedAt,
    expiresAt: issuedAt + duration * 1000,
    tags: Object.fromEntries(passed),
    transitiveTagKeys: [...inherited.keys(), ...transitive],
    sourceIdentity,
    policies,
  };
  const stored = IAM.of(call.state, role.account).roles.get(role.name.toLowerCase())!;
  stored.lastUsed = { at: issuedAt, region: call.region };
  return { caller: sessionCaller(role, session), packed };
}

/**
 * A call of a service as the session of a role that trusts the service, as CloudFormation does with the role of a stack.
 *
 * @throws RequestError when the role is not there or its trust policy does not let the service in.
 */
export function assumeAsService(call: Call, service: string, roleArn: string, sessionName: string): Call {
  const { caller } = assume(call.as(serviceCaller(service)), { RoleArn: roleArn, RoleSessionName: sessionName });
  return call.as(caller);
}

const sameKey = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

/** Tags that go on from a session to those that are made with it. */
function transitiveTags({ session }: Caller): ReadonlyMap<string, string> {
  if (session === null) return new Map();
  const keys = session.transitiveTagKeys;
  return new Map(Object.entries(session.tags).filter(([key]) => keys.some((each) => sameKey(each, key))));
}

function sessionPolicies(
  call: Call,
  account: string,
  input: Input,
  tags: ReadonlyMap<string, string>,
): { readonly policies: readonly string[] | null; readonly packed: number | undefined } {
  const inline = optionalText(input, 'Policy', { least: 1 });
  const arns = inputs(input, 'PolicyArns').map((each) => text(each, 'arn', { least: 20, most: 2048 }));
  if (arns.length > 10) throw validation('The number of managed session policies exceeds the limit of 10.');
  if (inline !== undefined) checkDocument(inline, 'session');
  const { policies } = IAM.of(call.state, account);
  const managed = arns.map((arn) => {
    const policy = policies.get(arn) ?? AWS_MANAGED.get(arn);
    if (policy === undefined) {
      throw new ServiceError('ValidationError', `Policy ${arn} does not exist or is not attachable.`);
    }
    return policy.versions.get(policy.defaultVersion)!.text;
  });
  const plain = [inline ?? '', ...arns].join('').length;
  if (plain > MOST_PACKED) {
    throw new ServiceError('PackedPolicyTooLarge', 'Packed policy consumes more than 100% of allotted space.');
  }
  const texts = [...(inline === undefined ? [] : [inline]), ...managed];
  const tagged = [...tags].flat().join('').length;
  const packed = plain + tagged === 0 ? undefined : Math.ceil(((plain + tagged) / (2 * MOST_PACKED)) * 100);
  if (packed !== undefined && packed > 100) {
    throw new ServiceError(
      'PackedPolicyTooLarge',
      `Packed size of session tags consumes ${packed}% of allotted space.`,
    );
  }
  return { policies: texts.length === 0 ? null : texts, packed };
}

/** AWS Security Token Service (https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html). */
import type { Call } from '../call.js';
import { userCaller } from '../callers.js';
import { RequestError } from '../errors.js';
import { optionalNumber, text, timeText, validation } from '../input.js';
import { issuerOf } from '../authorize/applicable.js';
import { queryProtocol } from '../protocols/query.js';
import type { Input, Service } from '../service.js';
import { forgetExpired, newCredentials } from '../state.js';
import type { Caller } from '../callers.js';
import { assume } from './roles.js';

function credentials(call: Call, caller: Caller): object {
  forgetExpired(call.state, call.now);
  const { accessKeyId, secretAccessKey, sessionToken } = newCredentials(call.state, caller, call.now);
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: timeText(caller.session!.expiresAt),
  };
}

function assumeRole(call: Call, input: Input): object {
  const { caller, packed } = assume(call, input);
  return {
    Credentials: credentials(call, caller),
    AssumedRoleUser: { AssumedRoleId: caller.userId, Arn: caller.arn },
    PackedPolicySize: packed,
    SourceIdentity: caller.session!.sourceIdentity ?? undefined,
  };
}

/** Needs no permission, and no policy can deny it. */
function getCallerIdentity({ caller }: Call): object {
  return { UserId: caller.userId, Account: caller.account, Arn: caller.arn };
}

/** Needs no permission either; policies of the user hold for its session. */
function getSessionToken(call: Call, input: Input): object {
  const { caller, now, state } = call;
  const issuer = issuerOf(state, caller);
  if (caller.kind !== 'user' || caller.session !== null || issuer === undefined) {
    throw new RequestError('accessDenied', 'Cannot call GetSessionToken with session credentials');
  }
  const duration = optionalNumber(input, 'DurationSeconds', 900, 129_600) ?? 43_200;
  const issuedAt = Math.floor(now / 1000) * 1000;
  const session = {
    name: issuer.name,
    issuedAt,
    expiresAt: issuedAt + duration * 1000,
    tags: {},
    transitiveTagKeys: [],
    sourceIdentity: null,
    policies: null,
  };
  return { Credentials: credentials(call, userCaller({ ...issuer, account: caller.account }, session)) };
}

function getAccessKeyInfo({ state }: Call, input: Input): object {
  const id = text(input, 'AccessKeyId', { least: 16, most: 128, pattern: /^[\w]*$/ });
  const key = state.accessKeys.get(id);
  if (key === undefined) throw validation(`Invalid Access Key ID: ${id}`);
  return { Account: key.caller.account };
}

export const STS: Service = {
  name: 'sts',
  protocol: queryProtocol('2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/'),
  operations: {
    AssumeRole: assumeRole,
    GetAccessKeyInfo: getAccessKeyInfo,
    GetCallerIdentity: getCallerIdentity,
    GetSessionToken: getSessionToken,
  },
};

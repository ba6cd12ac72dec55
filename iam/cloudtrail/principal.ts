/**
 * Who made the call of a record, and the condition keys about them
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
 */
import type { ValueMap } from '../../template/index.js';
import type { RequestPrincipal } from '../model.js';
import type { Facts } from './facts.js';
import { flagAt, isMasked, mapAt, textAt } from './record.js';

/** Who called, with the identity behind a session; or in words why the record does not say. */
export type Caller =
  { readonly principal: RequestPrincipal; readonly sessionIssuer?: string } | { readonly missing: string };

/**
 * Reads `userIdentity` and notes what it says of the caller. */
export function principalOf(identity: ValueMap, parameters: ValueMap, facts: Facts): Caller {
  const session = mapAt(identity, 'sessionContext');
  const type = textAt(identity, 'type') ?? '';
  switch (type) {
    case 'Root':
    case 'IAMUser':
    case 'FederatedUser':
    case 'Role':
      sessionFacts(session, facts);
      return signed(identity, textAt(identity, 'arn'), type, facts);
    case 'AssumedRole': {
      sessionFacts(session, facts);
      const role = textAt(mapAt(session, 'sessionIssuer'), 'arn');
      if (role === undefined) facts.unknown('aws:PrincipalArn');
      else facts.set('aws:PrincipalArn', role);
      return signed(identity, textAt(identity, 'arn'), type, facts);
    }
    case 'AWSService':
      return service(identity, facts);
    case 'SAMLUser':
    case 'WebIdentityUser':
      return provider(identity, parameters);
    case 'AWSAccount':
      return {
        missing: `the caller is known only as \`${textAt(identity, 'principalId') ?? 'somebody'}\` of account ${textAt(identity, 'accountId') ?? 'unknown'}`,
      };
    default:
      return {
        missing:
          type === '' ? 'the record does not say who called' : `callers of type \`${type}\` are no IAM principals`,
      };
  }
}

const PRINCIPAL_TYPES: Readonly<Record<string, string>> = {
  Root: 'Account',
  IAMUser: 'User',
  AssumedRole: 'AssumedRole',
  Role: 'AssumedRole',
  FederatedUser: 'FederatedUser',
};

function signed(identity: ValueMap, arn: string | undefined, type: string, facts: Facts): Caller {
  if (arn === undefined) return { missing: `a caller of type \`${type}\` has no ARN in the record` };
  const account = textAt(identity, 'accountId');
  if (account !== undefined) facts.set('aws:PrincipalAccount', account);
  const id = textAt(identity, 'principalId');
  if (id === undefined) facts.unknown('aws:userid');
  else facts.set('aws:userid', id);
  facts.set('aws:PrincipalType', PRINCIPAL_TYPES[type]!);
  facts.set('aws:PrincipalIsAWSService', 'false');
  facts.absent('aws:PrincipalServiceName', 'aws:PrincipalServiceNamesList');
  const name = textAt(identity, 'userName');
  if (type !== 'IAMUser') facts.absent('aws:username');
  else if (name === undefined || isMasked(name)) facts.unknown('aws:username');
  else facts.set('aws:username', name);
  // Tags of the principal and its place in the organization are not recorded.
  facts.unknown('aws:PrincipalTag/*', 'aws:PrincipalOrgID', 'aws:PrincipalOrgPaths');
  const person = textAt(mapAt(identity, 'onBehalfOf'), 'userId');
  if (person !== undefined) facts.set('identitystore:UserId', person);
  invoker(identity, facts);
  const issuer = textAt(mapAt(mapAt(identity, 'sessionContext'), 'sessionIssuer'), 'arn');
  return { principal: arn, ...(issuer === undefined ? {} : { sessionIssuer: issuer }) };
}

/** What the session of temporary credentials says; long-term keys have none, and so none of its keys. */
function sessionFacts(session: ValueMap, facts: Facts): void {
  const attributes = mapAt(session, 'attributes');
  const created = textAt(attributes, 'creationDate');
  if (created === undefined) {
    facts.absent('aws:TokenIssueTime', 'aws:MultiFactorAuthPresent', 'aws:MultiFactorAuthAge', 'aws:SourceIdentity');
    facts.absent('aws:AssumedRoot', 'aws:SignInSessionArn', 'aws:FederatedProvider', 'ec2:RoleDelivery');
    return;
  }
  facts.set('aws:TokenIssueTime', created);
  const mfa = flagAt(attributes, 'mfaAuthenticated');
  if (mfa === undefined) facts.unknown('aws:MultiFactorAuthPresent');
  else facts.set('aws:MultiFactorAuthPresent', String(mfa));
  if (mfa === false) facts.absent('aws:MultiFactorAuthAge');
  else facts.unknown('aws:MultiFactorAuthAge');
  setOrAbsent('aws:SourceIdentity', textAt(session, 'sourceIdentity'), facts);
  setOrAbsent('aws:SignInSessionArn', textAt(session, 'signInSessionArn'), facts);
  setOrAbsent('ec2:RoleDelivery', textAt(session, 'ec2RoleDelivery'), facts);
  setOrAbsent('aws:FederatedProvider', textAt(mapAt(session, 'webIdFederationData'), 'federatedProvider'), facts);
  const root = flagAt(session, 'assumedRoot');
  if (root === undefined) facts.absent('aws:AssumedRoot');
  else facts.set('aws:AssumedRoot', String(root));
}

function setOrAbsent(key: string, value: string | undefined, facts: Facts): void {
  if (value === undefined) facts.absent(key);
  else facts.set(key, value);
}

/**
 * `invokedBy` is there both when a service forwards the caller's call and when the service uses a role of its own, and the
 * record does not tell the two apart.
 */
function invoker(identity: ValueMap, facts: Facts): void {
  const keys = ['aws:ViaAWSService', 'aws:CalledVia', 'aws:CalledViaFirst', 'aws:CalledViaLast'];
  if (textAt(identity, 'invokedBy') !== undefined) {
    facts.unknown(...keys);
    return;
  }
  facts.set('aws:ViaAWSService', 'false');
  facts.absent(...keys.slice(1));
}

function service(identity: ValueMap, facts: Facts): Caller {
  const name = textAt(identity, 'invokedBy');
  if (!name?.includes('.')) return { missing: 'the record does not name the service that called' };
  facts.set('aws:PrincipalIsAWSService', 'true');
  facts.set('aws:PrincipalServiceName', name);
  facts.set('aws:ViaAWSService', 'false');
  facts.unknown(
    'aws:PrincipalServiceNamesList',
    'aws:SourceArn',
    'aws:SourceAccount',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
  );
  facts.absent('aws:username', 'aws:TokenIssueTime', 'aws:SourceIdentity', 'aws:MultiFactorAuthPresent');
  facts.absent('aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:PrincipalTag/*');
  const scope = mapAt(identity, 'inScopeOf');
  const sourceArn = textAt(scope, 'sourceArn');
  const sourceAccount = textAt(scope, 'sourceAccount');
  if (sourceArn !== undefined) facts.set('aws:SourceArn', sourceArn);
  if (sourceAccount !== undefined) facts.set('aws:SourceAccount', sourceAccount);
  return { principal: { service: name } };
}

/** In `AssumeRoleWithSAML` and `AssumeRoleWithWebIdentity` the caller is known to its provider only. */
function provider(identity: ValueMap, parameters: ValueMap): Caller {
  const named = textAt(parameters, 'principalArn') ?? textAt(identity, 'identityProvider');
  return named === undefined
    ? { missing: 'the record does not name the identity provider' }
    : { principal: { federated: named } };
}

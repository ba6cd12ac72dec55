/**
 * Names of properties that say who may reach, use or see something, or what protects it. CloudFormation has some 1,800
 * types; what a name alone tells is enough to say that somebody must look.
 */
import type { ChangeKind } from './model.js';

/** Words of names, by what a change there is about. */
const WORDS: readonly (readonly [kind: ChangeKind, words: string])[] = [
  ['encryption', 'Encrypt Encrypted Encryption KMS CMK SSE TLS SSL HTTPS Secure Insecure'],
  ['logging', 'Logging Logs Audit Insight Recording Recorder'],
  [
    'public',
    `Public Publicly Access Accessible Allow Allowed Allows Anonymous Unauthenticated Auth OAuth Authorization Authorizer
     Authorizers Authentication Authenticated Authorized Permission Permissions Principal Principals Role
     Roles Grant Grants Grantee Grantees Trust Trusted Truststore Share Shared Sharing Visibility CORS Credential
     Credentials MFA Password Federation Federated SAML OIDC Issuer Audience Claim Claims SSH
     Whitelist Allowlist Accounts CIDR CIDRs Scheme Webhook External`,
  ],
  [
    'guard',
    `Policy Policies Sign Signed Signing Signer Signers Protect Protected Protection Retention Expiration Lock Locked
     Privileged Privileges Capabilities Security Subnet Subnets ACL ACLs Firewall WAF Restriction Restrictions
     Restricted Restrict Block Blocked Deny Denied Exclude Excluded Exclusion Exclusions Suppress Suppression Suppressed
     Admin Admins Administrator Administrators Root Readonly Scope Scopes Execute Lockout Mutual Revocation Rotate
     Rotation Immutable Immutability Mutability VPC Verification Verified Validation Validate Guardrail Quarantine`,
  ],
];

const KINDS: ReadonlyMap<string, ChangeKind> = new Map(
  WORDS.flatMap(([kind, words]) => words.split(/\s+/).map((word) => [word.toLowerCase(), kind] as const)),
);

/** Names that have such a word and mean something else. */
const OTHERWISE = new RegExp(
  `^(?:${[
    '(?:\\w*)(?:Scaling|Restart|Retry|Redrive|Update|Lifecycle|Termination|Caching|Cache|Request|Headers|Maintenance|Upgrade|Delivery|Replay|Archive|Filter|Fill|Wait|Placement|Rollback|Deployment|Replacement|Allocation|Scheduling)(?:Policy|Policies)(?:Id|Arn|Name|Type|Text|Configuration|Scope)?',
    'Policy(?:Name|Type)',
    'RedriveAllowPolicy',
    'AllocationStrategy',
    'Allow(?:Major|Minor)?VersionUpgrade',
    'AllowedPattern|AllowedMethods|AllowedFormats|AllowReassociation',
    'VisibilityTimeout',
    'ValidationSettings|RequestValidatorId|ValidateRequestBody|ValidateRequestParameters|DomainValidationOptions|ValidationMethod',
    'BlockDeviceMappings?|BlockDurationMinutes|BlockSize',
    'RootDeviceName|RootDirectory|DefaultRootObject|RootVolumeSize\\w*|RootResourceId',
    'ExecutionTimeout\\w*|ExecuteTimeout|ExpirationTime',
    'PreferredBackupWindow|BackupWindow',
    'LogStreamPrefix|LogStreamName',
    'EnablePerformanceInsights|PerformanceInsightsRetentionPeriod',
    'MetricName|MaxAge|MaxAgeSeconds|SslSupportMethod',
    '\\w*Description|Comment|Tags|Tag|DisplayName|Metadata',
  ].join('|')})$`,
);

/** Below these, names are those of the author of a template, and say nothing. */
const OF_AUTHORS =
  /^(?:Tags|Environment|EnvironmentVariables|Variables|StageVariables|Metadata|DockerLabels|Labels|DefaultArguments)$/;

/** What follows the name of an element that is a setting, such as `{ Key: access_logs.s3.enabled, Value: 'true' }`. */
const OF_SETTINGS = /^(?:Value|Values|ParameterValue|OptionValue|OptionSettings?|Status|Enabled?|State|Settings?)$/;

/**
 * The last name of a path that tells what a change there is about, and how long the path is with it.
 *
 * @param named - Where in the path names of elements stand. A container may be called `auth`; only a setting's name tells.
 */
export function tellingName(
  path: readonly string[],
  named: readonly number[],
): { readonly kind: ChangeKind; readonly length: number } | undefined {
  if (path.some((name) => OF_AUTHORS.test(name))) return undefined;
  for (const [at, name] of [...path.entries()].toReversed()) {
    if (named.includes(at) && !OF_SETTINGS.test(path[at + 1] ?? '')) continue;
    if (OTHERWISE.test(name)) return undefined;
    const kind = /access_?log/i.test(name)
      ? 'logging'
      : wordsOf(name)
          .map((word) => KINDS.get(word.toLowerCase()))
          .find((each) => each !== undefined);
    if (kind !== undefined) return { kind, length: at + 1 };
  }
  return undefined;
}

/** `KMSMasterKeyID` is `KMS`, `Master`, `Key` and `ID`. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/);
}

/**
 * The types of parameters. Each accepts little: a value ends in a policy, where a wildcard too many exempts everybody and a
 * `${` is a policy variable.
 */
import { expandActionPattern, isRegion } from '../../../catalogue/iam/index.js';
import type { ParameterType } from '../model.js';

/** A type: how to say what it accepts, and what is wrong with a text, if anything is. */
interface TypeRule {
  readonly what: string;
  readonly fault: (text: string) => string | undefined;
}

const matching = (what: string, pattern: RegExp): TypeRule => ({
  what,
  fault: (text) => (pattern.test(text) ? undefined : `is not ${what}`),
});

/** Characters of names in ARNs of IAM. */
const PRINCIPAL = /^arn:(?:\*|aws|aws-cn|aws-us-gov):iam::(?:\*|\d{12}):(?:role|user)\/([\w+=,.@/*?-]+)$/;
/** Fewest fixed characters of the name in a pattern of principals: `*` alone, or `a*`, would exempt whole accounts. */
const FIXED = 4;

const principalPattern: TypeRule = {
  what: 'the ARN of a role or user such as `arn:aws:iam::*:role/security-baseline`, with `*` and `?` in account and name',
  fault: (text) => {
    const name = PRINCIPAL.exec(text)?.[1];
    if (name === undefined) return `is not ${principalPattern.what}`;
    if (name.replace(/[*?/]/g, '').length < FIXED) {
      return `matches almost every principal: write at least ${FIXED} characters of the name`;
    }
    return undefined;
  },
};

const DATE_TIME = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

export const PARAMETER_TYPES: Readonly<Record<ParameterType, TypeRule>> = {
  accountId: matching('an account id of 12 digits', /^\d{12}$/),
  actionPattern: {
    what: 'an action such as `iam:CreateUser`, or a pattern of actions of one service such as `iam:*`',
    fault: (text) => {
      if (!/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(text)) return `is not ${PARAMETER_TYPES.actionPattern.what}`;
      return expandActionPattern(text).length > 0 ? undefined : 'matches no action that the catalogue knows';
    },
  },
  arnPattern: matching(
    'the ARN of a resource such as `arn:aws:s3:::my-bucket/*`, with `*` and `?`',
    /^arn:(?:\*|aws|aws-cn|aws-us-gov):[a-z0-9-]+:[a-z0-9*-]*:(?:\*|\d{12}|aws)?:[\w+=,.@/:*?#!~-]*[\w][\w+=,.@/:*?#!~-]*$/,
  ),
  boundaryName: matching(
    'the name of a managed policy with its path, such as `developer-boundary` or `team/boundary`',
    /^(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/,
  ),
  bucketName: matching('the name of a bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  cidr: matching(
    'a network such as `203.0.113.0/24` or `2001:db8::/32`, no broader than /8 (IPv6: /16)',
    /^(?:(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:[89]|[12]\d|3[0-2])|[0-9a-f:]*:[0-9a-f:]*\/(?:1[6-9]|[2-9]\d|1[01]\d|12[0-8]))$/,
  ),
  databaseResourceId: matching(
    'the resource id of a cluster or instance such as `cluster-ABCDEFGHIJKL01234` or `db-ABCDEFGHIJKL01234`',
    /^(?:cluster|db)-[A-Z0-9]{8,40}$/,
  ),
  functionName: matching('the name of a function: letters, digits, `_` and `-`', /^[A-Za-z0-9_-]{1,64}$/),
  identityCenterUserId: matching(
    'the id of a user of IAM Identity Center',
    /^(?:[0-9a-f]{10}-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  ),
  logGroupPrefix: matching(
    'the beginning of the name of a log group: at least 5 of letters, digits and `_/.#-`',
    /^[\w/.#-]{5,512}$/,
  ),
  namePrefix: matching('the beginning of a name: letters, digits, `_`, `.` and `-`, at least 3', /^[\w.-]{3,64}$/),
  organizationId: matching('the id of an organization such as `o-exampleorgid`', /^o-[a-z0-9]{10,32}$/),
  partition: matching('a partition: `aws`, `aws-cn` or `aws-us-gov`', /^aws(?:-cn|-us-gov)?$/),
  principalPattern,
  region: {
    what: 'a Region such as `eu-central-1`',
    fault: (text) => (isRegion(text) ? undefined : `is not ${PARAMETER_TYPES.region.what}`),
  },
  resourceType: matching('a resource type of CloudFormation such as `AWS::S3::Bucket`', /^[A-Z]\w+::\w+::\w+$/),
  roleName: matching('the name of a role, without path and wildcards', /^[\w+=,.@-]{1,64}$/),
  samlProviderName: matching('the name of an identity provider: letters, digits, `.`, `_` and `-`', /^[\w.-]{1,128}$/),
  servicePrincipal: matching(
    'the principal of a service such as `cloudformation.amazonaws.com`',
    /^[a-z0-9-]+(?:\.[a-z0-9-]+)?\.amazonaws\.com$/,
  ),
  sqlName: matching('a name of SQL in lower case, without quotes', /^[a-z_][a-z0-9_]{0,62}$/),
  tagKey: matching(
    'the key of a tag: letters, digits, space and `_.:/=+@-`, not beginning with `aws:`',
    /^(?!aws:)[\p{L}\p{N}_.:/=+@-][\p{L}\p{N} _.:/=+@-]{0,127}$/iu,
  ),
  time: matching('a time such as `2026-01-31T10:00:00Z`', DATE_TIME),
  userName: matching(
    'the name of a person as sessions carry it: 2 to 64 of `A-Za-z0-9_+=,.@-`, without wildcards and white space',
    /^[A-Za-z0-9_+=,.@-]{2,64}$/,
  ),
  vpcEndpointId: matching(
    'the id of a VPC endpoint such as `vpce-0123456789abcdef0`',
    /^vpce-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
  ),
  vpcId: matching('the id of a VPC such as `vpc-0123456789abcdef0`', /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/),
};

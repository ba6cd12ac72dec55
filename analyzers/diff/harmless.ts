/**
 * Changes below a telling name that make nothing weaker: something is switched on, kept longer, called otherwise, or recorded
 * where nothing was recorded. What is not listed here is told. Names and defaults are those of the CloudFormation Template
 * Reference Guide (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/).
 */
import type { Value } from '../../template/index.js';
import type { Difference } from './differences.js';
import type { ChangeKind } from './model.js';
import { textOf } from './side.js';

const ON = /^(?:true|1|on|yes|enabled?|required?|always)$/i;
const OFF = /^(?:false|0|off|no|disabled?|optional|never|none|)$/i;
/** Names of switches. `IncludeExecutionData: true` is none: it records more than who called what. */
const SWITCH = /enabl|^(?:Status|State|Value|ParameterValue)$|ssl|tls|encrypt|secur|logs?$|audit|insight|^BucketKey/i;
/** Names in which `true`, or being there, leaves something out. */
const LEAVES_OUT =
  /disab|exclu|skip|insecure|ignore|suppress|bypass|omit|without|unencrypt|allow|filter|redact|level|include|opt_?out|sampl/i;
/** Where records go in the own account, and what their names begin with. */
const PLACE_OF_LOGS = /(?:Prefix|LogGroup(?:Name|Arn)?|GroupName|StreamName|LogFormat)$/;
const NEW_TLS = /^TLSv?[_ ]?1[._][23]$/i;

/**
 * Whether a change makes nothing weaker.
 *
 * @param type - Of the resource.
 * @param difference - A leaf; other accounts in it are told before anybody asks here.
 * @param kind - What its telling name is about.
 */
export function isHarmless(type: string, { path, had, has }: Difference, kind: ChangeKind): boolean {
  const last = path.at(-1) ?? '';
  const [before, after] = [had, has].map(textOf);
  if (isOwnName(type, path)) return true;
  if (isDeclared(last, had) && isDeclared(last, has)) return true;
  if (isKeptLonger(path, before, had === undefined, after, has === undefined)) return true;
  const leavesOut = path.some((name) => LEAVES_OUT.test(name));
  const isSwitch = kind === 'encryption' || kind === 'logging' || (kind === 'guard' && /protect|rotat/i.test(last));
  if (isSwitch && !leavesOut && SWITCH.test(`${last}${kind === 'guard' ? 'Enabled' : ''}`)) {
    if ((had === undefined || (before !== undefined && OFF.test(before))) && ON.test(after ?? '')) return true;
  }
  if (kind === 'logging' && !leavesOut) {
    return had === undefined || PLACE_OF_LOGS.test(last) || (last === 'Format' && saysMore(before, after));
  }
  if (kind !== 'encryption' || leavesOut || after === undefined) return false;
  if (NEW_TLS.test(after) && (had === undefined || (before !== undefined && before < after))) return true;
  // A key of the customer where there was none.
  return had === undefined && /(?:KMS|Kms|CMK)\w*(?:Id|ID|Arn|ARN|Key)$/.test(last) && !after.includes('alias/aws/');
}

/** The name of the resource itself; a name of another one decides what it uses. */
function isOwnName(type: string, path: readonly string[]): boolean {
  if (type === 'AWS::CloudFront::OriginAccessControl') return path.join('.') === 'OriginAccessControlConfig.Name';
  const [first, ...rest] = path;
  const own = /^(\w*?)(?:Name|Identifier)$/.exec(first ?? '')?.[1];
  return rest.length === 0 && own?.toLowerCase().endsWith(type.split('::').at(-1)!.toLowerCase()) === true;
}

/** Parameters of methods are declared by `true` and `false`; what they are set to is a text. */
function isDeclared(name: string, value: Value | undefined): boolean {
  return (
    /^method\.(?:request|response)\./.test(name) &&
    (value === undefined || /^(?:true|false)$/.test(textOf(value) ?? ''))
  );
}

/** A retention that grows. From 0 on it does not: 0 may mean for ever. */
function isKeptLonger(
  path: readonly string[],
  before: string | undefined,
  wasNothing: boolean,
  after: string | undefined,
  isNothing: boolean,
): boolean {
  const last = path.at(-1)!;
  const isExpiry = path[0] === 'LifecycleConfiguration' && /^(?:ExpirationInDays|NoncurrentDays)$/.test(last);
  if (!isExpiry && !last.includes('Retention')) return false;
  // Without a rule objects stay for ever.
  if (isNothing) return isExpiry && !wasNothing;
  const [had, has] = [Number(before ?? Number.NaN), Number(after ?? Number.NaN)];
  return had > 0 && has > had;
}

/** Whether all that a format of access logs names is there still. */
function saysMore(before: string | undefined, after: string | undefined): boolean {
  const variables = (text: string | undefined): readonly string[] => text?.match(/\$context\.[\w.]+/g) ?? [];
  const [had, has] = [variables(before), new Set(variables(after))];
  return had.length > 0 && had.every((each) => has.has(each));
}

/** From a CloudTrail record to the requests that IAM decided. */
import { isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import { parseArn } from '../arn.js';
import type { Request } from '../model.js';
import { actionsOf, servicePrefix } from './action.js';
import { requestFacts } from './context.js';
import { outcomeOf } from './denied.js';
import type { TrailOutcome } from './denied.js';
import { Facts, WantedKeys } from './facts.js';
import { principalOf } from './principal.js';
import { eachText, mapAt, textAt } from './record.js';
import { resourcesOf } from './resource.js';
import type { TrailResource } from './resource.js';

export type { TrailOutcome } from './denied.js';
export { WantedKeys } from './facts.js';

/** One decision of IAM, as far as a record tells it. */
export interface TrailRequest {
  /**
   * Keys that the record proves absent are in `absent`; an entry that ends with `*` stands for all keys that begin so.
   */
  readonly request: Request;
  /** Keys that the call may have carried without the record telling; an entry that ends with `*` stands for all such. */
  readonly unknownKeys: readonly string[];
  /** What else the record does not tell, in words; empty when principal, action and resource are exact. */
  readonly uncertain: readonly string[];
}

/** What a record came to. */
export type TrailReading =
  | {
      readonly kind: 'requests';
      readonly eventId: string;
      readonly eventTime: string;
      readonly outcome: TrailOutcome;
      /** The call's own action first, then those that it needed besides, such as `iam:PassRole`. */
      readonly requests: readonly TrailRequest[];
    }
  /** There was a decision, but the record does not hold enough of it. */
  | { readonly kind: 'incomplete'; readonly eventId: string; readonly reason: string }
  /** IAM decided nothing here. */
  | { readonly kind: 'noDecision'; readonly eventId: string; readonly reason: string };

/**
 * Rebuilds the requests behind one record of a trail: principal, action, resource and condition keys.
 *
 * Follows "CloudTrail record contents" and "CloudTrail userIdentity element" of the CloudTrail User Guide. A record holds
 * neither the policies in force nor tags of principals and resources, the organization's paths, the VPC of an endpoint or
 * the chain of calling services: such keys are listed as unknown, never taken for absent.
 *
 * @param record - One element of `Records`.
 * @param wanted - Condition keys that are asked for; the requests say nothing of others. `@default` all.
 * @returns Never throws. Records of eventVersion 1.x are read; others are incomplete.
 */
export function requestsOfRecord(record: Value, wanted?: WantedKeys): TrailReading {
  if (!isMap(record)) return { kind: 'incomplete', eventId: '', reason: 'the record is no map' };
  const eventId = textAt(record, 'eventID') ?? '';
  const version = textAt(record, 'eventVersion') ?? '1.0';
  if (!version.startsWith('1.')) {
    return { kind: 'incomplete', eventId, reason: `records of version ${version} are not known` };
  }
  const source = textAt(record, 'eventSource');
  const name = textAt(record, 'eventName');
  const type = textAt(record, 'eventType') ?? 'AwsApiCall';
  if (type !== 'AwsApiCall' && type !== 'AwsVpceEvents') {
    return { kind: 'noDecision', eventId, reason: `an event of type \`${type}\`` };
  }
  if (source === undefined || name === undefined) {
    return { kind: 'incomplete', eventId, reason: 'the record names no event' };
  }
  const parameters = mapAt(record, 'requestParameters');
  const action = actionsOf(source, name, parameters);
  if (action.kind === 'noAction') return { kind: 'noDecision', eventId, reason: `\`${name}\` has no IAM action` };
  if (action.kind === 'unknown') {
    return { kind: 'incomplete', eventId, reason: `the catalogue knows no action \`${action.action}\`` };
  }
  const hasParameters = isMap(record['requestParameters']);
  const facts = (of: string): Facts => {
    const found = new Facts(wanted);
    requestFacts(record, hasParameters ? parameters : undefined, of, found);
    return found;
  };
  const requests: TrailRequest[] = [];
  for (const each of action.actions) {
    const known = facts(each);
    const caller = principalOf(mapAt(record, 'userIdentity'), parameters, known);
    if ('missing' in caller) return { kind: 'incomplete', eventId, reason: caller.missing };
    for (const resource of resourcesOf(each, record, parameters)) {
      requests.push(requestOf(caller, each, resource, known, wanted));
    }
  }
  const passed = passedRoles(source, name, parameters);
  for (const arn of passed) {
    const known = facts('iam:PassRole');
    const caller = principalOf(mapAt(record, 'userIdentity'), parameters, known);
    if ('missing' in caller) continue;
    known.unknown('iam:PassedToService', 'iam:AssociatedResourceArn');
    requests.push(requestOf(caller, 'iam:PassRole', { arn, exact: true }, known, wanted));
  }
  return {
    kind: 'requests',
    eventId,
    eventTime: textAt(record, 'eventTime') ?? '',
    outcome: outcomeOf(record),
    requests,
  };
}

function requestOf(
  caller: Pick<Request, 'principal' | 'sessionIssuer'>,
  action: string,
  resource: TrailResource,
  facts: Facts,
  wanted: WantedKeys | undefined,
): TrailRequest {
  const owner = resource.account ?? accountIn(resource.arn);
  const own = new Facts(wanted);
  if (owner === undefined) own.unknown('aws:ResourceAccount');
  else own.set('aws:ResourceAccount', owner);
  const uncertain = resource.exact
    ? []
    : [`the record does not name the whole resource: \`${resource.arn}\` stands for what is known of it`];
  return {
    request: {
      ...caller,
      action,
      resource: resource.arn,
      ...(owner === undefined ? {} : { resourceAccount: owner }),
      context: { ...facts.context(), ...own.context() },
      absent: facts.absentKeys(),
    },
    unknownKeys: [...facts.unknownKeys(), ...own.unknownKeys()].sort(),
    uncertain,
  };
}

function accountIn(arn: string): string | undefined {
  const account = parseArn(arn)?.account;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** Services in which a role among the parameters is not passed to anybody. */
const NOT_PASSING: ReadonlySet<string> = new Set(['iam', 'sts', 'access-analyzer', 'organizations', 'tag']);

/** Roles that the call hands to a service: `iam:PassRole` has no event of its own. */
function passedRoles(source: string, name: string, parameters: ValueMap): readonly string[] {
  if (NOT_PASSING.has(servicePrefix(source)) || /^(?:Get|List|Describe|Tag|Untag|Delete|Remove|Simulate)/.test(name)) {
    return [];
  }
  const roles = new Set<string>();
  eachText(parameters, (text, key) => {
    if (/role/i.test(key) && /^arn:[a-z-]+:iam::\d{12}:role\/[^*]+$/.test(text)) roles.add(text);
  });
  return [...roles];
}

/**
 * Whether a call of a record was denied, and by what. The text of the error names the kind of policy where the service
 * supports it (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
 */
import type { ValueMap } from '../../template/index.js';
import type { PolicyLayer } from '../model.js';
import { textAt } from './record.js';

/** What came of a call. */
export type TrailOutcome =
  | { readonly kind: 'succeeded' }
  /** The service refused it for another reason, such as a name that does not exist; IAM had allowed it, or was not asked. */
  | { readonly kind: 'failed'; readonly errorCode: string }
  | {
      readonly kind: 'denied';
      readonly errorCode: string;
      /** Left out when the text does not name the kind of policy. */
      readonly layer?: PolicyLayer;
      readonly explicit?: boolean;
      readonly policyArn?: string;
    };

const LAYERS: Readonly<Record<string, PolicyLayer>> = {
  'service control policy': 'scp',
  'resource control policy': 'rcp',
  'vpc endpoint policy': 'vpcEndpoint',
  'permissions boundary': 'boundary',
  'session policy': 'session',
  'resource-based policy': 'resource',
  'role trust policy': 'resource',
  'identity-based policy': 'identity',
};

const KIND = Object.keys(LAYERS).join('|');
const EXPLICIT = new RegExp(`with an explicit deny in an? (${KIND})(?::\\s*(arn:\\S+))?`, 'i');
const IMPLICIT = new RegExp(`because no (${KIND}) allows`, 'i');

/** Reads `errorCode` and `errorMessage`. */
export function outcomeOf(record: ValueMap): TrailOutcome {
  const errorCode = textAt(record, 'errorCode');
  if (errorCode === undefined) return { kind: 'succeeded' };
  if (!/denied|unauthorized|notauthorized|authorizationerror/i.test(errorCode)) return { kind: 'failed', errorCode };
  const message = textAt(record, 'errorMessage') ?? '';
  const explicit = EXPLICIT.exec(message);
  if (explicit !== null) {
    const policyArn = explicit[2]?.replace(/[.,;]+$/, '');
    const layer = LAYERS[explicit[1]!.toLowerCase()]!;
    return { kind: 'denied', errorCode, layer, explicit: true, ...(policyArn === undefined ? {} : { policyArn }) };
  }
  const implicit = IMPLICIT.exec(message);
  if (implicit !== null) {
    return { kind: 'denied', errorCode, layer: LAYERS[implicit[1]!.toLowerCase()]!, explicit: false };
  }
  return /explicit deny/i.test(message) ? { kind: 'denied', errorCode, explicit: true } : { kind: 'denied', errorCode };
}

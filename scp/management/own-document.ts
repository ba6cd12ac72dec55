/**
 * Documents of settings that an organization has written itself. Their keys are AWS's matter, which adds some over time; what
 * all types have in common is held to: one key at the top, and every value under an operator
 * (https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html).
 */
import { POLICY_TYPE_TITLES } from '../../organization/index.js';
import type { SettingPolicyType } from '../../organization/index.js';
import { isList, isMap, keysOf } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';

/** The key at the top of a document, by the syntax pages of the types in the AWS Organizations User Guide. */
const TOP: Readonly<Record<SettingPolicyType, string>> = {
  tag: 'tags',
  declarativeEc2: 'ec2_attributes',
  aiServicesOptOut: 'services',
  backup: 'plans',
  chatApplications: 'chatbot',
  securityHub: 'securityhub',
};

const VALUES: ReadonlySet<string> = new Set(['@@assign', '@@append', '@@remove']);
const CONTROL = '@@operators_allowed_for_child_policies';
const CONTROLS: readonly string[] = ['@@all', '@@none', '@@assign', '@@append', '@@remove'];

/** What is wrong at a place of a document. */
export interface SettingFaultAt {
  readonly path: Path;
  /** The end of a sentence that begins with the place. */
  readonly reason: string;
}

/** Why AWS Organizations would refuse a document of a type. */
export function ownDocumentFaults(type: SettingPolicyType, document: Value): readonly SettingFaultAt[] {
  const top = TOP[type];
  if (!isMap(document)) return [{ path: [], reason: 'is no map' }];
  const faults: SettingFaultAt[] = [];
  for (const key of keysOf(document)) {
    if (key === top || key === CONTROL) {
      faults.push(...faultsAt(document[key]!, [key]));
      continue;
    }

    faults.push({
      path: [key],
      reason: `is no key of a ${POLICY_TYPE_TITLES[type]}, which has \`${top}\` at the top`,
    });
  }
  if (!Object.hasOwn(document, top)) faults.push({ path: [], reason: `has no \`${top}\`` });
  return faults;
}

function faultsAt(value: Value, path: readonly string[]): readonly SettingFaultAt[] {
  const key = path.at(-1)!;
  const fault = (isRight: boolean, reason: string): readonly SettingFaultAt[] => (isRight ? [] : [{ path, reason }]);
  if (key === CONTROL) {
    const isRight =
      isList(value) && value.length > 0 && value.every((each) => typeof each === 'string' && CONTROLS.includes(each));
    return fault(isRight, `is no list of ${CONTROLS.join(', ')}`);
  }
  if (VALUES.has(key)) {
    const isRight = isList(value) ? value.every((each) => !isMap(each) && !isList(each)) : !isMap(value);
    return fault(isRight, 'is no value and no list of values');
  }
  if (key.startsWith('@@')) return fault(false, 'is no operator');
  if (!isMap(value)) return fault(false, 'has its value without an operator such as `@@assign`');
  return keysOf(value).flatMap((each) => faultsAt(value[each]!, [...path, each]));
}

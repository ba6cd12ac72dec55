/** The documents of management policies, by the name of their template. Values have been checked. */
import { get, isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';

/** A value that fits its schema and makes no document. */
export class SettingFault extends Error {
  constructor(
    readonly parameter: string,
    message: string,
  ) {
    super(message);
  }
}

type Values = Readonly<Record<string, Value>>;

const assign = (value: Value): ValueMap => ({ '@@assign': value });
/** Nothing that policies below say is taken. */
const closed = (rest: ValueMap): ValueMap => ({ '@@operators_allowed_for_child_policies': ['@@none'], ...rest });

/**
 * A tag policy that says how required keys are spelt, which values they have, and for which types they are reported when
 * they are missing. A `pattern` of a value cannot be said there: such a key takes every value.
 */
function requiredTagsReported({ requiredTags, reportedTypes, enforcedTypes }: Values): ValueMap {
  const tags: Record<string, Value> = {};
  for (const requirement of requiredTags as readonly Value[]) {
    if (!isMap(requirement)) continue;
    const key = get(requirement, 'key') as string;
    const values = get(requirement, 'values');
    if (Object.hasOwn(tags, key.toLowerCase())) {
      throw new SettingFault('requiredTags', `names \`${key}\` twice: case does not tell keys apart`);
    }
    tags[key.toLowerCase()] = {
      tag_key: assign(key),
      ...(values === undefined ? {} : { tag_value: assign(values) }),
      ...((enforcedTypes as readonly Value[]).length === 0 ? {} : { enforced_for: assign(enforcedTypes!) }),
      report_required_tag_for: assign(reportedTypes!),
    };
  }
  return { tags };
}

/** Settings of Amazon EC2 in each Region of each account. */
function ec2Attributes(values: Values): ValueMap {
  const setting = (name: string): ValueMap => assign(values[name]!);
  return {
    ec2_attributes: {
      exception_message: setting('exceptionMessage'),
      // A policy that says `off` would switch off what one above it has switched on.
      ...(values['internetGatewayBlock'] === 'off'
        ? {}
        : {
            vpc_block_public_access: {
              internet_gateway_block: {
                mode: setting('internetGatewayBlock'),
                exclusions_allowed: assign('disabled'),
              },
            },
          }),
      serial_console_access: { status: setting('serialConsoleAccess') },
      image_block_public_access: { state: setting('imagePublicAccess') },
      snapshot_block_public_access: { state: setting('snapshotPublicAccess') },
      instance_metadata_defaults: {
        http_tokens: setting('httpTokens'),
        http_put_response_hop_limit: assign(JSON.stringify(values['hopLimit'])),
        http_endpoint: assign('no_preference'),
        instance_metadata_tags: assign('no_preference'),
      },
    },
  };
}

/** No AI service uses content of the organization to get better, except those that are named. */
function aiServicesOptOut({ exceptServices }: Values): ValueMap {
  const service = (policy: string): ValueMap => closed({ opt_out_policy: closed(assign(policy)) });
  const except = (exceptServices as readonly string[]).map((name) => [name, service('optIn')] as const);
  return { services: closed({ default: service('optOut'), ...Object.fromEntries(except) }) };
}

export const MANAGEMENT_DOCUMENTS: ReadonlyMap<string, (values: Values) => ValueMap> = new Map([
  ['ai-services-opt-out', aiServicesOptOut],
  ['ec2-account-settings', ec2Attributes],
  ['required-tags-reported', requiredTagsReported],
]);

/**
 * The syntax of management policies as AWS documents it, in JSON schemas (draft-07):
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html. They are closed: a
 * key that is not documented is a fault, since AWS would refuse it or, worse, ignore it.
 */
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Value } from '../../template/index.js';
import type { ManagementPolicyKind } from './model.js';

/** Most characters of a document. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MOST: Readonly<Record<ManagementPolicyKind, number>> = { tag: 10_000, ec2: 10_000, 'ai-opt-out': 2_500 };

const CONTROL = '@@operators_allowed_for_child_policies';
const OPERATORS = ['@@all', '@@none', '@@assign', '@@append', '@@remove'];
const control = { type: 'array', minItems: 1, items: { enum: OPERATORS } };

/** A map of settings, which may say what policies below may do to it. */
const map = (properties: object, more: object = {}): object => ({
  type: 'object',
  additionalProperties: false,
  ...more,
  properties: { [CONTROL]: control, ...properties },
});
const single = (value: object): object => map({ '@@assign': value }, { required: ['@@assign'] });
const choice = (...values: readonly string[]): object => single({ enum: values });
const texts = (item: object): object => {
  const list = { type: 'array', items: { type: 'string', ...item } };
  return map({ '@@assign': list, '@@append': list, '@@remove': list }, { minProperties: 1 });
};

/** `service:type` or `service:ALL_SUPPORTED`. */
const types = texts({ pattern: '^[a-z0-9-]+:[A-Za-z0-9_/*-]+$' });
const tag = map({
  tag_key: single({ type: 'string', minLength: 1, maxLength: 128 }),
  // One wildcard at most.
  tag_value: texts({ pattern: '^[^*]*\\*?[^*]*$', maxLength: 256 }),
  enforced_for: types,
  report_required_tag_for: types,
});
const switched = choice('enabled', 'disabled');
const preference = choice('no_preference', 'enabled', 'disabled');

const SCHEMAS: Readonly<Record<ManagementPolicyKind, object>> = {
  tag: map({ tags: { ...map({}), additionalProperties: tag } }, { required: ['tags'] }),
  ec2: map(
    {
      ec2_attributes: map(
        {
          exception_message: single({ type: 'string', minLength: 1 }),
          vpc_block_public_access: map({
            internet_gateway_block: map(
              { mode: choice('off', 'block_ingress', 'block_bidirectional'), exclusions_allowed: switched },
              { required: ['mode', 'exclusions_allowed'] },
            ),
          }),
          serial_console_access: map({ status: switched }, { required: ['status'] }),
          image_block_public_access: map({ state: choice('unblocked', 'block_new_sharing') }, { required: ['state'] }),
          snapshot_block_public_access: map(
            { state: choice('unblocked', 'block_new_sharing', 'block_all_sharing') },
            { required: ['state'] },
          ),
          instance_metadata_defaults: map({
            http_tokens: choice('no_preference', 'required', 'optional'),
            http_put_response_hop_limit: single({ type: 'string', pattern: '^(?:-1|[1-9]|[1-5][0-9]|6[0-4])$' }),
            http_endpoint: preference,
            instance_metadata_tags: preference,
          }),
        },
        { minProperties: 1 },
      ),
    },
    { required: ['ec2_attributes'] },
  ),
  'ai-opt-out': map(
    {
      services: {
        ...map({}),
        propertyNames: { pattern: `^(?:[a-z0-9-]+|${CONTROL})$` },
        additionalProperties: map({ opt_out_policy: choice('optIn', 'optOut') }, { required: ['opt_out_policy'] }),
      },
    },
    { required: ['services'] },
  ),
};

const ajv = new Ajv({ allErrors: true, strictTypes: false });
const compiled = new Map<ManagementPolicyKind, ValidateFunction>();

/** What a document breaks of the syntax of its kind, one sentence each, with the place as a JSON pointer. */
export function syntaxFaults(kind: ManagementPolicyKind, document: Value): readonly string[] {
  let validate = compiled.get(kind);
  if (validate === undefined) {
    validate = ajv.compile(SCHEMAS[kind]);
    compiled.set(kind, validate);
  }
  const faults = validate(document) ? [] : (validate.errors ?? []).map(say);
  const { length } = JSON.stringify(document);
  return length <= MOST[kind] ? faults : [...faults, `it has ${length} characters, allowed are ${MOST[kind]}`];
}

function say({ instancePath, message, params }: ErrorObject): string {
  const extra = (params as { readonly additionalProperty?: string }).additionalProperty;
  return `${instancePath || '/'} ${message ?? 'is wrong'}${extra === undefined ? '' : `: ${extra}`}`;
}

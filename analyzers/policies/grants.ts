/**
 * Statements that are spelled in properties: a type such as `AWS::Lambda::Permission` adds one statement to the policy of
 * a resource. They are read as the statement that the service makes of them
 * (https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html).
 */
import { get, isList, isMap } from '../../template/index.js';
import type { Path, SupposedPlace, Value, ValueMap } from '../../template/index.js';

/** A statement, and where its elements are written. */
export interface Grant {
  /** A document of one statement. */
  readonly document: Value;
  /** From the resource on: for an element of the statement the property that it is made of. */
  readonly paths: Readonly<Record<string, Path>>;
}

/** How the properties of a type are called, and what they mean. */
interface GrantForm {
  readonly action: string;
  /** The property that names the resource, and the ARN of one that is named by `{name}`. */
  readonly resource: readonly [property: string, arn: string];
  /** Condition operator and key of properties that limit the grant. */
  readonly conditions?: Readonly<Record<string, readonly [operator: string, key: string]>>;
  /** A property that is a condition by itself: `Type`, `Key` and `Value`. */
  readonly condition?: string;
  readonly effect?: string;
  /** Prefix of actions that are written without one. */
  readonly service?: string;
}

const EQUALS = 'StringEquals';
const SOURCE_ACCOUNT = [EQUALS, 'aws:SourceAccount'] as const;

const FORMS: Readonly<Record<string, GrantForm>> = {
  'AWS::ACMPCA::Permission': {
    action: 'Actions',
    resource: ['CertificateAuthorityArn', '{name}'],
    conditions: { SourceAccount: SOURCE_ACCOUNT },
    service: 'acm-pca',
  },
  'AWS::EntityResolution::PolicyStatement': { action: 'Action', resource: ['Arn', '{name}'], effect: 'Effect' },
  'AWS::Events::EventBusPolicy': {
    action: 'Action',
    resource: ['EventBusName', 'arn:{partition}:events:{region}:{accountId}:event-bus/{name}'],
    condition: 'Condition',
  },
  'AWS::Lambda::LayerVersionPermission': {
    action: 'Action',
    resource: ['LayerVersionArn', '{name}'],
    conditions: { OrganizationId: [EQUALS, 'aws:PrincipalOrgID'] },
  },
  'AWS::Lambda::Permission': {
    action: 'Action',
    resource: ['FunctionName', 'arn:{partition}:lambda:{region}:{accountId}:function:{name}'],
    conditions: {
      EventSourceToken: [EQUALS, 'lambda:EventSourceToken'],
      FunctionUrlAuthType: [EQUALS, 'lambda:FunctionUrlAuthType'],
      InvokedViaFunctionUrl: ['Bool', 'lambda:InvokedViaFunctionUrl'],
      PrincipalOrgID: [EQUALS, 'aws:PrincipalOrgID'],
      SourceAccount: SOURCE_ACCOUNT,
      SourceArn: ['ArnLike', 'aws:SourceArn'],
    },
  },
  'AWS::QBusiness::Permission': {
    action: 'Actions',
    resource: ['ApplicationId', 'arn:{partition}:qbusiness:{region}:{accountId}:application/{name}'],
  },
  'AWS::Signer::ProfilePermission': {
    action: 'Action',
    resource: ['ProfileName', 'arn:{partition}:signer:{region}:{accountId}:/signing-profiles/{name}'],
  },
};

/** The types of which a statement is read. */
export const GRANT_TYPES: readonly string[] = Object.keys(FORMS);

/**
 * The statement of a resource.
 *
 * @param properties - With choices made and values that nobody knows as text.
 * @returns `undefined` for a type that is none of {@link GRANT_TYPES}, and for a bus policy that is written as a statement.
 */
export function grantOf(type: string, properties: ValueMap, place: SupposedPlace): Grant | undefined {
  const form = Object.hasOwn(FORMS, type) ? FORMS[type] : undefined;
  if (form === undefined) return undefined;
  const principal = get(properties, 'Principal');
  const action = get(properties, form.action);
  if (principal === undefined && action === undefined && form.condition !== undefined) return undefined;
  const [property, arn] = form.resource;
  const name = get(properties, property) ?? (type === 'AWS::Events::EventBusPolicy' ? 'default' : undefined);
  const statement: Record<string, Value> = { Effect: effectOf(form, properties) };
  if (principal !== undefined) statement['Principal'] = principalOf(principal);
  if (action !== undefined) statement['Action'] = actionOf(action, form.service);
  if (typeof name === 'string') statement['Resource'] = resourceOf(name, arn, place);
  const conditions = conditionsOf(form, properties);
  if (Object.keys(conditions).length > 0) statement['Condition'] = conditions;
  const at = (key: string): Path => ['Properties', key];
  return {
    document: { Version: '2012-10-17', Statement: [statement] },
    paths: {
      Effect: at(form.effect ?? form.action),
      Principal: at('Principal'),
      Action: at(form.action),
      Resource: at(property),
      Condition: form.condition === undefined ? ['Properties'] : at(form.condition),
    },
  };
}

function effectOf({ effect }: GrantForm, properties: ValueMap): Value {
  return effect === undefined ? 'Allow' : (get(properties, effect) ?? 'Allow');
}

function principalOf(value: Value): Value {
  if (isList(value)) {
    const kinds: Record<string, Value[]> = {};
    for (const each of value) (kinds[kindOf(each)] ??= []).push(each);
    return kinds;
  }
  return value === '*' ? '*' : { [kindOf(value)]: value };
}

/** Names of services have dots and are no ARNs. */
function kindOf(value: Value): string {
  return typeof value === 'string' && value.includes('.') && !value.startsWith('arn:') ? 'Service' : 'AWS';
}

function actionOf(value: Value, service: string | undefined): Value {
  if (isList(value)) return value.map((each) => actionOf(each, service));
  return typeof value === 'string' && service !== undefined && !value.includes(':') ? `${service}:${value}` : value;
}

function resourceOf(name: string, arn: string, place: SupposedPlace): string {
  if (name.startsWith('arn:')) return name;
  // A function may be named with its account in front, and its version behind.
  const [, account, plain] = /^(\d{12}):function:(.*)$/.exec(name) ?? [];
  const own = account === undefined ? place : { ...place, accountId: account };
  return arn.replace(/\{(\w+)\}/g, (_, word: string) =>
    word === 'name' ? (plain ?? name) : own[word as keyof SupposedPlace],
  );
}

function conditionsOf({ conditions = {}, condition }: GrantForm, properties: ValueMap): Record<string, Value> {
  const made: Record<string, Record<string, Value>> = {};
  const add = (operator: string, key: string, value: Value): void => {
    (made[operator] ??= {})[key] = value;
  };
  for (const [property, [operator, key]] of Object.entries(conditions)) {
    const value = get(properties, property);
    if (value !== undefined) add(operator, key, typeof value === 'boolean' ? String(value) : value);
  }
  const written = condition === undefined ? undefined : get(properties, condition);
  if (written !== undefined && isMap(written)) {
    const [operator, key] = [get(written, 'Type'), get(written, 'Key')];
    if (typeof operator === 'string' && typeof key === 'string') add(operator, key, get(written, 'Value') ?? '');
  }
  return made;
}

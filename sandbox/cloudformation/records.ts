/**
 * Resources as records: what `Ref` and `Fn::GetAtt` give of them follows from the catalogue, and from the forms that the
 * Template Reference Guide gives for the types that templates use most.
 */
import { randomBytes } from 'node:crypto';
import { actionsOfType } from '../../catalogue/actions/index.js';
import { iamAction } from '../../catalogue/iam/index.js';
import { resourceType } from '../../catalogue/index.js';
import { partitionOf } from '../../template/index.js';
import type { Call } from '../call.js';
import { Part } from '../state.js';
import type { ResourceData, StackData } from './data.js';
import { uuidOf } from './data.js';
import { ResourceFailure } from './surroundings.js';
import type { Made, PresentCall, Provider, ResourceCall } from './surroundings.js';

/** Types whose names are unique in more than one Region. */
const SCOPES: Readonly<Record<string, 'account' | 'partition'>> = {
  'AWS::S3::Bucket': 'partition',
  'AWS::IAM::Role': 'account',
  'AWS::IAM::User': 'account',
  'AWS::IAM::Group': 'account',
  'AWS::IAM::ManagedPolicy': 'account',
  'AWS::IAM::InstanceProfile': 'account',
};

/** The name that a template gives to a resource, by type, where it is not the property that `Ref` gives. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::CloudFormation::LambdaHook': 'Alias',
  'AWS::CloudFormation::GuardHook': 'Alias',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};

interface Named {
  readonly stack: StackData;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

type Form = (named: Named, arn: (service: string, resource: string) => string) => Made;

const globalArn = ({ stack }: Named, service: string, resource: string, account = stack.account): string =>
  `arn:${partitionOf(stack.region)}:${service}::${account}:${resource}`;

function pathOf({ properties }: Named): string {
  return typeof properties['Path'] === 'string' ? properties['Path'] : '/';
}

/** What types are called. */
const FORMS: Readonly<Record<string, Form>> = {
  'AWS::S3::Bucket': (named) => ({
    physicalId: named.name,
    attributes: {
      Arn: `arn:${partitionOf(named.stack.region)}:s3:::${named.name}`,
      DomainName: `${named.name}.s3.amazonaws.com`,
      RegionalDomainName: `${named.name}.s3.${named.stack.region}.amazonaws.com`,
      DualStackDomainName: `${named.name}.s3.dualstack.${named.stack.region}.amazonaws.com`,
      WebsiteURL: `http://${named.name}.s3-website-${named.stack.region}.amazonaws.com`,
    },
  }),
  'AWS::IAM::Role': (named) => ({
    physicalId: named.name,
    attributes: {
      Arn: globalArn(named, 'iam', `role${pathOf(named)}${named.name}`),
      RoleId: uniqueId('AROA', `${named.stack.account}/${named.name}`),
    },
  }),
  'AWS::IAM::User': (named) => ({
    physicalId: named.name,
    attributes: { Arn: globalArn(named, 'iam', `user${pathOf(named)}${named.name}`) },
  }),
  'AWS::IAM::Group': (named) => ({
    physicalId: named.name,
    attributes: { Arn: globalArn(named, 'iam', `group${pathOf(named)}${named.name}`) },
  }),
  'AWS::IAM::InstanceProfile': (named) => ({
    physicalId: named.name,
    attributes: { Arn: globalArn(named, 'iam', `instance-profile${pathOf(named)}${named.name}`) },
  }),
  'AWS::IAM::ManagedPolicy': (named) => {
    const policyArn = globalArn(named, 'iam', `policy${pathOf(named)}${named.name}`);
    return { physicalId: policyArn, attributes: { PolicyArn: policyArn } };
  },
  'AWS::Logs::LogGroup': ({ name }, arn) => ({
    physicalId: name,
    attributes: { Arn: `${arn('logs', `log-group:${name}`)}:*` },
  }),
  'AWS::Lambda::Function': ({ name }, arn) => ({
    physicalId: name,
    attributes: { Arn: arn('lambda', `function:${name}`) },
  }),
  'AWS::Lambda::Version': ({ name, properties }, arn) => {
    const of = typeof properties['FunctionName'] === 'string' ? properties['FunctionName'] : name;
    const version = of.startsWith('arn:') ? `${of}:1` : arn('lambda', `function:${of}:1`);
    return { physicalId: version, attributes: { Version: '1', FunctionArn: version } };
  },
  'AWS::Lambda::Alias': ({ name, properties }, arn) => {
    const of = typeof properties['FunctionName'] === 'string' ? properties['FunctionName'] : name;
    const alias = `${of.startsWith('arn:') ? of : arn('lambda', `function:${of}`)}:${String(properties['Name'])}`;
    return { physicalId: alias, attributes: { AliasArn: alias } };
  },
  'AWS::SNS::Topic': ({ name }, arn) => ({
    physicalId: arn('sns', name),
    attributes: { TopicArn: arn('sns', name), TopicName: name },
  }),
  'AWS::SQS::Queue': ({ stack, name }, arn) => {
    const url = `https://sqs.${stack.region}.amazonaws.com/${stack.account}/${name}`;
    return { physicalId: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
  },
  'AWS::DynamoDB::Table': ({ name }, arn) => ({
    physicalId: name,
    attributes: { Arn: arn('dynamodb', `table/${name}`), StreamArn: `${arn('dynamodb', `table/${name}`)}/stream/1` },
  }),
  'AWS::KMS::Key': ({ stack, name }, arn) => {
    const id = uuidOf(`${stack.id}/${name}`);
    return { physicalId: id, attributes: { Arn: arn('kms', `key/${id}`), KeyId: id } };
  },
  'AWS::SSM::Parameter': ({ name, properties }) => ({
    physicalId: name,
    attributes: { Type: String(properties['Type']), Value: String(properties['Value']) },
  }),
  'AWS::StepFunctions::StateMachine': ({ name }, arn) => ({
    physicalId: arn('states', `stateMachine:${name}`),
    attributes: { Arn: arn('states', `stateMachine:${name}`), Name: name },
  }),
  'AWS::Events::Rule': ({ name }, arn) => ({ physicalId: name, attributes: { Arn: arn('events', `rule/${name}`) } }),
  'AWS::Config::ConfigRule': ({ stack, name }, arn) => {
    const id = `config-rule-${uuidOf(`${stack.id}/${name}`).slice(0, 6)}`;
    const attributes = { Arn: arn('config', `config-rule/${id}`), ConfigRuleId: id, 'Compliance.Type': 'COMPLIANT' };
    return { physicalId: name, attributes };
  },
};

function uniqueId(prefix: string, seed: string): string {
  return prefix + uuidOf(seed).replace(/-/g, '').slice(0, 17).toUpperCase();
}

/** A name that CloudFormation makes up. */
export function generatedName(stack: StackData, logicalId: string, type: string): string {
  const random = randomBytes(6).toString('hex');
  const name = `${stack.name}-${logicalId}`.slice(0, 50);
  if (type === 'AWS::S3::Bucket') return `${name}-${random}`.toLowerCase();
  return `${name}-${random.toUpperCase()}`;
}

/** What `Ref` gives when it is a property of the resource. */
function refProperty(type: string): string | undefined {
  const known = resourceType(type);
  const [name, ...more] = known?.refIdentifier ?? [];
  return more.length === 0 && name !== undefined && known?.properties.has(name) === true ? name : undefined;
}

/** The name that the template gives to a resource. */
export function givenName(type: string, properties: Readonly<Record<string, unknown>>): string | undefined {
  const property = NAME_PROPERTIES[type] ?? refProperty(type);
  const value = property === undefined ? undefined : properties[property];
  return typeof value === 'string' ? value : undefined;
}

/** What a resource of a type is called. */
export function madeAs(
  stack: StackData,
  logicalId: string,
  type: string,
  properties: Named['properties'],
  name: string,
): Made {
  const service = (type.split('::')[1] ?? 'aws').toLowerCase();
  const arn = (of: string, resource: string): string =>
    `arn:${partitionOf(stack.region)}:${of}:${stack.region}:${stack.account}:${resource}`;
  const named: Named = { stack, name, properties };
  if (Object.hasOwn(FORMS, type)) return FORMS[type]!(named, arn);
  const known = resourceType(type);
  const kind = (type.split('::').at(-1) ?? 'resource').toLowerCase();
  const id = `${kind}-${uuidOf(`${stack.id}/${logicalId}/${name}`).replace(/-/g, '').slice(0, 17)}`;
  const valueOf = (attribute: string): string => {
    const property = properties[attribute];
    if (typeof property === 'string' || typeof property === 'number') return String(property);
    if (/arn$/i.test(attribute)) return arn(service, `${kind}/${name}`);
    if (/(?:^|[a-z.])Id$/.test(attribute)) return id;
    return name;
  };
  const references = known?.refIdentifier ?? [];
  const physicalId = references.length === 0 ? name : references.map(valueOf).join('|');
  return {
    physicalId,
    attributes: Object.fromEntries([...(known?.attributes.keys() ?? [])].map((each) => [each, valueOf(each)])),
  };
}

/** Owners of names that templates have given: ARNs of stacks. */
const OWNERS = new Part('cloudformation-names', () => ({ owners: new Map<string, string>() }));

/** Resources that nothing but CloudFormation knows. Whoever makes them has to have the rights to. */
export const RECORDS: Provider = {
  create({ stack, call, resource }: ResourceCall): Made {
    const { type, logicalId, properties } = resource;
    const given = givenName(type, properties);
    const made = madeAs(stack, logicalId, type, properties, given ?? generatedName(stack, logicalId, type));
    permit(call, type, 'create', made);
    if (given !== undefined && resourceType(type)?.primaryIdentifier.length === 1) {
      const { owners, key } = ownersOf(call, stack, type, made.physicalId);
      const owner = owners.get(key);
      if (owner !== undefined) throw new ResourceFailure(`${given} already exists in stack ${owner}`);
      owners.set(key, stack.id);
    }
    return made;
  },

  update({ stack, call, resource }: ResourceCall, current: ResourceData): Made {
    const { type, logicalId, properties } = resource;
    permit(call, type, 'change', present(current));
    const name = givenName(type, properties) ?? current.physicalId!;
    const { attributes } = madeAs(stack, logicalId, type, properties, name);
    // Attributes that are properties follow them; everything else was decided when the resource was made.
    const changed = Object.entries(attributes).filter(([key]) => Object.hasOwn(properties, key));
    const kept = { ...attributes, ...current.attributes };
    return { physicalId: current.physicalId!, attributes: { ...kept, ...Object.fromEntries(changed) } };
  },

  delete({ stack, call }: PresentCall, current: ResourceData): void {
    permit(call, current.type, 'delete', present(current));
    const { owners, key } = ownersOf(call, stack, current.type, current.physicalId ?? '');
    if (owners.get(key) === stack.id) owners.delete(key);
  },
};

function present({ physicalId, attributes }: ResourceData): Made {
  return { physicalId: physicalId!, attributes };
}

/**
 * Decides whether somebody may make, change or delete a resource, by the actions of its type that the catalogue knows.
 *
 * @throws RequestError `accessDenied`.
 */
export function permit(call: Call, type: string, verb: 'create' | 'change' | 'delete', made: Made): void {
  const actions = actionsOfType(type)?.[verb] ?? [];
  const arn = Object.values({ physicalId: made.physicalId, ...made.attributes }).find((each) =>
    each.startsWith('arn:'),
  );
  // Of the actions that change a type, the first is the one that every change needs; the others depend on properties.
  for (const { action } of verb === 'change' ? actions.slice(0, 1) : actions) {
    const hasResources = (iamAction(action)?.resourceTypes.length ?? 0) > 0;
    call.authorize(action, hasResources && arn !== undefined ? arn : '*', { owner: call.account });
  }
}

function ownersOf(
  call: Call,
  stack: StackData,
  type: string,
  physicalId: string,
): { readonly owners: Map<string, string>; readonly key: string } {
  const scope = SCOPES[type];
  const account = scope === 'partition' ? '' : stack.account;
  const { owners } = OWNERS.of(call.state, account, scope === undefined ? stack.region : '');
  return { owners, key: `${type} ${physicalId}` };
}

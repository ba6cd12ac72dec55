/**
 * Templates as AWS CloudFormation takes them: what it refuses before anything is made, the order in which resources are
 * made, and their properties once it is known what the resources before them are called.
 */
import { attributesOf, resourceType } from '../../catalogue/index.js';
import { Float, get, isList, isMap, keysOf, readTemplate, resolveTemplate } from '../../template/index.js';
import type { PathDiagnostic, Resolution, Value, ValueMap } from '../../template/index.js';
import { validationError } from './input.js';
import { checkValue } from './parameters.js';
import type { ParameterDeclaration } from './parameters.js';

/** Where a template is deployed. */
export interface Setting {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly notificationArns: readonly string[];
  readonly exports: Readonly<Record<string, string>>;
}

/** What a resource is called, once it is made. */
export type Called = (logicalId: string, attribute: string | undefined) => string | undefined;

export interface DeclaredResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  readonly dependsOn: readonly string[];
  /** Everything but the properties, as text to compare. */
  readonly attributes: string;
}

export interface Evaluated {
  readonly resources: ReadonlyMap<string, DeclaredResource>;
  readonly outputs: readonly {
    readonly key: string;
    readonly value: string;
    readonly description: string | undefined;
    readonly exportName: string | undefined;
  }[];
}

/** Bytes of a template that is given as text, and of one that lies in Amazon S3. */
export const MAX_BODY = 51_200;
export const MAX_OBJECT = 1_048_576;

/** Transforms that are carried out; each other one is a macro that nobody runs. */
const TRANSFORMS = new Set(['AWS::Serverless-2016-10-31', 'AWS::LanguageExtensions']);

/** Types that stand for something that the sandbox does not do. */
const NOT_EMULATED = /^(?:AWS::CloudFormation::(?:Stack|CustomResource|Macro|WaitCondition)|Custom::.*|.*::MODULE)$/;

const NAMED_IAM: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
};
const IAM_TYPES = new Set([
  ...Object.keys(NAMED_IAM),
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::AccessKey',
  'AWS::IAM::UserToGroupAddition',
]);

/** Templates that were read lately, by their text: a stack set deploys one many times. */
const read = new Map<string, ValueMap>();
const MAX_READ = 50;

/** A template that was accepted. */
export class Template {
  private constructor(
    readonly text: string,
    readonly value: ValueMap,
  ) {}

  /** @throws ServiceError when it is no template, or one that is refused whatever its parameters are. */
  static read(text: string): Template {
    const known = read.get(text);
    if (known !== undefined) return new Template(text, known);
    const { source, diagnostics } = readTemplate(text, 'template');
    if (source === null) {
      const form = /^\s*\{/.test(text) ? 'JSON' : 'YAML';
      throw validationError(`Template format error: ${form} not well-formed. (${diagnostics[0]?.message ?? ''})`);
    }
    const { value } = source;
    if (!isMap(value)) throw validationError('Template format error: unsupported structure.');
    const resources = get(value, 'Resources');
    if (!isMap(resources) || keysOf(resources).length === 0) {
      throw validationError('Template format error: At least one Resources member must be defined.');
    }
    for (const key of keysOf(resources)) checkResource(key, resources[key]!);
    if (read.size >= MAX_READ) read.delete(read.keys().next().value!);
    read.set(text, value);
    return new Template(text, value);
  }

  get description(): string | undefined {
    const text = get(this.value, 'Description');
    return typeof text === 'string' ? text : undefined;
  }

  /** Names of the transforms that it declares. */
  get transforms(): readonly string[] {
    const declared = get(this.value, 'Transform');
    const all = declared === undefined ? [] : isList(declared) ? declared : [declared];
    return all.map((each) =>
      typeof each === 'string' ? each : isMap(each) ? String(plain(get(each, 'Name') ?? '')) : '',
    );
  }

  /** Types that its resources name. */
  get types(): readonly string[] {
    const resources = get(this.value, 'Resources') as ValueMap;
    return [...new Set(keysOf(resources).map((key) => typeOf(resources[key]!)))];
  }

  /** Types of those of its resources that need a capability. */
  get iamTypes(): readonly string[] {
    return this.types.filter((type) => IAM_TYPES.has(type) || type === 'AWS::Serverless::Function');
  }

  /** Capabilities that somebody who deploys it has to acknowledge. */
  get capabilities(): readonly string[] {
    const resources = get(this.value, 'Resources') as ValueMap;
    const needed = new Set<string>();
    for (const key of keysOf(resources)) {
      const resource = resources[key]!;
      const type = typeOf(resource);
      if (!IAM_TYPES.has(type) && type !== 'AWS::Serverless::Function') continue;
      const properties = isMap(resource) ? get(resource, 'Properties') : undefined;
      const name = NAMED_IAM[type];
      const isNamed = name !== undefined && isMap(properties) && get(properties, name) !== undefined;
      needed.add(isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM');
    }
    // The one for names includes the other.
    if (needed.has('CAPABILITY_NAMED_IAM')) needed.delete('CAPABILITY_IAM');
    if (this.transforms.length > 0) needed.add('CAPABILITY_AUTO_EXPAND');
    return [...needed];
  }

  /** Declared parameters as the answers of operations show them. */
  get parameters(): readonly ParameterDeclaration[] {
    const section = get(this.value, 'Parameters');
    if (!isMap(section)) return [];
    return keysOf(section).map((name) => {
      const declaration = isMap(section[name]) ? section[name] : {};
      const text = (key: string): string | undefined => scalarText(get(declaration, key));
      const allowed = get(declaration, 'AllowedValues');
      const byDefault = get(declaration, 'Default');
      return {
        name,
        type: text('Type') ?? 'String',
        default: isList(byDefault) ? byDefault.map((each) => scalarText(each) ?? '').join(',') : text('Default'),
        description: text('Description'),
        noEcho: text('NoEcho') === 'true',
        allowedValues: isList(allowed) ? allowed.map((each) => scalarText(each) ?? '') : undefined,
        allowedPattern: text('AllowedPattern'),
        constraint: text('ConstraintDescription'),
        least: numberOf(text('MinLength')),
        most: numberOf(text('MaxLength')),
        minimum: numberOf(text('MinValue')),
        maximum: numberOf(text('MaxValue')),
      };
    });
  }

  /**
   * Values for all parameters.
   *
   * @throws ServiceError when one is missing, not declared, or not allowed.
   */
  parameterValues(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const declared = this.parameters;
    const names = new Set(declared.map(({ name }) => name));
    const strange = [...given.keys()].filter((name) => !names.has(name));
    if (strange.length > 0) throw validationError(`Parameters: [${strange.join(', ')}] do not exist in the template`);
    const values = new Map<string, string>();
    const missing: string[] = [];
    for (const parameter of declared) {
      const value = given.get(parameter.name) ?? parameter.default;
      if (value === undefined) missing.push(parameter.name);
      else {
        checkValue(parameter, value);
        values.set(parameter.name, value);
      }
    }
    if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
    return values;
  }

  /**
   * Evaluates it.
   *
   * @param called - What resources are called that are made; references to others stay as they are written.
   * @throws ServiceError when it refers to what is not there.
   */
  evaluate(parameters: ReadonlyMap<string, string>, setting: Setting, called: Called): Evaluated {
    const given = this.parameterValues(parameters);
    const unresolved = this.parameters.filter(({ type }) => type.startsWith('AWS::SSM::Parameter::Value<'));
    if (unresolved.length > 0) {
      const names = unresolved.map(({ name }) => given.get(name)!);
      throw validationError(`Unable to fetch parameters [${names.join(',')}] from parameter store for this account.`);
    }
    const resolution = resolveTemplate(this.value, {
      parameters: Object.fromEntries(given),
      region: setting.region,
      accountId: setting.account,
      partition: setting.partition,
      stackName: setting.stackName,
      stackId: setting.stackId,
      notificationArns: setting.notificationArns,
      exports: setting.exports,
      availabilityZones: { [setting.region]: ['a', 'b', 'c'].map((letter) => `${setting.region}${letter}`) },
      attributes: attributesOf,
      supposed: called,
    });
    for (const diagnostic of resolution.diagnostics) refuse(diagnostic);
    return evaluated(resolution);
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function typeOf(resource: Value): string {
  const type = isMap(resource) ? get(resource, 'Type') : undefined;
  return typeof type === 'string' ? type : '';
}

function checkResource(key: string, resource: Value): void {
  if (key.startsWith('Fn::ForEach::')) return;
  if (!/^[a-zA-Z0-9]+$/.test(key)) {
    throw validationError(`Template format error: Resource name ${key} is non alphanumeric.`);
  }
  const type = typeOf(resource);
  if (type === '') {
    throw validationError(
      `Template format error: [/Resources/${key}] Every Resources object must contain a Type member.`,
    );
  }
  if (NOT_EMULATED.test(type)) {
    throw validationError(`Template error: resources of the type ${type} are not emulated by the sandbox (${key}).`);
  }
  if (resourceType(type) === undefined && !type.startsWith('AWS::Serverless::')) {
    throw validationError(`Template format error: Unrecognized resource types: [${type}]`);
  }
}

/** What the resolver finds wrong, in the words of CloudFormation where it has some of its own. */
function refuse({ code, severity, message }: PathDiagnostic): void {
  const [, first = '', second = ''] = /`([^`]*)`[^`]*(?:`([^`]*)`)?/.exec(message) ?? [];
  switch (code) {
    case 'TPL3001':
      throw validationError(
        `Template format error: Unresolved resource dependencies [${second}] in the Resources block of the template`,
      );
    case 'TPL3002':
      throw validationError(`Template error: instance of ${first} references undefined resource ${second}`);
    case 'TPL3003':
      throw validationError(
        `Template error: resource of the type ${first} does not support attribute type ${second} in Fn::GetAtt`,
      );
    case 'TPL3006':
      throw validationError(`Template format error: Unresolved condition dependency ${first} in the Resources block`);
    case 'TPL3008': {
      const names = [...message.matchAll(/`([^`]*)`/g)].map(([, name]) => name!);
      throw validationError(`Circular dependency between resources: [${[...new Set(names)].join(', ')}]`);
    }
    case 'TPL3016':
      throw validationError(`No transform named ${first} found.`);
    default:
      if (severity === 'error') throw validationError(`Template error: ${message}`);
  }
}

/** Transforms that nobody runs here. @throws ServiceError when the template names one. */
export function refuseMacros(template: Template): void {
  const strange = template.transforms.find((name) => !TRANSFORMS.has(name));
  if (strange !== undefined) throw validationError(`No transform named ${strange} found.`);
}

function evaluated({ document, model }: Resolution): Evaluated {
  const section = get(document.value, 'Resources') as ValueMap;
  const resources = new Map<string, DeclaredResource>();
  for (const { key, type } of model.resources.values()) {
    const resource = section[key];
    if (!isMap(resource) || type === undefined) {
      throw validationError(`Template error: it is not known what the resource ${key} is.`);
    }
    const properties = plain(get(resource, 'Properties') ?? {}) as Readonly<Record<string, unknown>>;
    const deletionPolicy = scalarText(get(resource, 'DeletionPolicy')) ?? 'Delete';
    const rest = keysOf(resource).filter((each) => each !== 'Properties' && each !== 'DependsOn');
    resources.set(key, {
      logicalId: key,
      type,
      properties,
      deletionPolicy,
      updateReplacePolicy: scalarText(get(resource, 'UpdateReplacePolicy')) ?? 'Delete',
      dependsOn: dependencies(resource, key, section),
      attributes: JSON.stringify(rest.map((each) => [each, plain(resource[each]!)])),
    });
  }
  return { resources, outputs: outputsOf(document.value) };
}

function outputsOf(value: ValueMap): Evaluated['outputs'] {
  const section = get(value, 'Outputs');
  if (!isMap(section)) return [];
  return keysOf(section).flatMap((key) => {
    const output = section[key];
    if (!isMap(output)) return [];
    const exported = get(output, 'Export');
    const written = get(output, 'Value') ?? '';
    return [
      {
        key,
        value: isList(written)
          ? written.map((each) => scalarText(each) ?? '').join(',')
          : (scalarText(written) ?? JSON.stringify(plain(written))),
        description: scalarText(get(output, 'Description')),
        exportName: isMap(exported) ? scalarText(get(exported, 'Name')) : undefined,
      },
    ];
  });
}

/** Logical ids of what a resource waits for. */
function dependencies(resource: ValueMap, key: string, section: ValueMap): readonly string[] {
  const found = new Set<string>();
  const add = (name: Value | undefined): void => {
    if (typeof name === 'string' && name !== key && Object.hasOwn(section, name)) found.add(name);
  };
  const named = get(resource, 'DependsOn');
  for (const each of isList(named) ? named : [named]) add(each);
  const walk = (node: Value): void => {
    if (isList(node)) node.forEach(walk);
    if (!isMap(node)) return;
    add(get(node, 'Ref'));
    const attribute = get(node, 'Fn::GetAtt');
    add(isList(attribute) ? attribute[0] : typeof attribute === 'string' ? attribute.split('.')[0] : undefined);
    const sub = get(node, 'Fn::Sub');
    const pattern = isList(sub) ? sub[0] : sub;
    if (typeof pattern === 'string') {
      for (const [, name] of pattern.matchAll(/\$\{([^!}.]+)[^}]*\}/g)) add(name);
    }
    for (const each of keysOf(node)) walk(node[each]!);
  };
  walk(resource);
  return [...found];
}

/** Resources in steps: what is in one step waits for nothing but what is in the steps before. */
export function steps(resources: ReadonlyMap<string, DeclaredResource>): readonly (readonly string[])[] {
  const left = new Set(resources.keys());
  const found: string[][] = [];
  while (left.size > 0) {
    const ready = [...left].filter((id) => resources.get(id)!.dependsOn.every((other) => !left.has(other)));
    if (ready.length === 0) throw validationError(`Circular dependency between resources: [${[...left].join(', ')}]`);
    for (const id of ready) left.delete(id);
    found.push(ready);
  }
  return found;
}

function scalarText(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Float) return String(value.value);
  return typeof value === 'object' ? undefined : String(value);
}

/** A value as JSON has it. */
export function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Float) return value.value;
  if (isList(value)) return value.map(plain);
  if (!isMap(value)) return value;
  return Object.fromEntries(keysOf(value).map((key) => [key, plain(value[key]!)]));
}

/** One AWS CloudFormation for all accounts and Regions, and what its operations share. */
import { partitionOf } from '../../template/index.js';
import type { Call } from '../call.js';
import { ServiceError } from '../errors.js';
import type { XmlValue } from '../protocols/xml.js';
import type { Host } from '../service.js';
import { assumeAsService } from '../sts/roles.js';
import { newId, Places } from './data.js';
import type { PlaceData, StackData, StackRequest } from './data.js';
import type { HookGate } from './hook-gate.js';
import { flag, has, optional, structures, tagsOf, text, texts, validationError } from './input.js';
import type { Input } from './input.js';
import { readObject } from './objects.js';
import { Run } from './runs.js';
import type { ObjectAddress, Surroundings } from './surroundings.js';
import { MAX_BODY, MAX_OBJECT, refuseMacros, Template } from './template.js';

/** A call with its input. */
export interface CfnCall {
  readonly account: string;
  readonly region: string;
  readonly by: Call;
  readonly input: Input;
}

export type Output = Readonly<Record<string, XmlValue>> | null;

export const STACK_NAME = { pattern: /^[a-zA-Z][-a-zA-Z0-9]*$/, most: 128 };
const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'];

/** Principal of the service that calls others on behalf of its callers. */
export const CLOUDFORMATION_PRINCIPAL = 'cloudformation.amazonaws.com';

export class Engine {
  readonly places: Places;

  constructor(
    private readonly host: Host,
    readonly world: Surroundings,
    readonly hooks: HookGate,
  ) {
    this.places = new Places(host.state);
  }

  place({ account, region }: Pick<CfnCall, 'account' | 'region'>): PlaceData {
    return this.places.at(account, region);
  }

  /** A stack by name or ARN; deleted ones by their ARN only. */
  find(call: Pick<CfnCall, 'account' | 'region'>, nameOrId: string): StackData | undefined {
    const place = this.place(call);
    return place.stacks.get(place.names.get(nameOrId) ?? nameOrId);
  }

  newStack(call: Pick<CfnCall, 'account' | 'region'>, name: string, request: StackRequest, status: string): StackData {
    const { account, region } = call;
    const place = this.place(call);
    const stack: StackData = {
      id: `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${name}/${newId()}`,
      name,
      account,
      region,
      createdAt: this.world.now(),
      updatedAt: undefined,
      deletedAt: undefined,
      status,
      reason: undefined,
      ...request,
      timeoutInMinutes: undefined,
      disableRollback: false,
      terminationProtection: false,
      outputs: [],
      resources: new Map(),
      events: [],
      changeSetId: undefined,
      stackSetId: undefined,
    };
    place.stacks.set(stack.id, stack);
    place.names.set(name, stack.id);
    return stack;
  }

  /** Takes back a stack of which nothing was made. */
  forget({ account, region, id, name }: StackData): void {
    const place = this.places.at(account, region);
    place.stacks.delete(id);
    place.names.delete(name);
  }

  run(stack: StackData, by: Call, changeSetId: string | null = null): Run {
    return new Run(this.world, this.places, this.hooks, stack, by, changeSetId);
  }

  /** Lets an operation go on by itself. It ends in a status of its own: what is thrown is a fault of ours. */
  go(operation: Promise<unknown>): void {
    operation
      .catch((error: unknown) => {
        process.emitWarning(error instanceof Error ? error : String(error));
      })
      .finally(() => {
        this.host.changed();
      });
  }

  /**
   * Who makes the resources of a stack: its role, or CloudFormation on behalf of the caller.
   *
   * @throws RequestError when the role is not one that CloudFormation may use.
   */
  maker({ by }: CfnCall, roleArn: string | undefined): Call {
    if (roleArn === undefined) return by.through(CLOUDFORMATION_PRINCIPAL);
    return assumeAsService(by, CLOUDFORMATION_PRINCIPAL, roleArn, 'AWSCloudFormation');
  }

  /** The template of an input, as text. @throws ServiceError when there is none, or it cannot be read. */
  templateText(call: CfnCall, previous?: string): string {
    const { input } = call;
    const body = optional(input, 'TemplateBody');
    const url = optional(input, 'TemplateURL');
    if (previous !== undefined && flag(input, 'UsePreviousTemplate') === true) {
      if (body !== undefined || url !== undefined) {
        throw validationError('You cannot specify both usePreviousTemplate and Template Body/Template URL.');
      }
      return previous;
    }
    if ((body === undefined) === (url === undefined)) {
      throw validationError('Either Template URL or Template Body must be specified.');
    }
    if (body !== undefined) {
      if (Buffer.byteLength(body) > MAX_BODY) {
        throw validationError(
          `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BODY}`,
        );
      }
      if (body === '') {
        throw validationError(
          "1 validation error detected: Value '' at 'templateBody' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
      }
      return body;
    }
    const object = readObject(call.by.through(CLOUDFORMATION_PRINCIPAL), objectAddress(url!));
    if (object.byteLength > MAX_OBJECT) throw validationError(`Template may not exceed ${MAX_OBJECT} bytes in size.`);
    return Buffer.from(object).toString('utf8');
  }
}

/** The object that an address of Amazon S3 names, virtual-hosted or by path. */
export function objectAddress(url: string): ObjectAddress {
  const refused = validationError(`TemplateURL must be a supported URL: ${url}`);
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw refused;
  }
  const version = parsed.searchParams.get('versionId') ?? undefined;
  const path = decodeURIComponent(parsed.pathname.slice(1));
  if (parsed.protocol === 's3:') return { bucket: parsed.hostname, key: path, version };
  const [, hosted] = /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/.exec(parsed.hostname) ?? [];
  if (hosted !== undefined) return { bucket: hosted, key: path, version };
  const isByPath = /^s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$|^127\.0\.0\.1$|^localhost$/.test(parsed.hostname);
  const slash = path.indexOf('/');
  if (!isByPath || slash <= 0) throw refused;
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1), version };
}

/** Parameters of an input; `UsePreviousValue` takes what was there. */
export function parametersOf(
  input: Input,
  key: string,
  previous: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const each of structures(input, key)) {
    const name = text(each, 'ParameterKey');
    const usesPrevious = flag(each, 'UsePreviousValue') === true;
    const value = optional(each, 'ParameterValue');
    if (usesPrevious && value !== undefined) {
      throw validationError(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
      );
    }
    const known = usesPrevious ? previous.get(name) : value;
    // A previous value that was the Default stays the Default.
    if (known !== undefined) values.set(name, known);
    else if (!usesPrevious) throw validationError(`Parameters: [${name}] must have values`);
  }
  return values;
}

/** Capabilities of an input. @throws ServiceError when the template needs one that is not acknowledged. */
export function capabilitiesOf(input: Input, template: Template): readonly string[] {
  const given = texts(input, 'Capabilities', { oneOf: CAPABILITIES });
  const missing = template.capabilities.filter(
    (needed) => !given.includes(needed) && !(needed === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM')),
  );
  if (missing.length > 0) {
    throw new ServiceError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
  }
  return given;
}

/** What an input asks a stack to become. @throws ServiceError when that is nothing that could be. */
export function requestOf(engine: Engine, call: CfnCall, before?: StackRequest): StackRequest {
  const { input } = call;
  const template = Template.read(engine.templateText(call, before?.template));
  refuseMacros(template);
  const parameters = parametersOf(input, 'Parameters', before?.parameters);
  template.parameterValues(parameters);
  return {
    template: template.text,
    parameters,
    capabilities: capabilitiesOf(input, template),
    tags: before !== undefined && !has(input, 'Tags') ? before.tags : tagsOf(input),
    roleArn: optional(input, 'RoleARN') ?? before?.roleArn,
    notificationArns:
      before !== undefined && !has(input, 'NotificationARNs')
        ? before.notificationArns
        : texts(input, 'NotificationARNs'),
    token: optional(input, 'ClientRequestToken', { most: 128 }),
  };
}

/** What a stack is now, as what an operation would make of it. */
export function requestOfStack(stack: StackData): StackRequest {
  const { template, parameters, capabilities, tags, roleArn, notificationArns, token } = stack;
  return { template, parameters, capabilities, tags, roleArn, notificationArns, token };
}

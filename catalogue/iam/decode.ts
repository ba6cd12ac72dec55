/**
 * Reads the texts that `catalogue/build/encode-iam.mjs` writes; that file describes the form. A service is parsed when
 * the first question about its actions, resource types or keys comes, an action when it is asked for.
 */
import type {
  AccessLevel,
  ConditionKeyType,
  IamAction,
  IamActionResource,
  IamConditionKey,
  IamResourceType,
  IamService,
} from './types.js';

interface ServiceData {
  readonly k: readonly string[];
  readonly r: readonly string[];
  readonly s: readonly string[];
  readonly a: string;
}

const TYPES: Readonly<Record<string, ConditionKeyType>> = {
  S: 'String',
  A: 'ARN',
  B: 'Bool',
  N: 'Numeric',
  D: 'Date',
  I: 'IPAddress',
  X: 'Binary',
};

const LEVELS: Readonly<Record<string, AccessLevel>> = {
  r: 'Read',
  w: 'Write',
  l: 'List',
  t: 'Tagging',
  p: 'Permissions management',
};

/** @throws SyntaxError when the generated data is damaged and is read, which is a fault of ours. */
export function decodeIamService(prefix: string, name: string, names: string, text: string): IamService {
  const actionNames = split(names);
  let reader: Reader | undefined;
  const read = (): Reader => (reader ??= new Reader(prefix, actionNames, JSON.parse(text) as ServiceData));
  return {
    prefix,
    name,
    actionNames,
    get resourceTypes() {
      return read().resourceTypes;
    },
    get conditionKeys() {
      return read().conditionKeys;
    },
    action: (action) => read().action(action),
    resourceType: (type) => read().typesByName.get(type.toLowerCase()),
  };
}

class Reader {
  readonly conditionKeys: readonly IamConditionKey[];
  readonly resourceTypes: readonly IamResourceType[];
  readonly typesByName: ReadonlyMap<string, IamResourceType>;
  private readonly indexes: ReadonlyMap<string, number>;
  private readonly encoded: readonly string[];
  private readonly actions = new Map<number, IamAction>();

  constructor(
    private readonly prefix: string,
    private readonly names: readonly string[],
    private readonly data: ServiceData,
  ) {
    this.conditionKeys = data.k.map((each) => {
      const multiValued = each[1] === '*';
      return { key: each.slice(multiValued ? 2 : 1), type: TYPES[each[0]!]!, multiValued };
    });
    this.resourceTypes = data.r.map((each) => {
      const [name, arn, keys] = each.split('|') as [string, string, string];
      return { name, arn: `arn:\${Partition}:${arn}`, conditionKeys: this.keys(keys) };
    });
    this.typesByName = new Map(this.resourceTypes.map((type) => [type.name.toLowerCase(), type]));
    this.indexes = new Map(names.map((name, index) => [name.toLowerCase(), index]));
    this.encoded = split(data.a);
  }

  action(name: string): IamAction | undefined {
    const index = this.indexes.get(name.toLowerCase());
    if (index === undefined) return undefined;
    let action = this.actions.get(index);
    if (action === undefined) {
      action = this.decode(index);
      this.actions.set(index, action);
    }
    return action;
  }

  private decode(index: number): IamAction {
    const encoded = this.encoded[index]!;
    const [resources, keys] = this.data.s[Number.parseInt(encoded.slice(1), 36)]!.split(';') as [string, string];
    return {
      name: `${this.prefix}:${this.names[index]!}`,
      accessLevel: LEVELS[encoded[0]!]!,
      resourceTypes: split(resources).map((each) => this.resource(each)),
      conditionKeys: this.keys(keys),
    };
  }

  private resource(text: string): IamActionResource {
    const [type, keys = ''] = text.split(':') as [string, string?];
    const required = type.endsWith('!');
    const { name } = this.resourceTypes[Number.parseInt(required ? type.slice(0, -1) : type, 36)]!;
    return { name, required, conditionKeys: this.keys(keys) };
  }

  private keys(text: string): readonly string[] {
    return text === '' ? [] : text.split('.').map((each) => this.conditionKeys[Number.parseInt(each, 36)]!.key);
  }
}

function split(text: string): readonly string[] {
  return text === '' ? [] : text.split(',');
}

/** Roles, users and policies as resources: they are made in the sandbox's IAM, which decides and answers as over the wire. */
import type { Call } from '../../call.js';
import { ServiceError } from '../../errors.js';
import type { Json } from '../json.js';
import type { ResourceData } from '../data.js';
import { generatedName, givenName, madeAs } from '../records.js';
import type { Made, PresentCall, Provider, ResourceCall } from '../surroundings.js';

const iam = async (call: Call, operation: string, input: Json): Promise<Json> =>
  await call.invoke('iam', operation, input);

/** What is gone already needs not be taken away. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'NoSuchEntity') throw error;
  }
}

function nameOf({ stack, resource }: ResourceCall): string {
  const { type, logicalId, properties } = resource;
  return givenName(type, properties) ?? generatedName(stack, logicalId, type);
}

const lists = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

function inlineOf(properties: Json): ReadonlyMap<string, string> {
  return new Map(
    lists(properties['Policies']).map((each) => {
      const { PolicyName, PolicyDocument } = each as Json;
      return [String(PolicyName), JSON.stringify(PolicyDocument)];
    }),
  );
}

function present(values: Json): Json {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** What roles and users have in common. */
class Entities implements Provider {
  constructor(
    private readonly kind: 'Role' | 'User',
    /** Its inputs when it is made, besides those that both kinds have. */
    private readonly inputs: (properties: Json) => Json,
    private readonly change: (call: Call, name: string, properties: Json) => Promise<void>,
  ) {}

  async create(asked: ResourceCall): Promise<Made> {
    const { stack, call, resource } = asked;
    const { type, logicalId, properties } = resource;
    const name = nameOf(asked);
    const { Path, PermissionsBoundary, Tags } = properties;
    const answer = await iam(call, `Create${this.kind}`, {
      ...this.named(name),
      ...present({ Path, PermissionsBoundary, Tags }),
      ...this.inputs(properties),
    });
    const made = answer[this.kind] as Json;
    try {
      await this.policies(call, name, {}, properties);
    } catch (error) {
      await this.remove(call, name, properties);
      throw error;
    }
    const { physicalId, attributes } = madeAs(stack, logicalId, type, properties, name);
    const ids = this.kind === 'Role' ? { RoleId: String(made['RoleId']) } : {};
    return { physicalId, attributes: { ...attributes, Arn: String(made['Arn']), ...ids } };
  }

  async update({ call, resource }: ResourceCall, current: ResourceData): Promise<Made> {
    const name = current.physicalId!;
    const { properties } = resource;
    await this.change(call, name, properties);
    const boundary = properties['PermissionsBoundary'];
    if (boundary !== current.properties['PermissionsBoundary']) {
      const verb = boundary === undefined ? 'Delete' : 'Put';
      await iam(call, `${verb}${this.kind}PermissionsBoundary`, {
        ...this.named(name),
        ...present({ PermissionsBoundary: boundary }),
      });
    }
    await this.policies(call, name, current.properties, properties);
    return { physicalId: name, attributes: current.attributes };
  }

  async delete({ call }: PresentCall, current: ResourceData): Promise<void> {
    await this.remove(call, current.physicalId!, current.properties);
  }

  private named(name: string): Json {
    return { [`${this.kind}Name`]: name };
  }

  private async remove(call: Call, name: string, properties: Json): Promise<void> {
    const { kind } = this;
    for (const PolicyName of inlineOf(properties).keys()) {
      await unlessGone(iam(call, `Delete${kind}Policy`, { ...this.named(name), PolicyName }));
    }
    for (const PolicyArn of lists(properties['ManagedPolicyArns'])) {
      await unlessGone(iam(call, `Detach${kind}Policy`, { ...this.named(name), PolicyArn }));
    }
    await unlessGone(iam(call, `Delete${kind}`, this.named(name)));
  }

  private async policies(call: Call, name: string, before: Json, after: Json): Promise<void> {
    const { kind } = this;
    const [old, wanted] = [inlineOf(before), inlineOf(after)];
    for (const [PolicyName, PolicyDocument] of wanted) {
      if (old.get(PolicyName) === PolicyDocument) continue;
      await iam(call, `Put${kind}Policy`, { ...this.named(name), PolicyName, PolicyDocument });
    }
    for (const PolicyName of old.keys()) {
      if (!wanted.has(PolicyName)) {
        await unlessGone(iam(call, `Delete${kind}Policy`, { ...this.named(name), PolicyName }));
      }
    }
    const [had, wants] = [lists(before['ManagedPolicyArns']), lists(after['ManagedPolicyArns'])];
    for (const PolicyArn of wants) {
      if (!had.includes(PolicyArn)) await iam(call, `Attach${kind}Policy`, { ...this.named(name), PolicyArn });
    }
    for (const PolicyArn of had) {
      if (!wants.includes(PolicyArn)) {
        await unlessGone(iam(call, `Detach${kind}Policy`, { ...this.named(name), PolicyArn }));
      }
    }
  }
}

const ROLE = new Entities(
  'Role',
  ({ AssumeRolePolicyDocument, Description, MaxSessionDuration }) =>
    present({
      AssumeRolePolicyDocument: JSON.stringify(AssumeRolePolicyDocument),
      Description,
      MaxSessionDuration: MaxSessionDuration === undefined ? undefined : Number(MaxSessionDuration),
    }),
  async (call, RoleName, { AssumeRolePolicyDocument, Description, MaxSessionDuration }) => {
    await iam(call, 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument: JSON.stringify(AssumeRolePolicyDocument) });
    if (Description === undefined && MaxSessionDuration === undefined) return;
    await iam(call, 'UpdateRole', present({ RoleName, Description, MaxSessionDuration }));
  },
);

const USER = new Entities(
  'User',
  () => ({}),
  () => Promise.resolve(),
);

/** To whom a policy is given, by kind. */
const HOLDERS = [
  ['Roles', 'Role'],
  ['Users', 'User'],
] as const;

const MANAGED_POLICY: Provider = {
  async create(asked: ResourceCall): Promise<Made> {
    const { call, resource } = asked;
    const { Path, Description, PolicyDocument } = resource.properties;
    const answer = await iam(call, 'CreatePolicy', {
      PolicyName: nameOf(asked),
      PolicyDocument: JSON.stringify(PolicyDocument),
      ...present({ Path, Description }),
    });
    const arn = String((answer['Policy'] as Json)['Arn']);
    await hold(call, arn, {}, resource.properties);
    return { physicalId: arn, attributes: { PolicyArn: arn } };
  },
  async update({ call, resource }: ResourceCall, current: ResourceData): Promise<Made> {
    const PolicyArn = current.physicalId!;
    const text = JSON.stringify(resource.properties['PolicyDocument']);
    if (text !== JSON.stringify(current.properties['PolicyDocument'])) {
      const { Versions } = await iam(call, 'ListPolicyVersions', { PolicyArn });
      const old = (lists(Versions) as readonly Json[]).filter(({ IsDefaultVersion }) => IsDefaultVersion !== true);
      await iam(call, 'CreatePolicyVersion', { PolicyArn, PolicyDocument: text, SetAsDefault: true });
      for (const { VersionId } of old) await iam(call, 'DeletePolicyVersion', { PolicyArn, VersionId });
    }
    await hold(call, PolicyArn, current.properties, resource.properties);
    return { physicalId: PolicyArn, attributes: current.attributes };
  },
  async delete({ call }: PresentCall, current: ResourceData): Promise<void> {
    const PolicyArn = current.physicalId!;
    await hold(call, PolicyArn, current.properties, {});
    const answer = await iam(call, 'ListPolicyVersions', { PolicyArn });
    for (const { VersionId, IsDefaultVersion } of lists(answer['Versions']) as readonly Json[]) {
      if (IsDefaultVersion !== true) await iam(call, 'DeletePolicyVersion', { PolicyArn, VersionId });
    }
    await unlessGone(iam(call, 'DeletePolicy', { PolicyArn }));
  },
};

async function hold(call: Call, PolicyArn: string, before: Json, after: Json): Promise<void> {
  for (const [property, kind] of HOLDERS) {
    const [had, wants] = [lists(before[property]), lists(after[property])];
    for (const name of wants) {
      if (!had.includes(name)) await iam(call, `Attach${kind}Policy`, { [`${kind}Name`]: name, PolicyArn });
    }
    for (const name of had) {
      if (!wants.includes(name)) {
        await unlessGone(iam(call, `Detach${kind}Policy`, { [`${kind}Name`]: name, PolicyArn }));
      }
    }
  }
}

/** Policies that are written into roles and users: `AWS::IAM::Policy` and its younger kin. */
const INLINE_POLICY: Provider = {
  async create({ stack, call, resource }: ResourceCall): Promise<Made> {
    await write(call, {}, resource.properties);
    const { logicalId, type, properties } = resource;
    return madeAs(stack, logicalId, type, properties, String(properties['PolicyName']));
  },
  async update({ call, resource }: ResourceCall, current: ResourceData): Promise<Made> {
    await write(call, current.properties, resource.properties);
    return { physicalId: current.physicalId!, attributes: current.attributes };
  },
  async delete({ call }: PresentCall, current: ResourceData): Promise<void> {
    await write(call, current.properties, {});
  },
};

async function write(call: Call, before: Json, after: Json): Promise<void> {
  const PolicyName = after['PolicyName'];
  for (const [property, kind] of HOLDERS) {
    const holders = (properties: Json): readonly unknown[] => {
      const single = properties[`${kind}Name`];
      return single === undefined ? lists(properties[property]) : [single];
    };
    for (const name of holders(after)) {
      const PolicyDocument = JSON.stringify(after['PolicyDocument']);
      await iam(call, `Put${kind}Policy`, { [`${kind}Name`]: name, PolicyName, PolicyDocument });
    }
    for (const name of holders(before)) {
      if (holders(after).includes(name) && before['PolicyName'] === PolicyName) continue;
      const gone = { [`${kind}Name`]: name, PolicyName: before['PolicyName'] };
      await unlessGone(iam(call, `Delete${kind}Policy`, gone));
    }
  }
}

export const IAM_PROVIDERS: ReadonlyMap<string, Provider> = new Map<string, Provider>([
  ['AWS::IAM::Role', ROLE],
  ['AWS::IAM::User', USER],
  ['AWS::IAM::ManagedPolicy', MANAGED_POLICY],
  ['AWS::IAM::Policy', INLINE_POLICY],
  ['AWS::IAM::RolePolicy', INLINE_POLICY],
  ['AWS::IAM::UserPolicy', INLINE_POLICY],
]);

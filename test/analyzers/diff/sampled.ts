/**
 * A second path beside the proofs of `diff`: what roles, queues, buckets and keys allow is read from resolved templates
 * here, and sampled requests are decided by the reference, under values of parameters that nobody gave to `diff`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffTemplates } from '../../../analyzers/diff/index.js';
import type { Diff, StackInput } from '../../../analyzers/diff/index.js';
import { expandActionPattern } from '../../../catalogue/iam/index.js';
import { parsePolicy, referenceEvaluate } from '../../../iam/index.js';
import type { ApplicablePolicies, Policy, PolicyKind, Request } from '../../../iam/index.js';
import { get, isList, isMap, resolveTemplate, supposedName, valueUnder, choicesIn } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import { repositoryRoot } from '../../support/repository.js';
import { valueOf } from './support.js';

const folder = join(repositoryRoot(), 'test/analyzers/diff/changes');
const OWN = '111122223333';
const PLACE = { partition: 'aws', region: 'eu-central-1', accountId: OWN };

/** A change of templates. */
export interface TemplateChange {
  readonly title: string;
  readonly wants: 'wider' | 'open' | 'none';
  readonly old: readonly StackInput[];
  readonly new: readonly StackInput[];
}

// No formatter may touch the bases: changes name parts of their text.
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');
const stack = (name: string, template: ValueMap): StackInput => ({ name, template });

/** All changes of the folder. */
export function changes(): readonly TemplateChange[] {
  const list = valueOf(`changes:\n${textOf('changes.yaml')}`)['changes'] as unknown as readonly {
    readonly title: string;
    readonly base: string;
    readonly wants: TemplateChange['wants'];
    readonly edit: readonly (readonly [string, string])[];
    readonly move?: readonly string[];
  }[];
  return list.map(({ title, base, wants, edit, move = [] }) => {
    const before = textOf(base);
    let after = before;
    for (const [from, to] of edit) {
      if (!after.includes(from)) throw new Error(`${title}: ${from}`);
      after = after.replaceAll(from, () => to);
    }
    const template = valueOf(after);
    const resources = template['Resources'] as ValueMap;
    const [stays, goes] = [false, true].map((isMoved) =>
      Object.fromEntries(Object.entries(resources).filter(([id]) => move.includes(id) === isMoved)),
    );
    // In a stack of its own a policy names the role by an import; here by the name that the role gets.
    const moved = JSON.parse(JSON.stringify(goes), (_, value: Value) =>
      isMap(value) && typeof value['Ref'] === 'string' && value['Ref'] in stays!
        ? supposedName(
            value['Ref'],
            { type: (stays![value['Ref']] as ValueMap)['Type'] as string, resource: undefined },
            undefined,
            PLACE,
          )
        : isMap(value) && isList(value['Fn::GetAtt'])
          ? supposedName(
              value['Fn::GetAtt'][0] as string,
              { type: (stays![value['Fn::GetAtt'][0] as string] as ValueMap)['Type'] as string, resource: undefined },
              'Arn',
              PLACE,
            )
          : value,
    ) as ValueMap;
    return {
      title,
      wants,
      old: [stack('app', valueOf(before))],
      new: [
        stack('app', { ...template, Resources: stays! }),
        ...(move.length === 0 ? [] : [stack('other', { Resources: moved })]),
      ],
    };
  });
}

/** What `diff` says of a change; it knows no parameters. */
export function diffOf({ old, new: now }: TemplateChange): Diff {
  return diffTemplates(old, now, { region: PLACE.region, accountId: OWN });
}

// ------------------------------------------------------------------------------------------- Reading templates

/** What decides about requests to one role or one resource. */
export interface Rights {
  readonly policies: ApplicablePolicies;
  readonly documents: readonly Policy[];
}

const NONE: ApplicablePolicies = {
  ...{ identity: [], boundary: null, session: null, scps: null, rcps: null, resource: null, vpcEndpoint: null },
};

/** Logical ids without what the CDK makes of paths, and the new ids of the changes by their old ones. */
function plain(id: string): string {
  return id
    .replace(/[0-9A-F]{8}$/, '')
    .replace(/^WorkerServiceRole/, 'HandlerServiceRole')
    .replace(/^Data$/, 'DataBucket');
}

/** Rights by what they are of, under values of parameters. */
export function rightsOf(
  stacks: readonly StackInput[],
  parameters: Readonly<Record<string, string>>,
): ReadonlyMap<string, Rights> {
  const resources: (readonly [id: string, type: string, properties: ValueMap])[] = [];
  const named = new Map<string, string>();
  for (const { template } of stacks) {
    const section = template['Resources'] as ValueMap;
    const supposed = (key: string, attribute: string | undefined): string | undefined => {
      const type = (section[key] as ValueMap | undefined)?.['Type'] as string | undefined;
      const name = supposedName(plain(key), { type, resource: undefined }, attribute, PLACE);
      const written = supposedName(key, { type, resource: undefined }, attribute, PLACE);
      if (name !== undefined && written !== undefined) named.set(written, name);
      return name;
    };
    for (const id of Object.keys(section)) for (const attribute of [undefined, 'Arn']) supposed(id, attribute);
    const { document } = resolveTemplate(template, { ...PLACE, parameters, supposed });
    if ((choicesIn(get(document.value, 'Resources') ?? {}, document)?.length ?? 1) > 0) throw new Error('open choices');
    const known = valueUnder(get(document.value, 'Resources') ?? {}, document, new Map()) as ValueMap;
    for (const [id, resource] of Object.entries(known)) {
      const { Type: type, Properties: properties = {} } = resource as { Type: string; Properties?: ValueMap };
      resources.push([plain(id), type, properties]);
    }
  }
  const own = (text: Value | undefined): string =>
    typeof text === 'string' ? (named.get(text) ?? text) : JSON.stringify(text);
  const read = (value: Value | undefined, kind: PolicyKind): Policy => {
    let text = JSON.stringify(value);
    for (const [written, name] of named) text = text.replaceAll(written, () => name);
    const { policy, problems } = parsePolicy(JSON.parse(text) as Value, kind);
    if (policy === undefined) throw new Error(JSON.stringify(problems));
    return policy;
  };
  const found = new Map<string, Rights>();
  const put = (name: string, documents: readonly Policy[], policies: ApplicablePolicies): void =>
    void found.set(name, { documents, policies });
  const nameOf = (id: string, type: string, attribute?: string): string =>
    supposedName(id, { type, resource: undefined }, attribute, PLACE) ?? id;
  const items = (value: Value | undefined): readonly Value[] =>
    value === undefined ? [] : isList(value) ? value : [value];
  for (const [id, type, properties] of resources) {
    if (type === 'AWS::IAM::Role') {
      const managed = resources.filter((each) => each[1] === 'AWS::IAM::ManagedPolicy');
      const byArn = (arn: Value | undefined): Policy[] =>
        managed
          .filter(([of]) => nameOf(of, 'AWS::IAM::ManagedPolicy') === own(arn))
          .map(([, , of]) => read(of['PolicyDocument'], 'identity'));
      const identity = [
        ...items(properties['Policies']).map((each) => read((each as ValueMap)['PolicyDocument'], 'identity')),
        ...items(properties['ManagedPolicyArns']).flatMap(byArn),
        ...resources.flatMap(([, other, of]) =>
          other === 'AWS::IAM::Policy' && items(of['Roles']).map(own).includes(nameOf(id, type))
            ? [read(of['PolicyDocument'], 'identity')]
            : [],
        ),
      ];
      const fence = properties['PermissionsBoundary'];
      const boundary = fence === undefined ? null : byArn(fence);
      put(`role ${id}`, [...identity, ...(boundary ?? [])], { ...NONE, identity, boundary });
      const trust = read(properties['AssumeRolePolicyDocument'], 'trust');
      put(`trust ${id}`, [trust], { ...NONE, resource: trust });
    }
    const document =
      type === 'AWS::KMS::Key'
        ? properties['KeyPolicy']
        : /::(?:Queue|Bucket)Policy$/.test(type)
          ? properties['PolicyDocument']
          : undefined;
    if (document === undefined) continue;
    const resource = read(document, 'resource');
    put(`${type} ${id}`, [resource], { ...NONE, resource });
  }
  return found;
}

// ------------------------------------------------------------------------------------------- Requests

/** A source of numbers from 0 to below 1 that gives the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const CONTEXT: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'aws:MultiFactorAuthPresent': ['true', 'false', undefined],
  'aws:SecureTransport': ['true', 'false'],
  'sts:ExternalId': ['shop', 'store', undefined],
  'kms:ViaService': ['s3.eu-central-1.amazonaws.com', undefined],
  'aws:PrincipalOrgID': ['o-exampleorg', 'o-other', undefined],
};
const CALLERS = [
  `arn:aws:iam::${OWN}:role/worker`,
  'arn:aws:iam::444455556666:role/support',
  'arn:aws:iam::777788889999:user/somebody',
  { service: 'sns.amazonaws.com' },
  { service: 'lambda.amazonaws.com' },
  'anonymous',
] as const;

const expanded = new Map<string, readonly string[]>();

/** A request near what some documents speak of. */
export function sample(documents: readonly Policy[], kind: string, random: () => number): Request {
  const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)]!;
  const statements = documents.flatMap((policy) => policy.statements);
  const [one, other] = [pick(statements), pick(statements)];
  const pattern = pick(one.action.patterns);
  let actions = expanded.get(pattern);
  if (actions === undefined) expanded.set(pattern, (actions = expandActionPattern(pattern)));
  const action =
    random() < 0.15
      ? pick(['iam:PassRole', 'ec2:RunInstances', 'dynamodb:DeleteTable', 's3:PutObject'])
      : pick(actions.length === 0 ? ['s3:GetObject'] : actions);
  const of = (random() < 0.7 ? one : other).resource;
  const text = of === undefined ? `arn:aws:iam::${OWN}:role/some` : pick(of.patterns);
  const resource =
    text === '*'
      ? pick([
          'arn:aws:s3:::payroll/may.csv',
          'arn:aws:s3:::data/in/a',
          `arn:aws:dynamodb:eu-central-1:${OWN}:table/other`,
          '*',
        ])
      : text.replace(/[*?]/g, () => pick(['', 'a', 'in/b', 'public/c']));
  const [named] = CALLERS;
  const context: Record<string, string> = {};
  for (const [key, values] of Object.entries(CONTEXT)) {
    const value = pick(values);
    if (value !== undefined) context[key] = value;
  }
  const sources = statements.flatMap(({ conditions }) =>
    conditions.flatMap(({ key, values }) => (/sourcearn/i.test(key) ? values : [])),
  );
  if (sources.length > 0 && random() < 0.5) context['aws:SourceArn'] = pick(sources);
  return {
    principal: kind === 'role' ? named : pick(CALLERS),
    action: kind === 'trust' ? 'sts:AssumeRole' : action,
    resource,
    ...(!/:\d{12}:/.test(resource) && { resourceAccount: OWN }),
    context,
  };
}

/** What the layer that is looked at says of a request. */
function allows({ policies }: Rights, request: Request): boolean {
  const { layers } = referenceEvaluate(request, policies);
  const ofIdentity = layers.identity === 'ALLOW' && (policies.boundary === null || layers.boundary === 'ALLOW');
  return policies.resource === null ? ofIdentity : layers.resource === 'ALLOW';
}

/**
 * A request that the new templates allow and the old ones do not.
 *
 * @param requests - How many are asked.
 */
export function firstNew(
  { old, new: now }: Pick<TemplateChange, 'old' | 'new'>,
  parameters: Readonly<Record<string, string>>,
  requests: number,
  random: () => number,
): { readonly of: string; readonly request: Request } | undefined {
  const [before, after] = [rightsOf(old, parameters), rightsOf(now, parameters)];
  const each = Math.ceil(requests / after.size);
  for (const [of, has] of after) {
    const had = before.get(of) ?? { policies: NONE, documents: [] };
    const documents = [...had.documents, ...has.documents];
    if (documents.every(({ statements }) => statements.length === 0)) continue;
    for (let count = 0; count < each; count++) {
      const request = sample(documents, of.split(' ')[0]!, random);
      if (allows(has, request) && !allows(had, request)) return { of, request };
    }
  }
  return undefined;
}

/** Values of the parameters that the templates leave open. */
export const WORLDS: readonly Readonly<Record<string, string>>[] = [
  { Stage: 'dev', DataBucket: 'data', Partner: '444455556666' },
  { Stage: 'prod', DataBucket: 'payroll', Partner: '444455556666' },
  { Stage: 'prod', DataBucket: '*', Partner: '777788889999' },
  { Stage: 'dev', DataBucket: 'pay', Partner: OWN },
];

/** Whether the comparison asks for somebody to look at the change. */
export function isTold({ changes: list }: Diff): boolean {
  return list.some(({ verdict }) => verdict !== 'NARROWED');
}

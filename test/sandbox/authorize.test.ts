/** The sandbox's decision is the reference's, for made-up worlds: callers, policies on every layer, resources. */
import fc from 'fast-check';
import { referenceEvaluate } from '../../iam/index.js';
import { authorize, questionOf, type AuthorizeOptions } from '../../sandbox/authorize/authorize.js';
import { documentsOf } from '../../sandbox/authorize/applicable.js';
import { policiesOf } from '../../sandbox/authorize/documents.js';
import { Call } from '../../sandbox/call.js';
import { rootOf, sessionCaller, userCaller, type Caller } from '../../sandbox/callers.js';
import { RequestError } from '../../sandbox/errors.js';
import { IAM } from '../../sandbox/iam/data.js';
import { newState, type SandboxState } from '../../sandbox/state.js';
import { seeded } from './organization.js';

const [MANAGEMENT, SHOP, BILLING] = ['111111111111', '444444444444', '555555555555'] as const;
const ACTIONS = ['s3:GetObject', 's3:PutObject', 'iam:GetRole', 'sts:AssumeRole'] as const;

const condition = fc.constantFrom<object | undefined>(
  undefined,
  { StringEquals: { 'aws:PrincipalTag/team': 'a' } },
  { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
  { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-exampleorgid/r-ab12/*' } },
  { Null: { 'aws:TokenIssueTime': 'true' } },
  { StringLike: { 'aws:userid': '*:john' } },
  { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } },
  { StringEquals: { 'aws:ResourceAccount': SHOP } },
);
const statement = (effects: readonly string[]): fc.Arbitrary<object> =>
  fc
    .record({
      Effect: fc.constantFrom(...effects),
      Action: fc.constantFrom('s3:*', 's3:GetObject', 'iam:*', 'sts:*', 's3:Put*'),
      Resource: fc.constantFrom('*', 'arn:aws:s3:::data/*', 'arn:aws:s3:::data/a'),
      Condition: condition,
    })
    .map(({ Condition, ...rest }) => (Condition === undefined ? rest : { ...rest, Condition }));
const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };
const document = (effects: readonly string[] = ['Allow', 'Deny']): fc.Arbitrary<string> =>
  fc
    .tuple(fc.boolean(), fc.array(statement(effects), { maxLength: 3 }))
    .filter(([isOpen, statements]) => isOpen || statements.length > 0)
    .map(([isOpen, statements]) =>
      JSON.stringify({ Version: '2012-10-17', Statement: isOpen ? [EVERYTHING, ...statements] : statements }),
    );
const withPrincipal = (text: string, principal: unknown): string => {
  const { Statement, ...rest } = JSON.parse(text) as { Statement: object[] };
  return JSON.stringify({ ...rest, Statement: Statement.map((each) => ({ ...each, Principal: principal })) });
};

const world = fc.record({
  who: fc.constantFrom<'root' | 'user' | 'role' | 'session'>('root', 'user', 'role', 'session'),
  account: fc.constantFrom(MANAGEMENT, SHOP),
  owner: fc.constantFrom(MANAGEMENT, SHOP, BILLING),
  action: fc.constantFrom(...ACTIONS),
  resource: fc.constantFrom('arn:aws:s3:::data/a', 'arn:aws:s3:::data/b'),
  identity: document(),
  boundary: fc.option(document()),
  session: fc.option(document()),
  scps: fc.array(fc.tuple(fc.constantFrom('r-ab12', SHOP, MANAGEMENT), document(['Deny'])), { maxLength: 2 }),
  rcps: fc.array(document(['Deny']), { maxLength: 1 }),
  bucket: fc.option(fc.tuple(document(), fc.constantFrom('*', SHOP, MANAGEMENT, 'own'))),
  name: fc.constantFrom('john', 'mary'),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function built(of: World): { readonly call: Call; readonly options: AuthorizeOptions } {
  const state: SandboxState = newState(seeded(['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY']));
  const { organization } = state;
  const add = (target: string, content: string, type: string): void => {
    const id = `p-${organization.policies.size}`;
    organization.policies.set(id, { id, name: id, type, description: '', content, awsManaged: false });
    organization.attachments.get(target)!.push(id);
  };
  for (const [target, text] of of.scps) add(target, text, 'SERVICE_CONTROL_POLICY');
  for (const text of of.rcps) add('r-ab12', withPrincipal(text, '*'), 'RESOURCE_CONTROL_POLICY');
  const iam = IAM.of(state, of.account);
  const boundary = `arn:aws:iam::${of.account}:policy/boundary`;
  if (of.boundary !== null) {
    const versions = new Map([['v1', { text: of.boundary, createdAt: 0 }]]);
    const shared = { name: 'boundary', path: '/', id: 'ANPA', description: null, createdAt: 0, updatedAt: 0 };
    iam.policies.set(boundary, {
      ...shared,
      arn: boundary,
      tags: new Map(),
      versions,
      defaultVersion: 'v1',
      lastVersion: 1,
    });
  }
  const entity = {
    name: 'who',
    path: '/team/',
    createdAt: 0,
    tags: new Map([['team', 'a']]),
    boundary: of.boundary === null ? null : boundary,
    inline: new Map([['p', of.identity]]),
    attached: [],
  };
  const user = { ...entity, id: 'AIDAWHO', arn: `arn:aws:iam::${of.account}:user/team/who`, accessKeys: [] };
  iam.users.set('who', user);
  const trust = {
    trust: '',
    trusted: new Map<string, string>(),
    description: null,
    maxSessionDuration: 3600,
    lastUsed: null,
  };
  const role = { ...entity, ...trust, id: 'AROAWHO', arn: `arn:aws:iam::${of.account}:role/team/who` };
  iam.roles.set('who', role);
  const session = {
    name: of.name,
    issuedAt: 0,
    expiresAt: 1e15,
    tags: of.who === 'session' ? { Team: 'b' } : {},
    transitiveTagKeys: [],
    sourceIdentity: null,
    policies: of.session === null ? null : [of.session],
  };
  const caller: Caller =
    of.who === 'root'
      ? rootOf(of.account)
      : of.who === 'user'
        ? userCaller({ ...user, account: of.account })
        : sessionCaller({ ...role, account: of.account }, session);
  const host = { state, services: [], now: () => 0, sourceIp: '192.0.2.1', url: '', changed: () => undefined };
  const call = new Call(host, { caller, region: 'us-east-1', via: [], request: null, accessKeyId: null });
  const principal = (named: string): unknown =>
    named === '*' ? '*' : { AWS: named === 'own' ? caller.issuer : named };
  return {
    call,
    options: {
      owner: of.owner,
      ...(of.bucket !== null && {
        resourcePolicy: { text: withPrincipal(of.bucket[0], principal(of.bucket[1])), kind: 'resource' },
      }),
    },
  };
}

/** RCPs act on S3 and STS; the reference is told so apart from the catalogue. */
const rcpApplies = (action: string): boolean => /^(?:s3|sts):/.test(action);

it('equals that of the reference', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(world, (of) => {
      const { call, options } = built(of);
      const { request, policies } = questionOf(call, of.action, of.resource, options);
      const { decision } = referenceEvaluate(request, policiesOf(documentsOf(policies)), { rcpApplies });
      let said = 'ALLOW';
      try {
        authorize(call, of.action, of.resource, options);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        said = error.message.includes('explicit deny') ? 'EXPLICIT_DENY' : 'IMPLICIT_DENY';
      }
      seen.add(said);
      expect(said).toBe(decision);
      // What the organization says is looked up here once more, by hand.
      const isMember = of.account !== MANAGEMENT;
      expect(policies.scp === null).toBe(!isMember);
      expect(policies.rcp === null).toBe(of.owner === MANAGEMENT);
      expect(policies.scp?.length ?? 4).toBe(4);
    }),
    { numRuns: 400, seed: 7 },
  );
  expect([...seen].sort()).toStrictEqual(['ALLOW', 'EXPLICIT_DENY', 'IMPLICIT_DENY']);
});

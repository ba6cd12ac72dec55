/** Decisions of the IAM evaluator: one set of policies like an organization's, growing sets, and batches of lines. */
import { compilePolicies, evaluate, printAnswer, Questions, readPolicies, referenceEvaluate } from '../iam/index.js';
import type { ApplicablePolicies, Request } from '../iam/index.js';
import type { Row } from './report.mjs';
import { kept, ratio, sideBySide, timeOf } from './timing.mjs';

type Json = null | boolean | string | readonly Json[] | { readonly [key: string]: Json };

const ACCOUNT = '111122223333';
const SERVICES = [
  's3',
  'ec2',
  'iam',
  'kms',
  'sqs',
  'sns',
  'lambda',
  'dynamodb',
  'logs',
  'rds',
  'ecs',
  'ecr',
  'glue',
  'athena',
];
const VERBS = ['Get', 'Put', 'Create', 'Delete', 'Describe', 'List', 'Update', 'Tag'];

const document = (statements: readonly Json[]): Json => ({ Version: '2012-10-17', Statement: statements });
const full = document([{ Sid: 'Full', Effect: 'Allow', Action: '*', Resource: '*' }]);
const fullForAll = document([{ Sid: 'Full', Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }]);

/** A deny as SCPs have them; `seed` makes documents different. */
function guardrail(seed: number): Json {
  const service = SERVICES[seed % SERVICES.length]!;
  const verb = VERBS[seed % VERBS.length]!;
  return document([
    {
      Sid: `Deny${seed}`,
      Effect: 'Deny',
      Action: [`${service}:${verb}Policy${seed}`, `${service}:${verb}*Public*`],
      Resource: '*',
      Condition: {
        ArnNotLike: { 'aws:PrincipalArn': [`arn:aws:iam::*:role/BreakGlass${seed}`, 'arn:aws:iam::*:role/Admin'] },
      },
    },
    {
      Sid: `Region${seed}`,
      Effect: 'Deny',
      NotAction: ['iam:*', 'sts:*', 'organizations:*', 'route53:*', 'cloudfront:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1', `eu-west-${seed}`] } },
    },
  ]);
}

/** Denies of a service that the requests do not use: what grows without mattering. */
const elsewhere = (seed: number): Json =>
  document([{ Effect: 'Deny', Action: [`service${seed}:Do*`, `service${seed}:Undo`], Resource: '*' }]);

function identityPolicy(size: number): Json {
  return document(
    Array.from({ length: size }, (_, index) => {
      const service = SERVICES[index % SERVICES.length]!;
      return {
        Sid: `Use${index}`,
        Effect: 'Allow',
        Action: [`${service}:Get*`, `${service}:List*`, `${service}:Put${index}`],
        Resource:
          index % 2 === 0
            ? '*'
            : [`arn:aws:${service}:::app-${index}/*`, `arn:aws:${service}:::team/\${aws:PrincipalTag/team}/*`],
        ...(index % 3 === 0 ? { Condition: { Bool: { 'aws:SecureTransport': 'true' } } } : {}),
      };
    }),
  );
}

/** Three levels of SCPs with ten documents each, an RCP, a boundary, an identity policy and a resource's policy. */
export function organization(seed: number, times = 1): Record<string, Json> {
  const level = (first: number): Json[] => [
    full,
    ...Array.from({ length: 9 }, (_, index) => guardrail(seed + first + index)),
    ...Array.from({ length: 10 * (times - 1) }, (_, index) => elsewhere(first * 1_000 + index)),
  ];
  return {
    identity: [identityPolicy(20), ...Array.from({ length: times - 1 }, (_, index) => elsewhere(50_000 + index))],
    boundary: [document([{ Effect: 'Allow', Action: SERVICES.map((service) => `${service}:*`), Resource: '*' }])],
    session: null,
    scps: [level(0), level(10), level(20)],
    rcps: [
      [
        fullForAll,
        document([
          {
            Sid: 'OrgOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: ['s3:*', 'sqs:*', 'kms:*'],
            Resource: '*',
            Condition: {
              StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-example123' },
              BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
            },
          },
        ]),
      ],
    ],
    resource: document([
      {
        Sid: 'Team',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app-1` },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::team/*',
      },
      {
        Sid: 'Tls',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]),
    vpcEndpoint: null,
  };
}

function policiesOf(value: Json): ApplicablePolicies {
  const { value: policies, problems } = readPolicies(value);
  if (policies === undefined) throw new Error(JSON.stringify(problems));
  return policies;
}

/** Different requests that reach allows and both denies. */
export function requests(count: number): Request[] {
  return Array.from({ length: count }, (_, index) => ({
    principal: `arn:aws:sts::${ACCOUNT}:assumed-role/app-${index % 40}/session-${index % 97}`,
    action: `${SERVICES[index % SERVICES.length]!}:${VERBS[index % VERBS.length]!}${index % 11 === 0 ? 'Public' : 'Object'}`,
    resource: index % 5 === 0 ? `arn:aws:s3:::app-${index % 13}/key${index}` : `arn:aws:s3:::team/red/${index}`,
    context: {
      'aws:SecureTransport': 'true',
      'aws:RequestedRegion': index % 17 === 0 ? 'ap-east-1' : 'eu-west-1',
      'aws:SourceIp': `10.0.${index % 256}.7`,
      'aws:PrincipalOrgID': 'o-example123',
      'aws:PrincipalTag/team': index % 2 === 0 ? 'red' : 'blue',
      'aws:CurrentTime': '2026-11-21T10:00:00Z',
    },
  }));
}

/** Same decisions as the reference, and all of them are reached. */
function verify(policies: ApplicablePolicies, asked: readonly Request[]): void {
  const set = compilePolicies(policies);
  const seen = new Set<string>();
  for (const request of asked) {
    const { decision } = evaluate(set, request);
    const expected = referenceEvaluate(request, policies).decision;
    if (decision !== expected) throw new Error(`${decision}, and the reference says ${expected}`);
    seen.add(decision);
  }
  if (seen.size < 3) throw new Error(`only ${[...seen].join(', ')} reached`);
}

const COUNT = 10_000;

function throughput(): Row[] {
  const asked = requests(COUNT);
  return [1, 10, 100].map((times) => {
    const policies = policiesOf(organization(0, times));
    verify(policies, asked.slice(0, 200));
    const set = compilePolicies(policies);
    const taken = timeOf(5, () => {
      let allowed = 0;
      for (const request of asked) if (evaluate(set, request).decision === 'ALLOW') allowed++;
      return allowed;
    });
    const documents = [policies.identity, ...(policies.scps ?? [])].reduce((sum, list) => sum + list.length, 4);
    const rate = (COUNT / taken.clock) * 1_000;
    return {
      what: 'IAM decisions with one compiled set of policies',
      size: `${COUNT} requests, ${documents} policies`,
      result: `**${Math.round(rate).toLocaleString('en')} a second** (processor time ${Math.round((COUNT / taken.processor) * 1_000).toLocaleString('en')})`,
      goal: times === 1 ? '200,000 a second' : 'the same, whatever the number of policies',
    };
  });
}

const LINES = 100_000;
const SETS = 50;

function batch(): Row[] {
  const asked = requests(LINES);
  const sets = Array.from({ length: SETS }, (_, index) => organization(index * 31));
  verify(policiesOf(sets[7]!), asked.slice(0, 200));
  const definitions = sets.map((policies, index) => JSON.stringify({ policySet: `set-${index}`, policies }));
  const named = asked.map((request, index) =>
    JSON.stringify({ name: `r${index}`, request, policies: `set-${index % SETS}` }),
  );
  // Policies stand in every line, so fewer lines do.
  const inline = asked
    .slice(0, LINES / 20)
    .map((request, index) => JSON.stringify({ name: `r${index}`, request, policies: sets[index % SETS]! }));
  return [
    batchRow('IAM batch over named sets of policies', [...definitions, ...named], 2.5),
    batchRow('IAM batch with policies in every line', inline, 6),
  ];
}

function batchRow(what: string, lines: readonly string[], most: number): Row {
  const bytes = lines.reduce((sum, line) => sum + line.length, 0);
  const [answered, parsed] = sideBySide(1, [
    () => {
      const questions = new Questions();
      let length = 0;
      for (const line of lines) {
        const reply = questions.take(line, 'batch.jsonl');
        if (reply.kind === 'refused') throw new Error(JSON.stringify(reply.diagnostics));
        if (reply.kind === 'answer') length += printAnswer(reply.name, reply.evaluation).length;
      }
      return length;
    },
    () => {
      for (const line of lines) kept[2] = JSON.parse(line);
    },
  ]);
  return {
    what,
    size: `${lines.length} lines, ${(bytes / 2 ** 20).toFixed(0)} MiB, ${SETS} different sets`,
    result: ratio(answered!, parsed!),
    goal: `at most ${most} times \`JSON.parse\` of the same lines`,
  };
}

/** All rows; each is timed after its decisions were compared with the reference's. */
export function iamEvaluate(): Row[] {
  return [...throughput(), ...batch()];
}

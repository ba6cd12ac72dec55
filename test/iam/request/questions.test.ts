/** Lines of a batch: the quick way and the thorough way give the same answers. */
import fc from 'fast-check';
import { printAnswer, printPolicy, Questions } from '../../../iam/index.js';
import type { ApplicablePolicies, Policy, Reply } from '../../../iam/index.js';
import { applicablePolicies, request } from '../../arbitraries/iam.js';

const allowS3 = {
  identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }],
};
const asked = {
  principal: 'arn:aws:iam::111122223333:user/alice',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::b/x',
  context: { 'aws:SourceIp': '203.0.113.7' },
};

/** A reply in one word or line. */
function shown(reply: Reply): string {
  if (reply.kind === 'answer') return `${reply.name ?? ''} ${reply.evaluation.decision}`;
  if (reply.kind === 'silent') return 'silent';
  return reply.diagnostics.map(({ code, message }) => `${code} ${message}`).join('; ');
}

const answers = (lines: readonly string[]): string[] => {
  const questions = new Questions();
  return lines.map((line) => shown(questions.take(line, 'batch.jsonl')));
};

it('defines sets of policies once and names them afterwards', () => {
  const definition = JSON.stringify({ policySet: 'p', policies: allowS3 });
  expect(
    answers([
      JSON.stringify({ name: 'early', request: asked, policies: 'p' }),
      definition,
      JSON.stringify({ name: 'a', request: asked, policies: 'p' }),
      definition,
      '',
      JSON.stringify({ policySet: 'bad', policies: { identity: 1 } }),
      JSON.stringify({ name: 'b', request: asked, policies: 'bad' }),
      JSON.stringify({ request: { ...asked, action: 'sqs:SendMessage' }, policies: 'p' }),
    ]),
  ).toStrictEqual([
    'IAM1103 the set of policies `p` is not defined',
    'silent',
    'a ALLOW',
    'IAM1103 the set of policies `p` is defined twice',
    'silent',
    'IAM1101 `identity` is no list of policies',
    'IAM1103 the set of policies `bad` was refused where it is defined',
    ' IMPLICIT_DENY',
  ]);
});

it('a bad line is told and does not stop the next', () => {
  const line = JSON.stringify({ name: 'a', request: asked, policies: allowS3 });
  expect(answers([line, '{', '[]', line.replace('"name"', '"nome"'), line])).toStrictEqual([
    'a ALLOW',
    expect.stringContaining('TPL1001'),
    'IAM1101 the question is no map',
    'IAM1101 there is no field `nome`',
    'a ALLOW',
  ]);
});

const repeated = '"aws:SourceIp":"203.0.113.7","aws:SourceIp":"10.0.0.1"';

it.each([
  ['in a line with a named set', JSON.stringify({ request: asked, policies: 'p' })],
  ['in a line with its policies', JSON.stringify({ request: asked, policies: allowS3 })],
])('a key that stands twice is never overlooked %s', (_, line) => {
  const twice = line.replace('"aws:SourceIp":"203.0.113.7"', repeated);
  const questions = new Questions();
  questions.take(JSON.stringify({ policySet: 'p', policies: allowS3 }), 'f');
  for (const known of [line, line]) expect(shown(questions.take(known, 'f'))).toBe(' ALLOW');
  for (const faulty of [
    twice,
    twice.replace('":"10', '" :"10'),
    twice.replace('":"10', '":\t"10'),
    twice.replace('"request"', '"request" '),
  ]) {
    expect(shown(questions.take(faulty, 'f'))).toContain('TPL1002');
  }
});

it('a key that stands twice in policies seen before with one is noticed', () => {
  const line = JSON.stringify({ request: asked, policies: allowS3 });
  const questions = new Questions();
  questions.take(line, 'f');
  expect(shown(questions.take(line.replace('"Effect":"Allow"', '"Effect":"Allow","Effect":"Allow"'), 'f'))).toContain(
    'TPL1002',
  );
});

it('texts that look like keys or ends lead nowhere wrong', () => {
  for (const name of ['"policies":{}', '":":', '}', '\\"policies":', 'policies":{"identity":[]}}']) {
    const line = JSON.stringify({ name, request: { ...asked, context: { 'app:x': name } }, policies: allowS3 });
    expect(answers([line, line, line])).toStrictEqual(Array(3).fill(`${name} ALLOW`));
  }
});

const named = (line: object): string => JSON.stringify({ name: 'n', request: asked, policies: 'p', ...line });

it('lines of a shape that was read before get the answers that they get alone', () => {
  const definition = JSON.stringify({ policySet: 'p', policies: allowS3 });
  const context = (given: object): string => named({ request: { ...asked, context: given } });
  const own = { 'aws:PrincipalAccount': '111122223333' };
  const issued = {
    ...asked,
    principal: 'arn:aws:sts::111122223333:assumed-role/app/s',
    sessionIssuer: 'arn:aws:iam::111122223333:role/team/app',
  };
  const lines = [
    named({}),
    named({ request: { ...asked, action: 'sqs:SendMessage' } }),
    named({ request: { ...asked, action: 's3:*' } }),
    named({ request: { ...asked, resource: 'b' } }),
    named({ request: { ...asked, principal: 'alice' } }),
    named({ policies: 'q' }),
    named({ name: '\\' }),
    named({ name: 'n' }).replace('"n"', '"\t"'),
    named({}).replace('"n"', '"n" '),
    `${named({})} `,
    named({}).replace('}', '},"name":"x"'),
    named({}).replace(/\}$/, ',"name":"x"}'),
    named({ name: null }),
    named({ name: null }),
    context({}),
    context({}),
    context({ 'aws:SourceIp': '203.0.113.7', 'AWS:sourceip': '203.0.113.7' }),
    context(own),
    context(own),
    context({ 'aws:PrincipalAccount': '999999999999' }),
    context({ 'aws:TagKeys': ['a'] }),
    context({ 'aws:TagKeys': ['a'] }),
    named({ request: issued }),
    named({ request: issued }),
    named({ request: { ...issued, sessionIssuer: 'arn:aws:iam::111122223333:role/other' } }),
    named({ request: { ...asked, resourceAccount: '111122223333' } }),
    named({ request: { ...asked, resourceAccount: '111122223334' } }),
    named({ request: { ...asked, resourceAccount: '1' } }),
    named({ request: { ...asked, absent: ['aws:MultiFactorAuthPresent'] } }),
    named({ request: { ...asked, absent: ['aws:SourceIp'] } }),
    JSON.stringify({ policies: allowS3, request: asked, name: 'turned' }),
    JSON.stringify({ request: asked, name: 'inline', policies: allowS3 }),
    JSON.stringify({ request: asked, name: 'inline', policies: allowS3 }),
    JSON.stringify({ request: asked, name: 'again', policies: allowS3 }),
  ];
  const alone = lines.map((line) => answers([definition, line])[1]);
  expect(answers([definition, ...lines, ...lines]).slice(1)).toStrictEqual([...alone, ...alone]);
  // Enough of them are answered, and enough refused, to tell one from the other.
  expect(alone.filter((answer) => answer?.startsWith('n ')).length).toBeGreaterThan(8);
  expect(alone.filter((answer) => /IAM|TPL/.test(answer ?? '')).length).toBeGreaterThan(8);
});

const text = (policy: Policy): unknown => JSON.parse(printPolicy(policy, 0));
const documents = (policies: ApplicablePolicies): unknown => ({
  identity: policies.identity.map(text),
  boundary: policies.boundary?.map(text) ?? null,
  session: policies.session?.map(text) ?? null,
  scps: policies.scps?.map((level) => level.map(text)) ?? null,
  rcps: policies.rcps?.map((level) => level.map(text)) ?? null,
  resource: policies.resource && text(policies.resource),
  vpcEndpoint: policies.vpcEndpoint && text(policies.vpcEndpoint),
});

it('lines in whatever spelling get the same answers', () => {
  let answered = 0;
  fc.assert(
    fc.property(request, applicablePolicies, (each, policies) => {
      let given: unknown;
      try {
        given = documents(policies);
      } catch (error) {
        // Two conditions of one statement may have the same operator and key, which no document can say.
        if (error instanceof RangeError) return;
        throw error;
      }
      const line = JSON.stringify({ name: 'n', request: each, policies: given });
      const spread = JSON.stringify({ name: 'n', request: each, policies: given }, null, 1).replaceAll('\n', ' ');
      const turned = JSON.stringify({ policies: given, request: each, name: 'n' });
      const questions = new Questions();
      const replies = [line, line, spread, turned, turned].map((every) => questions.take(every, 'f'));
      const [first, ...others] = replies.map((reply) =>
        reply.kind === 'answer' ? printAnswer(reply.name, reply.evaluation) : shown(reply),
      );
      if (replies[0]!.kind === 'answer') answered++;
      expect(new Set(others)).toStrictEqual(new Set([first]));
    }),
    { numRuns: 300 },
  );
  expect(answered).toBeGreaterThan(50);
});

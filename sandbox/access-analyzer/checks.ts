/**
 * Validation of policies and the custom policy checks, by the engine of this project: where AWS's own decides otherwise is
 * told in docs/iam-validate.md and docs/iam-prove.md.
 */
import { parsePolicy } from '../../iam/index.js';
import type { Policy, PolicyKind } from '../../iam/index.js';
import type { Proof } from '../../iam/prove/index.js';
import type { PlacedPolicyFinding } from '../../iam/validate/index.js';
import type { Value } from '../../template/index.js';
import type { Call } from '../call.js';
import { ServiceError } from '../errors.js';
import type { Input, Operation } from '../service.js';
import { invalid, optionalWord, page, text, texts, word } from './input.js';

const VALIDATED: Readonly<Record<string, PolicyKind>> = {
  IDENTITY_POLICY: 'identity',
  RESOURCE_POLICY: 'resource',
  SERVICE_CONTROL_POLICY: 'scp',
  RESOURCE_CONTROL_POLICY: 'rcp',
};

const TRUST = 'AWS::IAM::AssumeRolePolicyDocument';
const VALIDATED_TYPES = [
  'AWS::S3::Bucket',
  'AWS::S3::AccessPoint',
  'AWS::S3::MultiRegionAccessPoint',
  'AWS::S3ObjectLambda::AccessPoint',
  TRUST,
  'AWS::DynamoDB::Table',
];

const REFERENCE =
  'https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks';

async function validatePolicy(call: Call, input: Input): Promise<object> {
  call.authorize('access-analyzer:ValidatePolicy');
  const document = text(input, 'policyDocument');
  const type = word(input, 'policyType', Object.keys(VALIDATED));
  const resourceType = optionalWord(input, 'validatePolicyResourceType', VALIDATED_TYPES);
  if (resourceType !== undefined && type !== 'RESOURCE_POLICY') {
    throw invalid('validatePolicyResourceType', 'is for policies of type RESOURCE_POLICY only');
  }
  const { validatePolicyText } = await import('../../iam/validate/index.js');
  const kind = resourceType === TRUST ? 'trust' : VALIDATED[type]!;
  const options = resourceType === undefined || kind === 'trust' ? {} : { resourceType };
  const { findings } = validatePolicyText(document, kind, 'policy', options);
  // Codes of this project's own are not what clients of the service know.
  const known = findings.filter(({ code }) => !code.startsWith('IAM')).map((finding, index) => ({ finding, index }));
  const { items, rest } = page(input, `validation ${document.length}`, known, ({ index }) => String(index));
  return { findings: items.map(({ finding }) => findingShape(document, finding)), ...rest };
}

function findingShape(document: string, { code, type, message, help, path, location }: PlacedPolicyFinding): object {
  const word = code.toLowerCase().replaceAll('_', '-');
  return {
    findingDetails: `${message.charAt(0).toUpperCase()}${message.slice(1)}: ${help}.`,
    findingType: type,
    issueCode: code,
    learnMoreLink: `${REFERENCE}-${type.toLowerCase().replaceAll('_', '-')}-${word}`,
    locations: [
      {
        path: path.map((part) => (typeof part === 'number' ? { index: part } : { value: part })),
        span: { start: position(document, location.start), end: position(document, location.end) },
      },
    ],
  };
}

/** Lines count from 1, columns and offsets from 0. */
function position(document: string, offset: number): object {
  const before = document.slice(0, offset);
  return {
    line: before.split('\n').length,
    column: offset - (before.lastIndexOf('\n') + 1),
    offset: Buffer.byteLength(before),
  };
}

const CHECKED: Readonly<Record<string, 'identity' | 'resource'>> = {
  IDENTITY_POLICY: 'identity',
  RESOURCE_POLICY: 'resource',
};

function unreadable(key: string, message: string): ServiceError {
  return new ServiceError('InvalidParameterException', `${key}: ${message}`);
}

function policyOf(input: Input, key: string, kind: PolicyKind): Policy {
  const document = text(input, key);
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch {
    throw unreadable(key, 'The policy document is no JSON');
  }
  // A trust policy names no resource, and is a resource policy all the same.
  const kinds: readonly PolicyKind[] = kind === 'resource' ? ['resource', 'trust'] : [kind];
  const read = kinds.map((each) => parsePolicy(value as Value, each));
  const good = read.find(({ policy, problems }) => policy !== undefined && problems.length === 0);
  if (good?.policy !== undefined) return good.policy;
  throw unreadable(key, `The policy document is not valid: ${read[0]!.problems[0]?.message ?? 'it is no policy'}`);
}

/** What a check answers. @param prove - Of some of the statements. */
function answer(
  policy: Policy,
  prove: (policy: Policy) => Proof,
  words: { readonly pass: string; readonly fail: string },
): object {
  const proof = prove(policy);
  if (proof.kind === 'HOLDS') return { result: 'PASS', message: words.pass };
  if (proof.kind === 'UNKNOWN') {
    const { reason, detail } = proof;
    if (reason === 'vacuous') throw unreadable('access', detail);
    throw new ServiceError('UnprocessableEntityException', `The policy cannot be analyzed: ${detail}`, 422);
  }
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny');
  const reasons = policy.statements.flatMap((statement, statementIndex) => {
    if (statement.effect === 'Deny') return [];
    if (prove({ ...policy, statements: [statement, ...denies] }).kind !== 'FAILS') return [];
    const { sid } = statement;
    const description = `${words.fail.replace(/\.$/, '')} in the statement with ${sid === undefined ? `index: ${statementIndex}` : `sid: ${sid}`}.`;
    return [{ description, statementIndex, ...(sid !== undefined && { statementId: sid }) }];
  });
  return { result: 'FAIL', message: words.fail, reasons };
}

async function checkNoNewAccess(call: Call, input: Input): Promise<object> {
  call.authorize('access-analyzer:CheckNoNewAccess');
  const kind = CHECKED[word(input, 'policyType', Object.keys(CHECKED))]!;
  const updated = policyOf(input, 'newPolicyDocument', kind);
  const existing = policyOf(input, 'existingPolicyDocument', kind);
  const { noNewAccess } = await import('../../iam/prove/index.js');
  return answer(updated, (policy) => noNewAccess([existing], [policy], kind), {
    pass: 'The modified permissions do not grant new access compared to your existing policy.',
    fail: 'The modified permissions grant new access compared to your existing policy.',
  });
}

const MOST_ACCESS = 100;

async function checkAccessNotGranted(call: Call, input: Input): Promise<object> {
  call.authorize('access-analyzer:CheckAccessNotGranted');
  const kind = CHECKED[word(input, 'policyType', Object.keys(CHECKED))]!;
  const policy = policyOf(input, 'policyDocument', kind);
  const list = input['access'];
  if (!Array.isArray(list) || list.length !== 1) throw invalid('access', 'must have one entry');
  const [entry] = list as readonly Input[];
  const [actions, resources] = [texts(entry!, 'actions') ?? [], texts(entry!, 'resources') ?? []];
  if (actions.length + resources.length === 0) throw invalid('access', 'must name actions, resources or both');
  if (actions.length > MOST_ACCESS || resources.length > MOST_ACCESS) {
    throw invalid('access', `must have no more than ${MOST_ACCESS} actions and resources`);
  }
  const { accessNotGranted } = await import('../../iam/prove/index.js');
  return answer(policy, (each) => accessNotGranted([each], { actions, resources }, kind), {
    pass: 'The policy document does not grant access to perform the listed actions or resources.',
    fail: 'The policy document grants access to perform one or more of the listed actions or resources.',
  });
}

async function checkNoPublicAccess(call: Call, input: Input): Promise<object> {
  call.authorize('access-analyzer:CheckNoPublicAccess');
  const { noPublicAccess, PUBLIC_RESOURCE_TYPES } = await import('../../iam/prove/index.js');
  const resourceType = word(input, 'resourceType', PUBLIC_RESOURCE_TYPES);
  const policy = policyOf(input, 'policyDocument', resourceType === TRUST ? 'trust' : 'resource');
  return answer(policy, (each) => noPublicAccess([each], resourceType), {
    pass: 'The resource policy does not grant public access for the specified resource type.',
    fail: 'The resource policy grants public access for the specified resource type.',
  });
}

export const CHECK_OPERATIONS: Readonly<Record<string, Operation>> = {
  CheckAccessNotGranted: checkAccessNotGranted,
  CheckNoNewAccess: checkNoNewAccess,
  CheckNoPublicAccess: checkNoPublicAccess,
  ValidatePolicy: validatePolicy,
};

/** Requests of proofs as people would make them: the proof takes the shortest one there is. */
import { expandActionPattern } from '../../catalogue/iam/index.js';
import type { Request, RequestPrincipal } from '../../iam/index.js';

/** Actions that people know, by service, what hurts most first. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ['GetItem', 'Query', 'PutItem', 'DeleteItem', 'Scan'],
  ec2: ['RunInstances', 'DescribeInstances', 'TerminateInstances'],
  iam: ['CreateUser', 'PassRole', 'AttachRolePolicy', 'GetRole'],
  kms: ['Decrypt', 'Encrypt', 'GenerateDataKey', 'PutKeyPolicy'],
  lambda: ['InvokeFunction', 'UpdateFunctionCode', 'GetFunction'],
  logs: ['PutLogEvents', 'DeleteLogGroup', 'GetLogEvents'],
  s3: ['GetObject', 'PutObject', 'DeleteObject', 'ListBucket'],
  secretsmanager: ['GetSecretValue', 'PutSecretValue'],
  sns: ['Publish', 'Subscribe'],
  sqs: ['SendMessage', 'ReceiveMessage', 'DeleteMessage'],
  ssm: ['GetParameter', 'PutParameter', 'SendCommand'],
  states: ['StartExecution'],
  sts: ['AssumeRole'],
};

/** Resources where a policy says `*`. */
const RESOURCES: Readonly<Record<string, string>> = {
  's3:GetObject': 'arn:aws:s3:::example-bucket/report.csv',
  's3:PutObject': 'arn:aws:s3:::example-bucket/report.csv',
  's3:DeleteObject': 'arn:aws:s3:::example-bucket/report.csv',
  's3:ListBucket': 'arn:aws:s3:::example-bucket',
};

const SOMEBODY = 'arn:aws:iam::444455556666:role/somebody';

/**
 * The request, or one like it that reads better.
 *
 * @param holds - Whether a request shows the same.
 */
export function realistic(request: Request, holds: (request: Request) => boolean): Request {
  let best = request;
  const attempt = (change: Partial<Request>): boolean => {
    const next = { ...best, ...change };
    if (!holds(next)) return false;
    best = next;
    return true;
  };
  if (isOdd(best.principal) && !attempt({ principal: 'anonymous' })) attempt({ principal: SOMEBODY });
  const [service = '', name = ''] = best.action.split(':');
  const known = KNOWN[service.toLowerCase()] ?? [];
  if (!known.includes(name)) known.some((each) => attempt({ action: `${service}:${each}` }));
  const { resource, action } = best;
  if (resource.endsWith('/')) attempt({ resource: `${resource}${service === 's3' ? 'report.csv' : 'example'}` });
  else if (resource === '*' && RESOURCES[action] !== undefined) attempt({ resource: RESOURCES[action] });
  return best;
}

function isOdd(principal: RequestPrincipal): boolean {
  const name =
    typeof principal === 'string' ? principal : 'service' in principal ? principal.service : principal.federated;
  return /^[a-z]$/.test(name) || (typeof principal !== 'string' && !/[.:]/.test(name));
}

/** Some actions of a pattern, those that people know first. @param most - How many. */
export function someActions(pattern: string, most: number): readonly string[] {
  const names = expandActionPattern(pattern);
  const isKnown = (action: string): boolean => {
    const [service = '', name = ''] = action.split(':');
    return KNOWN[service]?.includes(name) === true;
  };
  return [...names.filter(isKnown), ...names.filter((name) => !isKnown(name))].slice(0, most);
}

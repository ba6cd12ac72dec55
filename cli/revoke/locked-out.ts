/** Whether a plan would deny the one who asks for it. */
import { compilePolicies, evaluate, readRequest } from '../../iam/index.js';
import type { Policy } from '../../iam/index.js';
import { HOUR, policiesOf, timeText } from '../../scp/revoke/index.js';
import type { Caller } from '../../scp/apply/index.js';
import type { RevocationPlan } from '../../scp/revoke/index.js';
import { badOption } from '../check/diagnostics.js';
import { InputError } from '../input-error.js';
import { fullAccess } from '../scp/organization-policies.js';

/**
 * Names of the statements that deny the operator.
 *
 * @param known - Condition keys of the operator's calls, as far as they are known; without them they are guessed.
 */
export function lockedOut(plan: RevocationPlan, operator: string, known: Caller['context'] = {}): readonly string[] {
  const session = /^(arn:[a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/.exec(operator);
  const { value: request } = readRequest({
    principal: operator,
    action: 'organizations:UpdatePolicy',
    resource: '*',
    // The id of a session ends with its name, and so may its source identity. The session is open already.
    context: {
      'aws:TokenIssueTime': timeText(plan.now - HOUR),
      'aws:CurrentTime': timeText(plan.now),
      ...(session === null ? {} : { 'aws:userid': `AROAEXAMPLE:${session[4]!}`, 'aws:SourceIdentity': session[4]! }),
      ...known,
    },
  });
  if (request === undefined || !/^arn:[a-z-]+:(?:iam|sts)::\d{12}:./.test(operator)) {
    const help = '`aws sts get-caller-identity` prints it as `Arn`';
    throw new InputError([badOption('--operator', `\`${operator}\` is no ARN of a caller`, help)]);
  }
  const { scps, twin } = policiesOf(plan);
  const everything: Policy = fullAccess('scp');
  const none = { boundary: null, session: null, rcps: null, resource: null, vpcEndpoint: null };
  // Whether the operator works in the management account is no matter: both must let through.
  const set = compilePolicies({ ...none, identity: [everything, ...twin], scps: [[everything, ...scps]] });
  const { decision, by } = evaluate(set, request, { unknownContext: false });
  return decision === 'ALLOW' ? [] : by.map(({ sid }) => sid ?? 'a statement');
}

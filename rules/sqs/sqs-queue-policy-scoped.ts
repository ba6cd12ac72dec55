/** sqs-queue-policy-scoped: the policy of a queue lets in nobody from outside, and services only for a named source. */
import { checkScoped } from '../code/scoped-resource-policy.js';
import type { View } from '../code/view.js';

export function check(view: View): void {
  checkScoped(view, {
    types: ['AWS::SQS::QueuePolicy', 'AWS::SQS::QueueInlinePolicy'],
    noun: 'queue',
    action: 'sqs:SendMessage',
    service: 'sqs',
  });
}

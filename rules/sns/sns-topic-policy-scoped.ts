/** sns-topic-policy-scoped: the policy of a topic lets in nobody from outside, and services only for a named source. */
import { checkScoped } from '../code/scoped-resource-policy.js';
import type { View } from '../code/view.js';

export function check(view: View): void {
  checkScoped(view, {
    types: ['AWS::SNS::TopicPolicy', 'AWS::SNS::TopicInlinePolicy'],
    noun: 'topic',
    action: 'sns:Publish',
    service: 'sns',
  });
}

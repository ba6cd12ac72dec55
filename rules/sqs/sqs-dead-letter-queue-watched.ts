/** sqs-dead-letter-queue-watched: an alarm tells when messages arrive in a dead-letter queue. */
import { alarmsOn } from '../code/alarms.js';
import { deadLetterQueues } from '../code/dead-letters.js';
import type { View } from '../code/view.js';

/** `NumberOfMessagesSent` is no such metric: it does not count what SQS itself moves. */
const METRICS = ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'];
const WATCHED = { namespace: 'AWS/SQS', metrics: METRICS, dimension: 'QueueName', property: 'QueueName' };

export function check(view: View): void {
  for (const queue of deadLetterQueues(view)) {
    const { alarms, unknowns } = alarmsOn(view, queue, WATCHED);
    if (alarms.length > 0) view.pass(queue);
    else if (unknowns.length > 0) view.open(queue, ['Resources', queue.key], unknowns);
    else {
      view.fail(queue, {
        path: ['Resources', queue.key],
        message: `no alarm watches ${METRICS.map((metric) => `\`${metric}\``).join(' or ')} of the dead-letter queue \`${queue.logicalId}\``,
        subject: 'alarm',
      });
    }
  }
}

/** sqs-queue-failed-messages-kept: a queue hands what could not be worked off to a dead-letter queue. */
import { deadLetterQueues } from '../code/dead-letters.js';
import { at, pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  const targets = deadLetterQueues(view);
  for (const queue of view.resources('AWS::SQS::Queue')) {
    if (!targets.has(queue) && !isCalledDeadLetter(view, queue)) checkQueue(view, queue);
  }
}

function checkQueue(view: View, queue: ResourceUnder): void {
  const policy = property(queue, 'RedrivePolicy');
  const path = pathOf(queue, 'RedrivePolicy');
  const whole = scalar(view, policy);
  const target = scalar(view, at(policy, 'deadLetterTargetArn')) ?? '';
  const named = view.graph.target(at(policy, 'deadLetterTargetArn') ?? null, 'AWS::SQS::Queue');
  const subject = 'RedrivePolicy';
  if (policy === undefined) {
    const message =
      'the queue has no `RedrivePolicy`: a message that fails is tried until it expires, and is gone then';
    view.fail(queue, { path, missing: true, message, subject });
  } else if (named === queue || (whole !== undefined && view.graph.mentioned(policy).includes(queue))) {
    view.fail(queue, { path, message: 'the queue is its own dead-letter queue', subject });
  } else if (whole === undefined ? target === '' : whole !== '' && !whole.includes('deadLetterTargetArn')) {
    const unknowns = view.unknownsIn(whole ?? '');
    const message = 'the `RedrivePolicy` names no `deadLetterTargetArn`';
    if (unknowns.length > 0) view.open(queue, path, unknowns);
    else view.fail(queue, { path, message, subject });
  } else view.pass(queue);
}

/** A queue for failed messages of other stacks says so, or says who may send them. */
function isCalledDeadLetter(view: View, queue: ResourceUnder): boolean {
  const allowed = property(queue, 'RedriveAllowPolicy');
  if (allowed !== undefined && scalar(view, at(allowed, 'redrivePermission')) !== 'denyAll') return true;
  const name = scalar(view, property(queue, 'QueueName')) ?? '';
  return [name, queue.logicalId].some((text) => /dlq|dead-?_?letter/i.test(text));
}

/** codepipeline-approval-topic-subscribed: somebody hears of an approval that waits. */
import { takes } from '../code/events.js';
import { actionsOf, isApproval } from '../code/pipelines.js';
import type { Action } from '../code/pipelines.js';
import { at, itemsOf, pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const TOPIC = 'AWS::SNS::Topic';
const EVENT = { source: 'aws.codepipeline', 'detail-type': 'CodePipeline Action Execution State Change' };

export function check(view: View): void {
  const topics = new Set<ResourceUnder>();
  for (const pipeline of view.resources('AWS::CodePipeline::Pipeline')) {
    const { actions } = actionsOf(view, pipeline);
    const approvals = actions.filter(isApproval);
    if (approvals.length === 0) continue;
    const { own, elsewhere } = channelsOf(view, pipeline, actions);
    for (const topic of own) topics.add(topic);
    const [first] = approvals;
    if (own.length > 0 || elsewhere) continue;
    view.fail(pipeline, {
      path: [...first!.path, 'Configuration', 'NotificationArn'],
      missing: true,
      message: `the approval \`${first!.name}\` waits, and nothing in the template tells anybody of it: it has no \`NotificationArn\`, and neither a build of the pipeline nor a notification rule names a topic`,
      subject: 'NotificationArn',
    });
  }
  for (const topic of topics) checkTopic(view, topic);
}

interface Channels {
  readonly own: readonly ResourceUnder[];
  /** Whether something tells of it that is not a topic of this template. */
  readonly elsewhere: boolean;
}

/** The topics that an action, a build, a notification rule or an event rule of the pipeline names. */
function channelsOf(view: View, pipeline: ResourceUnder, actions: readonly Action[]): Channels {
  const builds = actions.filter(({ provider }) => provider === 'CodeBuild');
  const projects = builds.map(({ value }) =>
    view.graph.target(at(value, 'Configuration', 'ProjectName'), 'AWS::CodeBuild::Project'),
  );
  const known = projects.filter((project) => project !== undefined);
  const notices = view
    .resources('AWS::CodeStarNotifications::NotificationRule')
    .filter((rule) => view.graph.target(property(rule, 'Resource'), pipeline.type) === pipeline)
    .map((rule) => property(rule, 'Targets') ?? []);
  const events = view
    .resources('AWS::Events::Rule')
    .filter((rule) => takes(view, rule, EVENT))
    .map((rule) => property(rule, 'Targets') ?? []);
  const places = [...actions.map(({ value }) => value), ...known.map(({ properties }) => properties)];
  const own = [...places, ...notices, ...events].flatMap((value) => view.graph.mentioned(value, TOPIC));
  const named = actions.map(({ value }) => scalar(view, at(value, 'Configuration', 'NotificationArn')) ?? '');
  const elsewhere =
    named.some((arn) => arn !== '') ||
    known.length < builds.length ||
    [...notices, ...events].some((targets) => itemsOf(targets).length > 0);
  return { own: [...new Set(own)], elsewhere };
}

function checkTopic(view: View, topic: ResourceUnder): void {
  const inside = property(topic, 'Subscription');
  const unknowns = view.unknownsIn(scalar(view, inside) ?? '');
  const subscriptions = view
    .resources('AWS::SNS::Subscription')
    .filter((one) => view.graph.target(property(one, 'TopicArn'), TOPIC) === topic);
  const count = subscriptions.length + itemsOf(inside).length;
  if (unknowns.length > 0 && subscriptions.length === 0) view.open(topic, pathOf(topic, 'Subscription'), unknowns);
  else if (count > 0) view.pass(topic);
  else {
    view.fail(topic, {
      path: ['Resources', topic.key],
      message: `the topic \`${topic.logicalId}\` tells of approvals that wait, and has no subscription: nobody hears of them`,
      subject: 'subscription',
    });
  }
}

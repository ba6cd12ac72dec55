/** s3-bucket-notifications-own-account: a bucket sends its events to topics, queues and functions of its own account. */
import { parseArn } from '../../iam/index.js';
import type { Path, Value } from '../../template/index.js';
import { ownAccountUnknown } from '../code/principals.js';
import { at, itemsOf, pathOf } from '../code/read.js';
import type { ResourceUnder, View } from '../code/view.js';

/** Where a bucket names its targets. */
const TARGETS = [
  { list: 'TopicConfigurations', name: 'Topic' },
  { list: 'QueueConfigurations', name: 'Queue' },
  { list: 'LambdaConfigurations', name: 'Function' },
] as const;

export function check(view: View): void {
  for (const bucket of view.resources('AWS::S3::Bucket')) {
    for (const { list, name } of TARGETS) {
      const place = ['NotificationConfiguration', list];
      itemsOf(at(bucket.properties, ...place)).forEach((item, index) => {
        const target = at(item, name);
        if (target !== undefined) judge(view, bucket, target, pathOf(bucket, ...place, index, name));
      });
    }
  }
}

function judge(view: View, bucket: ResourceUnder, target: Value, path: Path): void {
  const text = view.text(target) ?? '';
  const account = parseArn(text)?.account;
  if (view.graph.target(target) !== undefined) view.pass(bucket);
  else if (account === undefined) {
    // A reference to another kind of resource of the template gives no ARN here; it is of the same account.
    const unknowns = view.unknownsIn(text);
    if (unknowns.length > 0) view.open(bucket, path, unknowns);
    else view.pass(bucket);
  } else if (account === view.place.accountId) view.pass(bucket);
  else if (!/^\d{12}$/.test(account)) {
    const unknowns = view.unknownsIn(account);
    if (unknowns.length > 0) view.open(bucket, path, unknowns);
    else view.fail(bucket, { path, message: `\`${text}\` names no account`, subject: text });
  } else if (!view.knowsAccount) view.open(bucket, path, [ownAccountUnknown(account)]);
  else {
    const message = `the bucket sends its events to \`${text}\`, which is in the account ${account} and not in its own`;
    view.fail(bucket, { path, message, subject: text });
  }
}

/** ses-receipt-rule-stores-mail: mail that comes in is kept, in a bucket that is not public. */
import type { Value } from '../../template/index.js';
import { at, itemsOf, pathOf, scalar } from '../code/read.js';
import type { ResourceUnder, View } from '../code/view.js';

/** Actions that do something with a mail; a rule that only refuses mail has nothing to keep. */
const HANDLING = ['LambdaAction', 'SNSAction', 'WorkmailAction', 'AddHeaderAction', 'ConnectAction', 'S3Action'];

const SWITCHES = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

export function check(view: View): void {
  for (const rule of view.resources('AWS::SES::ReceiptRule')) {
    const actions = itemsOf(at(rule.properties, 'Rule', 'Actions'));
    const stores = actions.flatMap((action, index) => {
      const bucket = at(action, 'S3Action', 'BucketName');
      return bucket === undefined ? [] : [{ bucket, index }];
    });
    if (!actions.some((action) => HANDLING.some((name) => at(action, name) !== undefined))) continue;
    if (stores.length === 0) {
      const message = 'the receipt rule hands mail on without keeping it';
      view.fail(rule, { path: pathOf(rule, 'Rule', 'Actions'), message, subject: 'S3Action' });
    }
    for (const { bucket, index } of stores) judge(view, rule, bucket, index);
  }
}

function judge(view: View, rule: ResourceUnder, value: Value, index: number): void {
  const bucket = view.graph.target(value, 'AWS::S3::Bucket');
  const block = bucket && at(bucket.properties, 'PublicAccessBlockConfiguration');
  const states = SWITCHES.map((name) => scalar(view, at(block, name))?.toLowerCase() ?? 'false');
  const path = pathOf(rule, 'Rule', 'Actions', index, 'S3Action', 'BucketName');
  const off = SWITCHES.filter((_, at) => states[at] === 'false');
  // A bucket outside the template is looked after there.
  if (bucket === undefined || states.every((state) => state === 'true')) view.pass(rule);
  else if (off.length > 0) {
    const message = `mail is kept in the bucket \`${bucket.logicalId}\`, which does not block public access (${off.map((name) => `\`${name}\``).join(', ')})`;
    view.fail(rule, { path, message, subject: bucket.key });
  } else view.open(rule, path, view.unknownsIn(...states));
}

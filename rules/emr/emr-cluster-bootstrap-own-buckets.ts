/**
 * emr-cluster-bootstrap-own-buckets: scripts that prepare a cluster come from approved buckets, or from buckets of the
 * template that deny writing. Asked of the evaluator with a role that nobody named.
 */
import type { Request } from '../../iam/index.js';
import { supposedName } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import { ask, isRefused, unknownsOf } from '../code/bounds.js';
import { bucketNameIn, policiesOfBucket } from '../code/buckets.js';
import { at, itemsOf, pathOf, scalar } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

/** A script that the image of the instances holds. */
const LOCAL = /^(?:file:|\/)/;

export function check(view: View): void {
  for (const cluster of view.resources('AWS::EMR::Cluster')) {
    const actions = itemsOf(property(cluster, 'BootstrapActions'));
    if (actions.length === 0) continue;
    const before = view.verdicts.length;
    actions.forEach((action, index) => {
      checkAction(view, cluster, action, index);
    });
    if (view.verdicts.length === before) view.pass(cluster);
  }
}

function checkAction(view: View, cluster: ResourceUnder, action: Value, index: number): void {
  const script = view.text(action) ?? scalar(view, at(action, 'ScriptBootstrapAction', 'Path'));
  if (script === undefined || LOCAL.test(script)) return;
  const path = pathOf(cluster, 'BootstrapActions', index, 'ScriptBootstrapAction', 'Path');
  const refuse = (text: string, message: string): void => {
    const unknowns = view.unknownsIn(text);
    if (unknowns.length > 0) view.open(cluster, path, unknowns);
    else view.fail(cluster, { path, message, subject: `action ${index}` });
  };
  if (!/^s3[an]?:\/\//i.test(script)) {
    refuse(script, `the script \`${script}\` comes from outside of Amazon S3`);
    return;
  }
  const name = bucketNameIn(script);
  const bucket = view.graph.target(name, 'AWS::S3::Bucket');
  if (bucket !== undefined) checkBucket(view, cluster, bucket, path, index);
  else if (!view.texts('approvedScriptBuckets').includes(name)) {
    refuse(
      name,
      `the script comes from the bucket \`${name}\`, which is neither in \`approvedScriptBuckets\` nor in the template`,
    );
  }
}

/** Who may write to the bucket decides what runs on the cluster. */
function checkBucket(view: View, cluster: ResourceUnder, bucket: ResourceUnder, path: Path, index: number): void {
  const policies = policiesOfBucket(view, bucket);
  const unread = policies.find(({ policy }) => policy === undefined);
  if (unread !== undefined) {
    view.unreadable(unread);
    return;
  }
  const { partition, accountId } = view.place;
  const arn = supposedName(bucket.key, { type: bucket.type, resource: bucket.value }, 'Arn', view.place);
  const documents = policies.map(({ policy }) => policy!);
  for (const action of ['s3:PutObject', 's3:DeleteObject']) {
    const request: Request = {
      principal: `arn:${partition}:iam::${accountId}:role/zzz-some-role`,
      action,
      resource: `${arn ?? ''}/zzz/object`,
      resourceAccount: accountId,
      context: { 'aws:SecureTransport': 'true' },
    };
    const answer = ask(view, documents, (some) => !some.some((one) => isRefused(one, request)));
    if (answer === 'no') continue;
    if (answer === 'open') {
      view.open(
        cluster,
        path,
        documents.flatMap((policy) => unknownsOf(view, policy)),
      );
    } else {
      const message = `the script comes from the bucket \`${bucket.logicalId}\`, whose policy does not deny \`${action}\` to everybody but the pipeline`;
      view.fail(cluster, { path, message, subject: `action ${index}` });
    }
    return;
  }
}

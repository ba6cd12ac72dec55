/** Whether an action can act on a resource at all, by the resource types of the Service Authorization Reference. */
import { iamAction, iamService } from '../../catalogue/iam/index.js';
import { parseArn } from '../arn.js';
import { intersects } from './patterns.js';

/** ARNs with more characters do not exist, and patterns that long are not compared. */
const LONGEST = 2_048;

/**
 * Actions without resource type that are granted on a pattern as well as on `*`: the walkthroughs of S3 let people list
 * buckets with `arn:aws:s3:::*` (https://docs.aws.amazon.com/AmazonS3/latest/userguide/walkthrough1.html). `\0` is met by wildcards only.
 */
const ON_PATTERN: ReadonlyMap<string, string> = new Map([['s3:ListAllMyBuckets', 'arn:aws:s3:::\0']]);

/**
 * @param name - An action with prefix; case does not count.
 * @param patterns - ARNs with wildcards, variables already turned into them.
 * @returns `true` when one of the patterns can stand for a resource of the action, and when that is not known.
 */
export function canApply(name: string, patterns: readonly string[]): boolean {
  const action = iamAction(name);
  if (action === undefined) return true;
  const service = iamService(name.slice(0, name.indexOf(':')))!;
  const arns = action.resourceTypes.map(({ name: type }) => service.resourceType(type)!.arn);
  if (arns.length === 0) {
    const written = ON_PATTERN.get(action.name);
    return patterns.some(
      (pattern) =>
        /^(?:arn:)?[*:]+$/.test(pattern) ||
        (written !== undefined && intersects(pattern.replace(/^arn:[^:]*:/, 'arn:aws:'), written)),
    );
  }
  return patterns.some((pattern) => pattern.length > LONGEST || arns.some((arn) => canBe(pattern, arn)));
}

/** @param format - With placeholders. */
function canBe(pattern: string, format: string): boolean {
  const written = parseArn(pattern);
  const form = format.replace(/\$\{[^}]*\}/g, '*');
  const parts = form.split(':');
  const head = pattern.split(':', 5);
  // Partition and service are compared by themselves; a wildcard in Region or account may run on into the next part.
  if (written === undefined) return intersects(pattern, form);
  if (!intersects(head[2]!, parts[2]!)) return false;
  if (head.slice(2).some((part) => /[*?]/.test(part))) {
    return intersects(pattern.split(':').slice(3).join(':'), parts.slice(3).join(':'));
  }
  // The name of a bucket has no `/`, other than most names.
  if (format.endsWith(':::${BucketName}') && written.resource.includes('/')) return false;
  return (
    head.every((part, index) => parts[index] === '*' || parts[index] === part) &&
    intersects(written.resource, parts.slice(5).join(':'))
  );
}

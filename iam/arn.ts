/**
 * Amazon Resource Names, `arn:partition:service:region:account:resource`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
 */

/** The parts of an ARN. Region and account are `''` where the ARN leaves them out; the resource keeps its colons. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/**
 * Takes an ARN, or a pattern in the form of one, apart.
 *
 * @param text - Parts may hold wildcards.
 * @returns `undefined` when the text does not start with `arn:` or has fewer than six parts.
 */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(':');
  if (parts[0] !== 'arn' || parts.length < 6) return undefined;
  const [, partition, service, region, account] = parts as [string, string, string, string, string, ...string[]];
  return { partition, service, region, account, resource: parts.slice(5).join(':') };
}

/** The ARN that the parts make. */
export function formatArn({ partition, service, region, account, resource }: Arn): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/**
 * Regions that accounts need not enable ("Enable or disable AWS Regions in your account", Regions that are enabled by default,
 * https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html).
 */
const ALWAYS_ENABLED = new Set([
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
]);

/** Whether a Region is enabled in every account; the others have to be, by their accounts. */
export function isAlwaysEnabled(region: string): boolean {
  return ALWAYS_ENABLED.has(region);
}

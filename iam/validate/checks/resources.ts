/**
 * ARNs of `Resource` and `NotResource`, part by part and against the forms of the resource types
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Invalid ARN …",
 * "Missing ARN …", "ARN … not allowed", "Wildcard in service name", "Redundant resource").
 */
import { isPartition, isRegion, PARTITIONS, resourceTypesOfArn } from '../../../catalogue/iam/index.js';
import { nearestName } from '../../../catalogue/index.js';
import { parseArn, type Arn } from '../../arn.js';
import type { Report } from '../finding.js';
import { intersects, variablesAsWildcards } from '../patterns.js';
import type { Placed, StatementView } from '../view.js';
import { reportRedundant } from './actions.js';
import { eachStatement, type CheckInput } from './input.js';
import { supportedServices } from './resource-kinds.js';

export const checkResources = eachStatement((statement: StatementView, input, report) => {
  const { resource } = statement;
  if (resource === undefined || input.kind === 'trust') return;
  for (const item of resource.items) checkItem(item, input, report);
  reportRedundant(
    resource,
    (text) => text,
    input,
    (count, item, other) => {
      report(
        'REDUNDANT_RESOURCE',
        resource.path,
        `${count === 1 ? 'a resource is' : `${count} resources are`} redundant, such as \`${item}\`, which \`${other}\` covers already`,
        `remove \`${item}\`${count === 1 ? '' : ' and the others'}, or narrow \`${other}\` if it covers too much`,
      );
    },
  );
});

/** Longer texts are compared with no form: no ARN has that many characters. */
const LONGEST = 2_048;

function checkItem(item: Placed, input: CheckInput, report: Report): void {
  const { text, path } = item;
  // API Gateway takes resources relative to the API that a policy is attached to.
  if (/^\*+$/.test(text) || (input.kind === 'resource' && text.startsWith('execute-api:/'))) return;
  if (!text.startsWith('arn:')) {
    report(
      'INVALID_ARN_PREFIX',
      path,
      `the resource \`${text}\` does not begin with \`arn:\``,
      'write the ARN of the resource, or `*`',
    );
    return;
  }
  const arn = parseArn(text);
  if (arn === undefined) {
    report(
      'MISSING_ARN_FIELD',
      path,
      `the ARN \`${text}\` has ${text.split(':').length} parts and an ARN has six`,
      'write `arn:partition:service:region:account:resource`; parts that do not apply stay empty',
    );
    return;
  }
  checkPartition(arn, item, report);
  if (/[*?]/.test(arn.service)) {
    report(
      'WILDCARD_IN_SERVICE_NAME',
      path,
      `the service of \`${text}\` is the pattern \`${arn.service}\`, which other services may match too`,
      'write one ARN for each service',
    );
    return;
  }
  // Variables there are told as such; their colons are none of the ARN's.
  if (!text.split(':', 5).join(':').includes('${')) checkService(arn, item, input, report);
}

function checkPartition({ partition }: Arn, { text, path }: Placed, report: Report): void {
  if (/[*?$]/.test(partition) || isPartition(partition)) return;
  report(
    'INVALID_PARTITION',
    path,
    `there is no partition \`${partition}\` as in \`${text}\``,
    `write ${PARTITIONS.map(({ name }) => `\`${name}\``).join(', ')}`,
  );
}

function checkService(arn: Arn, item: Placed, input: CheckInput, report: Report): void {
  const { text, path } = item;
  const types = resourceTypesOfArn(arn.service);
  if (types === undefined) {
    const lower = arn.service.toLowerCase();
    if (lower !== arn.service && resourceTypesOfArn(lower) !== undefined) {
      report(
        'INVALID_ARN_SERVICE_CASE',
        path,
        `the service \`${arn.service}\` of \`${text}\` has capital letters`,
        `write \`${lower}\``,
      );
    } else {
      report(
        'INVALID_SERVICE',
        path,
        `there is no service \`${arn.service}\` as in \`${text}\``,
        'correct the third part of the ARN',
      );
    }
    return;
  }
  const regionFine = checkRegion(arn, item, report);
  const supported = supportedServices(input);
  if (supported !== undefined && !supported.prefixes.includes(arn.service)) {
    report(
      'UNSUPPORTED_RESOURCE_ARN_IN_POLICY',
      path,
      `\`${text}\` is no part of ${supported.what}, which the policy is attached to`,
      `use ARNs of ${supported.prefixes.map((each) => `\`${each}\``).join(' or ')}`,
    );
  }
  if (types.length > 0 && text.length <= LONGEST) {
    const forms = [...types, ...(BESIDES_REFERENCE[arn.service] ?? [])].map(formOf);
    checkForm(arn, forms, regionFine, item, report);
  }
}

/** @returns Whether the Region is one, or none, or not known. */
function checkRegion({ region }: Arn, { text, path }: Placed, report: Report): boolean {
  if (region === '' || /[*?$]/.test(region) || isRegion(region)) return true;
  const nearest = nearestName(
    region,
    PARTITIONS.flatMap(({ regions }) => regions),
  );
  report(
    'INVALID_ARN_REGION',
    path,
    `there is no Region \`${region}\` as in \`${text}\``,
    nearest === undefined ? 'write a Region, or `*`' : `did you mean \`${nearest}\`?`,
  );
  return false;
}

/** Names of what Systems Manager offers to all accounts: nobody else's begin so. */
const OF_AWS = ['AWS*', 'Aws*', 'Amazon*'];

/**
 * ARNs that the Service Authorization Reference does not list. Documents and parameters of AWS have no account, and
 * macros the account `aws`, as in the perimeters that AWS publishes
 * (https://github.com/aws-samples/data-perimeter-policy-examples); the other ones stand in policies that AWS manages
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html).
 */
const BESIDES_REFERENCE: Readonly<Record<string, readonly { readonly arn: string }[]>> = {
  autoscaling: [{ arn: 'arn:*:autoscaling:*:*:scalingPolicy:*:resource/*:policyName/*' }],
  backup: [{ arn: 'arn:*:backup:*:*:recovery-point:*' }],
  cloudformation: [{ arn: 'arn:*:cloudformation:*:aws:transform/*' }],
  'resource-explorer-2': [{ arn: 'arn:*:resource-explorer-2:*::view/AWSServiceView*' }],
  ssm: [
    ...OF_AWS.flatMap((name) => [
      { arn: `arn:*:ssm:*::document/${name}` },
      { arn: `arn:*:ssm:*::automation-definition/${name}` },
    ]),
    { arn: 'arn:*:ssm:*::parameter/aws/*' },
  ],
};

/** What the ARNs of a resource type look like. */
interface Form {
  readonly region: string;
  readonly account: string;
  /** Placeholders as wildcards. */
  readonly resource: string;
}

const forms = new Map<string, Form>();

function formOf({ arn }: { readonly arn: string }): Form {
  let form = forms.get(arn);
  if (form === undefined) {
    const { region, account, resource } = parseArn(arn.replace(/\$\{[^}]*\}/g, '*'))!;
    form = { region, account, resource };
    forms.set(arn, form);
  }
  return form;
}

function checkForm(arn: Arn, all: readonly Form[], regionFine: boolean, item: Placed, report: Report): void {
  const { text, path } = item;
  const resource = variablesAsWildcards(arn.resource);
  const matching = all.filter((form) => intersects(resource, form.resource));
  if (matching.length === 0 && all.some((form) => reachesOver(arn, resource, form))) return;
  if (matching.length === 0) {
    report(
      'INVALID_ARN_RESOURCE',
      path,
      `no resource type of \`${arn.service}\` has ARNs like \`${text}\``,
      `its resources look like ${examples(all)}`,
    );
    return;
  }
  checkAccount(arn, item, report);
  const regional = matching.filter(({ account }) => accountFits(arn.account, account));
  checkPresence(arn, regional.length > 0 ? regional : matching, regionFine, item, report);
}

/**
 * Whether the wildcard at the end of the account can stand for the beginning of the resource as well, as in
 * `arn:aws:logs:*:*:/aws/lambda/*` for `arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/orders`.
 */
function reachesOver({ account }: Arn, resource: string, form: Form): boolean {
  const parts = form.resource.split(':');
  return account.endsWith('*') && !resource.includes(':') && parts.length > 1 && intersects(resource, parts.at(-1)!);
}

function examples(all: readonly Form[]): string {
  const shown = [...new Set(all.map(({ resource }) => `\`${resource}\``))];
  return shown.length <= 4 ? shown.join(', ') : `${shown.slice(0, 4).join(', ')} and ${shown.length - 4} more`;
}

/** Owners that are no accounts: resources of AWS itself, and those that CloudFront and the marketplace own. */
const OWNERS = ['aws', 'aws-managed', 'amazon', 'cloudfront', 'aws-marketplace', 'third-party', 'offering'];

function checkAccount({ account }: Arn, { text, path }: Placed, report: Report): void {
  if (account === '' || /[*?$]/.test(account) || /^\d{12}$/.test(account) || OWNERS.includes(account)) return;
  report(
    'INVALID_ARN_ACCOUNT',
    path,
    `\`${account}\` in \`${text}\` is no account id`,
    'write the 12 digits of the account, or `*`',
  );
}

function accountFits(written: string, form: string): boolean {
  return form === '' ? written === '' || /^\*+$/.test(written) : written !== '';
}

/** Region and account where the resource types have none, and none where they have one. */
function checkPresence(arn: Arn, matching: readonly Form[], regionFine: boolean, item: Placed, report: Report): void {
  const { text, path } = item;
  const tell = (code: string, what: string, help: string): void => {
    report(code, path, `${what}: \`${text}\``, help);
  };
  // A wildcard stands for nothing as well, so it does no harm where the part is empty.
  if (regionFine && arn.region !== '' && !/^\*+$/.test(arn.region) && matching.every(({ region }) => region === '')) {
    tell('ARN_REGION_NOT_ALLOWED', `ARNs of this kind have no Region`, 'leave the Region empty');
  }
  if (arn.region === '' && matching.every(({ region }) => region !== '')) {
    tell('MISSING_ARN_REGION', `ARNs of this kind have a Region`, 'write the Region, or `*`');
  }
  if (arn.account !== '' && !/^\*+$/.test(arn.account) && matching.every(({ account }) => account === '')) {
    tell('ARN_ACCOUNT_NOT_ALLOWED', `ARNs of this kind have no account`, 'leave the account empty');
  }
  if (arn.account === '' && matching.every(({ account }) => account !== '')) {
    tell('MISSING_ARN_ACCOUNT', `ARNs of this kind have an account`, 'write the account id, or `*`');
  }
}

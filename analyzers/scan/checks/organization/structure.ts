/** Accounts, delegates and tag policies of the organization. */
import type { CheckContext, CheckFinding, CheckOutcome, OrganizationCheck } from '../../check.js';
import type { Json } from '../../source.js';
import { isActive, policyFailures } from './levels.js';

const ACCOUNT = 'AWS::Organizations::Account';
const ORGANIZATION = 'AWS::Organizations::Organization';

/** Tags that every account carries. */
const ACCOUNT_TAGS = ['owner', 'service', 'stage'];

function accountTags({ organization }: CheckContext): CheckOutcome {
  const failures = [];
  const findings: CheckFinding[] = [];
  for (const { id, name, tags, ...account } of organization.accounts) {
    if (!isActive({ id, name, tags, ...account }) || id === organization.managementAccount) continue;
    if (tags === null) {
      failures.push({
        step: 'org-account-tagged',
        code: 'UNREAD',
        message: `the tags of the account ${id} were not read`,
      });
      continue;
    }
    const missing = ACCOUNT_TAGS.filter((key) => (tags[key] ?? '') === '');
    if (missing.length > 0) {
      findings.push({
        resource: { arn: id, type: ACCOUNT },
        account: id,
        message: `the account ${name} lacks the tags ${missing.join(', ')}`,
      });
    }
  }
  return { findings, failures, concerned: organization.accounts.length > 1 };
}

interface Delegation {
  readonly service: string;
  readonly controls: readonly string[];
  readonly name: string;
}

/** Services that must work for the whole organization from an account of their own. */
const STACK_SETS: Delegation = {
  service: 'member.org.stacksets.cloudformation.amazonaws.com',
  controls: ['ORG-ACC-02', 'ROLL-SS-03'],
  name: 'stack sets',
};
const DELEGATIONS: readonly (Delegation & { readonly id: string })[] = [
  { ...STACK_SETS, id: 'org-stack-sets-delegated' },
  {
    id: 'org-guardduty-delegated',
    service: 'guardduty.amazonaws.com',
    controls: ['DET-GD-01', 'ORG-ACC-02'],
    name: 'GuardDuty',
  },
  {
    id: 'org-security-hub-delegated',
    service: 'securityhub.amazonaws.com',
    controls: ['DET-SH-01', 'ORG-ACC-02'],
    name: 'Security Hub',
  },
  {
    id: 'org-access-analyzer-delegated',
    service: 'access-analyzer.amazonaws.com',
    controls: ['IAM-EXT-01', 'ORG-ACC-02'],
    name: 'IAM Access Analyzer',
  },
];

const DELEGATION_CHECKS: readonly OrganizationCheck[] = DELEGATIONS.map(({ id, service, controls, name }) => ({
  id,
  controls,
  severity: 'error',
  title: `A member account administers ${name} for the organization`,
  help: `enable trusted access for ${service} and register the governance account: \`aws organizations enable-aws-service-access\`, \`aws organizations register-delegated-administrator\``,
  source: 'organization',
  scope: 'organization',
  check: ({ organization }) => {
    const { trustedServices, delegatedAdministrators, managementAccount } = organization;
    const failures = trustedServices.failures.map(({ code, message }) => ({ step: id, code, message }));
    const { failure } = delegatedAdministrators;
    if (failure !== null) failures.push({ step: id, code: failure.code, message: failure.message });
    const findings: CheckFinding[] = [];
    const say = (subject: string, message: string): void => {
      findings.push({ resource: { arn: organization.id, type: ORGANIZATION }, subject, message });
    };
    if (trustedServices.failures.length === 0 && !trustedServices.items.includes(service)) {
      say('trusted access', `trusted access for ${service} is not enabled`);
    }
    if (delegatedAdministrators.value !== null) {
      const accounts = delegatedAdministrators.value[service] ?? [];
      if (accounts.length === 0) say('delegate', `no account is delegated administrator of ${name}`);
      if (accounts.includes(managementAccount)) say('delegate', `the management account administers ${name} itself`);
    }
    return { findings, failures };
  },
}));

/** Keys that a tag policy says something of, with whether it lists their values. */
function tagsOf(content: string): ReadonlyMap<string, boolean> {
  const parsed = jsonOf(content);
  const tags = isMap(parsed) && isMap(parsed['tags']) ? parsed['tags'] : {};
  return new Map(
    Object.values(tags).flatMap((entry) => {
      const key = isMap(entry) ? assigned(entry['tag_key']) : undefined;
      return typeof key === 'string' && isMap(entry) ? [[key, assigned(entry['tag_value']) !== undefined]] : [];
    }),
  );
}

function tagPolicy(context: CheckContext): CheckOutcome {
  const { organization } = context;
  const failures = [...policyFailures(organization, 'org-tag-policy-at-root')];
  const attached = organization.policies.items.filter(
    ({ type, targets }) => type === 'TAG_POLICY' && targets.includes(organization.rootId),
  );
  for (const { name, content } of attached) {
    if (content !== null) continue;
    failures.push({
      step: 'org-tag-policy-at-root',
      code: 'UNREAD',
      message: `the text of the tag policy ${name} was not read`,
    });
  }
  if (failures.length > 0) return { findings: [], failures };
  const said = new Map(attached.flatMap(({ content }) => [...tagsOf(content!)]));
  const required = context.parameters(organization.managementAccount)['requiredTags'];
  const keys = keysIn(required);
  const missing = keys.filter((key) => !said.has(key));
  if (missing.length === 0) return { findings: [] };
  const message =
    attached.length === 0
      ? 'no tag policy is attached to the root'
      : `no tag policy at the root speaks of ${missing.join(', ')}`;
  return { findings: [{ resource: { arn: organization.rootId, type: 'AWS::Organizations::Root' }, message }] };
}

function keysIn(required: Json | undefined): readonly string[] {
  const keys = isList(required)
    ? required.map((entry) => (isMap(entry) ? entry['key'] : undefined))
    : Object.keys(isMap(required) ? required : {});
  const texts = keys.filter((key): key is string => typeof key === 'string');
  return texts.length === 0 ? ['owner'] : texts;
}

export const STRUCTURE_CHECKS: readonly OrganizationCheck[] = [
  {
    id: 'org-account-tagged',
    controls: ['ORG-ACC-01'],
    severity: 'warning',
    title: 'Each account names its owner, service and stage',
    help: 'tag the account: `aws organizations tag-resource --resource-id ACCOUNT --tags Key=owner,Value=…`',
    source: 'organization',
    scope: 'organization',
    check: accountTags,
  },
  ...DELEGATION_CHECKS,
  {
    id: 'org-tag-policy-at-root',
    controls: ['TAG-ORG-01'],
    severity: 'warning',
    title: 'A tag policy at the root fixes the spelling of required tags',
    help: 'attach a tag policy with tag_key and tag_value for each required key to the root',
    source: 'organization',
    scope: 'organization',
    check: tagPolicy,
  },
];

function assigned(value: Json | undefined): Json | undefined {
  return isMap(value) ? value['@@assign'] : undefined;
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

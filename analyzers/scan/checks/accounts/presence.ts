/** Services that must be on in every account and Region, or once in the organization. */
import type { Severity } from '../../../../findings/index.js';
import type { AccountFacts, AcrossCheck, Check, CheckContext, CheckOutcome, PlaceCheck } from '../../check.js';
import type { Json, LiveResource } from '../../source.js';

interface Presence {
  readonly id: string;
  readonly controls: readonly string[];
  readonly severity?: Severity;
  readonly title: string;
  readonly help: string;
  /** One resource of any of these types is enough. */
  readonly types: readonly string[];
  /** Which resources count. `@default` all. */
  readonly counts?: (resource: LiveResource) => boolean;
  /** What to say where none counts. */
  readonly missing: string;
}

const PRESENCES: readonly Presence[] = [
  {
    id: 'guardduty-detector-present',
    controls: ['DET-GD-01'],
    title: 'GuardDuty runs in every account and Region',
    help: 'let the delegated administrator enable it for all accounts: AutoEnableOrganizationMembers ALL',
    types: ['AWS::GuardDuty::Detector'],
    counts: ({ properties }) => properties['Enable'] === true,
    missing: 'no GuardDuty detector is enabled',
  },
  {
    id: 'securityhub-hub-present',
    controls: ['DET-SH-01'],
    title: 'Security Hub runs in every account and Region',
    help: 'let the delegated administrator enable it by a central configuration policy',
    types: ['AWS::SecurityHub::Hub'],
    missing: 'Security Hub is not enabled',
  },
  {
    id: 'config-recorder-complete',
    controls: ['DET-CFG-01'],
    title: 'AWS Config records all resource types in every account and Region',
    help: 'deploy a recorder with RecordingGroup.AllSupported true by a stack set',
    types: ['AWS::Config::ConfigurationRecorder'],
    counts: ({ properties }) =>
      isMap(properties['RecordingGroup']) && properties['RecordingGroup']['AllSupported'] === true,
    missing: 'no configuration recorder records all resource types',
  },
  {
    id: 'config-rule-keys-rotated',
    controls: ['DET-CFG-01'],
    severity: 'warning',
    title: 'The AWS Config rule on the age of access keys runs',
    help: 'deploy a rule with the source ACCESS_KEYS_ROTATED and InputParameters {"maxAccessKeyAge": "60"}',
    types: ['AWS::Config::ConfigRule'],
    counts: ({ properties }) =>
      isMap(properties['Source']) && properties['Source']['SourceIdentifier'] === 'ACCESS_KEYS_ROTATED',
    missing: 'no AWS Config rule ACCESS_KEYS_ROTATED is there',
  },
  {
    id: 'macie-session-enabled',
    controls: ['DATA-PII-01'],
    severity: 'warning',
    title: 'Sensitive data is discovered by Macie',
    help: 'let the delegated administrator enable Macie for all accounts',
    types: ['AWS::Macie::Session'],
    counts: ({ properties }) => properties['Status'] !== 'PAUSED',
    missing: 'Macie is not enabled',
  },
];

const PRESENCE_CHECKS: readonly PlaceCheck[] = PRESENCES.map(({ types, counts = () => true, missing, ...fields }) => ({
  severity: 'error',
  ...fields,
  source: 'resources',
  scope: 'region',
  reads: { resources: types, whole: true },
  check: (facts, { organization }) => {
    const resources = types.flatMap((type) => facts.resources(type));
    if (resources.some(counts)) return { findings: [] };
    const arn = `arn:${organization.partition}:iam::${facts.account.id}:root`;
    return { findings: [{ resource: { arn, type: types[0]! }, message: missing }] };
  },
}));

interface Somewhere extends Presence {
  readonly at: 'account' | 'region';
  /** Where it is looked for. `@default` everywhere */
  readonly only?: 'management';
}

const SOMEWHERE: readonly Somewhere[] = [
  {
    id: 'cloudtrail-organization-trail-present',
    controls: ['LOG-CT-01'],
    title: 'A trail of the organization records all Regions',
    help: 'make a trail with IsOrganizationTrail, IsMultiRegionTrail, EnableLogFileValidation and IsLogging true',
    types: ['AWS::CloudTrail::Trail'],
    counts: ({ properties }) =>
      ['IsOrganizationTrail', 'IsMultiRegionTrail', 'EnableLogFileValidation', 'IsLogging'].every(
        (name) => properties[name] === true,
      ),
    missing: 'no trail of the organization is complete and logging',
    at: 'region',
  },
  {
    id: 'config-aggregator-of-organization',
    controls: ['ORG-INV-01'],
    severity: 'warning',
    title: 'The configuration of all accounts is aggregated',
    help: 'make an AWS::Config::ConfigurationAggregator with OrganizationAggregationSource in the governance account',
    types: ['AWS::Config::ConfigurationAggregator'],
    counts: ({ properties }) => isMap(properties['OrganizationAggregationSource']),
    missing: 'no AWS Config aggregator takes in the organization',
    at: 'region',
  },
  {
    id: 'cost-export-present',
    controls: ['COST-CUR-01'],
    title: 'Cost data is exported at the payer',
    help: 'make an AWS::BCMDataExports::Export, or an AWS::CUR::ReportDefinition, in the management account',
    types: ['AWS::BCMDataExports::Export'],
    missing: 'the management account has no export of cost data',
    at: 'region',
    only: 'management',
  },
];

const SOMEWHERE_CHECKS: readonly AcrossCheck[] = SOMEWHERE.map(
  ({ types, counts = () => true, missing, at, only, ...fields }) => ({
    severity: 'error',
    ...fields,
    source: 'resources',
    scope: 'across',
    at,
    reads: { resources: types, whole: true, ...(only !== undefined && { only }) },
    extract: (facts: AccountFacts, { organization }: CheckContext): Json => {
      if (only === 'management' && facts.account.id !== organization.managementAccount) return null;
      return types.flatMap((type) => facts.resources(type)).some(counts) ? true : null;
    },
    conclude: (extracts, complete, { organization }): CheckOutcome => {
      if (extracts.length > 0) return { findings: [] };
      // What nobody could read may hold it.
      if (!complete) {
        const message = `${missing} where it could be read, and not every place could`;
        return { findings: [], failures: [{ step: fields.id, code: 'INCOMPLETE', message }] };
      }
      return { findings: [{ resource: { arn: organization.id, type: types[0]! }, message: missing }] };
    },
  }),
);

/** The checks of what must be there. */
export const PRESENT_CHECKS: readonly Check[] = [...PRESENCE_CHECKS, ...SOMEWHERE_CHECKS];

function isMap(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

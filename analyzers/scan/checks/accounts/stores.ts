/** Keys of data stores, connection strings, and fault experiments. */
import type { AccountFacts, CheckContext, CheckFinding, CheckOutcome, PlaceCheck } from '../../check.js';
import type { Json, LiveResource } from '../../source.js';
import { COMMON_TYPES } from '../live/types.js';

const KEY_ARN = /^arn:[^:]+:kms:[^:]*:(\d{12}):(?:key|alias)\//;
const KEY = 'AWS::KMS::Key';

/** Types whose properties name keys. */
const KEYED_TYPES = COMMON_TYPES.filter((type) => !type.startsWith('AWS::KMS::'));

/** Texts anywhere in a value, with where they stand. */
function textsIn(value: Json, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (isList(value)) return value.flatMap((item, index) => textsIn(item, `${path}/${index}`));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, path === '' ? key : `${path}/${key}`));
}

function keysOfOwnAccount(facts: AccountFacts, context: CheckContext): CheckOutcome {
  const own = facts.account.id;
  const { trustedAccounts } = context.parameters(own);
  const trusted = new Set<Json>([own, ...(isList(trustedAccounts) ? trustedAccounts : [])]);
  let named = 0;
  const findings: CheckFinding[] = [];
  for (const { arn, type, properties } of KEYED_TYPES.flatMap((one) => facts.resources(one))) {
    for (const [path, text] of textsIn(properties)) {
      const account = KEY_ARN.exec(text)?.[1];
      if (account === undefined) continue;
      named++;
      if (trusted.has(account)) continue;
      findings.push({
        resource: { arn, type },
        subject: path,
        message: `\`${path}\` names a key of the account ${account}`,
      });
    }
  }
  return { findings, concerned: named > 0 };
}

/** Tags that say what a key is for; two keys that agree in all of them are one too many. */
function inventory(facts: AccountFacts, context: CheckContext): CheckOutcome {
  const parameters = context.parameters(facts.account.id);
  const tag = (name: string, otherwise: string): string => {
    const chosen = parameters[name];
    return typeof chosen === 'string' ? chosen : otherwise;
  };
  const purpose = [
    tag('classTag', 'data-classification'),
    tag('appTag', 'application'),
    tag('stageTag', 'stage'),
    tag('dataTypeTag', 'data-type'),
  ];
  const asked = [...purpose.slice(0, 3), tag('ownerTag', 'owner')];
  const keys = facts.resources(KEY);
  const findings: CheckFinding[] = [];
  const byPurpose = new Map<string, LiveResource>();
  for (const key of keys) {
    const tags = tagsOf(key.properties['Tags']);
    const resource = { arn: key.arn, type: KEY };
    const missing = asked.filter((name) => (tags.get(name) ?? '') === '');
    if (missing.length > 0) {
      findings.push({ resource, subject: 'tags', message: `the key lacks the tags ${missing.join(', ')}` });
      continue;
    }
    const purposeText = JSON.stringify(purpose.map((name) => tags.get(name) ?? ''));
    const twin = byPurpose.get(purposeText);
    if (twin === undefined) byPurpose.set(purposeText, key);
    else {
      const message = `the key serves the same class, application and stage as ${twin.identifier}`;
      findings.push({ resource, subject: 'duplicate', message });
    }
  }
  return { findings, concerned: keys.length > 0 };
}

function tagsOf(value: Json | undefined): ReadonlyMap<string, string> {
  const entries = isList(value) ? value : [];
  return new Map(
    entries.flatMap((entry) => {
      if (!isMap(entry)) return [];
      const { Key: key, Value: text } = entry;
      return typeof key === 'string' && typeof text === 'string' ? [[key, text]] : [];
    }),
  );
}

/** What drivers call it when a connection must be encrypted. */
const ASKS_FOR_TLS =
  /[?&;](?:sslmode=(?:require|verify-ca|verify-full)|ssl=(?:true|1|require)|usessl=true|requiressl=true|encrypt=(?:true|strict)|sslrootcert=|oracle\.net\.ssl|ssl_server_dn_match=true)|jdbc:oracle:thin:@(?:\(description=.*)?\(?.*tcps/i;

function connectionStrings(facts: AccountFacts): CheckOutcome {
  const findings: CheckFinding[] = [];
  let found = 0;
  for (const { arn, type, properties } of ['AWS::Glue::Job', 'AWS::Lambda::Function'].flatMap((one) =>
    facts.resources(one),
  )) {
    const settings = type === 'AWS::Lambda::Function' ? 'Environment' : 'DefaultArguments';
    for (const [path, text] of textsIn(properties[settings] ?? null, settings)) {
      if (!/^jdbc:[a-z]/i.test(text)) continue;
      found++;
      if (ASKS_FOR_TLS.test(text)) continue;
      // The string itself may hold a password.
      const message = `the connection string in \`${path}\` does not ask for TLS`;
      findings.push({ resource: { arn, type }, subject: path, message });
    }
  }
  return { findings, concerned: found > 0 };
}

const EXPERIMENT = 'AWS::FIS::ExperimentTemplate';

function experiments(facts: AccountFacts): CheckOutcome {
  const templates = facts.resources(EXPERIMENT);
  const findings = templates
    .filter(({ properties }) => {
      const conditions = properties['StopConditions'];
      return !isList(conditions) || !conditions.some((one) => isMap(one) && one['Source'] !== 'none');
    })
    .map(({ arn }) => ({ resource: { arn, type: EXPERIMENT }, message: 'nothing stops the experiment' }));
  return { findings, concerned: templates.length > 0 };
}

const FIELDS = { source: 'resources', scope: 'region', severity: 'warning' } as const;

export const STORE_CHECKS: readonly PlaceCheck[] = [
  {
    ...FIELDS,
    id: 'kms-key-of-own-account',
    controls: ['KEY-KMS-07'],
    title: 'Resources use keys of their own account',
    help: 'use a key of the account; where keys are central, name the account in `trustedAccounts`',
    reads: { resources: KEYED_TYPES },
    check: keysOfOwnAccount,
  },
  {
    ...FIELDS,
    id: 'kms-key-inventoried',
    controls: ['KEY-KMS-11'],
    severity: 'info',
    title: 'Keys say what they are for, and no two are for the same',
    help: 'tag the key with class, application, stage and owner; let one of two keys go',
    reads: { resources: [KEY] },
    check: inventory,
  },
  {
    ...FIELDS,
    id: 'connection-string-asks-for-tls',
    controls: ['TLS-JDBC-01'],
    title: 'Connection strings ask for TLS',
    help: 'add the option of the driver, such as `sslmode=verify-full`',
    reads: { resources: ['AWS::Glue::Job', 'AWS::Lambda::Function'] },
    check: connectionStrings,
  },
  {
    ...FIELDS,
    id: 'fis-experiment-stops',
    controls: ['RES-DR-01'],
    title: 'Fault experiments have a condition that stops them',
    help: 'give the experiment template a StopConditions entry with the ARN of an alarm',
    reads: { resources: [EXPERIMENT] },
    check: experiments,
  },
];

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** lambda-function-database-in-vpc: functions that reach a database run in a VPC. */
import { get, isMap, keysOf, REFERENCE } from '../../template/index.js';
import type { Unknown, Value } from '../../template/index.js';
import { grantsOf, identitiesOf } from '../code/identities.js';
import type { Identity } from '../code/identities.js';
import { at, itemsOf, pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

const DATABASES = [
  'AWS::DocDB::DBCluster',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::MemoryDB::Cluster',
  'AWS::Neptune::DBCluster',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBProxy',
  'AWS::Redshift::Cluster',
];
const SECRET = 'AWS::SecretsManager::Secret';

/** Attributes that lead to a database over the network, or to its password. */
const REACHES = /Endpoint|Address|MasterUserSecret/;

interface Reach {
  /** What the function has of the database, in words. */
  readonly what: string;
  readonly unknowns: readonly Unknown[];
}

export function check(view: View): void {
  const secrets = databaseSecrets(view);
  const identities = identitiesOf(view);
  for (const fn of view.resources('AWS::Lambda::Function', 'AWS::Serverless::Function')) {
    const identity = identities.find(({ role }) => role === view.graph.target(property(fn, 'Role'), 'AWS::IAM::Role'));
    const reach = reachOf(view, fn, identity, secrets);
    if (reach === undefined) continue;
    const subnets = itemsOf(at(property(fn, 'VpcConfig'), 'SubnetIds'));
    if (subnets.length > 0) view.pass(fn);
    else if (reach.unknowns.length > 0) view.open(fn, ['Resources', fn.key], reach.unknowns);
    else {
      const path = pathOf(fn, 'VpcConfig');
      const message = `the function ${reach.what}, and runs outside of the VPC`;
      view.fail(fn, { path, missing: property(fn, 'VpcConfig') === undefined, message, subject: reach.what });
    }
  }
}

/** Whether a function reaches a database over the network; over the data APIs of RDS and Redshift it needs no VPC. */
function reachOf(
  view: View,
  fn: ResourceUnder,
  identity: Identity | undefined,
  secrets: ReadonlySet<ResourceUnder>,
): Reach | undefined {
  const values = valuesOf(at(property(fn, 'Environment'), 'Variables'));
  for (const value of values) {
    const [database] = view.graph.mentioned(value, ...DATABASES);
    if (database !== undefined && leadsTo(view, value)) {
      return { what: `has an address of the database \`${database.logicalId}\``, unknowns: [] };
    }
  }
  const isApi = identity !== undefined && DATA_APIS.some((action) => namedGrants(view, identity, action).length > 0);
  const secret = values.flatMap((value) => view.graph.mentioned(value, SECRET)).find((one) => secrets.has(one));
  if (secret !== undefined && !isApi) {
    return { what: `has the secret \`${secret.logicalId}\` of a database`, unknowns: [] };
  }
  if (identity === undefined) return undefined;
  const grants = namedGrants(view, identity, 'rds-db:connect');
  const what = 'may sign in to a database (`rds-db:connect`)';
  if (grants.length > 0) {
    return {
      what,
      unknowns: grants.some(({ answer }) => answer === 'yes') ? [] : grants.flatMap((one) => one.unknowns),
    };
  }
  const unread = identity.unreadable.flatMap(({ unknowns }) => unknowns);
  return unread.length > 0 ? { what, unknowns: unread } : undefined;
}

const DATA_APIS = ['rds-data:ExecuteStatement', 'redshift-data:ExecuteStatement'];

/** Grants of an action by statements that mean its service, and not everything. */
function namedGrants(view: View, identity: Identity, action: string): ReturnType<typeof grantsOf> {
  const service = `${action.split(':')[0]!}:`;
  const statements = identity.documents.flatMap(({ policy }) => policy.statements);
  const resources = statements
    .filter((statement) => statement.action.patterns.some((pattern) => pattern.toLowerCase().startsWith(service)))
    .flatMap(({ resource }) => (resource === undefined || resource.negated ? ['*'] : resource.patterns));
  return [...new Set(resources)].flatMap((pattern) => {
    const resource =
      pattern === '*' ? `arn:aws:rds-db:us-east-1:${view.place.accountId}:dbuser:db-SOME/someone` : pattern;
    const filled = resource.replace(/\$\{[^}]*\}|[*?]/g, 'x');
    return grantsOf(view, identity, { action, resource: filled }).filter(({ statement }) =>
      statement.action.patterns.some((one) => one.toLowerCase().startsWith(service)),
    );
  });
}

/** Whether a value holds an address, and not only an identifier or an ARN, which calls of the API take. */
function leadsTo(view: View, value: Value): boolean {
  const text = view.text(value) ?? '';
  if (text.startsWith(REFERENCE)) return REACHES.test(text);
  return view.unknownsIn(text).length > 0 && REACHES.test(JSON.stringify(value));
}

/** The secrets that hold the password of a database of the template. */
function databaseSecrets(view: View): ReadonlySet<ResourceUnder> {
  const attached = view
    .resources('AWS::SecretsManager::SecretTargetAttachment')
    .map((one) => view.graph.target(property(one, 'SecretId'), SECRET));
  const used = view.resources(...DATABASES).flatMap((database) => view.graph.mentioned(database.properties, SECRET));
  return new Set([...attached, ...used].filter((one) => one !== undefined));
}

function valuesOf(variables: Value | undefined): readonly Value[] {
  return variables !== undefined && isMap(variables) ? keysOf(variables).map((key) => get(variables, key)!) : [];
}

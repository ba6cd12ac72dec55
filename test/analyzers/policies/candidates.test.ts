/** Every place that could hold a policy has a verdict, and the verdicts are what the finder of policies does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { POLICY_PLACES } from '../../../template/index.js';
import { GRANT_TYPES, policyCandidates } from '../../../analyzers/policies/index.js';
import { repositoryRoot } from '../../support/repository.js';

const FILE = join(repositoryRoot(), 'analyzers', 'policies', 'candidates', 'verdicts.txt');

/** Words of the table; kinds of policies are among them. */
const VERDICTS = new Set([
  ...['identity', 'session', 'resource', 'trust', 'scp/rcp', 'vpce'],
  // A statement spelled in properties, an ARN of a policy, what AWS SAM makes policies of.
  ...['grant', 'attached', 'expanded'],
  // JSON, or a language of its own, but not IAM.
  ...['json', 'no'],
]);

interface Row {
  readonly place: string;
  readonly verdict: string;
}

const lines = readFileSync(FILE, 'utf8').trimEnd().split('\n');
const rows: readonly Row[] = lines.map((line) => {
  const [type, place, verdict, ...rest] = line.split(' ');
  if (verdict === undefined || rest.length > 0) throw new Error(`not of the form TYPE PLACE VERDICT: ${line}`);
  return { place: `${type!} ${place!}`, verdict };
});

/** What the source of the resource database marks. */
function flags(): ReadonlySet<string> {
  const marked = new Set<string>();
  for (const { cloudFormationType, scrutinizable, properties } of loadAwsServiceSpecSync().all('resource')) {
    if (scrutinizable !== undefined) marked.add(cloudFormationType);
    for (const [name, property] of Object.entries(properties)) {
      if (property.scrutinizable !== undefined) marked.add(`${cloudFormationType} ${name}`);
    }
  }
  return marked;
}

it('every candidate has a verdict, and nothing else has one', () => {
  const marked = flags();
  expect(marked.size).toBeGreaterThan(80);
  const candidates = policyCandidates(marked).map(({ type, place }) => `${type} ${place}`);
  const known = new Set(rows.map(({ place }) => place));
  const there = new Set(candidates);
  expect({
    'without a verdict': candidates.filter((place) => !known.has(place)),
    'no candidate': [...known].filter((place) => !there.has(place)),
  }).toStrictEqual({ 'without a verdict': [], 'no candidate': [] });
});

it('candidates without flags, JSON or a telling name are none', () => {
  const candidates = new Map(
    policyCandidates(new Set()).map(({ type, place, reasons }) => [`${type} ${place}`, reasons]),
  );
  expect(candidates.get('AWS::Logs::Destination DestinationPolicy')).toStrictEqual(['name']);
  expect(candidates.get('AWS::S3::BucketPolicy PolicyDocument')).toStrictEqual(['json', 'name']);
  expect(candidates.get('AWS::Lambda::Permission .')).toStrictEqual(['statement']);
  expect(candidates.get('AWS::IAM::Role RoleName')).toBeUndefined();
  expect(candidates.get('AWS::IAM::Policy PolicyName')).toBeUndefined();
  expect(candidates.get('AWS::S3::BucketPolicy Bucket')).toBeUndefined();
});

it('the table is sorted, has one line for each place, and known verdicts', () => {
  expect(lines).toStrictEqual([...lines].sort());
  expect(new Set(rows.map(({ place }) => place)).size).toBe(rows.length);
  expect(rows.filter(({ verdict }) => !VERDICTS.has(verdict))).toStrictEqual([]);
});

const KINDS = new Set(['identity', 'session', 'resource', 'trust', 'scp/rcp', 'vpce']);

it('policies are looked for in exactly the places whose verdict is a kind of policy', () => {
  const looked = new Map<string, string>();
  for (const [type, places] of Object.entries(POLICY_PLACES)) {
    for (const { path, kind } of places) {
      const place = `${type} ${path.join('.')}`;
      looked.set(place, looked.has(place) ? `${looked.get(place)!}/${kind}` : kind);
    }
  }
  const decided = new Map(
    rows.filter(({ verdict }) => KINDS.has(verdict)).map(({ place, verdict }) => [place, verdict]),
  );
  expect([...looked].sort()).toStrictEqual([...decided].sort());
  expect(decided.size).toBeGreaterThan(90);
});

it('statements that are spelled in properties are read of exactly the types with that verdict', () => {
  const decided = rows.filter(({ verdict }) => verdict === 'grant').map(({ place }) => place.split(' ')[0]!);
  expect([...GRANT_TYPES].sort()).toStrictEqual(decided.sort());
});

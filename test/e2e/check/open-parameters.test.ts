/** What a check says would decide its verdicts does decide them: the printed options are followed, template by template. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repository.js';
import type { Report } from '../../../findings/index.js';
import { stackade } from './support.js';

const root = repositoryRoot();
const folder = join(root, 'test/rules/realistic');
const packs = readdirSync(join(root, 'rules/packs')).map((name) => name.replace(/\.json$/, ''));

/** Values for the parameters that the templates leave open. */
const VALUES: Readonly<Record<string, string>> = {
  AnalystRoleArn: 'arn:aws:iam::111122223333:role/analyst',
  AppSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:app-AbCdEf',
  DBPassword: '{{resolve:secretsmanager:orders:SecretString:password}}',
  DatabaseSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:database-AbCdEf',
  EngineerRoleArn: 'arn:aws:iam::111122223333:role/engineer',
  KeyAdministratorArn: 'arn:aws:iam::111122223333:role/key-administrator',
  KmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
  LogArchiveAccountId: '444455556666',
  OfficeCidr: '203.0.113.0/24',
  OrganizationId: 'o-exampleorg1',
  SubnetIds: 'subnet-11111111,subnet-22222222',
  Subnets: 'subnet-11111111,subnet-22222222',
  TargetSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:target-AbCdEf',
};
const PLACE: Readonly<Record<string, string>> = { REGION: 'eu-central-1', ID: '111122223333' };

const check = (format: string, ...options: readonly string[]): string =>
  stackade(['check', '.', '--no-lint', '--format', format, '--pack', ...packs, ...options], { cwd: folder }).stdout;

/** What is printed for each parameter: how many verdicts it decides. */
const TITLE =
  /(?:Parameter (\S+)|The (?:Region|account) \((\S+)\)) decides (\d+) verdicts?; give (?:its value|it) with --/g;

it('each parameter that is printed decides its verdicts', () => {
  const before = JSON.parse(check('json')) as Report;
  const hanging = before.notEvaluated.filter(({ parameters }) => parameters.length > 0);
  expect(new Set(hanging.map(({ path }) => path)).size).toBeGreaterThan(8);

  const counts = new Map<string, number>();
  for (const name of hanging.flatMap(({ parameters }) => parameters)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const printed = check('pretty').replace(/\s+/g, ' ');
  const titles = [...printed.matchAll(TITLE)];
  expect(new Map(titles.map(([, parameter, pseudo, count]) => [parameter ?? pseudo, Number(count)]))).toStrictEqual(
    counts,
  );

  const [, all] = / All options together: (--\S+(?: (?:\S+=VALUE|--\S+|REGION|ID))+)/.exec(printed)!;
  const options = all!.split(' ').map((word) => {
    const [name, value] = word.split('=');
    if (value === 'VALUE') return `${name!}=${VALUES[name!] ?? ''}`;
    return PLACE[word] ?? word;
  });
  const after = JSON.parse(check('json', ...options)) as Report;
  const verdicts = new Map(after.files.map(({ path, rules }) => [path, rules]));
  const still = hanging.filter(({ path, ruleId }) => verdicts.get(path)![ruleId] === 'NOT_EVALUATED');
  // Of several keys of these files, one hangs on the parameter, another one leaves its duties to IAM policies elsewhere.
  expect(still.map(({ path, ruleId }) => `${path} ${ruleId}`)).toStrictEqual(
    ['kms-keys.yaml', 'landing-zone-baseline.yaml'].map((path) => `${path} kms-key-policy-duties-separate`),
  );
  expect(after.notEvaluated.filter(({ parameters }) => parameters.length > 0)).toStrictEqual([]);
});

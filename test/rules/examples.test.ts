/** The example templates: the good ones have no finding of the foundation pack, the bad ones exactly those they were written for. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildBundle,
  checkTemplate,
  defaultParameters,
  guardName,
  parameterDocument,
  rulesOfPack,
} from '../../rules/index.js';
import type { CheckResult, GuardRuleSource, ParameterValue } from '../../rules/index.js';
import type { Value } from '../../template/index.js';
import { repositoryRoot } from '../support/repository.js';
import { library, packs } from './library.js';

const examples = join(repositoryRoot(), 'examples');

function bundleOf(packNames: readonly string[]): NonNullable<ReturnType<typeof buildBundle>['bundle']> {
  const ids = new Set(packs.filter((pack) => packNames.includes(pack.id)).flatMap(rulesOfPack));
  const sources = library
    .filter((rule) => ids.has(rule.id))
    .map(({ id, guard, metadata }): GuardRuleSource => {
      const { title, severity, controls, remediation } = metadata;
      const info = { id, title, severity, controls, help: remediation.text, docs: '' };
      return { file: `${id}.guard`, text: guard, rules: new Map([[guardName(id), info]]) };
    });
  const { bundle, diagnostics } = buildBundle(sources);
  expect(diagnostics).toStrictEqual([]);
  return bundle!;
}

const foundation = bundleOf(['foundation']);

function check(
  text: string,
  file: string,
  bundle = foundation,
  chosen: Readonly<Record<string, ParameterValue>> = {},
): CheckResult {
  const inputs = parameterDocument({ ...defaultParameters(), ...chosen }) as unknown as Record<string, Value>;
  const checked = checkTemplate(text, file, bundle, {}, { inputs });
  if (checked.kind !== 'checked') throw new Error(`${file} was not checked: ${checked.kind}`);
  return checked.result;
}

const files = (folder: string): readonly string[] => readdirSync(join(examples, folder)).sort();
const example = (folder: string, file: string): CheckResult =>
  check(readFileSync(join(examples, folder, file), 'utf8'), `${folder}/${file}`);

describe('good examples', () => {
  it.each(files('good'))('%s passes', (file) => {
    const { findings, notEvaluated, file: result } = example('good', file);
    expect(findings).toStrictEqual([]);
    expect(notEvaluated).toStrictEqual([]);
    expect(result.status).toBe('PASS');
  });

  it('reach most rules of the foundation pack together with the bad ones', () => {
    const reached = new Set<string>();
    for (const folder of ['good', 'bad']) {
      for (const file of files(folder)) {
        for (const [rule, verdict] of Object.entries(example(folder, file).file.rules)) {
          if (verdict !== 'SKIP') reached.add(rule);
        }
      }
    }
    expect(reached.size / foundation.rules.length).toBeGreaterThan(0.6);
  });
});

describe('bad examples', () => {
  it.each(files('bad'))('%s has these findings', (file) => {
    const { findings, notEvaluated, file: result } = example('bad', file);
    expect(result.status).toBe('FAIL');
    expect(notEvaluated).toStrictEqual([]);
    const lines = findings.map(
      ({ severity, ruleId, controls, resource, location, message }) =>
        `${location.line}:${location.column} ${severity} ${ruleId} [${controls.join()}] ${resource?.logicalId ?? '-'}: ${message}`,
    );
    expect(lines).toMatchSnapshot();
  });
});

describe('values that only the resolved view knows', () => {
  const bundle = bundleOf(['foundation', 'encryption', 'tagging']);
  const verdict = (
    id: string,
    text: string,
    chosen: Readonly<Record<string, ParameterValue>> = {},
  ): string | undefined => check(text, 'template.yaml', bundle, chosen).file.rules[id];
  const bucket = (key: string): string => `
Parameters:
  Given: { Type: String, Default: arn:aws:kms:eu-west-1:111122223333:key/abc }
  Managed: { Type: String, Default: alias/aws/s3 }
  Open: { Type: String }
  Chosen: { Type: String, AllowedValues: [alias/claims, alias/sales] }
  Mixed: { Type: String, AllowedValues: [alias/claims, alias/aws/s3] }
Conditions:
  Undecided: !Equals [!Ref Open, x]
Resources:
  DataKey: { Type: AWS::KMS::Key, Properties: { EnableKeyRotation: true } }
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      Tags: [{ Key: data-classification, Value: restricted }]
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: { SSEAlgorithm: aws:kms, KMSMasterKeyID: ${key} }
`;

  it.each([
    ['a key of the template', '!Ref DataKey', 'PASS'],
    ['an attribute of a key', '!GetAtt DataKey.Arn', 'PASS'],
    ['a parameter whose default is a key', '!Ref Given', 'PASS'],
    ['a parameter whose default is the AWS managed key', '!Ref Managed', 'FAIL'],
    ['a parameter without a value', '!Ref Open', 'NOT_EVALUATED'],
    ['a parameter that allows good aliases only', '!Ref Chosen', 'PASS'],
    ['a parameter that allows a bad alias, too', '!Ref Mixed', 'NOT_EVALUATED'],
    ['an import', '!ImportValue SharedKey', 'NOT_EVALUATED'],
    ['two good keys', '!If [Undecided, !Ref DataKey, alias/claims]', 'PASS'],
    ['a good key or none', '!If [Undecided, !Ref DataKey, !Ref AWS::NoValue]', 'FAIL'],
    ['a good key or the AWS managed one', '!If [Undecided, !Ref DataKey, alias/aws/s3]', 'FAIL'],
    ['text with a known parameter', "!Sub '${Given}'", 'PASS'],
  ])('%s', (_name, key, expected) => {
    expect(verdict('s3-bucket-classified-customer-key', bucket(key))).toBe(expected);
  });

  it('follow the parameters of the organization', () => {
    const id = 's3-bucket-classified-customer-key';
    const text = bucket('alias/aws/s3');
    expect(verdict(id, text)).toBe('FAIL');
    expect(verdict(id, text, { cmkClasses: [] })).toBe('SKIP');
    expect(verdict(id, text, { classTag: 'other' })).toBe('SKIP');
    expect(verdict(id, bucket('alias/claims'), { keyAliasPattern: '^alias/sales' })).toBe('FAIL');
  });

  it('a template cannot bring parameters of its own', () => {
    const text = `StackadeParameters: { cmkClasses: [], classTag: none }\n${bucket('alias/aws/s3')}`;
    expect(verdict('s3-bucket-classified-customer-key', text)).toBe('FAIL');
  });

  it('a class that is not known leaves the rule open', () => {
    const text = bucket('alias/aws/s3').replace('Value: restricted', 'Value: !Ref Open');
    expect(verdict('s3-bucket-classified-customer-key', text)).toBe('NOT_EVALUATED');
    expect(verdict('s3-bucket-unclassified-customer-key', text)).not.toBe('PASS');
  });

  it.each([
    ['true', 'PASS'],
    ['yes', 'PASS'],
    ['"true"', 'PASS'],
    ['!Ref Yes', 'PASS'],
    ['!Ref No', 'FAIL'],
    ['!Ref Open', 'NOT_EVALUATED'],
  ])('a database whose encryption is %s', (value, expected) => {
    const text = `
Parameters:
  Yes: { Type: String, Default: 'true' }
  No: { Type: String, Default: 'false' }
  Open: { Type: String }
Resources:
  Database: { Type: AWS::RDS::DBInstance, Properties: { Engine: mysql, StorageEncrypted: ${value} } }
`;
    expect(verdict('rds-instance-storage-encrypted', text)).toBe(expected);
  });

  it('tags from a parameter without a value leave the rule on required tags open', () => {
    const text = `
Parameters: { Owner: { Type: String } }
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      Tags:
        - { Key: owner, Value: !Ref Owner }
        - { Key: cost-center, Value: '4711' }
        - { Key: business-unit, Value: retail }
        - { Key: project, Value: shop }
`;
    expect(verdict('tagging-resource-required-tags', text)).toBe('NOT_EVALUATED');
    expect(verdict('tagging-resource-required-tags', text.replace('!Ref Owner', 'a@example.com'))).toBe('PASS');
  });
});

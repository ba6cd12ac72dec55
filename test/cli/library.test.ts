import { loadLibrary, rulePage, rulesOf, ruleSource, type Library } from '../../cli/library.js';
import type { PackDefinition } from '../../rules/index.js';
import { refusals } from './check/support.js';

const library = loadLibrary();
const some = (...ids: string[]): Library => ({
  ...library,
  rules: library.rules.filter(({ metadata }) => ids.includes(metadata.id)),
});
const pack = (id: string, rules: readonly string[], levels: PackDefinition['levels'] = {}): PackDefinition => ({
  id,
  title: id,
  description: id,
  controls: { 'ENC-S3-01': rules },
  levels,
});

it('gives the rules of packs once, in order, each at the highest severity that a pack gives it', () => {
  const [a, b] = ['s3-bucket-default-encryption', 's3-bucket-kms-bucket-key'];
  const packs = [
    pack('one', [b, a], { [a]: 'info' }),
    pack('two', [a], { [a]: 'warning' }),
    pack('three', [a], { [a]: 'info' }),
  ];
  const severities = (chosen: readonly PackDefinition[]): readonly (readonly string[])[] =>
    rulesOf(some(a, b), chosen).map(({ rule, severity }) => [rule.metadata.id, severity]);
  expect(severities(packs)).toStrictEqual([
    [a, 'warning'],
    [b, 'info'],
  ]);
  expect(severities([...packs].reverse())).toStrictEqual(severities(packs));
  expect(severities([])).toStrictEqual([]);
});

it('refuses a pack with a rule that the library does not have, as bad input', () => {
  const broken = pack('broken', ['s3-bucket-kms-bucket-key', 'no-such-rule']);
  // The command ends with exit code 2 and tells these, as it does with every fault of the input.
  expect(refusals(() => rulesOf(library, [broken]))).toStrictEqual([
    'CLI2008 the pack `broken` names the rule `no-such-rule`, which the rule library does not have | install Stackade again; in a clone, correct rules/packs/broken.json and run `npm run build`',
  ]);
});

it('describes a rule as reports show it', () => {
  const [chosen] = rulesOf(library, [
    pack('one', ['s3-bucket-kms-bucket-key'], { 's3-bucket-kms-bucket-key': 'warning' }),
  ]);
  const { file, text, rules } = ruleSource(chosen!);
  expect(file).toBe('rules/s3/s3-bucket-kms-bucket-key.guard');
  expect(text).toContain('rule S3_BUCKET_KMS_BUCKET_KEY');
  expect([...rules]).toStrictEqual([
    [
      'S3_BUCKET_KMS_BUCKET_KEY',
      {
        id: 's3-bucket-kms-bucket-key',
        title: 'S3 bucket with SSE-KMS uses a bucket key',
        severity: 'warning',
        controls: ['ENC-S3-03'],
        help: `${chosen!.rule.metadata.remediation.text}\n${chosen!.rule.metadata.remediation.cloudformation}`,
        docs: 'rules/s3/s3-bucket-kms-bucket-key.md',
      },
    ],
  ]);
});

it('names a rule of Guard for every rule of the library', () => {
  for (const rule of library.rules) {
    expect(rulePage(rule)).toMatch(new RegExp(`^rules/[a-z0-9]+/${rule.metadata.id}\\.md$`));
    if (rule.metadata.kind !== 'guard') continue;
    const { text, rules } = ruleSource({ rule, severity: 'error' });
    for (const name of rules.keys()) expect(text).toMatch(new RegExp(`^rule ${name}\\b`, 'm'));
  }
});

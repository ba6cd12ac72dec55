/** The schemas refuse what they should, and say where. */
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { guardName, rulesOfPack, severityInPack, validatePack, validateRuleMetadata } from '../../rules/index.js';
import type { PackDefinition } from '../../rules/index.js';
import { library, packs, readJson, rulesFolder } from './library.js';

const ajv = new Ajv({ allErrors: true });
const ruleSchema = ajv.compile(readJson(join(rulesFolder, 'schema', 'rule.schema.json')) as object);
const packSchema = ajv.compile(readJson(join(rulesFolder, 'schema', 'pack.schema.json')) as object);
const { metadata } = library[0]!;

describe('the schema of metadata', () => {
  it.each([
    ['id', 'Bucket', '/id'],
    ['id', 's3-bucket', '/id'],
    ['kind', 'rego', '/kind'],
    ['title', 'Ends in a full stop.', '/title'],
    ['severity', 'high', '/severity'],
    ['status', 'new', '/status'],
    ['since', '0.1', '/since'],
    ['controls', [], '/controls'],
    ['controls', ['ENC-S3'], '/controls/0'],
    ['tags', ['whatever'], '/tags/0'],
    ['resourceTypes', ['S3::Bucket'], '/resourceTypes/0'],
    ['parameters', ['Class-Tag'], '/parameters/0'],
    ['description', 'no full stop here', '/description'],
    ['remediation', { text: 'Mend it so.' }, '/remediation'],
    ['limits', [], '/limits'],
    ['sources', [{ title: 'A page', read: 'yesterday', url: 'https://docs.aws.amazon.com/x' }], '/sources/0/read'],
    ['sources', [{ title: 'A page', read: '2026-11-21', url: 'http://example.com' }], '/sources/0/url'],
    ['extra', true, '/'],
  ])('refuses %s = %j', (key, value, pointer) => {
    const checked = validateRuleMetadata({ ...metadata, [key]: value }, ruleSchema);
    if (!('problems' in checked)) throw new Error('accepted');
    expect(checked.problems.length).toBeGreaterThan(0);
    for (const problem of checked.problems) expect(problem.startsWith(`${pointer} `)).toBe(true);
  });

  it('asks for every field', () => {
    for (const key of Object.keys(metadata)) {
      const rest = Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== key));
      expect(validateRuleMetadata(rest, ruleSchema)).toStrictEqual({
        problems: [`/ must have required property '${key}' {"missingProperty":"${key}"}`],
      });
    }
  });

  it('refuses what is no object', () => {
    expect(validateRuleMetadata(null, ruleSchema)).toStrictEqual({ problems: ['/ must be object {"type":"object"}'] });
  });
});

describe('a pack', () => {
  const pack: PackDefinition = {
    id: 'own',
    title: 'Our own',
    description: 'Two rules, one of them less strict.',
    controls: { 'ENC-S3-01': [metadata.id], 'ENC-S3-02': [metadata.id, 'sns-topic-encrypted'] },
    levels: { [metadata.id]: 'warning' },
  };

  it('lists its rules once, and gives them a severity', () => {
    expect(validatePack(pack, packSchema)).toStrictEqual({ value: pack });
    expect(rulesOfPack(pack)).toStrictEqual([metadata.id, 'sns-topic-encrypted'].sort());
    expect(severityInPack(pack, metadata)).toBe('warning');
    expect(severityInPack(packs[0]!, { ...metadata, severity: 'info' })).toBe('info');
    expect(severityInPack({ ...pack, levels: {} }, { ...metadata, id: 'constructor', severity: 'error' })).toBe(
      'error',
    );
  });

  it.each([
    [{ ...pack, controls: {} }, '/controls'],
    [{ ...pack, controls: { S3: [metadata.id] } }, '/controls'],
    [{ ...pack, controls: { 'ENC-S3-01': [] } }, '/controls/ENC-S3-01'],
    [{ ...pack, levels: { [metadata.id]: 'fatal' } }, `/levels/${metadata.id}`],
    [{ ...pack, rules: [] }, '/'],
  ])('with a fault is refused: %#', (value, pointer) => {
    const checked = validatePack(value, packSchema);
    if (!('problems' in checked)) throw new Error('accepted');
    expect(checked.problems[0]!.startsWith(`${pointer} `)).toBe(true);
  });
});

it('Guard names are the words of the id', () => {
  expect(guardName('s3-bucket-default-encryption')).toBe('S3_BUCKET_DEFAULT_ENCRYPTION');
});

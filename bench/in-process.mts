/** The engine inside one process: evaluation, reading, growth, conditions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileRules, loadData, openDocument, parseRules, type Document, type Program } from '../guard/index.js';
import { readTemplate, type Value, type ValueMap } from '../template/index.js';
import { buildBundle, checkTemplate, type RuleBundle, type RuleInfo } from '../rules/index.js';
import { jsonText } from '../test/support/json.js';
import { controlTowerRules } from '../test/support/reference.js';
import { yamlText } from '../test/support/yaml.js';
import { benchCorpus, benchValue } from './corpus.mjs';
import { ratio, shown, sideBySide, timeOf, type Taken } from './timing.mjs';
import type { Row } from './report.mjs';

const ROUNDS = 40;

function compiled(): Program[] {
  return controlTowerRules().map(({ name, text }) => {
    const { tree } = parseRules(text, name);
    if (tree === null) throw new Error(`${name} does not parse`);
    return compileRules(tree, { file: name, text });
  });
}

function opened(text: string): Document {
  const loaded = loadData(text, 'template.yaml');
  if (!loaded.ok) throw new Error(loaded.message);
  return openDocument(loaded.value);
}

const evaluateAll = (programs: readonly Program[], document: Document): string =>
  programs.map((program) => program.evaluate(document).status).join(' ');

const resourceCount = (value: ValueMap): number => Object.keys(value['Resources'] as ValueMap).length;

export function evaluation(): Row[] {
  const programs = compiled();
  const value = benchValue(6, 47);
  const text = yamlText(value);
  const loaded = loadData(text, 'template.yaml');
  if (!loaded.ok) throw new Error(loaded.message);
  const document = loaded.value;
  const size = `${resourceCount(value)} resources (${(text.length / 1e3).toFixed(0)} kB YAML) × ${programs.length} rule files`;
  const statuses = timeOf(ROUNDS, () => evaluateAll(programs, openDocument(document)));
  const [parse, both] = sideBySide(ROUNDS, [() => loadData(text, 't'), () => evaluateAll(programs, opened(text))]);
  return [
    {
      what: 'statuses of all rules, parsed template, median',
      size,
      result: `**${shown(statuses)}**`,
      goal: 'below 1 ms',
    },
    {
      what: 'parse and evaluate against parse alone, median',
      size,
      result: ratio(both!, parse!),
      goal: 'at most 1.3 times',
    },
  ];
}

export function reading(): Row[] {
  const texts = benchCorpus(120)
    .filter(({ name }) => name.endsWith('.yaml'))
    .map(({ text }) => text);
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const [guard, template] = sideBySide(2, [
    () => texts.map((text) => loadData(text, 't')),
    () => texts.map((text) => readTemplate(text, 't')),
  ]);
  const rate = ({ clock, processor }: Taken): string =>
    `**${(bytes / 1e3 / clock).toFixed(1)} MB/s** (of processor time ${(bytes / 1e3 / processor).toFixed(1)} MB/s)`;
  const size = `${texts.length} block YAML templates, ${(bytes / 1e6).toFixed(1)} MB`;
  return [
    { what: "Guard's reader", size, result: rate(guard!), goal: 'at least 10 MB/s' },
    { what: 'template reader', size, result: rate(template!), goal: 'at least 10 MB/s' },
  ];
}

export function engineGrowth(): Row[] {
  const programs = compiled();
  const bySize = [1, 4, 16].map((factor) => {
    const value = benchValue(3, 30 * factor);
    const text = yamlText(value);
    return `${resourceCount(value)}: ${shown(timeOf(5, () => evaluateAll(programs, opened(text))))}`;
  });
  const text = yamlText(benchValue(3, 60));
  const document = opened(text);
  // Every sixteenth and every fourth file, so that each part holds rules of all services.
  const byRules = [16, 4, 1].map((step) => {
    const part = programs.filter((_, index) => index % step === 0);
    return `${part.length}: ${shown(timeOf(ROUNDS, () => evaluateAll(part, document)))}`;
  });
  return [
    {
      what: 'parse and evaluate, 1×, 4×, 16× the resources',
      size: '237 rule files',
      result: bySize.join(', '),
      goal: 'in proportion',
    },
    {
      what: 'evaluate, 1×, 4×, 16× the rule files',
      size: 'one template',
      result: byRules.join(', '),
      goal: 'in proportion',
    },
  ];
}

/** The rules of the default pack. */
function foundation(root: string): RuleBundle {
  const library = JSON.parse(readFileSync(join(root, 'dist', 'rules', 'library.json'), 'utf8')) as {
    readonly rules: readonly { readonly metadata: { readonly id: string }; readonly text: string }[];
    readonly packs: readonly { readonly id: string; readonly controls: Readonly<Record<string, readonly string[]>> }[];
  };
  const pack = library.packs.find(({ id }) => id === 'foundation');
  if (pack === undefined) throw new Error('The library has no pack foundation.');
  const wanted = new Set(Object.values(pack.controls).flat());
  const sources = library.rules
    .filter(({ metadata }) => wanted.has(metadata.id))
    .map(({ metadata, text }) => ({ file: `${metadata.id}.guard`, text, rules: new Map<string, RuleInfo>() }));
  const { bundle, diagnostics } = buildBundle(sources);
  if (bundle === null) throw new Error(diagnostics[0]?.message);
  return bundle;
}

const conditionNames = (count: number): string[] => Array.from({ length: count }, (_, index) => `Feature${index}`);

/** Parameters without values and a condition on each. */
function undecided(names: readonly string[]): { readonly Parameters: ValueMap; readonly Conditions: ValueMap } {
  return {
    Parameters: Object.fromEntries(names.map((name) => [`${name}Switch`, { Type: 'String' }])),
    Conditions: Object.fromEntries(names.map((name) => [name, { 'Fn::Equals': [{ Ref: `${name}Switch` }, 'on'] }])),
  };
}

/** A template of the corpus with conditions that outputs read, or nothing at all. */
function withUnread(count: number, read: boolean): string {
  const names = conditionNames(count);
  const value = benchValue(6, 47);
  const { Parameters, Conditions } = undecided(names);
  const outputs = read ? names.map((name) => [name, { Value: { 'Fn::If': [name, 'a', 'b'] } }] as const) : [];
  return jsonText({
    ...value,
    Parameters: { ...(value['Parameters'] as ValueMap), ...Parameters },
    Conditions: { ...(value['Conditions'] as ValueMap), ...Conditions },
    Outputs: { ...(value['Outputs'] as ValueMap), ...Object.fromEntries(outputs) },
  });
}

/** A bucket whose encryption is the given one. */
function bucket(encrypted: Value): Value {
  const byDefault = { ServerSideEncryptionByDefault: { SSEAlgorithm: encrypted } };
  const encryption = { ServerSideEncryptionConfiguration: [byDefault] };
  return { Type: 'AWS::S3::Bucket', Properties: { BucketEncryption: encryption } };
}

/** Forty buckets beside so many conditions that no bucket reads. */
function besideBuckets(count: number): string {
  const buckets = Array.from({ length: 40 }, (_, index) => [`Bucket${index}`, bucket('aws:kms')] as const);
  return jsonText({ ...undecided(conditionNames(count)), Resources: Object.fromEntries(buckets) });
}

/** As many buckets as conditions; each condition decides how one bucket is encrypted. */
function withDeciding(count: number): string {
  const names = conditionNames(count);
  const resources = names.map((name) => {
    return [`${name}Bucket`, bucket({ 'Fn::If': [name, 'aws:kms', 'AES256'] })] as const;
  });
  return jsonText({ ...undecided(names), Resources: Object.fromEntries(resources) });
}

export function conditions(root: string): Row[] {
  const bundle = foundation(root);
  const check = (text: string): unknown => {
    const checked = checkTemplate(text, 'template.json', bundle);
    if (checked.kind !== 'checked') throw new Error(checked.kind);
    return checked.result;
  };
  const texts = [withUnread(0, false), withUnread(36, false), withUnread(36, true)];
  const [without, unread, outputs] = sideBySide(
    10,
    texts.map((text) => () => check(text)),
  );
  const deciding = [10, 20, 40, 80].map((count) => {
    const text = withDeciding(count);
    return `${count}: ${shown(timeOf(4, () => check(text)))}`;
  });
  const beside = [0, 36, 144, 576].map((count) => {
    const text = besideBuckets(count);
    return `${count}: ${shown(timeOf(10, () => check(text)))}`;
  });
  const size = `${resourceCount(benchValue(6, 47))} resources × ${bundle.rules.length} rules`;
  return [
    {
      what: 'check with 36 undecided conditions that nothing reads, against none',
      size,
      result: ratio(unread!, without!),
      goal: 'at most 2 times',
    },
    {
      what: 'check with 36 undecided conditions that outputs read, against none',
      size,
      result: ratio(outputs!, without!),
      goal: 'at most 2 times',
    },
    {
      what: 'check with 0, 36, 144, 576 undecided conditions that nothing reads',
      size: `40 buckets × ${bundle.rules.length} rules`,
      result: beside.join(', '),
      goal: 'in proportion',
    },
    {
      what: 'check with an undecided condition on each checked property',
      size: 'as many buckets and conditions as stand before the time',
      result: deciding.join(', '),
      goal: 'in proportion',
    },
  ];
}

/**
 * The corpus for the Control Tower rule files: for every file a template that it passes and one that it fails, the same
 * with intrinsic functions in the checked properties, larger templates put together from them, and handwritten ones.
 * Everything is made from seeds, so that the same rule files give the same corpus.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isList, isMap, keysOf, type Value, type ValueMap } from '../../../template/index.js';
import { parseRules } from '../../../guard/index.js';
import { jsonText } from '../../support/json.js';
import { Random } from '../../support/random.js';
import { controlTowerRules, type RuleFileText } from '../../support/reference.js';
import { repositoryRoot } from '../../support/repository.js';
import { yamlText } from '../../support/yaml.js';
import { handwritten } from './handwritten.js';
import { intrinsic, populate } from './populate.js';
import { shapeOf, typeNames, type DocumentShape } from './shapes.js';

export interface CorpusTemplate {
  /** File name with extension. */
  readonly name: string;
  readonly text: string;
  /** Whether a checked property holds an intrinsic function. */
  readonly intrinsics: boolean;
}

/** Rule file name → status → seed of a document that reaches it; a status is missing where chance found none. */
export type Seeds = Readonly<Record<string, Readonly<Partial<Record<'PASS' | 'FAIL', number>>>>>;

/** Where {@link Seeds} are kept; `node test/support/run.mjs test/differential/corpus/find-seeds.mts` writes it. */
export const seedsFile = join(repositoryRoot(), 'test', 'differential', 'corpus', 'seeds.json');

interface Part {
  readonly name: string;
  readonly document: ValueMap;
}

/** Makes documents for one rule file from seeds. */
export class DocumentMaker {
  private readonly shape: DocumentShape;
  private readonly types: readonly string[];

  constructor(file: RuleFileText) {
    const { tree } = parseRules(file.text, file.name);
    if (tree === null) throw new Error(`${file.name} does not parse`);
    this.shape = shapeOf(tree);
    this.types = typeNames(file.text);
  }

  make(seed: number): ValueMap {
    return populate(this.shape, this.types, new Random(seed), seed % 3 === 0);
  }
}

/** Replaces some of the values below `Properties` by intrinsic functions. */
function withIntrinsics(value: Value, random: Random, ids: readonly string[], inside = false): Value {
  if (isList(value)) {
    if (inside && random.chance(0.15)) return intrinsic(random, ids);
    return value.map((item) => withIntrinsics(item, random, ids, inside));
  }
  if (!isMap(value)) return inside && random.chance(0.5) ? intrinsic(random, ids) : value;
  const entries = keysOf(value).map((key) => [
    key,
    withIntrinsics(value[key]!, random, ids, inside || key === 'Properties'),
  ]);
  return Object.fromEntries(entries) as ValueMap;
}

const resourcesOf = (document: ValueMap): ValueMap | undefined =>
  isMap(document['Resources']) ? document['Resources'] : undefined;

/** The sections that the intrinsics of a template refer to. */
function framed(resources: ValueMap): ValueMap {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Parameters: { Setting: { Type: 'String', Default: 'value' } },
    Mappings: { Settings: { 'eu-west-1': { Value: 'true' } } },
    Conditions: { Production: { 'Fn::Equals': [{ Ref: 'Setting' }, 'prod'] } },
    Resources: resources,
  };
}

/** Puts resources of several documents into one; logical ids get a suffix, references within a part follow. */
function joined(parts: readonly Part[]): ValueMap {
  const resources: Record<string, Value> = {};
  for (const [index, { document }] of parts.entries()) {
    const own = resourcesOf(document) ?? {};
    const suffix = `X${index + 1}`;
    const rename = (value: Value): Value => {
      if (typeof value === 'string') return Object.hasOwn(own, value) ? value + suffix : value;
      if (isList(value)) return value.map(rename);
      return isMap(value) ? Object.fromEntries(keysOf(value).map((key) => [key, rename(value[key]!)])) : value;
    };
    for (const id of keysOf(own)) resources[id + suffix] = rename(own[id]!);
  }
  return framed(resources);
}

function written(name: string, document: ValueMap, index: number, intrinsics: boolean): CorpusTemplate {
  // Two of three are YAML; of those a few have Windows line ends; a byte-order mark occurs in both.
  if (index % 3 === 0) {
    return { name: `${name}.json`, text: `${index % 15 === 0 ? '\ufeff' : ''}${jsonText(document)}`, intrinsics };
  }
  const text = yamlText(document, { random: new Random(index), lineEnd: index % 7 === 0 ? '\r\n' : '\n' });
  // Without the comment the reference would read the first key only; see test/differential/byte-order-mark.test.ts.
  return { name: `${name}.yaml`, text: index % 11 === 0 ? `\ufeff# Saved by an editor\n${text}` : text, intrinsics };
}

/** All templates of the corpus, in the order of their names. */
export function corpus(): CorpusTemplate[] {
  const seeds = JSON.parse(readFileSync(seedsFile, 'utf8')) as Seeds;
  const passing: Part[] = [];
  const failing: Part[] = [];
  for (const file of controlTowerRules()) {
    const maker = new DocumentMaker(file);
    const stem = file.name.replace('.guard', '');
    const { PASS, FAIL } = seeds[file.name] ?? {};
    if (PASS !== undefined) passing.push({ name: `${stem}-pass`, document: maker.make(PASS) });
    if (FAIL !== undefined) failing.push({ name: `${stem}-fail`, document: maker.make(FAIL) });
  }
  const templates: CorpusTemplate[] = [];
  const add = (name: string, document: ValueMap, intrinsics: boolean): void => {
    templates.push(written(name, document, templates.length, intrinsics));
  };
  for (const { name, document } of [...passing, ...failing]) add(name, document, false);
  for (const { name, document } of passing) {
    const resources = resourcesOf(document);
    if (resources === undefined) continue;
    const random = new Random(templates.length);
    add(`${name}-intrinsics`, framed(withIntrinsics(resources, random, keysOf(resources)) as ValueMap), true);
  }
  const random = new Random(2);
  const parts = [...passing, ...failing].filter(({ document }) => resourcesOf(document) !== undefined);
  for (let index = 1; index <= 60; index++) {
    add(
      `stack-${index}`,
      joined(random.shuffle(index % 3 === 0 ? parts : passing).slice(0, 6 + random.below(8))),
      false,
    );
  }
  for (const [name, document] of Object.entries(handwritten)) add(name, document, name.includes('conditional'));
  return templates.sort((a, b) => (a.name < b.name ? -1 : 1));
}

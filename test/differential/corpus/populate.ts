/**
 * Makes documents from the shape that a rule file reads: some as the rule wants them, some with one thing wrong, some
 * with values of the wrong type, empty containers, texts instead of booleans, or intrinsics in the checked properties.
 */
import { Float, type Value, type ValueMap } from '../../../template/index.js';
import type { Literal } from '../../../guard/index.js';
import type { Random } from '../../support/random.js';
import type { DocumentShape, Shape } from './shapes.js';

/** How far a document strays from what the rule names. */
export interface Temper {
  /** Probability that a key the rule reads is there. */
  readonly present: number;
  /** Probability that a value is one that the rule names, or of a kind that it asks for. */
  readonly named: number;
  /** Probability that a value is an intrinsic function instead. */
  readonly intrinsic: number;
}

type Mutable = Record<string, Value>;

const STRANGE: readonly Value[] = [
  '',
  '  ',
  'true',
  'false',
  'True',
  null,
  0,
  1,
  -1,
  65_536,
  0.5,
  new Float(1),
  true,
  false,
  [],
  {},
  ['*'],
  '*',
  [''],
  [null],
  { a: 1 },
];
/** Text, list, map or boolean. */
const STRANGE_WITH_SIZE = STRANGE.filter(
  (value) => value !== null && typeof value !== 'number' && !(value instanceof Float),
);
const WORDS = [
  'alpha',
  'logs-bucket',
  'arn:aws:kms:eu-west-1:111122223333:key/1',
  '10.0.0.0/16',
  'ENABLED',
  'aws:kms',
  'TLSv1.2',
];

/** Texts for the regular expressions that rules compare with; the first that matches is taken. */
const SAMPLES: readonly string[] = [
  ...WORDS,
  '   ',
  'arn:aws:s3:::a-bucket',
  'arn:aws:s3:::a-bucket/*',
  'RSA_2048',
  'RSA_4096',
];

function matching(pattern: string, random: Random): string {
  let expression: RegExp;
  try {
    expression = new RegExp(
      pattern
        .replaceAll(String.raw`\A`, '^')
        .replaceAll(String.raw`\z`, '$')
        .replace(/^\(\?i\)/, ''),
    );
  } catch {
    return random.pick(WORDS);
  }
  const fitting = SAMPLES.filter((sample) => expression.test(sample));
  if (fitting.length > 0) return random.pick(fitting);
  // What is left reads like `^m5\..+?$`: drop anchors, keep plain characters, fill wildcards.
  const plain = pattern
    .replace(/\(([^()|]*)\|[^()]*\)/g, '$1')
    .replace(/\[([^\]])[^\]]*\][*+?]*/g, '$1')
    .replace(/\\d[+*]?/g, '1')
    .replace(/\\\.|\.[+*]\??/g, (part) => (part === String.raw`\.` ? '.' : 'large'))
    .replace(/\\[Azsw][+*]?|[$^?+*]/g, '')
    .replaceAll('\\', '');
  return plain;
}

function fromLiteral(literal: Literal, random: Random): Value {
  switch (literal.kind) {
    case 'null':
      return null;
    case 'int':
      return random.chance(0.7) ? literal.value : Number(literal.value) + random.pick([-1, 1]);
    case 'float':
      return Number.isInteger(literal.value) ? new Float(literal.value) : literal.value;
    case 'regex':
      return matching(literal.pattern, random);
    case 'range':
      return typeof literal.lower === 'bigint' ? Number(literal.lower) : literal.lower;
    case 'list':
      return literal.items.map((item) => fromLiteral(item, random));
    case 'map':
      return Object.fromEntries(literal.entries.map(([key, value]) => [key, fromLiteral(value, random)]));
    default:
      return literal.value;
  }
}

class Populate {
  constructor(
    private readonly random: Random,
    private readonly temper: Temper,
    private readonly logicalIds: readonly string[],
  ) {}

  resource(type: string, shape: Shape): Mutable {
    const resource: Mutable = { Type: type };
    for (const [key, child] of shape.keys) {
      if (key === 'Type') continue;
      if (key !== 'Properties' || !this.random.chance(0.04)) resource[key] = this.value(child, 6);
    }
    return resource;
  }

  private value(shape: Shape, depth: number): Value {
    const { random, temper } = this;
    if (random.chance(temper.intrinsic) && shape.keys.size === 0) return intrinsic(random, this.logicalIds);
    if (!random.chance(temper.named)) return random.pick(shape.sized ? STRANGE_WITH_SIZE : STRANGE);
    const wantsList = shape.kinds.has('list') || shape.iterated;
    const single = (): Value => this.single(shape, depth);
    if (wantsList && !random.chance(shape.kinds.size > 1 || !shape.kinds.has('list') ? 0.4 : 0.05)) {
      return Array.from({ length: random.pick([1, 1, 2, 2, 3]) }, single);
    }
    return single();
  }

  private single(shape: Shape, depth: number): Value {
    const { random } = this;
    if (shape.keys.size > 0 && depth > 0 && !(shape.literals.length > 0 && random.chance(0.4))) {
      return this.map(shape, depth);
    }
    if (shape.literals.length > 0 && random.chance(0.85)) return fromLiteral(random.pick(shape.literals), random);
    if (shape.kinds.has('struct')) return { Key: random.pick(WORDS) };
    if (shape.kinds.has('bool')) return random.chance(0.5);
    if (shape.sized) return random.pick(WORDS);
    if (shape.kinds.has('int')) return random.below(100);
    return random.pick<Value>([...WORDS, ...WORDS, true, false, 5]);
  }

  private map(shape: Shape, depth: number): Value {
    const intrinsics = [...shape.keys.keys()].filter((key) => key === 'Ref' || key.startsWith('Fn::'));
    // Rules that follow references read one intrinsic of several; ordinary keys stand beside none of them.
    if (intrinsics.length > 0 && (intrinsics.length === shape.keys.size || this.random.chance(0.6))) {
      const name = this.random.pick(intrinsics);
      return { [name]: this.reference(name, shape.child(name), depth - 1) };
    }
    const map: Mutable = {};
    for (const [key, child] of shape.keys) {
      if (intrinsics.includes(key) || !this.random.chance(this.temper.present)) continue;
      map[key] = this.value(child, depth - 1);
    }
    return map;
  }

  private logicalId(): string {
    return this.random.pick(this.logicalIds);
  }

  private reference(name: string, shape: Shape, depth: number): Value {
    const { random } = this;
    if (name === 'Ref') return this.logicalId();
    if (name === 'Fn::GetAtt') return [this.logicalId(), random.pick(['Arn', 'Arn', 'Id', 'GroupId'])];
    if (name === 'Fn::Join') return ['', [{ 'Fn::GetAtt': [this.logicalId(), 'Arn'] }, '/*']];
    if (name === 'Fn::Sub') return `\${${this.logicalId()}.Arn}/*`;
    return depth > 0 ? this.value(shape, depth) : 'x';
  }
}

/** An intrinsic function; names of resources come from the template that it will stand in. */
export function intrinsic(random: Random, ids: readonly string[]): Value {
  const id = random.pick(ids);
  return random.pick<Value>([
    { Ref: 'Setting' },
    { Ref: id },
    { 'Fn::GetAtt': [id, 'Arn'] },
    { 'Fn::GetAtt': `${id}.Arn` },
    { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::${Setting}' },
    { 'Fn::Sub': ['${Name}-x', { Name: { Ref: 'Setting' } }] },
    { 'Fn::If': ['Production', 'true', { Ref: 'AWS::NoValue' }] },
    { 'Fn::If': ['Production', true, false] },
    { 'Fn::FindInMap': ['Settings', { Ref: 'AWS::Region' }, 'Value'] },
    { 'Fn::Join': ['-', ['a', { Ref: 'Setting' }]] },
    { 'Fn::Select': [0, { 'Fn::Split': [',', { Ref: 'Setting' }] }] },
    { 'Fn::ImportValue': 'shared-key' },
    [{ Ref: 'Setting' }, { 'Fn::ImportValue': { 'Fn::Sub': '${Setting}-subnet' } }],
  ]);
}

/**
 * A document for one rule file.
 *
 * @param shape - What the file reads.
 * @param otherTypes - Types that the file follows references to.
 * @param random - Decides everything; the same state gives the same document.
 * @param intrinsics - Whether checked properties hold intrinsic functions now and then.
 */
export function populate(
  shape: DocumentShape,
  otherTypes: readonly string[],
  random: Random,
  intrinsics: boolean,
): ValueMap {
  const temper: Temper = {
    present: random.pick([0.5, 0.8, 0.95, 0.99]),
    named: random.pick([0.8, 0.9, 0.97, 1]),
    intrinsic: intrinsics ? 0.15 : 0.02,
  };
  const read = [...shape.resources.keys()];
  const others = otherTypes.filter((type) => !shape.resources.has(type));
  const wanted = random.chance(0.6) ? [random.pick(read)] : random.shuffle(read).slice(0, 3);
  // A second resource of a type makes "all" and "some" differ.
  const types = [...wanted, ...(random.chance(0.25) ? [random.pick(read)] : []), ...others];
  const ids = types.map((type, index) => `${type.split('::').at(-1)!}${index + 1}`);
  const maker = new Populate(random, temper, ids);
  if (random.chance(0.06)) {
    const type = wanted[0]!;
    const properties = maker.resource(type, shape.resources.get(type)!)['Properties'];
    return { [type]: { resourceProperties: properties ?? {} } };
  }
  const resources: Mutable = {};
  for (const [index, type] of types.entries()) {
    const known = shape.resources.get(type);
    resources[ids[index]!] = known === undefined ? { Type: type, Properties: {} } : maker.resource(type, known);
  }
  return { Resources: resources };
}

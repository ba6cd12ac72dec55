/**
 * The second path beside the proofs of `stackade diff`: changes of realistic templates, as written and with statements
 * changed at random, and requests that the reference decides on what resolved templates say.
 *
 *     npm run fuzz -- diff [--requests 2000] [--changes 300] [--seed N]
 *
 * Prints the seed first. Exits 1 with the change and the request that is allowed newly though nothing was said of it, or
 * whose example the reference does not confirm.
 */
import { parseArgs } from 'node:util';
import type { StackInput } from '../../analyzers/diff/index.js';
import { referenceEvaluate } from '../../iam/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import { changes, diffOf, firstNew, isTold, randomOf, WORLDS } from '../analyzers/diff/sampled.js';
import type { TemplateChange } from '../analyzers/diff/sampled.js';

const { values } = parseArgs({
  options: { requests: { type: 'string' }, changes: { type: 'string' }, seed: { type: 'string' } },
});
const requests = Number(values.requests ?? 2_000);
const most = Number(values.changes ?? 300);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
console.log(`seed ${seed}, ${most} changes, ${requests} requests of each`);
const random = randomOf(seed);
const pick = <Item,>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)]!;
const count = new Map<string, number>();

/** One statement somewhere in a value changed, or taken away. */
function mutated(template: ValueMap): ValueMap {
  const copy = JSON.parse(JSON.stringify(template)) as ValueMap;
  const lists: Value[][] = [];
  const visit = (value: Value): void => {
    if (isList(value)) value.forEach(visit);
    if (!isMap(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Statement' && isList(inner)) lists.push(inner as Value[]);
      visit(inner);
    }
  };
  visit(copy);
  const list = pick(lists);
  const at = Math.floor(random() * list.length);
  const statement = list[at] as Record<string, Value>;
  const actions = [
    's3:GetObject',
    's3:*',
    'dynamodb:Query',
    'sqs:*',
    'sns:Publish',
    'kms:Decrypt',
    'secretsmanager:Get*',
  ];
  const resources: readonly Value[] = [
    '*',
    'arn:aws:s3:::payroll/*',
    'arn:aws:s3:::data/*',
    { 'Fn::Sub': 'arn:aws:s3:::${DataBucket}/in/*' },
    { 'Fn::Sub': 'arn:aws:s3:::${DataBucket}*' },
  ];
  const hasBucket = get(copy, 'Parameters') !== undefined;
  const resource = pick(hasBucket ? resources : resources.slice(0, 3));
  const effect = statement['Effect'] === 'Allow' ? 'Deny' : 'Allow';
  const hasResource = statement['Resource'] !== undefined;
  switch (Math.floor(random() * 6)) {
    case 0:
      statement['Effect'] = effect;
      break;
    case 1:
      if (list.length > 1) list.splice(at, 1);
      break;
    case 2:
      delete statement['NotAction'];
      statement['Action'] = [pick(actions), pick(actions)];
      break;
    case 3:
      if (hasResource) statement['Resource'] = resource;
      break;
    case 4:
      delete statement['Condition'];
      break;
    default:
      if (hasResource) list.push({ ...statement, Effect: effect, Resource: resource });
  }
  return copy;
}

function check(change: TemplateChange): void {
  const diff = diffOf(change);
  for (const { decided, verdict, message } of diff.changes) {
    count.set(verdict, (count.get(verdict) ?? 0) + 1);
    if (decided === null) continue;
    const [had, has] = [decided.old, decided.new].map(
      (policies) => referenceEvaluate(decided.request, policies).decision === 'ALLOW',
    );
    if (had === has || has !== (verdict === 'BROADENED')) fail(change, `not confirmed: ${message}`, decided.request);
  }
  for (const world of WORLDS) {
    const found = firstNew(change, world, requests / WORLDS.length, random);
    if (found === undefined) continue;
    count.set('new by samples', (count.get('new by samples') ?? 0) + 1);
    if (!isTold(diff)) fail(change, `allowed newly, and not told, with ${JSON.stringify(world)}`, found);
  }
}

function fail(change: TemplateChange, what: string, request: unknown): never {
  console.error(change.title, what, JSON.stringify(request, null, 2));
  console.error(JSON.stringify([change.old, change.new]));
  process.exit(1);
}

const written = changes();
for (const change of written) check(change);
const with_ = (template: ValueMap): readonly StackInput[] => [{ name: 'app', template }];
for (let number = 0; number < most; number++) {
  const base = pick(written);
  const old = pick([base.old[0]!, base.new[0]!]).template;
  const before = random() < 0.5 ? old : mutated(old);
  let after = mutated(before);
  for (let more = 0; more < 2 && random() < 0.5; more++) after = mutated(after);
  check({ title: `change ${number} of ${base.title}`, wants: 'open', old: with_(before), new: with_(after) });
}
for (const [name, number] of [...count].sort()) console.log(`${name.padEnd(24)} ${number}`);

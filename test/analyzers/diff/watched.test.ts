/**
 * What `diff` watches besides rights and traffic: each row broadened, and the same way back narrowed. The page
 * docs/diff-watched.md lists the rows; `UPDATE_DOCS=1 npx jest test/analyzers/diff/watched` writes it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Order, Safeguard } from '../../../analyzers/diff/orders.js';
import { GUARDS, WAYS_IN } from '../../../analyzers/diff/guards.js';
import { SAFEGUARDS } from '../../../analyzers/diff/safeguards.js';
import { diffTemplates } from '../../../analyzers/diff/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import { repositoryRoot } from '../../support/repository.js';

/** The better and the worse value; `undefined` for a property that is left out. */
function valuesOf(order: Order): readonly [good: Value | undefined, bad: Value | undefined] {
  const first = (ranks: string | readonly string[]): string => (typeof ranks === 'string' ? ranks : ranks[0]!);
  switch (order.kind) {
    case 'flag':
      return [order.good, !order.good];
    case 'present':
      return ['here', undefined];
    case 'without':
      return [undefined, 'here'];
    case 'exact':
      return ['https://example.com', '*'];
    case 'more':
      return [90, 1];
    case 'less':
      return [1, 90];
    case 'ranked':
      return [first(order.ranks.at(-1)!), first(order.ranks[0]!)];
    case 'key':
      return ['arn:aws:kms:eu-central-1:111122223333:key/1', order.absent === 'none' ? '' : 'alias/aws/sns'];
    case 'tls':
      return ['ELBSecurityPolicy-TLS13-1-2-2021-06', 'ELBSecurityPolicy-2016-08'];
    case 'same':
      return ['one', 'other'];
    case 'set':
      return order.good === 'fewer' ? [['10.0.0.0/8'], ['10.0.0.0/8', '0.0.0.0/0']] : [['one', 'two'], ['one']];
  }
}

/** Properties with a value at a path; everything above it is there on both sides. */
function propertiesOf([first, ...rest]: readonly string[], value: Value | undefined): Value | undefined {
  if (first === undefined) return value;
  const below = propertiesOf(rest, value);
  if (first === '*') return below === undefined ? [] : [below];
  return below === undefined ? {} : { [first]: below };
}

function verdicts(type: string, older: Value | undefined, newer: Value | undefined): readonly string[] {
  const stack = (properties: Value | undefined): ValueMap => ({
    Resources: properties === undefined ? {} : { One: { Type: type, Properties: properties } },
  });
  const [old, now] = [older, newer].map((properties) => [{ name: 'app', template: stack(properties) }]);
  return diffTemplates(old!, now!).changes.map(({ verdict, kind }) => `${verdict} ${kind}`);
}

const rows = [...SAFEGUARDS].flatMap(([type, safeguards]) =>
  safeguards.map((safeguard) => ({ type, safeguard, name: `${type} ${safeguard.path.join('.')}` })),
);

it('each property is told when it gets worse, and when it gets better', () => {
  const wrong = rows.flatMap(({ type, safeguard: { kind, path, order }, name }) => {
    const [good, bad] = valuesOf(order).map((value) => propertiesOf(path, value));
    // Of a way in any change is told besides.
    const own = (told: readonly string[]): readonly string[] => told.filter((each) => each !== 'NOT_EVALUATED route');
    const [worse, better] = [own(verdicts(type, good, bad)), own(verdicts(type, bad, good))];
    const wanted = order.kind === 'same' ? ['NOT_EVALUATED', 'NOT_EVALUATED'] : ['BROADENED', 'NARROWED'];
    const isRight = worse.join() === `${wanted[0]!} ${kind}` && better.join() === `${wanted[1]!} ${kind}`;
    return isRight ? [] : [`${name}: ${worse.join()} and back ${better.join()}`];
  });
  expect(wrong).toStrictEqual([]);
});

it('each guard is told when it goes, and each way in when it comes', () => {
  const wrong = [
    ...[...GUARDS.keys()].map((type) => [type, verdicts(type, {}, undefined).includes('BROADENED guard')] as const),
    ...[...WAYS_IN.keys()].map((type) => [type, verdicts(type, undefined, {}).includes('BROADENED route')] as const),
  ];
  expect(wrong.filter(([, isRight]) => !isRight)).toStrictEqual([]);
});

// ------------------------------------------------------------------------------------------- The page

function betterWords(order: Order): string {
  const list = (each: string | readonly string[]): string =>
    (typeof each === 'string' ? [each] : each).map((one) => `\`${one}\``).join(' or ');
  switch (order.kind) {
    case 'flag':
      return `\`${String(order.good)}\`; left out it is \`${String(order.absent)}\``;
    case 'present':
      return 'that it is there';
    case 'without':
      return 'that it is not there';
    case 'exact':
      return 'no `*`';
    case 'more':
      return 'more';
    case 'less':
      return 'less';
    case 'ranked':
      return order.ranks.toReversed().map(list).join(', then ');
    case 'key':
      return 'a key of the customer';
    case 'tls':
      return 'a later least version of TLS';
    case 'same':
      return 'nobody can tell: any change is NOT EVALUATED';
    case 'set':
      return `${order.good} elements; a range inside of another is no new one`;
  }
}

function page(): string {
  const property = ({ kind, path, order, what }: Safeguard, type: string): string =>
    `| \`${type}\` | \`${path.join('.').replaceAll('.*', '[]')}\` | ${kind} | ${what} | ${betterWords(order)} |`;
  return `# What stackade diff watches

[\`stackade diff\`](diff.md) proves what policies newly allow and computes what traffic is newly let in. What else of a resource makes it weaker is in these tables. They are made of the rows that the comparison reads; a test changes each of them for the worse and back.

## Properties

| type | property | kind | what gets weaker | better is |
| --- | --- | --- | --- | --- |
${rows
  .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  .map(({ type, safeguard }) => property(safeguard, type))
  .join('\n')}

## Resources that guard by being there

Their removal is told as broadened. Where a property names what they watch, another one that watches the same takes their place.

| type | what is gone | what it watches |
| --- | --- | --- |
${[...GUARDS]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([type, { what, watches }]) => `| \`${type}\` | ${what} | ${watches === undefined ? '' : `\`${watches}\``} |`)
  .join('\n')}

## Resources that open a way by being there

A new one is told as broadened; a change of its properties is NOT EVALUATED.

| type | what is added |
| --- | --- |
${[...WAYS_IN]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([type, what]) => `| \`${type}\` | ${what} |`)
  .join('\n')}
`;
}

/** Tables whose columns are not filled up with blanks. */
const plain = (text: string): string => text.replace(/ *\| */g, '|').replace(/-{3,}/g, '---');

it('the page lists the rows', () => {
  const file = join(repositoryRoot(), 'docs/diff-watched.md');
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page());
  expect(plain(readFileSync(file, 'utf8'))).toBe(plain(page()));
});

/**
 * Claims under the parameters of an organization of somebody else. The library's own tests prove them with the values of the
 * cases; here every value is another one, or a list that may be empty is. No claim fails for that or is left undecided, none
 * is a fault of ours.
 */
import { verifyTemplate } from '../../scp/index.js';
import type { PolicyTemplate } from '../../scp/index.js';
import type { Value, ValueMap } from '../../template/index.js';
import { names, templateOf } from './library.js';

/** Values that no template has as default or example, by the type of a parameter. */
const OTHER: Readonly<Record<string, readonly string[]>> = {
  accountId: ['123456789012', '210987654321'],
  actionPattern: ['athena:*', 'glue:Get*'],
  arnPattern: ['arn:aws:s3:::amzn-s3-demo-other-*/*'],
  boundaryName: ['other-boundary'],
  cidr: ['198.51.100.0/24', '2001:db8::/32'],
  identityCenterUserId: ['11111111-2222-4333-8444-555555555555'],
  namePrefix: ['other-'],
  organizationId: ['o-zzzzzzzzzz'],
  principalPattern: ['arn:aws:iam::*:role/other/*', 'arn:aws:iam::123456789012:role/second'],
  region: ['us-west-2', 'us-east-1', 'ap-southeast-2'],
  resourceType: ['AWS::SNS::Topic'],
  servicePrincipal: ['servicecatalog.amazonaws.com'],
  tagKey: ['other-key', 'other-key-2', 'other-key-3'],
  time: ['2020-02-20T20:20:20Z'],
  userName: ['jane.roe', 'richard.roe'],
  vpcId: ['vpc-0fedcba9876543210'],
};

type Definitions = PolicyTemplate['parameters'];

/** Where two lists of one template exclude each other. */
const BY_NAME: Readonly<Record<string, readonly string[]>> = { northVirginiaServices: ['emr-containers:*'] };

function valuesOf(
  definitions: Definitions,
  choose: (definition: Definitions[string], name: string) => Value | undefined,
): ValueMap {
  const entries = Object.entries(definitions).map(([name, definition]) => [name, choose(definition, name)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined));
}

/** What is not right with a template under parameters. */
function wrongWith(template: PolicyTemplate, parameters: ValueMap): readonly string[] {
  const { verification, diagnostics } = verifyTemplate(template, { parameters, build: { now: Date.now() } });
  const undecided = (verification?.claims ?? []).filter(({ ok }) => !ok);
  return [
    ...diagnostics.map(({ message }) => message),
    ...undecided.map(({ claim, proof }) => `${claim.claim}: ${proof.kind}`),
  ];
}

const templates = names.map(templateOf).filter(({ parameters }) => Object.keys(parameters).length > 0);
const mayBeEmpty = ({ parameters }: PolicyTemplate): boolean =>
  Object.values(parameters).some(({ least }) => least === 0);

describe.each(templates.map((template) => [template.name, template] as const))('%s', (_, template) => {
  test('its claims hold with other values', () => {
    const parameters = valuesOf(template.parameters, ({ type, list }, parameter) => {
      const values = BY_NAME[parameter] ?? OTHER[type]!;
      return list === true ? values : values[0]!;
    });
    expect(wrongWith(template, parameters)).toStrictEqual([]);
  });

  // With examples and full lists the library's own tests prove them.
  const withoutNames = mayBeEmpty(template) ? test : undefined;
  withoutNames?.('its claims hold where nobody is exempt and nothing is listed', () => {
    const parameters = valuesOf(template.parameters, ({ least, example }) => (least === 0 ? [] : example));
    expect(wrongWith(template, parameters)).toStrictEqual([]);
  });
});

test('a claim is left out for other values only', () => {
  const template = templateOf('approved-regions');
  const asked = (approvedRegions: readonly string[]): number =>
    verifyTemplate(template, { parameters: { approvedRegions } }).verification!.claims.length;
  expect(asked(['us-east-1'])).toBe(template.claims.claims.length);
  const services = templateOf('approved-services');
  const { verification } = verifyTemplate(services, { parameters: { approvedActions: ['athena:*'] } });
  expect(services.claims.claims.length - verification!.claims.length).toBe(2);
});

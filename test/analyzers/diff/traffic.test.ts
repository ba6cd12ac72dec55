/** Sets of packets against brute force over small spaces, and texts of addresses. */
import fc from 'fast-check';
import { addressText, rangeOf, rangeText } from '../../../analyzers/diff/network/addresses.js';
import { minus } from '../../../analyzers/diff/network/boxes.js';
import type { Box, Interval } from '../../../analyzers/diff/network/boxes.js';
import { compareTexts } from './support.js';

const SIZE = 6;
const interval = fc
  .tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1))
  .map(([one, other]): Interval => [BigInt(Math.min(one, other)), BigInt(Math.max(one, other))]);
const box = fc.tuple(interval, interval, interval).map((each): Box => each);

const has = (boxes: readonly Box[], point: readonly number[]): boolean =>
  boxes.some((each) => each.every(([low, high], at) => low <= BigInt(point[at]!) && BigInt(point[at]!) <= high));
const points = Array.from({ length: SIZE ** 3 }, (_, at) => [
  at % SIZE,
  Math.floor(at / SIZE) % SIZE,
  Math.floor(at / SIZE ** 2),
]);

it('takes boxes from boxes point by point', () => {
  let left = 0;
  fc.assert(
    fc.property(fc.array(box, { maxLength: 3 }), fc.array(box, { maxLength: 4 }), (boxes, others) => {
      const rest = minus(boxes, others);
      for (const point of points) expect(has(rest, point)).toBe(has(boxes, point) && !has(others, point));
      if (rest.length > 0) left++;
    }),
    { numRuns: 60 },
  );
  expect(left).toBeGreaterThan(10);
});

it.each([
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['192.0.2.7', '192.0.2.7/32'],
  ['::/0', '::/0'],
  ['2001:db8::1:2/32', '2001:db8::/32'],
  ['2001:db8:0:1::/64', '2001:db8:0:1::/64'],
  ['::ffff:192.0.2.1', '::ffff:c000:201/128'],
])('reads %s as %s', (text, expected) => {
  expect(rangeText(rangeOf(text)!)).toBe(expected);
});

it.each(['10.0.0.0/33', '10.0.0', '256.1.1.1', '1::2::3', '10.0.0.0/8/8', ':::', 'sg-1', ''])('refuses %s', (text) => {
  expect(rangeOf(text)).toBeUndefined();
});

it('writes an address that it reads', () => {
  for (const text of ['203.0.113.10', '2001:db8::10', '::', '1:0:0:2::3']) {
    expect(addressText(rangeOf(addressText(rangeOf(text)![0]))![0])).toBe(addressText(rangeOf(text)![0]));
  }
  expect(addressText(rangeOf('2001:0db8:0:0:0:0:0:10')![0])).toBe('2001:db8::10');
});

/** Rules of a small space: ports 1 to 8, addresses 10.0.0.0 to 10.0.0.7. */
const rule = fc.record({
  protocol: fc.constantFrom('tcp', 'udp', '-1'),
  from: fc.integer({ min: 1, max: 8 }),
  length: fc.nat(4),
  address: fc.nat(7),
  bits: fc.integer({ min: 29, max: 32 }),
});
type Rule = typeof rule extends fc.Arbitrary<infer R> ? R : never;

function template(rules: readonly Rule[]): string {
  const ingress = rules.map(({ protocol, from, length, address, bits }) => ({
    IpProtocol: protocol,
    ...(protocol === '-1' ? {} : { FromPort: from, ToPort: Math.min(from + length, 8) }),
    CidrIp: `10.0.0.${address}/${bits}`,
  }));
  return JSON.stringify({
    Resources: {
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'g',
          SecurityGroupIngress: ingress,
          SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '10.0.0.0/8' }],
        },
      },
    },
  });
}

function lets(rules: readonly Rule[], protocol: string, port: number, address: number): boolean {
  return rules.some((each) => {
    const size = 2 ** (32 - each.bits);
    const isPort = each.protocol === '-1' || (each.from <= port && port <= Math.min(each.from + each.length, 8));
    const isProtocol = each.protocol === '-1' || each.protocol === protocol;
    return isProtocol && isPort && Math.floor(each.address / size) === Math.floor(address / size);
  });
}

it('says broader of a group exactly when some packet is let in newly', () => {
  const seen = new Map<boolean, number>();
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 4 }), fc.array(rule, { maxLength: 3 }), fc.boolean(), (old, more, keep) => {
      const now = keep ? [...more.slice(0, 1), ...old.slice(1)] : old.map((each) => ({ ...each, bits: 32 }));
      let isBroader = false;
      for (const protocol of ['tcp', 'udp', 'icmp']) {
        for (let port = 0; port <= 9; port++) {
          for (let address = 0; address < 8; address++) {
            isBroader ||= lets(now, protocol, port, address) && !lets(old, protocol, port, address);
          }
        }
      }
      const { changes } = compareTexts(template(old), template(now));
      expect(changes.some(({ verdict }) => verdict === 'BROADENED')).toBe(isBroader);
      seen.set(isBroader, (seen.get(isBroader) ?? 0) + 1);
    }),
    { numRuns: 60 },
  );
  expect(Math.min(seen.get(true) ?? 0, seen.get(false) ?? 0)).toBeGreaterThan(8);
});

describe('routes and access lists', () => {
  const network = (...lines: readonly string[]): string =>
    [
      'Resources:',
      '  Gateway: {Type: AWS::EC2::InternetGateway}',
      '  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: subnet-1}}',
      '  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}',
      '  Open: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}',
      '  Out: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Open, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}}',
      ...lines.map((line) => `  ${line}`),
    ].join('\n');
  const route = (target: string, to: string): string =>
    `Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: ${to}, ${target}}}`;
  const inTable = (table: string): string =>
    `Place: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: subnet-2, RouteTableId: !Ref ${table}}}`;
  const entry = (id: string, number: number, action: string, cidr: string): string =>
    `${id}: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: acl-1, RuleNumber: ${number}, Protocol: -1, RuleAction: ${action}, CidrBlock: ${cidr}}}`;

  it.each<[title: string, old: readonly string[], now: readonly string[], expected: readonly string[]]>([
    [
      'NAT becomes internet gateway',
      [route('NatGatewayId: !Ref Nat', '0.0.0.0/0')],
      [route('GatewayId: !Ref Gateway', '0.0.0.0/0')],
      ['BROADENED error', 'NARROWED info'],
    ],
    [
      'a smaller destination',
      [route('NatGatewayId: !Ref Nat', '10.0.0.0/8')],
      [route('NatGatewayId: !Ref Nat', '10.1.0.0/16')],
      ['NARROWED info'],
    ],
    ['a peering connection', [], [route('VpcPeeringConnectionId: pcx-1', '10.0.0.0/8')], ['BROADENED warning']],
    ['a subnet gets an open table', [inTable('Table')], [inTable('Open')], ['BROADENED error']],
    [
      'an entry behind a deny of the same',
      [entry('Deny', 10, 'deny', '0.0.0.0/0')],
      [entry('Deny', 10, 'deny', '0.0.0.0/0'), entry('Allow', 20, 'allow', '0.0.0.0/0')],
      [],
    ],
    [
      'an entry before the deny',
      [entry('Deny', 10, 'deny', '0.0.0.0/0')],
      [entry('Deny', 10, 'deny', '0.0.0.0/0'), entry('Allow', 5, 'allow', '10.0.0.0/8')],
      ['BROADENED warning'],
    ],
    [
      'a deny that goes',
      [entry('Deny', 10, 'deny', '10.1.0.0/16'), entry('Allow', 20, 'allow', '10.0.0.0/8')],
      [entry('Allow', 20, 'allow', '10.0.0.0/8')],
      ['BROADENED warning'],
    ],
  ])('%s', (_, old, now, expected) => {
    const { changes } = compareTexts(network(...old), network(...now));
    expect(changes.map(({ verdict, severity }) => `${verdict} ${severity}`)).toStrictEqual(expected);
  });
});

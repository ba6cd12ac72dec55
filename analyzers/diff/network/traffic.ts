/**
 * Traffic of one direction: who may be reached or may come, by which protocols and ports. Peers that are ranges of addresses
 * are compared address by address; groups, prefix lists and values that nobody knows by what they are called.
 */
import { get, isMap } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import type { Place } from '../model.js';
import { textOf } from '../side.js';
import type { Unknowns } from '../unknowns.js';
import { addressText, ALL_IPV4, ALL_IPV6, rangeOf, rangeText } from './addresses.js';
import { minus, overlap } from './boxes.js';
import type { Box, Interval } from './boxes.js';

/** One rule that lets traffic through. */
export interface TrafficRule {
  /** Protocol and ports, and the addresses where the peer is a range. */
  readonly box: Box;
  /** What the peer is called when it is no range: `sg …`, `prefix list …`, `range @Cidr@`. */
  readonly peer: string | null;
  readonly place: Place;
}

/** A rule that cannot be read. */
export interface OpenRule {
  readonly text: string;
  readonly reason: string;
  readonly place: Place;
}

/** All rules of one direction of one thing. */
export interface Traffic {
  readonly rules: TrafficRule[];
  readonly open: OpenRule[];
}

export const ALL_PROTOCOLS: Interval = [0n, 255n];
export const ALL_PORTS: Interval = [0n, 65_535n];
const TCP = 6n;
const UDP = 17n;
const ICMP = 1n;
const ICMPV6 = 58n;

/** Names that EC2 takes besides numbers (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html). */
const PROTOCOLS: Readonly<Record<string, bigint>> = { tcp: TCP, udp: UDP, icmp: ICMP, icmpv6: ICMPV6 };

/** Addresses and ports for examples: of documentation (RFC 5737, RFC 3849), and of what people fear. */
const SOMEBODY: readonly bigint[] = ['203.0.113.10', '2001:db8::10'].map((text) => rangeOf(text)![0]);
const SOME_PORTS: readonly bigint[] = [22n, 443n];

/** What is new in traffic. */
export interface NewTraffic {
  /** A packet that is let through now. */
  readonly example: string;
  /** Whether anybody on the internet is among the peers. */
  readonly isOpenToAll: boolean;
  /** The ports that are open to all, as an interval; of all protocols when the protocol is any. */
  readonly ports: Interval;
  /** What is newly let through, as a person would say it. */
  readonly words: string;
  readonly rule: TrafficRule;
}

/** Protocol and port of a rule as intervals; `undefined` when they are not known. */
export function portsOf(rule: ValueMap): readonly [Interval, Interval] | undefined {
  const written = (textOf(get(rule, 'IpProtocol')) ?? '').toLowerCase();
  const protocol = Object.hasOwn(PROTOCOLS, written)
    ? PROTOCOLS[written]!
    : /^\d{1,3}$/.test(written)
      ? BigInt(written)
      : null;
  if (written === '-1' || written === 'all') return [ALL_PROTOCOLS, ALL_PORTS];
  if (protocol === null || protocol > 255n) return undefined;
  const only: Interval = [protocol, protocol];
  const [from, to] = ['FromPort', 'ToPort'].map((name) => numberOf(get(rule, name)));
  if (protocol === TCP || protocol === UDP) {
    if (from === undefined || to === undefined) return undefined;
    if (from === -1n || (from === null && to === null)) return [only, ALL_PORTS];
    return from === null || to === null || to < from ? undefined : [only, [from, to]];
  }
  if (protocol !== ICMP && protocol !== ICMPV6) return [only, ALL_PORTS];
  // Type and code as one number of two bytes.
  if (from === undefined || to === undefined) return undefined;
  if (from === -1n || from === null) return [only, ALL_PORTS];
  return [only, to === -1n || to === null ? [from * 256n, from * 256n + 255n] : [from * 256n + to, from * 256n + to]];
}

/** `null` when it is left out, `undefined` when it is no number. */
function numberOf(value: Value | undefined): bigint | null | undefined {
  if (value === undefined) return null;
  const text = textOf(value) ?? '';
  return /^-?\d{1,5}$/.test(text) ? BigInt(text) : undefined;
}

/** Adds a rule of a security group. @param peers - The properties that name a group or prefix list. */
export function addRule(
  traffic: Traffic,
  rule: Value,
  peers: readonly string[],
  place: Place,
  unknowns: Unknowns,
): void {
  const text = JSON.stringify(rule);
  const open = (reason: string): void => {
    traffic.open.push({ text, reason: unknowns.in(text)[0]?.reason ?? reason, place });
  };
  if (!isMap(rule)) {
    open('the rule cannot be read');
    return;
  }
  const ports = portsOf(rule);
  if (ports === undefined) {
    open('protocol or ports cannot be read');
    return;
  }
  for (const name of ['CidrIp', 'CidrIpv6']) {
    const range = textOf(get(rule, name));
    if (get(rule, name) === undefined) continue;
    const interval = range === undefined ? undefined : rangeOf(range);
    if (interval !== undefined) traffic.rules.push({ box: [...ports, interval], peer: null, place });
    else traffic.rules.push({ box: ports, peer: `range ${range ?? JSON.stringify(get(rule, name))}`, place });
  }
  for (const name of peers) {
    const peer = get(rule, name);
    if (peer === undefined || name.endsWith('OwnerId')) continue;
    const kind = name.includes('Prefix') ? 'prefix list' : 'group';
    traffic.rules.push({ box: ports, peer: `${kind} ${textOf(peer) ?? JSON.stringify(peer)}`, place });
  }
}

/** What newer rules let through that older ones do not. @param hasIpv6 - Whether peers that are groups may have such addresses. */
export function newTraffic(older: Traffic, newer: Traffic, hasIpv6: boolean): readonly NewTraffic[] {
  const ranges = older.rules.filter(({ peer }) => peer === null).map(({ box }) => box);
  const everywhere = [ALL_IPV4, ...(hasIpv6 ? [ALL_IPV6] : [])];
  const found: NewTraffic[] = [];
  const told = new Set<string>();
  for (const rule of newer.rules) {
    const { box, peer } = rule;
    let left: readonly Box[];
    if (peer === null) left = minus([box], ranges);
    else {
      const same = older.rules.filter((each) => each.peer === peer).map((each) => each.box);
      // A group, a list or a range that nobody knows is within what is open to every address.
      left = minus([box], same).filter((part) => everywhere.some((all) => minus([[...part, all]], ranges).length > 0));
    }
    const [first] = left;
    if (first === undefined) continue;
    const next = describe(first, rule);
    if (told.has(next.words)) continue;
    told.add(next.words);
    found.push(next);
  }
  return found;
}

/** Whether it hangs on an unknown range if a rule lets anything new through: older rules for some of the ports have ranges. */
export function mayBeWithin(rule: TrafficRule, older: Traffic): boolean {
  return older.rules.some(({ box, peer }) => peer === null && overlap(rule.box, box.slice(0, 2)));
}

function describe(part: Box, rule: TrafficRule): NewTraffic {
  const [protocol, port, addresses] = part as readonly [Interval, Interval, Interval?];
  const what = protocolText(protocol, port);
  const who = addresses === undefined ? rule.peer! : rangeText(addresses);
  const from = addresses === undefined ? rule.peer! : addressText(within(addresses, SOMEBODY));
  const number = samples(protocol);
  const some = within(port, [TCP, UDP].includes(number) ? SOME_PORTS : []);
  return {
    example: `${protocolText([number, number], [some, some])}, peer ${from}`,
    // Private ranges and single hosts are not everybody; half of all addresses is taken for it.
    isOpenToAll: addresses !== undefined && isBroad(rule.box[2]!),
    ports: port,
    words: `${what}, peer ${who}`,
    rule,
  };
}

/** A protocol that people know, where any will do. */
function samples([low, high]: Interval): bigint {
  return low <= TCP && TCP <= high ? TCP : low;
}

/** The first of some values that an interval has; its own first one when it has none of them. */
function within([low, high]: Interval, values: readonly bigint[]): bigint {
  return values.find((value) => low <= value && value <= high) ?? low;
}

function isBroad([low, high]: Interval): boolean {
  const size = high - low + 1n;
  return low >= ALL_IPV6[0] ? size >= 1n << 127n : size >= 1n << 31n;
}

/** Protocol and ports as people write them. */
export function protocolText([low, high]: Interval, [from, to]: Interval): string {
  if (low !== high) return low === 0n && high === 255n ? 'all traffic' : `protocols ${low} to ${high}`;
  const name = Object.entries(PROTOCOLS).find(([, number]) => number === low)?.[0] ?? `protocol ${low}`;
  const isAll = from === ALL_PORTS[0] && to === ALL_PORTS[1];
  if (low === ICMP || low === ICMPV6) return isAll ? name : `${name} type ${from / 256n}`;
  if (low !== TCP && low !== UDP) return name;
  return isAll ? `${name}, all ports` : from === to ? `${name} ${from}` : `${name} ${from}-${to}`;
}

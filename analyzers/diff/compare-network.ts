/** Traffic that security groups, routes and network access lists let through, before and after. */
import { get } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { subjectOf } from './comparison.js';
import type { Comparison } from './comparison.js';
import type { Change } from './model.js';
import { minus } from './network/boxes.js';
import type { Interval } from './network/boxes.js';
import { rangeOf, rangeText } from './network/addresses.js';
import { aclSides, isEverywhere, newRoutes, routeSets } from './network/routes.js';
import { securityGroups } from './network/security-groups.js';
import type { Group } from './network/security-groups.js';
import { mayBeWithin, newTraffic, protocolText } from './network/traffic.js';
import type { Traffic } from './network/traffic.js';
import { itemsOf, textOf, valueAt } from './side.js';
import type { Resource } from './side.js';

/** Tells what networks newly let through. */
export function compareNetwork(comparison: Comparison): void {
  compareGroups(comparison);
  compareRoutes(comparison);
  compareAcls(comparison);
  compareSubnetAcls(comparison);
  comparePrefixLists(comparison);
}

// ------------------------------------------------------------------------------------------- Security groups

const NOTHING: Traffic = { rules: [], open: [] };
const WEB_PORTS: readonly bigint[] = [80n, 443n];

function compareGroups(comparison: Comparison): void {
  const { older, newer, unknowns } = comparison;
  const [before, after] = [securityGroups(older, unknowns), securityGroups(newer, unknowns)];
  const hasIpv6 = [...older, ...newer].some(mayHaveIpv6);
  for (const [key, group] of after) {
    const old = before.get(key);
    for (const direction of ['ingress', 'egress'] as const) {
      compareTraffic(comparison, group, direction, old?.[direction] ?? NOTHING, hasIpv6, old === undefined);
    }
  }
  for (const [key, group] of before) {
    if (after.has(key)) continue;
    const message = group.isDeclared ? 'the security group is gone' : 'its rules of these templates are gone';
    comparison.say({
      ...{ verdict: 'NARROWED', kind: 'ingress', severity: 'info', message, place: group.place },
      subject: { stack: group.stack, name: group.name, type: 'AWS::EC2::SecurityGroup' },
    });
  }
}

function compareTraffic(
  { say, unknowns }: Comparison,
  group: Group,
  direction: 'ingress' | 'egress',
  older: Traffic,
  hasIpv6: boolean,
  isNew: boolean,
): void {
  const newer = group[direction];
  const subject = { stack: group.stack, name: group.name, type: 'AWS::EC2::SecurityGroup' };
  const told = (
    found: Pick<Change, 'verdict' | 'severity' | 'message' | 'place'> & { readonly example?: string },
  ): void => {
    say({ kind: direction, subject, ...found });
  };
  const word = direction === 'ingress' ? 'lets in' : 'lets out';
  const fresh = newTraffic(older, newer, hasIpv6);
  let isTold = false;
  for (const { words, example, isOpenToAll, ports, rule } of fresh) {
    isTold = true;
    const named = unknowns.in(rule.peer ?? '');
    const isOpen = rule.peer?.startsWith('range ') === true && named.length > 0 && mayBeWithin(rule, older);
    const isExposed =
      isOpenToAll && direction === 'ingress' && !(ports[0] === ports[1] && WEB_PORTS.includes(ports[0]));
    told({
      verdict: isOpen ? 'NOT_EVALUATED' : 'BROADENED',
      severity: isExposed ? 'error' : 'warning',
      message: `${isNew ? `the new group ${word}` : `newly ${word}`} ${words}`,
      example,
      place: rule.place,
    });
  }
  for (const { text, reason, place } of newer.open) {
    if (older.open.some((each) => each.text === text)) continue;
    isTold = true;
    told({
      verdict: 'NOT_EVALUATED',
      severity: 'warning',
      message: `a rule of ${direction} changed: ${reason}`,
      place,
    });
  }
  if (isTold || isNew) return;
  const [less] = newTraffic(newer, older, hasIpv6);
  if (less === undefined) return;
  const { words, rule } = less;
  const no = direction === 'ingress' ? 'no longer lets in' : 'no longer lets out';
  told({ verdict: 'NARROWED', severity: 'info', message: `${no} ${words}`, place: rule.place });
}

/** Whether something in the networks of a template has addresses of IPv6. */
function mayHaveIpv6({ type, properties }: Resource): boolean {
  if (!/^AWS::EC2::(?:VPC|Subnet|VPCCidrBlock|EgressOnlyInternetGateway|Route)$/.test(type)) return false;
  return type === 'AWS::EC2::EgressOnlyInternetGateway' || /ipv6/i.test(jsonOf(properties));
}

// ------------------------------------------------------------------------------------------- Routes

function compareRoutes({ older, newer, say }: Comparison): void {
  const [before, after] = [routeSets(older), routeSets(newer)];
  for (const [key, set] of after) {
    const old = before.get(key);
    // A subnet that keeps its table gets what its table gets, which is told there.
    if (set.type === 'AWS::EC2::Subnet' && old?.table === set.table) continue;
    for (const { target, destination, place } of newRoutes(old?.routes ?? [], set.routes)) {
      const isInternet = target.startsWith('internet gateway') && isEverywhere(destination);
      say({
        verdict: 'BROADENED',
        kind: 'route',
        severity: isInternet ? 'error' : 'warning',
        subject: subjectOf(set),
        message: `newly has a way to ${destination} through ${target}`,
        example: `a packet to ${destination}`,
        place,
      });
    }
  }
  for (const [key, set] of before) {
    const now = after.get(key);
    if (set.type === 'AWS::EC2::Subnet' && now?.table === set.table) continue;
    for (const { target, destination, place } of newRoutes(now?.routes ?? [], set.routes)) {
      const message = `no longer has a way to ${destination} through ${target}`;
      say({ verdict: 'NARROWED', kind: 'route', severity: 'info', subject: subjectOf(set), message, place });
    }
  }
}

// ------------------------------------------------------------------------------------------- Network access lists

function compareAcls({ older, newer, unknowns, say }: Comparison): void {
  const [before, after] = [aclSides(older, unknowns), aclSides(newer, unknowns)];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(key), after.get(key)];
    const { stack, name, direction } = (now ?? old)!;
    const subject = { stack, name, type: 'AWS::EC2::NetworkAcl' };
    const texts = (side: typeof old): ReadonlySet<string> => new Set(side?.open.map(([text]) => text));
    const changed = [...(now?.open ?? []), ...(old?.open ?? [])].find(
      ([text]) => texts(old).has(text) !== texts(now).has(text),
    );
    if (changed !== undefined) {
      const message = `an entry of ${direction} changed: ${changed[1]}`;
      say({ verdict: 'NOT_EVALUATED', kind: 'network-acl', severity: 'warning', subject, message, place: changed[2] });
      continue;
    }
    const had = old?.allowed ?? [];
    const has = now?.allowed ?? [];
    const fresh = has.find(
      ([box]) =>
        minus(
          [box],
          had.map(([each]) => each),
        ).length > 0,
    );
    if (fresh !== undefined) {
      const [part] = minus(
        [fresh[0]],
        had.map(([each]) => each),
      ) as readonly (readonly [Interval, Interval, Interval])[];
      const words = `${protocolText(part![0], part![1])}, ${rangeText(part![2])}`;
      const message = `newly lets ${direction} of ${words} through`;
      say({
        verdict: 'BROADENED',
        kind: 'network-acl',
        severity: 'warning',
        subject,
        message,
        example: words,
        place: fresh[1],
      });
      continue;
    }
    const lost = had.find(
      ([box]) =>
        minus(
          [box],
          has.map(([each]) => each),
        ).length > 0,
    );
    if (lost === undefined) continue;
    const message = `lets less ${direction} through`;
    say({ verdict: 'NARROWED', kind: 'network-acl', severity: 'info', subject, message, place: lost[1] });
  }
}

/**
 * Subnets that get another list. Without one they have that of the VPC, which lets everything through unless somebody has
 * changed it (https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html).
 */
function compareSubnetAcls({ older, newer, unknowns, say }: Comparison): void {
  const [before, after] = [subnetAcls(older), subnetAcls(newer)];
  const [boxes, now] = [aclSides(older, unknowns), aclSides(newer, unknowns)];
  for (const [key, had] of before) {
    const has = after.get(key);
    if (has?.acl === had.acl) continue;
    const subject = { stack: had.stack, name: had.name, type: 'AWS::EC2::Subnet' };
    const told = { kind: 'network-acl', subject, place: (has ?? had).place } as const;
    if (has === undefined) {
      const isGone = had.isDeclared && !newer.some(({ stack, id }) => stack === had.stack && id === had.name);
      const message = `no longer has the network access list ${had.acl}: that of the VPC lets everything through by default`;
      if (!isGone) say({ ...told, verdict: 'BROADENED', severity: 'warning', message });
      continue;
    }
    const wider = (['ingress', 'egress'] as const).some((direction) => {
      const [old, fresh] = [boxes.get(`${had.key} ${direction}`), now.get(`${has.key} ${direction}`)];
      const ranges = (old?.allowed ?? []).map(([box]) => box);
      return (fresh?.allowed ?? []).some(([box]) => minus([box], ranges).length > 0);
    });
    const isKnown = had.isKnown && has.isKnown;
    const message = `has the network access list ${has.acl} instead of ${had.acl}`;
    if (!isKnown) say({ ...told, verdict: 'NOT_EVALUATED', severity: 'warning', message });
    else if (wider) {
      say({ ...told, verdict: 'BROADENED', severity: 'warning', message: `${message}, which lets more through` });
    } else say({ ...told, verdict: 'NARROWED', severity: 'info', message });
  }
}

interface SubnetAcl {
  readonly stack: string;
  /** The subnet. */
  readonly name: string;
  readonly isDeclared: boolean;
  /** The list by its logical id, or as it is written. */
  readonly acl: string;
  /** As {@link aclSides} calls it. */
  readonly key: string;
  readonly isKnown: boolean;
  readonly place: Change['place'];
}

function subnetAcls(resources: readonly Resource[]): ReadonlyMap<string, SubnetAcl> {
  const called = new Map(
    resources.flatMap((each) => (each.called === undefined ? [] : [[each.called, each] as const])),
  );
  return new Map(
    resources.flatMap((resource): readonly (readonly [string, SubnetAcl])[] => {
      if (resource.type !== 'AWS::EC2::SubnetNetworkAclAssociation') return [];
      const [subnet, list] = [targetText(resource, 'SubnetId'), targetText(resource, 'NetworkAclId')];
      const [one, acl] = [called.get(subnet), called.get(list)];
      const found = {
        stack: resource.stack,
        name: one?.id ?? subnet,
        isDeclared: one !== undefined,
        acl: acl?.id ?? list,
        key: acl === undefined ? list : `${acl.stack}/${acl.id}`,
        isKnown: acl !== undefined,
        place: resource.place(['Properties', 'NetworkAclId']),
      };
      return [[`${resource.stack} ${subnet}`, found]];
    }),
  );
}

// ------------------------------------------------------------------------------------------- Prefix lists

/** Ranges that lists newly hold: every rule and route that names the list is wider by them. */
function comparePrefixLists({ older, newer, unknowns, say }: Comparison): void {
  const rangesOf = (resource: Resource): readonly string[] =>
    itemsOf(get(resource.properties, 'Entries')).map((entry) => textOf(valueAt(entry, 'Cidr')) ?? jsonOf(entry));
  const before = new Map(older.map((each) => [`${each.stack}/${each.id}`, each]));
  for (const now of newer) {
    const old = before.get(`${now.stack}/${now.id}`);
    if (now.type !== 'AWS::EC2::PrefixList' || old === undefined) continue;
    const boxesOf = (texts: readonly string[]): readonly (readonly [Interval])[] =>
      texts.flatMap((text) => {
        const range = rangeOf(text);
        return range === undefined ? [] : [[range] as const];
      });
    const [had, has] = [rangesOf(old), rangesOf(now)];
    const told = {
      kind: 'ingress',
      subject: { stack: now.stack, name: now.id, type: now.type },
      place: now.place(['Properties', 'Entries']),
    } as const;
    const open = has.filter((text) => rangeOf(text) === undefined && !had.includes(text));
    for (const text of open) {
      const reason = unknowns.in(text)[0]?.reason ?? 'it is no range';
      say({ ...told, verdict: 'NOT_EVALUATED', severity: 'warning', message: `newly holds \`${text}\`: ${reason}` });
    }
    const more = minus(boxesOf(has), boxesOf(had)) as readonly (readonly [Interval])[];
    const less = minus(boxesOf(had), boxesOf(has)) as readonly (readonly [Interval])[];
    if (more[0] !== undefined) {
      const message = `newly holds ${more.map(([range]) => rangeText(range)).join(', ')}, and so does every rule that names the list`;
      say({ ...told, verdict: 'BROADENED', severity: 'warning', message });
    } else if (less[0] !== undefined && open.length === 0) {
      say({ ...told, verdict: 'NARROWED', severity: 'info', message: `no longer holds ${rangeText(less[0][0])}` });
    }
  }
}

/** The id that a property of a resource names. */
function targetText(resource: Resource, property: string): string {
  const value = get(resource.properties, property);
  return typeof value === 'string' ? value : jsonOf(value ?? null);
}

/**
 * Rules on live resources: each rule that judges templates becomes a check of the scan, under its own id. The rules
 * themselves are handed in, because they stand above this room; what they see is the account as a template.
 */
import type { Severity, Verdict } from '../../../../findings/index.js';
import type { SupposedPlace } from '../../../../template/index.js';
import type { AccountFacts, CheckContext, CheckFinding, CheckOutcome, PlaceCheck } from '../../check.js';
import type { Json, LiveResource, ReadFailure } from '../../source.js';
import { identityResources } from './identities.js';
import { inLiveWords, liveTemplate } from './template.js';
import type { LiveTemplate } from './template.js';
import { HIDDEN_FROM, IAM_TYPES, liveTypes } from './types.js';

/** A rule that can judge a template. */
export interface LiveRule {
  readonly id: string;
  /** Controls of layer `scan`. */
  readonly controls: readonly string[];
  readonly severity: Severity;
  readonly title: string;
  readonly help: string;
  /**
   * Whether it draws conclusions from what it does not find, as rules do that relate several resources: then everything
   * that it reads must have been read.
   */
  readonly relates: boolean;
  /** Resource types; none for a rule on everything that takes tags. */
  readonly types: readonly string[];
  /**
   * Judges a template.
   *
   * @param text - JSON.
   * @param parameters - Parameters of the rules, as the organization chose them.
   */
  judge(text: string, place: SupposedPlace, parameters: Readonly<Record<string, Json>>): LiveVerdict;
}

/** What a rule says of a template. */
export interface LiveVerdict {
  readonly verdict: Verdict;
  readonly findings: readonly LiveRuleFinding[];
  /** Why it could not decide, where it could not. */
  readonly open: readonly { readonly reason: string }[];
}

export interface LiveRuleFinding {
  /** `null` when it speaks of the template as a whole. */
  readonly logicalId: string | null;
  /** JSON pointer into the template. */
  readonly pointer: string;
  readonly message: string;
  readonly help: string;
}

/** The checks that rules are on live resources. */
export function liveRuleChecks(rules: readonly LiveRule[]): readonly PlaceCheck[] {
  return rules.map(liveRuleCheck);
}

function liveRuleCheck(rule: LiveRule): PlaceCheck {
  const { listed, iam, global } = liveTypes(rule.types);
  const { id, controls, severity, title, help, relates } = rule;
  return {
    id,
    controls,
    severity,
    title,
    help,
    source: 'resources',
    scope: global ? 'account' : 'region',
    reads: { ...(iam && { iam }), resources: listed, ...(relates && { whole: true }) },
    check: (facts, context) => judge(rule, facts, context, { listed, iam }),
  };
}

function judge(
  rule: LiveRule,
  facts: AccountFacts,
  context: CheckContext,
  { listed, iam }: { readonly listed: readonly string[]; readonly iam: boolean },
): CheckOutcome {
  const wanted = (type: string): boolean => IAM_TYPES.has(type) && isJudged(rule, type);
  const resources = [
    ...listed.flatMap((type) => facts.resources(type)),
    ...(iam ? identityResources(facts.iam()).filter(({ type }) => wanted(type)) : []),
  ];
  if (resources.length === 0) return { findings: [], concerned: false };
  const place = placeOf(facts, context);
  const template = liveTemplate(resources, place);
  const { verdict, findings, open } = underAll(rule, resources, template, place, context.parameters(facts.account.id));
  const told = findings.map((finding) => findingOf(finding, template, facts, place));
  return {
    findings: distinct(told),
    failures: verdict === 'NOT_EVALUATED' ? failuresOf(rule, open, template) : [],
    concerned: verdict !== 'SKIP',
  };
}

/**
 * The verdict that holds whatever stands in the places that no read shows. They are left out, and they are given values that
 * nobody knows: findings count that come out each time.
 */
function underAll(
  rule: LiveRule,
  resources: readonly LiveResource[],
  template: LiveTemplate,
  place: SupposedPlace,
  parameters: Readonly<Record<string, Json>>,
): LiveVerdict {
  const first = rule.judge(template.text, place, parameters);
  if (template.unread.size === 0) return first;
  const second = rule.judge(liveTemplate(resources, place, 'absent').text, place, parameters);
  const keyOf = ({ logicalId, pointer, message }: LiveRuleFinding): string =>
    JSON.stringify([logicalId, pointer, message]);
  const both = new Set(second.findings.map(keyOf));
  const findings = first.findings.filter((finding) => both.has(keyOf(finding)));
  if (findings.length > 0) return { ...first, findings };
  const hidden = resources.filter(({ type }) => HIDDEN_FROM[rule.id]?.includes(type) === true);
  if (hidden.length > 0) {
    const reasons = hidden.map(({ identifier }) => `a read does not show of ${identifier} what the rule is about`);
    return { verdict: 'NOT_EVALUATED', findings, open: reasons.map((reason) => ({ reason })) };
  }
  const { verdict } = first;
  if (verdict === second.verdict && verdict !== 'FAIL') return first;
  const isHarmless = (one: LiveVerdict): boolean => one.verdict === 'PASS' || one.verdict === 'SKIP';
  if (isHarmless(first) && isHarmless(second)) return { ...first, verdict: 'SKIP' };
  const open = [...first.open, ...second.open];
  const unread = [...template.unread.values()].map((reason) => ({ reason }));
  return { verdict: 'NOT_EVALUATED', findings, open: open.length > 0 ? open : unread };
}

/** Rules on inline policies judge the identities in which they stand. */
function isJudged({ types }: LiveRule, type: string): boolean {
  return types.includes(type) || types.includes(`${type}Policy`) || types.includes('AWS::IAM::Policy');
}

/** Where resources are that are the same in every Region: any will do. */
function placeOf({ account, region }: AccountFacts, { organization }: CheckContext): SupposedPlace {
  const [first = 'us-east-1'] = organization.regions;
  const home = organization.described?.homeRegion ?? first;
  return {
    partition: organization.partition,
    region: region === 'global' ? home : region,
    accountId: account.id,
  };
}

function findingOf(
  { logicalId, pointer, message, help }: LiveRuleFinding,
  template: LiveTemplate,
  { account }: AccountFacts,
  { partition }: SupposedPlace,
): CheckFinding & { readonly subject: string } {
  const resource: LiveResource | undefined = logicalId === null ? undefined : template.resources.get(logicalId);
  const inside = pointer.split('/').slice(resource === undefined ? 1 : 3);
  return {
    resource:
      resource === undefined
        ? { arn: `arn:${partition}:iam::${account.id}:root`, type: 'AWS::Organizations::Account' }
        : { arn: resource.arn, type: resource.type },
    subject: inside.filter((part) => part !== 'Properties').join('/'),
    message: inLiveWords(message, template),
    help: inLiveWords(help, template),
  };
}

/** Findings of one resource must differ in their subject: what is said of one place a second time is numbered. */
function distinct(findings: readonly (CheckFinding & { readonly subject: string })[]): readonly CheckFinding[] {
  const counts = new Map<string, number>();
  return findings.map((finding) => {
    const key = JSON.stringify([finding.resource, finding.subject]);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? finding : { ...finding, subject: `${finding.subject} (${count})` };
  });
}

/** Most reasons of one rule that are told at one place. */
const MOST_REASONS = 5;

function failuresOf(rule: LiveRule, open: LiveVerdict['open'], template: LiveTemplate): readonly ReadFailure[] {
  const reasons = [...new Set(open.flatMap(({ reason }) => inLiveWords(reason, template).split('; ')))];
  const told = reasons.slice(0, MOST_REASONS);
  const more = reasons.length - told.length;
  const message = [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return [{ step: rule.id, code: 'UNDECIDED', message: message === '' ? 'the rule could not decide' : message }];
}

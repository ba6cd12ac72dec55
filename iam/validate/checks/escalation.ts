/**
 * Grants that lead to more: everything at once, or permissions from which their owner can make others.
 *
 * Only what an identity can do to resources of its choice counts: a statement that names single resources or whose
 * conditions narrow it is taken to be meant, and actions that a statement of the same policy denies without conditions do
 * not count. What other policies, boundaries and SCPs say is not known here.
 */
import { wildcardMatch } from '../../../catalogue/iam/index.js';
import { parseArn } from '../../arn.js';
import { canApply } from '../applies.js';
import type { Report } from '../finding.js';
import { takesWildcards, type PolicyView, type StatementView } from '../view.js';
import { conditionsOn, grantsToIdentity, mentionOf, type Check } from './input.js';
import { DIRECT_WAYS, PASS_ROLE_WAYS, type Way } from './ways.js';

export const checkEscalation: Check = (input, report) => {
  checkNotAction(input.view, input.kind, report);
  if (!grantsToIdentity(input)) return;
  const allows = input.view.statements.filter(({ effect }) => effect === 'Allow');
  const administrators = allows.filter(isAdministrator);
  for (const { path } of administrators) {
    report(
      'IAM4001',
      path,
      'the statement allows every action on every resource',
      'name the actions and resources that are needed',
    );
  }
  // Who may do everything needs no way to more.
  if (administrators.length > 0) return;
  const denies = input.view.statements.filter(isPlainDeny);
  const grants = (action: string): StatementView | undefined =>
    denies.some((each) => mentionOf(each, action) !== undefined)
      ? undefined
      : allows.find((each) => mentionOf(each, action) !== undefined && isOpen(each, action));
  tellDirect(grants, report);
  tellPassRole(input.view, denies, grants, report);
};

function checkNotAction({ statements }: PolicyView, kind: string, report: Report): void {
  if (kind === 'scp' || kind === 'rcp' || kind === 'boundary') return;
  for (const { effect, action } of statements) {
    if (effect !== 'Allow' || action?.negated !== true || action.items.length === 0) continue;
    report(
      'IAM4004',
      action.path,
      '`Allow` with `NotAction` allows every other action, also those of services to come',
      'list what is needed in `Action`, or deny the exceptions in a statement of their own',
    );
  }
}

const isEverything = (text: string): boolean => /^\*+(?::\*+)?$/.test(text);

function isAdministrator({ action, resource, conditions }: StatementView): boolean {
  return (
    action?.negated === false &&
    action.items.some(({ text }) => isEverything(text)) &&
    resource?.negated === false &&
    resource.items.some(({ text }) => isEverything(text)) &&
    conditions.length === 0
  );
}

/** Whether a statement lets its owner choose the resource of an action: a wildcard in the place of the name, no conditions. */
function isOpen({ resource, conditions }: StatementView, action: string, exceptKey?: string): boolean {
  if (conditions.some(({ lower }) => lower !== exceptKey) || resource === undefined) return false;
  return resource.negated || resource.items.some(({ text }) => isOpenResource(text) && canApply(action, [text]));
}

function isOpenResource(text: string): boolean {
  if (/^\*+$/.test(text)) return true;
  const resource = parseArn(text)?.resource;
  return resource !== undefined && /^(?:[a-z-]+[/:])?[*?/]+$/.test(resource);
}

/** A statement that denies its actions whatever the request. */
function isPlainDeny({ effect, resource, conditions }: StatementView): boolean {
  return (
    effect === 'Deny' &&
    conditions.length === 0 &&
    resource?.negated === false &&
    resource.items.some(({ text }) => /^\*+$/.test(text))
  );
}

function tellDirect(grants: (action: string) => StatementView | undefined, report: Report): void {
  const byStatement = new Map<StatementView, Way[]>();
  for (const way of DIRECT_WAYS) {
    const [statement, ...others] = way.actions.map(grants);
    if (statement === undefined || others.includes(undefined)) continue;
    byStatement.set(statement, [...(byStatement.get(statement) ?? []), way]);
  }
  for (const [statement, ways] of byStatement) {
    report(
      'IAM4002',
      statement.action!.path,
      `the owner can gain other permissions: ${list(ways)}`,
      'name in `Resource` what may be changed, or leave these actions to administrators',
    );
  }
}

function tellPassRole(
  { statements }: PolicyView,
  denies: readonly StatementView[],
  grants: (action: string) => StatementView | undefined,
  report: Report,
): void {
  if (denies.some((each) => mentionOf(each, 'iam:passrole') !== undefined)) return;
  const passing = statements.filter(
    (each) =>
      each.effect === 'Allow' &&
      isOpen(each, 'iam:passrole', 'iam:passedtoservice') &&
      mentionOf(each, 'iam:passrole') !== undefined,
  );
  for (const statement of passing) {
    const ways = PASS_ROLE_WAYS.filter(
      ({ actions, service }) =>
        passesTo(statement, service!) && actions.every((action) => grants(action) !== undefined),
    );
    if (ways.length === 0) continue;
    report(
      'IAM4003',
      statement.action!.path,
      `the owner can act as any role that a service can take: ${list(ways)}`,
      'name the roles in `Resource`',
    );
  }
}

/** Whether a statement lets a role be passed to a service. */
function passesTo(statement: StatementView, service: string): boolean {
  return conditionsOn(statement, 'iam:passedtoservice').every((condition) => {
    if (condition.operator.includes('Not')) return true;
    return condition.values.some(({ text }) =>
      takesWildcards(condition) ? wildcardMatch(text, service) : text === service,
    );
  });
}

function list(ways: readonly Way[]): string {
  const shown = ways.slice(0, 3).map(({ name }) => `\`${name}\``);
  return ways.length <= 3 ? shown.join(', ') : `${shown.join(', ')} and ${ways.length - 3} more`;
}

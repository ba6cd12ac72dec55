/**
 * Services and actions of `Action` and `NotAction`
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html, "Invalid action",
 * "Invalid service in action", "Redundant action", "Unsupported action in policy").
 */
import { expandActionPattern, iamService, nearestAction, nearestService } from '../../../catalogue/iam/index.js';
import type { Report } from '../finding.js';
import { covers } from '../patterns.js';
import type { ElementView, Placed, StatementView } from '../view.js';
import { eachStatement, type CheckInput } from './input.js';
import { supportedServices } from './resource-kinds.js';

/**
 * Actions that the Service Authorization Reference does not list, and that the service takes: Amazon SNS wrote `SNS:Receive`
 * into the policy of every new topic for years. They grant nothing.
 */
const TAKEN = new Set(['sns:receive']);

export const checkActions = eachStatement((statement: StatementView, input, report) => {
  const { action } = statement;
  if (action === undefined) return;
  for (const item of action.items) if (!item.text.includes('${')) checkAction(item, input, report);
  reportRedundant(
    action,
    (text) => text.toLowerCase(),
    input,
    (count, item, other) => {
      report(
        'REDUNDANT_ACTION',
        action.path,
        `${count === 1 ? 'an action is' : `${count} actions are`} redundant, such as \`${item}\`, which \`${other}\` says already`,
        `remove \`${item}\`${count === 1 ? '' : ' and the others'}, or narrow \`${other}\` if it says too much`,
      );
    },
  );
});

function checkAction({ text, path }: Placed, input: CheckInput, report: Report): void {
  const colon = text.indexOf(':');
  // Without a colon only `*` is an action; the parser tells the rest.
  if (colon <= 0 || /^\*+:\*+$/.test(text)) return;
  const prefix = text.slice(0, colon);
  if (/[*?]/.test(prefix)) {
    report(
      'INVALID_SERVICE_IN_ACTION',
      path,
      `the service of \`${text}\` holds a wildcard`,
      'name the service; a wildcard may stand behind the colon, or `*` for everything',
    );
    return;
  }
  if (iamService(prefix) === undefined) {
    const nearest = nearestService(prefix);
    report(
      'INVALID_SERVICE_IN_ACTION',
      path,
      `there is no service \`${prefix}\` that \`${text}\` could belong to`,
      nearest === undefined
        ? 'write the prefix that the Service Authorization Reference gives for the service'
        : `did you mean \`${nearest}\`?`,
    );
    return;
  }
  const known = iamService(prefix)!.action(text.slice(colon + 1)) !== undefined;
  if (!known && !TAKEN.has(text.toLowerCase()) && expandActionPattern(text).length === 0) {
    const nearest = /[*?]/.test(text) ? undefined : nearestAction(text);
    report(
      'INVALID_ACTION',
      path,
      /[*?]/.test(text.slice(colon)) ? `\`${text}\` matches no action` : `there is no action \`${text}\``,
      nearest === undefined
        ? 'look the action up in the Service Authorization Reference'
        : `did you mean \`${nearest}\`?`,
    );
    return;
  }
  unsupported({ text, path }, prefix.toLowerCase(), input, report);
}

/** A resource policy speaks of its own resource, so that actions of other services have no meaning there. */
function unsupported({ text, path }: Placed, prefix: string, input: CheckInput, report: Report): void {
  const services = supportedServices(input);
  if (services === undefined || services.prefixes.includes(prefix)) return;
  report(
    'UNSUPPORTED_ACTION_IN_POLICY',
    path,
    `\`${text}\` is no action on ${services.what}`,
    `use actions of ${services.prefixes.map((each) => `\`${each}\``).join(' or ')}`,
  );
}

/**
 * Finds items of an element that another item of it covers.
 *
 * @param normal - The text as it is compared.
 * @param tell - Given the number of redundant items, the first one and the item that covers it.
 */
export function reportRedundant(
  { items }: ElementView,
  normal: (text: string) => string,
  { budget }: CheckInput,
  tell: (count: number, item: string, other: string) => void,
): void {
  const seen = new Map<string, Placed>();
  const wild: Placed[] = [];
  for (const item of items) {
    const text = normal(item.text);
    if (!seen.has(text) && /[*?]/.test(text)) wild.push(item);
    if (!seen.has(text)) seen.set(text, item);
  }
  let count = 0;
  let first: readonly [string, string] | undefined;
  for (const item of items) {
    const text = normal(item.text);
    const twin = seen.get(text)!;
    let other = twin === item ? undefined : twin;
    if (
      other === undefined &&
      wild.length > 0 &&
      budget.spend(wild.length * (1 + Math.floor(text.length / 128) ** 2))
    ) {
      other = wild.find((each) => each !== item && covers(normal(each.text), text));
    }
    if (other === undefined) continue;
    count += 1;
    first ??= [item.text, other.text];
  }
  if (first !== undefined) tell(count, ...first);
}

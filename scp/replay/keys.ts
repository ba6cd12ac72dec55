/** What policies look at: condition keys, and for which actions the parameters of a call matter. */
import type { Policy, Statement } from '../../iam/index.js';

/** Keys whose values stand in the parameters of a call. */
const IN_PARAMETERS = /^(?:aws:requesttag\/|aws:tagkeys$|sts:)/;

const VARIABLE = /\$\{([^},]+)/g;

/** Collects what policies look at, as they come up. */
export class PolicyKeys {
  /** In lower case: those of conditions, and those that are policy variables. */
  readonly keys = new Set<string>();
  /** Grows when something new is looked at. */
  version = 0;
  private readonly seen = new Set<Policy>();
  /** Patterns of actions for which a statement looks at the resource or at parameters; `negated` for `NotAction`. */
  private readonly closer: { readonly negated: boolean; readonly pattern: RegExp }[] = [];
  private readonly byAction = new Map<string, boolean>();

  add(policies: readonly Policy[]): void {
    for (const policy of policies) {
      if (this.seen.has(policy)) continue;
      this.seen.add(policy);
      this.version++;
      this.byAction.clear();
      for (const statement of policy.statements) this.addStatement(statement);
    }
  }

  /** Whether what is said of an action can hang on the resource or on parameters. */
  looksCloser(action: string): boolean {
    let looks = this.byAction.get(action);
    if (looks === undefined) {
      looks = this.closer.some(({ negated, pattern }) => pattern.test(action) !== negated);
      this.byAction.set(action, looks);
    }
    return looks;
  }

  private addStatement({ action, resource, conditions }: Statement): void {
    const texts = [...(resource?.patterns ?? []), ...conditions.flatMap(({ values }) => values)];
    const variables = texts.flatMap((text) => [...text.matchAll(VARIABLE)].map((match) => match[1]!.trim()));
    const keys = [...conditions.map(({ key }) => key), ...variables].map((key) => key.toLowerCase());
    for (const key of keys) this.keys.add(key);
    const isAnyResource = resource === undefined || (!resource.negated && resource.patterns.includes('*'));
    if (isAnyResource && !keys.some((key) => IN_PARAMETERS.test(key))) return;
    this.closer.push({ negated: action.negated, pattern: patternOf(action.patterns) });
  }
}

function patternOf(patterns: readonly string[]): RegExp {
  const written = patterns.map((pattern) =>
    pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.'),
  );
  return new RegExp(`^(?:${written.join('|')})$`, 'is');
}

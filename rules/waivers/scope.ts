/** Whether a waiver's scope holds for a finding. What cannot be decided is told apart from what does not hold. */
import type { CompileGlob, WaiverScope } from './model.js';
import { isInSomeOu } from './ou.js';

/** What a scope is asked about. */
export interface Subject {
  readonly file: string;
  readonly resource: { readonly logicalId: string; readonly type: string } | null;
  /** The account of the deployment; `undefined` when it was not given. */
  readonly account: string | undefined;
  /** Its organizational unit, or the path from the root down to it. */
  readonly ou: string | undefined;
  /** The tags of the resource, asked only when needed; `unknown` names what hides the rest. */
  readonly tags: () => Tags;
}

/** Tags of a resource as far as its template says them. */
export interface Tags {
  readonly known: ReadonlyMap<string, string | null>;
  /** Whether there may be more than these. */
  readonly open: boolean;
}

/** What hides the answer. */
export type Hidden = 'account' | 'ou' | 'ouPath' | 'tag';

export interface ScopeAnswer {
  readonly holds: boolean;
  readonly hidden: readonly Hidden[];
}

/** A scope ready to be asked. */
export type ScopeMatcher = (subject: Subject) => ScopeAnswer;

const NO: ScopeAnswer = { holds: false, hidden: [] };

/**
 * Makes a matcher of a scope.
 *
 * @returns For each subject: `holds` when every part holds. `hidden` names the parts that nobody can decide, when every
 *   other part holds; `holds` is false then. A part about the resource never holds for what belongs to no resource.
 */
export function compileScope(scope: WaiverScope, compileGlob: CompileGlob): ScopeMatcher {
  const any = (patterns: readonly string[]): ((text: string) => boolean) => {
    const matchers = patterns.map((pattern) => compileGlob(pattern));
    return (text) => matchers.some((matches) => matches(text));
  };
  const file = scope.file && any(scope.file.map((pattern) => pattern.replace(/^(\.\/)+/, '')));
  const logicalId = scope.logicalId && any(scope.logicalId);
  const resourceType = scope.resourceType && any(scope.resourceType);
  const tag = scope.tag && Object.entries(scope.tag).map(([key, values]) => [key, any(values)] as const);
  const { account, ou } = scope;
  return (subject) => {
    const { resource } = subject;
    if (file && !file(subject.file.replace(/^(\.\/)+/, ''))) return NO;
    if ((logicalId || resourceType || tag) && resource === null) return NO;
    if (logicalId && !logicalId(resource!.logicalId)) return NO;
    if (resourceType && !resourceType(resource!.type)) return NO;
    const hidden: Hidden[] = [];
    if (account && subject.account === undefined) hidden.push('account');
    else if (account && !account.includes(subject.account!)) return NO;
    if (ou && subject.ou === undefined) hidden.push('ou');
    else if (ou) {
      const isIn = isInSomeOu(ou, subject.ou!);
      if (isIn === false) return NO;
      if (isIn === 'open') hidden.push('ouPath');
    }
    if (tag) {
      const tags = subject.tags();
      let known = true;
      for (const [key, matches] of tag) {
        const value = tags.known.get(key);
        if (value === null || (value === undefined && tags.open)) known = false;
        else if (value === undefined || !matches(value)) return NO;
      }
      if (!known) hidden.push('tag');
    }
    return { holds: hidden.length === 0, hidden };
  };
}

/** Patterns that everything fits, the whole of an organization among them. */
const EVERYTHING = /^(?:r-[0-9a-z]+)?[*/]+$/;

/** Why a scope leaves too much open; `null` when it does not. */
export function breadthOf(scope: WaiverScope): string | null {
  const lists = [scope.file, scope.logicalId, scope.resourceType, scope.account, scope.ou].filter(
    (list) => list !== undefined,
  );
  const parts = [...lists, ...Object.values(scope.tag ?? {})];
  if (parts.length === 0) return 'it has no scope, so it covers every resource of every template';
  const narrow = parts.filter((patterns) => !patterns.some((pattern) => EVERYTHING.test(pattern)));
  return narrow.length === 0 ? 'its patterns fit everything' : null;
}

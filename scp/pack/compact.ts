/** Makes policies smaller and shows that nothing else has changed. */
import { expandActionPattern, iamCatalogueInfo } from '../../catalogue/iam/index.js';
import { printPolicy } from '../../iam/index.js';
import type { Policy, Statement } from '../../iam/index.js';
import type { Proof } from '../../iam/prove/index.js';
import { compressActions, covers } from './actions.js';
import type { Tightness } from './actions.js';
import { mergeStatements, tidied } from './merge.js';
import { isIncluded } from './inclusion.js';
import { deniedBy, mayDeny, sameDecisions } from './prove.js';
import type { GuardrailKind } from './prove.js';

export interface CompactOptions {
  readonly kind: GuardrailKind;
  /** `none` names every action as written. */
  readonly wildcards: Tightness | 'none';
  /** Most steps of each proof. */
  readonly budget?: number;
}

/** One step of packing that a proof stands behind. */
export interface Step {
  readonly step: 'merged' | 'dropped';
  /** The statements before, as JSON. */
  readonly before: readonly string[];
  /** The statements after; for a dropped one those that deny the same. */
  readonly after: readonly string[];
  readonly proof: Proof['kind'];
  readonly assumptions: readonly string[];
}

/** A list of actions that was shortened. */
export interface ShortenedActions {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** How many actions of the catalogue both stand for. */
  readonly actions: number;
}

/** What came out. */
export interface Compacted {
  readonly statements: readonly Statement[];
  readonly steps: readonly Step[];
  readonly shortened: readonly ShortenedActions[];
  /** The catalogue that the wildcards are exact for. */
  readonly catalogue: { readonly version: string; readonly date: string };
}

/**
 * Compacts the statements of documents that stand at one place.
 *
 * Statements that say the same of different actions, resources or values become one; those that another one makes
 * superfluous go; names of actions become wildcards that match exactly the same actions of the catalogue, in statements
 * that deny only, because what AWS adds later may match them. A step whose proof does not hold is not taken.
 */
export function compact(policies: readonly Policy[], options: CompactOptions): Compacted {
  const steps: Step[] = [];
  const shortened: ShortenedActions[] = [];
  const merged = mergeStatements(policies.flatMap(({ statements }) => statements)).flatMap(({ statement, from }) => {
    if (from.length === 1) return [statement];
    const proof = sameDecisions(options.kind, from, [statement], limits(options));
    steps.push(stepOf('merged', from, [statement], proof));
    return proof.kind === 'HOLDS' ? [statement] : from.map(tidied);
  });
  const needed = withoutShadowed(merged, options, steps);
  const statements = needed.map((statement) => shorten(statement, options, shortened));
  const { version, date } = iamCatalogueInfo;
  return { statements, steps, shortened, catalogue: { version, date } };
}

function limits({ budget }: CompactOptions): { readonly budget?: number } {
  return budget === undefined ? {} : { budget };
}

function stepOf(step: Step['step'], before: readonly Statement[], after: readonly Statement[], proof: Proof): Step {
  const assumptions = proof.kind === 'UNKNOWN' ? [] : proof.assumptions;
  return { step, before: before.map(statementText), after: after.map(statementText), proof: proof.kind, assumptions };
}

/** A statement as JSON without white space. */
export function statementText(statement: Statement): string {
  const text = printPolicy({ statements: [statement] }, 0);
  return text.slice('{"Statement":['.length, -']}'.length);
}

/** Leaves out statements that deny nothing which the rest does not deny. */
function withoutShadowed(all: readonly Statement[], options: CompactOptions, steps: Step[]): readonly Statement[] {
  let left = [...all];
  const bySize = all.toSorted((a, b) => statementText(b).length - statementText(a).length);
  for (const statement of bySize) {
    if (statement.effect !== 'Deny') continue;
    const near = left.filter((other) => other !== statement && other.effect === 'Deny' && mayDeny(other, statement));
    // A search for other reasons costs more time than it saves characters.
    if (!isIncluded(statement, near)) continue;
    const proof = deniedBy(options.kind, statement, near, limits(options));
    if (proof.kind !== 'HOLDS') continue;
    steps.push(stepOf('dropped', [statement], near, proof));
    left = left.filter((other) => other !== statement);
  }
  return left;
}

/** Names the actions of a statement that denies with fewer characters, when counting shows that they are the same. */
function shorten(statement: Statement, { wildcards }: CompactOptions, shortened: ShortenedActions[]): Statement {
  const { effect, action } = statement;
  if (wildcards === 'none' || effect !== 'Deny' || action.negated) return statement;
  const after = compressActions(action.patterns, wildcards);
  if (JSON.stringify(after).length >= JSON.stringify(action.patterns).length) return statement;
  const actions = actionsOf(action.patterns);
  // What the search found is counted again here, and every pattern before must be inside one after.
  const isSame = actions.join() === actionsOf(after).join();
  const isWhole = action.patterns.every((pattern) =>
    after.some((outer) => covers(outer.toLowerCase(), pattern.toLowerCase())),
  );
  if (!isSame || !isWhole) return statement;
  shortened.push({ before: action.patterns, after, actions: actions.length });
  return { ...statement, action: { negated: false, patterns: after } };
}

function actionsOf(patterns: readonly string[]): readonly string[] {
  return [...new Set(patterns.flatMap((pattern) => expandActionPattern(pattern)))].toSorted();
}

/**
 * Templates that stack sets hold: each is a template of its own, for other accounts and Regions than those of the stack
 * that declares the set
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html).
 */
import type { Change, Diff, DiffOptions, HeldTemplate, StackInput } from './model.js';
import type { Renames } from './rename.js';
import type { StackSide } from './side.js';

export const STACK_SET = 'AWS::CloudFormation::StackSet';

/** A stack set whose template is known wherever the set is. */
export interface KnownSet {
  /** `stack/logicalId`, with the logical id of the old template. */
  readonly key: string;
  readonly stack: string;
  readonly old: HeldTemplate | undefined;
  readonly now: HeldTemplate | undefined;
}

/** The stack sets of a stack that can be compared. @param renames - New logical ids with the old ones. */
export function knownSets(old: StackSide, now: StackSide, renames: Renames): readonly KnownSet[] {
  const before = new Map((old.input.held ?? []).map((held) => [held.logicalId, held]));
  const after = new Map((now.input.held ?? []).map((held) => [renames.get(held.logicalId) ?? held.logicalId, held]));
  const [had, has] = [old, now].map(
    ({ resolution: { model } }) =>
      new Set([...model.resources.values()].flatMap(({ key, type }) => (type === STACK_SET ? [key] : []))),
  );
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((id) => {
    // Where the template of one side alone is known, nobody can tell what is new in it.
    const isKnown = had!.has(id) === before.has(id) && has!.has(id) === after.has(id);
    const known = { key: `${old.name}/${id}`, stack: old.name, old: before.get(id), now: after.get(id) };
    return isKnown ? [known] : [];
  });
}

/** Compares the templates of a stack set; what changes in them is told of the set. */
export function compareSet(
  { key, stack, old, now }: KnownSet,
  { budget }: DiffOptions,
  compare: (older: readonly StackInput[], newer: readonly StackInput[], options: DiffOptions) => Diff,
): Diff {
  // Both have one name, so that they belong together; places have that of their side again.
  const named = (held: HeldTemplate | undefined): readonly StackInput[] =>
    held === undefined ? [] : [{ ...held.stack, name: key }];
  const found = compare(named(old), named(now), budget === undefined ? {} : { budget });
  const inSet = (change: Change): Change => {
    const { subject, place } = change;
    const held = place.side === 'old' ? old : now;
    const set = (now ?? old)!.logicalId;
    const name = subject.type === '' ? set : `${set}/${subject.name}`;
    return {
      ...change,
      subject: { ...subject, stack, name },
      place: place.stack === key && held !== undefined ? { ...place, stack: held.stack.name } : place,
    };
  };
  return { ...found, changes: found.changes.map(inSet) };
}

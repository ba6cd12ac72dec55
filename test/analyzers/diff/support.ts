/** Pairs of templates as files, and comparisons of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffTemplates } from '../../../analyzers/diff/index.js';
import type { Change, Diff, DiffOptions, StackInput } from '../../../analyzers/diff/index.js';
import { get, isMap, keysOf, readTemplate } from '../../../template/index.js';
import type { Value, ValueMap } from '../../../template/index.js';
import { repositoryRoot } from '../../support/repository.js';

/** What a change of a pair must be like. */
export interface Expected {
  readonly verdict: string;
  readonly kind: string;
  readonly subject: string;
  readonly severity?: string;
  /** Part of the message. */
  readonly says?: string;
  readonly controls?: readonly string[];
  /** Whether it must come with a request that is decided differently. */
  readonly request?: boolean;
}

export interface Pair {
  readonly name: string;
  readonly title: string;
  readonly expect: readonly Expected[];
  readonly old: readonly StackInput[];
  readonly new: readonly StackInput[];
}

const folder = join(repositoryRoot(), 'test/analyzers/diff/pairs');

/** The value of a YAML or JSON text. */
export function valueOf(text: string): ValueMap {
  const { source, diagnostics } = readTemplate(text, 'test');
  if (source === null || !isMap(source.value)) throw new Error(JSON.stringify(diagnostics));
  return source.value;
}

function stacksOf(value: Value | undefined): readonly StackInput[] {
  if (value === undefined || !isMap(value)) throw new Error('no stacks');
  return keysOf(value).map((name) => ({ name, template: get(value, name) as ValueMap }));
}

/** The pairs of a folder. */
export function pairsIn(kind: string): readonly Pair[] {
  return readdirSync(join(folder, kind)).map((name) => {
    const value = valueOf(readFileSync(join(folder, kind, name), 'utf8'));
    return {
      name,
      title: get(value, 'title') as string,
      expect: get(value, 'expect') as unknown as readonly Expected[],
      old: stacksOf(get(value, 'old')),
      new: stacksOf(get(value, 'new')),
    };
  });
}

/** Compares two templates that are written as text. */
export function compareTexts(older: string, newer: string, options: DiffOptions = {}): Diff {
  const stack = (text: string): readonly StackInput[] => [{ name: 'app', template: valueOf(text) }];
  return diffTemplates(stack(older), stack(newer), options);
}

/** A change in few words. */
export function words({ verdict, kind, subject }: Change): string {
  return `${verdict} ${kind} ${subject.name}`;
}

/**
 * Mutation scores of policy templates. Trying every change takes minutes, so they are recorded beside the tests, each with
 * the digest of the template that it was made of; `UPDATE_MUTATION=1` tries all changes again.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ExplainedSurvivor, MutationScore } from '../../iam/templates/index.js';

/** What trying every change of a template's policy came to. */
interface RecordedScore extends Omit<MutationScore, 'score'> {
  /** Of the template's data: a score says nothing of another version. */
  readonly digest: string;
}

type Scores = Readonly<Record<string, RecordedScore | undefined>>;

/** Whether changes are to be tried now. */
export const triesMutants = process.env['UPDATE_MUTATION'] === '1';

/** Least share of the changes of a policy that cases and claims notice. */
const LEAST_SCORE = 0.95;

/**
 * Holds a template's score, or records it.
 *
 * @param file - Where the scores are.
 * @param data - Everything that the score hangs on but the engines.
 * @param score - Made just now; `null` when changes were not tried.
 * @param explained - The changes that nothing notices, with reasons: all of them, and no other.
 */
export function expectScore(
  file: string,
  name: string,
  data: object,
  score: MutationScore | null,
  explained: readonly ExplainedSurvivor[] = [],
): void {
  const digest = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16);
  const scores: Scores = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Scores) : {};
  let recorded = scores[name];
  if (score !== null) {
    const { mutants, noticed, equivalent, survivors } = score;
    recorded = { digest, mutants, noticed, equivalent, survivors };
    const all = Object.entries({ ...scores, [name]: recorded }).sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
  }
  // A template that has changed since has to be tried again.
  expect(recorded?.digest).toBe(digest);
  const { mutants, noticed, equivalent, survivors } = recorded!;
  expect(noticed).toBe(mutants - equivalent - survivors.length);
  expect(noticed / (mutants - equivalent)).toBeGreaterThanOrEqual(LEAST_SCORE);
  const said = (list: readonly { readonly statement: string; readonly change: string }[]): readonly string[] =>
    list.map(({ statement, change }) => `${statement}: ${change}`).sort();
  expect(said(survivors)).toStrictEqual(said(explained));
}

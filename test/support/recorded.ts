/**
 * What the reference executable said of inputs that do not change, recorded as digests in test/recorded/: to run it on all of
 * them again takes longer than all else that tests do.
 *
 * An input counts as compared when a record says that the reference gave it the answer that this project gives. Whatever is
 * not recorded, is answered otherwise, or belongs to the part that is looked at each time goes to the executable itself, so
 * that a record can spare time but never hide a difference for long. `STACKADE_FULL=1` believes no record;
 * `UPDATE_RECORDED=1` writes them anew from what the executable says.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceBinary } from './reference.js';
import { repositoryRoot } from './repository.js';

const folder = join(repositoryRoot(), 'test', 'recorded');
/** One of so many inputs is given to the executable each time. */
const SAMPLE = 32;

const isFull = process.env['STACKADE_FULL'] !== undefined;
const isUpdate = process.env['UPDATE_RECORDED'] !== undefined;

/** For inputs of which a large part is the same each time: its digest stands for it. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

let executable: string | undefined;
/** Another executable has said nothing yet. */
function digestOfExecutable(): string {
  const path = referenceBinary();
  if (path === undefined) throw new Error('The cfn-guard reference executable is not installed for this machine.');
  return (executable ??= createHash('sha256').update(readFileSync(path)).digest('base64url').slice(0, 16));
}

export interface Compared<Item> {
  readonly item: Item;
  readonly ours: string;
  readonly reference: string;
}

export interface RecordedComparison<Item> {
  /** All that the answer hangs on, besides the executable. */
  readonly input: (item: Item) => string;
  readonly ours: (item: Item) => string;
  /** Answers of the executable, one for each item. */
  readonly reference: (items: readonly Item[]) => readonly string[] | Promise<readonly string[]>;
}

/**
 * Compares answers of this project and the reference.
 *
 * @param name - Of the file of records.
 * @returns The items that are answered otherwise, and how many the executable itself answered.
 */
export async function compareRecorded<Item>(
  name: string,
  items: readonly Item[],
  { input, ours, reference }: RecordedComparison<Item>,
): Promise<{ readonly differences: readonly Compared<Item>[]; readonly ran: number }> {
  const records = readRecords(name);
  const asked = items.map((item) => ({
    item,
    key: digest(`${digestOfExecutable()} ${input(item)}`),
    ours: ours(item),
  }));
  const live = asked.filter(
    ({ key, ours: answer }) =>
      isFull || isUpdate || isSample(key) || records.get(key) === undefined || records.get(key) !== digest(answer),
  );
  const answers = live.length === 0 ? [] : await reference(live.map(({ item }) => item));
  if (answers.length !== live.length) throw new Error(`${name}: ${answers.length} answers to ${live.length} questions`);
  const stale: string[] = [];
  const made = new Map<string, string>();
  for (const [index, { key, ours: answer }] of live.entries()) {
    const said = digest(answers[index]!);
    // Where both agree a record only failed to spare the run.
    if (records.has(key) && records.get(key) !== said && answer !== answers[index]) stale.push(key);
    made.set(key, said);
  }
  if (isUpdate) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      fileOf(name),
      [...made]
        .map((line) => `${line.join(' ')}\n`)
        .sort()
        .join(''),
    );
  } else if (stale.length > 0) {
    throw new Error(`test/recorded/${name}.txt says otherwise than the executable: ${stale.join(', ')}`);
  }
  const differences = live.flatMap(({ item, ours: answer }, index) =>
    answer === answers[index] ? [] : [{ item, ours: answer, reference: answers[index]! }],
  );
  return { differences, ran: live.length };
}

const isSample = (key: string): boolean => Buffer.from(key, 'base64url')[0]! % SAMPLE === 0;

const fileOf = (name: string): string => join(folder, `${name}.txt`);

function readRecords(name: string): ReadonlyMap<string, string> {
  if (!existsSync(fileOf(name))) return new Map();
  const lines = readFileSync(fileOf(name), 'utf8').split('\n').slice(0, -1);
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
}

/**
 * Whether a check that takes long has found nothing in these texts before. The texts, and the version of what checks, are
 * all that it hangs on; what was never recorded is checked each time.
 *
 * @param check - Throws, or fails an expectation, when it finds something.
 */
export async function oncePassed(
  name: string,
  texts: readonly string[],
  check: () => void | Promise<void>,
): Promise<void> {
  const key = digest(texts.join('\0'));
  if (!isFull && !isUpdate && readRecords(name).has(key)) return;
  await check();
  if (!isUpdate) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(name), `${key} passed\n`);
}

/**
 * Edits of templates, each with what must be said of it: `<<old=>new>>` marks what is edited, the lines after the title what
 * is told. Resources stand there alone unless a section is named.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repository.js';
import { compareTexts, words } from './support.js';

const SECTION = /^(?:<<=>)?(?:Resources|Parameters|Transform|Conditions|Mappings|Globals)\b/m;
const EDIT = /<<([\s\S]*?)=>([\s\S]*?)>>/g;

interface Edit {
  readonly title: string;
  readonly told: readonly string[];
  readonly text: string;
}

function editsIn(file: string): readonly Edit[] {
  const text = readFileSync(join(repositoryRoot(), 'test/analyzers/diff/edits', file), 'utf8');
  return text
    .split(/^== /m)
    .slice(1)
    .map((part) => {
      const lines = part.trimEnd().split('\n');
      const told = lines.filter((line) => line.startsWith('-- ')).map((line) => line.slice(3));
      const body = lines.slice(1 + told.length);
      const whole = SECTION.test(body.join('\n')) ? body : ['Resources:', ...body.map((line) => `  ${line}`)];
      return { title: lines[0]!, told, text: whole.join('\n') };
    });
}

function toldOf({ text }: Edit): readonly string[] {
  const [old, now] = [text.replaceAll(EDIT, '$1'), text.replaceAll(EDIT, '$2')];
  return [...new Set(compareTexts(old, now).changes.map(words))].sort();
}

it.each([
  ['broadened.txt', 150, (told: readonly string[]) => told.some((each) => each.startsWith('BROADENED'))],
  ['undecided.txt', 75, (told: readonly string[]) => told.some((each) => each.startsWith('NOT_EVALUATED'))],
  ['silent.txt', 40, (told: readonly string[]) => told.every((each) => each.startsWith('NARROWED'))],
])('%s', (file, least, isOfItsKind) => {
  const edits = editsIn(file);
  const wrong = edits.flatMap((edit) => {
    const told = toldOf(edit);
    return told.join() === edit.told.join() && isOfItsKind(told) ? [] : [{ title: edit.title, told }];
  });
  expect(wrong).toStrictEqual([]);
  expect(edits.length).toBeGreaterThanOrEqual(least);
});

/** The library of policy templates as it lies in `scp/templates/`. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplate, readTemplateFiles } from '../../scp/index.js';
import type { MutationScore, PolicyTemplate, TemplateData } from '../../scp/index.js';
import { repositoryRoot } from '../support/repository.js';

export const templatesFolder = join(repositoryRoot(), 'scp', 'templates');

export const names: readonly string[] = readdirSync(templatesFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

export function dataOf(name: string): TemplateData {
  const text = (file: string): string => readFileSync(join(templatesFolder, name, file), 'utf8');
  const hasStatements = existsSync(join(templatesFolder, name, 'statements.json'));
  return readTemplateFiles({
    name,
    metadata: text('template.json'),
    ...(hasStatements ? { statements: text('statements.json') } : {}),
    cases: text('cases.yml'),
    claims: text('claims.yml'),
  });
}

export function templateOf(name: string): PolicyTemplate {
  return loadTemplate(dataOf(name));
}

/** What trying every change of a template's policy came to. */
export interface RecordedScore extends Omit<MutationScore, 'score'> {
  /** Of the template's data: a score says nothing of another version. */
  readonly digest: string;
}

const scoresFile = join(__dirname, 'mutation.json');

export function recordedScores(): Readonly<Record<string, RecordedScore | undefined>> {
  return JSON.parse(readFileSync(scoresFile, 'utf8')) as Readonly<Record<string, RecordedScore>>;
}

export function writeScore(name: string, score: RecordedScore): void {
  const scores = { ...recordedScores(), [name]: score };
  const sorted = Object.fromEntries(Object.entries(scores).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(scoresFile, `${JSON.stringify(sorted, null, 2)}\n`);
}

/** Of everything that a score hangs on but the engines. */
export function digestOf(name: string): string {
  return createHash('sha256')
    .update(JSON.stringify(dataOf(name)))
    .digest('hex')
    .slice(0, 16);
}

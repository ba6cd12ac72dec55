/** The rule library as it lies in `rules/`, for the tests that look at all of it. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { repositoryRoot } from '../support/repository.js';
import type { Control, ControlCoverage, PackDefinition, RuleCase, RuleMetadata } from '../../rules/index.js';
import { guardName } from '../../rules/index.js';
import type { Value } from '../../template/index.js';

export const rulesFolder = join(repositoryRoot(), 'rules');

/** A case of a rule's test file. */
export interface LibraryCase extends RuleCase {
  readonly input: Value;
}

/** The files of one rule. */
export interface LibraryRule {
  readonly id: string;
  /** The folder of `rules/` that holds it. */
  readonly service: string;
  readonly guard: string;
  readonly metadata: RuleMetadata;
  readonly cases: readonly LibraryCase[];
  /** `undefined` when there is no page. */
  readonly page: string | undefined;
  readonly pagePath: string;
  readonly guardPath: string;
}

/** Folders of `rules/` that hold rules. */
export const services: readonly string[] = readdirSync(rulesFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .filter((name) => readdirSync(join(rulesFolder, name)).some((file) => file.endsWith('.guard')))
  .sort();

interface WrittenCase {
  readonly name: string;
  readonly input: Value;
  readonly expectations: { readonly rules: Readonly<Record<string, RuleCase['verdict']>> };
}

/** The cases of a test file of one rule. A case that says nothing of the rule has the verdict `undefined`. */
export function readCases(text: string, id: string): readonly LibraryCase[] {
  return (load(text) as readonly WrittenCase[]).map(({ name, input, expectations }) => ({
    name,
    input,
    verdict: expectations.rules[guardName(id)]!,
  }));
}

/** All rules in order of their ids. */
export const library: readonly LibraryRule[] = services
  .flatMap((service) =>
    readdirSync(join(rulesFolder, service))
      .filter((file) => file.endsWith('.guard'))
      .map((file) => readRule(service, file.slice(0, -'.guard'.length))),
  )
  .sort((a, b) => (a.id < b.id ? -1 : 1));

/** A rule written in TypeScript: its id, and what is known of it. */
export interface CodeLibraryRule {
  readonly id: string;
  readonly service: string;
  readonly metadata: RuleMetadata;
}

/** All rules written in TypeScript, in order of their ids. Other TypeScript files have no metadata beside them. */
export const codeLibrary: readonly CodeLibraryRule[] = readdirSync(rulesFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name: service }) =>
    readdirSync(join(rulesFolder, service))
      .filter((file) => file.endsWith('.ts') && existsSync(join(rulesFolder, service, file.replace(/\.ts$/, '.json'))))
      .map((file) => file.slice(0, -'.ts'.length))
      .map((id) => ({ id, service, metadata: readJson(join(rulesFolder, service, `${id}.json`)) as RuleMetadata })),
  )
  .sort((a, b) => (a.id < b.id ? -1 : 1));

function readRule(service: string, id: string): LibraryRule {
  const file = (name: string): string => join(rulesFolder, service, name);
  const pagePath = file(`${id}.md`);
  let cases: readonly LibraryCase[] | undefined;
  return {
    id,
    service,
    guard: readFileSync(file(`${id}.guard`), 'utf8'),
    metadata: readJson(file(`${id}.json`)) as RuleMetadata,
    // Most suites look at few rules, or at none of the cases.
    get cases() {
      cases ??= readCases(readFileSync(file(join('tests', `${id}_tests.yml`)), 'utf8'), id);
      return cases;
    },
    page: existsSync(pagePath) ? readFileSync(pagePath, 'utf8') : undefined,
    pagePath,
    guardPath: file(`${id}.guard`),
  };
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export const controls = readJson(join(rulesFolder, 'controls.json')) as readonly Control[];
export const coverage = readJson(join(rulesFolder, 'coverage.json')) as Readonly<Record<string, ControlCoverage>>;
export const packs: readonly PackDefinition[] = readdirSync(join(rulesFolder, 'packs'))
  .sort()
  .map((file) => readJson(join(rulesFolder, 'packs', file)) as PackDefinition);

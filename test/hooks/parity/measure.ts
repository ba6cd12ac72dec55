/** One fixture through everything, and why what came out differs. */
import { exportGuardHook } from '../../../hooks/package/index.js';
import type { ParameterValue } from '../../../rules/index.js';
import { PARAMETERS } from '../../../rules/index.js';
import { library } from '../../rules/library.js';
import { causesOf, guardCausesOf } from './causes.js';
import type { Cause } from './causes.js';
import { COLUMNS, Decided } from './decide.js';
import type { Column, Rules, Told } from './decide.js';
import type { Fixture } from './fixtures.js';
import { decidedByReference, documentsOf, GUARD_COLUMNS } from './guard-hook.js';
import type { GuardColumn, GuardTask } from './guard-hook.js';

export const ALL_COLUMNS = [...COLUMNS, ...GUARD_COLUMNS] as const;

/** A verdict beside that of `check`. */
export interface Compared {
  readonly column: Column | GuardColumn;
  readonly got: Told;
  /** None although the verdicts differ: nothing explains it. */
  readonly causes: readonly Cause[];
}

/** What one fixture gave for one rule. */
export interface Measured {
  readonly rule: string;
  readonly fixture: string;
  readonly check: Told;
  readonly compared: readonly Compared[];
  /** Whether it shows that a rule which is left to the template needs it. */
  readonly showsNeed: boolean;
}

/** A rule and templates for it. */
export interface Asked {
  readonly id: string;
  readonly fixtures: readonly Fixture[];
}

const guardTexts = new Map(
  library.map(({ id, guard, metadata }) => [id, { text: guard, parameters: metadata.parameters }]),
);
const DEFAULTS = new Map(Object.entries(PARAMETERS).map(([name, { default: value }]) => [name, value]));

/** Measures every fixture; those that are no template are left out. @param wanted - What they are given to besides `check`. */
export function measure(
  rules: Rules,
  asked: readonly Asked[],
  wanted: readonly (Column | GuardColumn)[] = ALL_COLUMNS,
): readonly Measured[] {
  const columns = COLUMNS.filter((column) => wanted.includes(column));
  const guardColumns = GUARD_COLUMNS.filter((column) => wanted.includes(column));
  const measured: { readonly decided: Decided; readonly entry: Measured; readonly fixture: Fixture }[] = [];
  for (const { id, fixtures } of asked) {
    const bundle = rules.one(id);
    const isOfWholeTemplate = rules.all.wholeTemplate.has(id);
    for (const fixture of fixtures) {
      const decided = new Decided(fixture, bundle);
      const check = decided.check().get(id);
      if (check === undefined) continue;
      const compared = columns.map((column): Compared => {
        if (!decided.hasEvents(column)) return { column, got: 'NO EVENT', causes: [] };
        const got = decided.hook(column).get(id) ?? 'SKIP';
        return { column, got, causes: got === check ? [] : causesOf(id, column, decided, isOfWholeTemplate) };
      });
      measured.push({
        decided,
        fixture,
        entry: { rule: id, fixture: fixture.name, check, compared, showsNeed: false },
      });
    }
  }
  const all =
    guardColumns.length === 0 ? measured.map(({ entry }) => entry) : withGuardHook(measured, guardColumns, rules);
  return leftToTemplates(all, rules.all.wholeTemplate);
}

/**
 * A rule that is left to targets which see the template is SKIP for every resource; the cause is what the template decides
 * in any of its cases. Where that is nothing, the rule is left out without need, and stays without a cause.
 */
function leftToTemplates(all: readonly Measured[], wholeTemplate: ReadonlySet<string>): readonly Measured[] {
  const needs = new Map<string, Set<Cause>>();
  const isLeft = ({ rule }: Measured, { column, got }: Compared): boolean =>
    wholeTemplate.has(rule) && got === 'SKIP' && OF_RESOURCES.has(column);
  for (const entry of all) {
    for (const each of entry.compared.filter((one) => isLeft(entry, one))) {
      needs.set(entry.rule, new Set([...(needs.get(entry.rule) ?? []), ...each.causes]));
    }
  }
  return all.map((entry) => ({
    ...entry,
    showsNeed: entry.compared.some((each) => isLeft(entry, each) && each.causes.length > 0),
    compared: entry.compared.map((each) =>
      isLeft(entry, each) && each.got !== entry.check ? { ...each, causes: [...needs.get(entry.rule)!].sort() } : each,
    ),
  }));
}

const OF_RESOURCES: ReadonlySet<string> = new Set(['RESOURCE', 'UPDATE', 'CLOUD_CONTROL']);

/** Measures whole templates by all rules together; a rule that is SKIP everywhere is left out. */
export function measureWhole(rules: Rules, fixtures: readonly Fixture[]): readonly Measured[] {
  return fixtures.flatMap((fixture) => {
    const decided = new Decided(fixture, rules.all);
    return [...decided.check()].flatMap(([rule, check]): readonly Measured[] => {
      const compared = COLUMNS.map((column): Compared => {
        if (!decided.hasEvents(column)) return { column, got: 'NO EVENT', causes: [] };
        const got = decided.hook(column).get(rule) ?? 'SKIP';
        const isLeft = rules.all.wholeTemplate.has(rule);
        const found = got === check ? [] : causesOf(rule, column, decided, isLeft);
        // Whether a rule is left to the template with a reason is seen by its own cases.
        const causes = isLeft && got === 'SKIP' && found.length === 0 ? (['several resources'] as const) : found;
        return { column, got, causes: got === check ? [] : causes };
      });
      const isNothing = check === 'SKIP' && compared.every(({ got }) => got === 'SKIP' || got === 'NO EVENT');
      return isNothing ? [] : [{ rule, fixture: fixture.name, check, compared, showsNeed: false }];
    });
  });
}

/** The rules that the export for AWS's Guard Hook has, with their texts in it; what else is Guard is named as left out. */
function textsOfGuardHook({ all }: Rules): ReadonlyMap<string, string> {
  const { rules, wholeTemplate } = all;
  const made = exportGuardHook({ rules, wholeTemplate, ruleParameters: {}, failOn: 'info' });
  const named = new Set([...made.exported, ...made.leftOut.map(({ id }) => id)]);
  const lost = [...guardTexts.keys()].filter((id) => !named.has(id));
  if (lost.length > 0) throw new Error(`neither exported nor left out: ${lost.join(', ')}`);
  return new Map(made.exported.map((id) => [id, made.files.get(`${id}.guard`)!]));
}

function withGuardHook(
  measured: readonly { readonly decided: Decided; readonly entry: Measured; readonly fixture: Fixture }[],
  columns: readonly GuardColumn[],
  rules: Rules,
): readonly Measured[] {
  const texts = textsOfGuardHook(rules);
  const tasks = new Map<string, { text: string; documents: GuardTask['documents'][number][] }>();
  const documents = measured.map(({ decided, entry, fixture }) => {
    const rule = guardTexts.get(entry.rule);
    if (rule === undefined) return undefined;
    const parameters = Object.fromEntries(
      rule.parameters.map((name): [string, ParameterValue] => [
        name,
        fixture.ruleParameters[name] ?? DEFAULTS.get(name)!,
      ]),
    );
    const all = documentsOf(fixture, decided, parameters);
    const text = texts.get(entry.rule) ?? rule.text;
    const task = tasks.get(entry.rule) ?? { text, documents: [] };
    tasks.set(entry.rule, task);
    for (const column of columns) {
      all[column].forEach((document, index) => {
        task.documents.push({ name: `${column} ${index} ${entry.fixture}`, document });
      });
    }
    return { all, text };
  });
  const told = decidedByReference([...tasks].map(([id, task]) => ({ id, ...task })));
  return measured.map(({ decided, entry }, at) => {
    const made = documents[at];
    if (made === undefined) return entry;
    const compared = columns.map((column): Compared => {
      const verdicts = made.all[column].map(
        (_, index) => told.get(entry.rule)?.get(`${column} ${index} ${entry.fixture}`) ?? 'BLOCKED',
      );
      const got = (['BLOCKED', 'FAIL', 'PASS', 'SKIP'] as const).find((each) => verdicts.includes(each)) ?? 'NO EVENT';
      const causes =
        got === entry.check || got === 'NO EVENT'
          ? []
          : guardCausesOf(entry.rule, made.text, column, decided, made.all[column], got);
      return { column, got, causes };
    });
    return { ...entry, compared: [...entry.compared, ...compared] };
  });
}

/** Rules of which no template with a verdict, PASS or FAIL, reached the Lambda Hook as a stack, or the Guard Hook. */
export function unreached(measured: readonly Measured[]): readonly string[] {
  const rules = [...new Set(measured.map(({ rule }) => rule))];
  return rules.flatMap((rule) =>
    (['PASS', 'FAIL'] as const).flatMap((verdict) => {
      const own = measured.filter(({ rule: of, check }) => of === rule && check === verdict);
      const columns = [
        'RESOURCE',
        'STACK',
        'CHANGE_SET',
        ...(guardTexts.has(rule) ? ['GUARD_STACK', 'GUARD_RESOURCE'] : []),
      ];
      return columns
        .filter(
          (column) =>
            !own.some(({ compared }) => compared.some((each) => each.column === column && each.got !== 'NO EVENT')),
        )
        .map((column) => `${rule}: no case that is ${verdict} reaches ${column}`);
    }),
  );
}

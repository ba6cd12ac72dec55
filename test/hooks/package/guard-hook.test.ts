/**
 * The export for the Guard Hook of AWS: what is in it decides, in the reference executable and on documents as that hook
 * sees them, as the own engine does; what is not in it is told.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { compileRules, loadData, mergeInputParameters, openDocument, parseRules } from '../../../guard/index.js';
import { exportGuardHook, zipFiles } from '../../../hooks/package/index.js';
import type { GuardHookInput } from '../../../hooks/package/index.js';
import { buildBundle, defaultParameters, guardName, PARAMETER_ROOT } from '../../../rules/index.js';
import type { GuardRuleSource } from '../../../rules/index.js';
import { folderOf, removeFolders } from '../../cli/check/support.js';
import { library } from '../../rules/library.js';
import type { LibraryRule } from '../../rules/library.js';
import { describeWithReference, validateFiles } from '../../support/reference.js';

afterEach(removeFolders);

function sourceOf({ id, service, guard, metadata }: LibraryRule): GuardRuleSource {
  const { severity, title, controls } = metadata;
  const rules = new Map([[guardName(id), { id, title, severity, controls, help: '', docs: '' }]]);
  return { file: `rules/${service}/${id}.guard`, text: guard, rules };
}

function inputOf(sources: readonly GuardRuleSource[], change: Partial<GuardHookInput> = {}): GuardHookInput {
  const { bundle } = buildBundle(sources);
  const ruleParameters = defaultParameters();
  return { rules: bundle!, wholeTemplate: new Set(), ruleParameters, failOn: 'info', ...change };
}

describe('the export', () => {
  const [first, second] = library.filter(({ metadata }) => metadata.severity === 'error');

  it('names each file after its rule, and tells what is left out', () => {
    const warning = library.find(({ metadata }) => metadata.severity === 'warning')!;
    const input = inputOf([first!, second!, warning].map(sourceOf), {
      failOn: 'error',
      wholeTemplate: new Set([second!.id]),
    });
    const { files, exported, leftOut } = exportGuardHook(input);
    expect([[...files.keys()], exported]).toStrictEqual([[`${first!.id}.guard`], [first!.id]]);
    expect(leftOut).toStrictEqual(
      [
        { id: second!.id, reason: 'it needs more of the template than the properties of one resource' },
        { id: warning.id, reason: 'its severity is warning, and a Guard Hook knows none: it would block' },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });

  it('leaves out rules written in TypeScript', () => {
    const info = { id: 'iam-x', title: '', severity: 'error', controls: [], help: '', docs: '' } as const;
    const input = inputOf([sourceOf(first!)]);
    const code = [{ info, resourceTypes: [], check: () => undefined }] as unknown as GuardHookInput['rules']['code'];
    const { leftOut } = exportGuardHook({ ...input, rules: { ...input.rules, code } });
    expect(leftOut).toStrictEqual([
      { id: 'iam-x', reason: 'it is written in TypeScript, which a Guard Hook does not run' },
    ]);
  });

  it('takes a file of the user’s own as a whole or not at all, and keeps names apart', () => {
    const text = 'rule A { Resources exists }\nrule B { Resources exists }\n';
    const own = (file: string): GuardRuleSource => ({ file, text, rules: new Map() });
    const { files, exported } = exportGuardHook(inputOf([own('a/own.guard'), own('b\\own.ruleset')]));
    expect([[...files.keys()], exported]).toStrictEqual([
      ['own.guard', 'own-2.guard'],
      ['A', 'A', 'B', 'B'],
    ]);
    const part = exportGuardHook(inputOf([own('own.guard')], { wholeTemplate: new Set(['B']) }));
    expect([part.files.size, part.leftOut.map(({ id }) => id)]).toStrictEqual([0, ['A', 'B']]);
  });
});

/** Types of one rule each, so that every service has a share and the run stays short. */
const CHOSEN = library.filter((_, index) => index % 8 === 0);
const DOCUMENTS = 4;

/** A case's resources one by one, as the hook sees them when they are created or updated. */
function documentsOf({ cases }: LibraryRule): readonly object[] {
  const all = cases.flatMap(({ input }) => {
    const resources = (input as { Resources?: unknown } | null)?.Resources ?? {};
    return Object.entries(resources).map(([id, resource], index) => {
      const { Type, Properties } = resource as { Type?: unknown; Properties?: unknown };
      const Resources = { [id]: { Type, Properties: Properties ?? {} } };
      const HookContext = {
        AWSAccountID: '111122223333',
        StackId: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/x/1',
        HookTypeName: 'Stackade::Policy::GuardRules',
        HookTypeVersion: '00000001',
        InvocationPoint: index === 0 ? 'CREATE_PRE_PROVISION' : 'UPDATE_PRE_PROVISION',
        TargetName: Type,
        TargetType: 'RESOURCE',
        TargetLogicalId: id,
        ChangeSetId: null,
      };
      return { HookContext, Resources, ...(index > 0 && { Previous: { [id]: { Type, Properties: {} } } }) };
    });
  });
  return all.slice(0, DOCUMENTS);
}

describeWithReference('cfn-guard', () => {
  it('decides with the exported bundle as the own engine does', async () => {
    const made = exportGuardHook(inputOf(CHOSEN.map(sourceOf)));
    // What is in the archive is what the hook reads.
    const archived = unzipSync(
      zipFiles(new Map([...made.files].map(([name, text]) => [name, new TextEncoder().encode(text)]))),
    );
    const folder = folderOf({ 'parameters.json': made.inputParameters });
    for (const name of ['rules', 'data']) mkdirSync(join(folder, name));
    for (const [name, content] of Object.entries(archived)) writeFileSync(join(folder, 'rules', name), content);
    const documents = [...new Set(CHOSEN.flatMap(documentsOf).map((document) => JSON.stringify(document)))];
    documents.forEach((text, index) => {
      writeFileSync(join(folder, 'data', `${String(index).padStart(5, '0')}.json`), text);
    });
    const { reports, outcome } = await validateFiles(
      [join(folder, 'rules')],
      [join(folder, 'data'), '-i', join(folder, 'parameters.json')],
    );
    expect([outcome, reports.length, documents.length > 50]).toStrictEqual(['ran', documents.length, true]);
    const programs = [...made.files].map(([file, text]) => ({
      names: parseRules(text, file).tree!.rules.map(({ name }) => name),
      program: compileRules(parseRules(text, file).tree!, { file, text }),
    }));
    const parameters = loadData(made.inputParameters, 'parameters.json');
    if (!parameters.ok) throw new Error('the file of input parameters cannot be read');
    let failed = 0;
    for (const report of reports) {
      const index = Number(/(\d{5})\.json$/.exec(report.name)![1]);
      const data = loadData(documents[index]!, 'data.json');
      if (!data.ok) throw new Error('the document cannot be read');
      const document = openDocument(mergeInputParameters([parameters.value], data.value));
      const own = programs.flatMap(({ names, program }) =>
        program.evaluate(document).rules.map(({ status }, at) => [names[at]!, status] as const),
      );
      const of = (status: string): readonly string[] =>
        own
          .filter(([, is]) => is === status)
          .map(([name]) => name)
          .sort();
      const reference = [[...report.failed].sort(), report.passed, report.skipped];
      expect([report.name, of('FAIL'), of('PASS'), of('SKIP')]).toStrictEqual([report.name, ...reference]);
      failed += report.failed.length;
    }
    expect(failed).toBeGreaterThan(15);
    expect(made.inputParameters).toContain(PARAMETER_ROOT);
  });
});

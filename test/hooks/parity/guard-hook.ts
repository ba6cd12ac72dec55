/**
 * The rules as AWS's managed Guard Hook runs them: documents in its shape (AWS CloudFormation Hooks User Guide, "Write Guard
 * rules to evaluate resources for Guard Hooks"), decided by the reference executable.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from '../../../findings/index.js';
import { guardName, parameterDocument } from '../../../rules/index.js';
import type { ParameterValue } from '../../../rules/index.js';
import { compile, evaluate, open } from '../../support/engine.js';
import { runReference } from '../../support/reference.js';
import type { Decided, Told } from './decide.js';
import { ACCOUNT } from './fixtures.js';
import type { Fixture } from './fixtures.js';

export const GUARD_COLUMNS = ['GUARD_RESOURCE', 'GUARD_STACK', 'GUARD_CHANGE_SET'] as const;
export type GuardColumn = (typeof GUARD_COLUMNS)[number];

/** A rule file, and the documents that it is to decide on. */
export interface GuardTask {
  readonly id: string;
  readonly text: string;
  readonly documents: readonly { readonly name: string; readonly document: object }[];
}

/** The documents of one fixture. A resource has one of its own. */
export function documentsOf(
  { text }: Fixture,
  decided: Decided,
  parameters: Readonly<Record<string, ParameterValue>>,
): Readonly<Record<GuardColumn, readonly object[]>> {
  const template = JSON.parse(text) as object;
  const inputs = parameterDocument(parameters);
  const context = (TargetName: string, TargetLogicalId: string): object => ({
    HookContext: {
      AWSAccountID: ACCOUNT,
      StackId: `arn:aws:cloudformation:eu-central-1:${ACCOUNT}:stack/local/1`,
      HookTypeName: 'Private::Guard::Stackade',
      HookTypeVersion: '00000001',
      InvocationPoint: 'CREATE_PRE_PROVISION',
      TargetName,
      TargetType: TargetName,
      TargetLogicalId,
    },
  });
  const resources = Object.entries(decided.resources());
  const Changes = resources.map(([logicalResourceId, { Type, Properties }]) => ({
    logicalResourceId,
    resourceType: Type,
    action: 'CREATE',
    lineNumber: 1,
    beforeContext: null,
    afterContext: JSON.stringify({ Properties }),
  }));
  return {
    GUARD_RESOURCE: resources.map(([id, resource]) => ({
      ...context(resource.Type, id),
      Resources: { [id]: resource },
      Previous: { [id]: { Type: resource.Type, Properties: {} } },
      ...inputs,
    })),
    GUARD_STACK: [{ ...context('STACK', 'local'), ...template, ...inputs }],
    GUARD_CHANGE_SET: [{ ...context('CHANGE_SET', 'local'), ...template, Changes, ...inputs }],
  };
}

interface TestReport {
  readonly rule_file: string;
  readonly test_cases?: readonly {
    readonly name: string;
    readonly failed_rules: readonly { readonly evaluated: readonly Verdict[] }[];
    readonly passed_rules: readonly { readonly evaluated: Verdict }[];
  }[];
}

/** What the executable says, by rule and document: one process for all of them. */
export function decidedByReference(tasks: readonly GuardTask[]): ReadonlyMap<string, ReadonlyMap<string, Verdict>> {
  const folder = mkdtempSync(join(tmpdir(), 'stackade-parity-'));
  try {
    for (const { id, text, documents } of tasks) {
      const place = join(folder, id);
      mkdirSync(join(place, 'tests'), { recursive: true });
      writeFileSync(join(place, `${id}.guard`), text);
      // Whatever is expected, the report has what came out.
      const cases = documents.map(({ name, document }) => ({
        name,
        input: document,
        expectations: { rules: { [guardName(id)]: 'PASS' } },
      }));
      writeFileSync(join(place, 'tests', `${id}_tests.json`), JSON.stringify(cases));
    }
    const { stdout, stderr } = runReference(['test', '-d', folder, '-o', 'json']);
    if (stderr !== '') throw new Error(stderr);
    const reports = JSON.parse(stdout) as readonly TestReport[];
    return new Map(
      reports.map(({ rule_file, test_cases = [] }) => {
        const id = rule_file.slice(rule_file.lastIndexOf('/') + 1, -'.guard'.length);
        return [id, new Map(test_cases.map((one) => [one.name, verdictOf(one)]))];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function verdictOf({ failed_rules, passed_rules }: NonNullable<TestReport['test_cases']>[number]): Verdict {
  const [wrong] = failed_rules;
  return wrong === undefined ? passed_rules[0]!.evaluated : wrong.evaluated[0]!;
}

/** What our engine says of a document that is taken as it is written. */
export function decidedAsWritten(id: string, text: string, document: object): Told {
  const compiled = compile(`${id}.guard`, text);
  const opened = open('document', JSON.stringify(document));
  if (!('program' in compiled) || !('root' in opened)) return 'BLOCKED';
  const run = evaluate([compiled.program], opened);
  if (run.outcome !== 'ran') return 'BLOCKED';
  const { failed, passed } = run.statuses;
  const name = guardName(id);
  return failed.includes(name) ? 'FAIL' : passed.includes(name) ? 'PASS' : 'SKIP';
}

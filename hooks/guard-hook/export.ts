/**
 * Guard rules as the Guard Hook of AWS runs them: an archive of `.guard` files, and a file of input parameters that the hook
 * merges into what it evaluates.
 *
 * AWS CloudFormation Hooks User Guide, "Write Guard rules to evaluate resources for Guard Hooks"
 * (https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/guard-hooks-write-rules.html);
 * AWS::CloudFormation::GuardHook S3Location: rules are `.guard`, `.zip` or `.tar.gz`, input parameters `.yaml`, `.json`,
 * `.zip` or `.tar.gz`.
 */
import type { Severity } from '../../findings/index.js';
import { parameterDocument } from '../../rules/index.js';
import type { ParameterValue, RuleBundle } from '../../rules/index.js';
import { ruleInfo } from '../../rules/index.js';

/** What is exported, and by which settings. */
export interface GuardHookInput {
  readonly rules: RuleBundle;
  /** Ids of rules that need more than the properties of one resource. */
  readonly wholeTemplate: ReadonlySet<string>;
  readonly ruleParameters: Readonly<Record<string, ParameterValue>>;
  /** A Guard Hook knows no severities: a rule that does not block is not exported. */
  readonly failOn: Severity;
}

/** A rule that the Guard Hook does not have. */
export interface LeftOut {
  readonly id: string;
  readonly reason: string;
}

export interface GuardHookExport {
  /** Texts of rule files by their name; each holds one file of the bundle. */
  readonly files: ReadonlyMap<string, string>;
  /** The file of input parameters, JSON. */
  readonly inputParameters: string;
  /** Ids of the rules in the archive, sorted. */
  readonly exported: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/**
 * Makes the files of a Guard Hook on the targets `RESOURCE` and `CLOUD_CONTROL`. A file of several rules goes as a whole: it
 * is left out when one of its rules is.
 */
export function exportGuardHook(input: GuardHookInput): GuardHookExport {
  const files = new Map<string, string>();
  const exported: string[] = [];
  const leftOut: LeftOut[] = input.rules.code.map(({ info }) => ({
    id: info.id,
    reason: 'it is written in TypeScript, which a Guard Hook does not run',
  }));
  for (const file of input.rules.files) {
    const infos = file.tree.rules.map(({ name }) => ruleInfo(file.source, name));
    const reasons = infos.flatMap((info) => reasonFor(info, input));
    if (reasons.length > 0) {
      const of = infos.length === 1 ? '' : `a rule of its file, ${reasons[0]!.id}, cannot be: `;
      leftOut.push(...infos.map(({ id }) => ({ id, reason: of + reasons[0]!.reason })));
      continue;
    }
    files.set(nameOf(file.source.file, files), file.source.text);
    exported.push(...infos.map(({ id }) => id));
  }
  return {
    files,
    inputParameters: `${JSON.stringify(parameterDocument(input.ruleParameters), null, 2)}\n`,
    exported: exported.sort(),
    leftOut: leftOut.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function reasonFor(
  { id, severity }: { readonly id: string; readonly severity: Severity },
  { wholeTemplate, failOn }: GuardHookInput,
): readonly LeftOut[] {
  if (wholeTemplate.has(id)) {
    return [{ id, reason: 'it needs more of the template than the properties of one resource' }];
  }
  if (RANK[severity] < RANK[failOn]) {
    return [{ id, reason: `its severity is ${severity}, and a Guard Hook knows none: it would block` }];
  }
  return [];
}

/** The last part of a path; a number is put in front of its extension where two files have the same. */
function nameOf(path: string, taken: ReadonlyMap<string, string>): string {
  const base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).replace(/\.[^.]*$/, '');
  let name = `${base}.guard`;
  for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}.guard`;
  return name;
}

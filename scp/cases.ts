/** Cases: requests with the decision that is expected of the policies of an organization. */
import { evaluate } from '../iam/index.js';
import type { CompiledSet } from '../iam/index.js';
import { decideCases, requestOf } from '../iam/templates/index.js';
import type { CaseFile, CaseResult, PolicyCase } from '../iam/templates/index.js';
import { rcpApplies, surround } from './surroundings.js';
import type { Levels } from './surroundings.js';

/** Decides the cases of a file while everything but the policies in question allows. */
export function runCases(levels: Levels, file: CaseFile): readonly CaseResult[] {
  const isInQuestion = ({ policyType }: CaseResult['by'][number]): boolean =>
    policyType === 'scp' || policyType === 'rcp';
  return decideCases(surround(levels), file, isInQuestion, { rcpApplies });
}

/** Whether compiled policies decide a case otherwise than expected; nothing else is found out. */
export function noticedBy(compiled: CompiledSet, written: PolicyCase, context: CaseFile['context']): boolean {
  return evaluate(compiled, requestOf(written, context), { rcpApplies }).decision !== written.decision;
}

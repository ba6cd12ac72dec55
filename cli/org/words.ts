/** Steps and problems of a plan in words. */
import { POLICY_TYPE_TITLES } from '../../organization/index.js';
import type { PlanProblem, PlanStep, PlanTarget } from '../../organization/index.js';

const shownTarget = ({ id, shown }: PlanTarget): string => (id === null ? `\`${shown}\`` : `\`${shown}\` (${id})`);

/** One step as an instruction. */
export function stepText(step: PlanStep): string {
  switch (step.kind) {
    case 'enablePolicyType':
      return `enable the type ${POLICY_TYPE_TITLES[step.type]} at the root ${step.rootId}`;
    case 'createUnit':
      return `create the organizational unit \`${step.name}\` below ${shownTarget(step.parent)}`;
    case 'renameUnit':
      return `rename the organizational unit ${step.id} from \`${step.from}\` to \`${step.to}\``;
    case 'createPolicy':
      return `create the ${POLICY_TYPE_TITLES[step.type]} \`${step.name}\``;
    case 'attachPolicy':
      return `attach the ${POLICY_TYPE_TITLES[step.type]} \`${step.policy}\` to ${shownTarget(step.target)}`;
    case 'detachPolicy':
      return `detach the ${POLICY_TYPE_TITLES[step.type]} \`${step.policy}\` from ${shownTarget(step.target)}`;
    case 'moveAccount':
      return `move the account \`${step.name}\` (${step.id}) from ${shownTarget(step.from)} to ${shownTarget(step.to)}`;
    case 'registerDelegate':
      return `register the account ${step.accountId} as delegated administrator of ${step.service}`;
  }
}

/** One problem as a sentence with its remedy. */
export function problemText(problem: PlanProblem): string {
  switch (problem.kind) {
    case 'otherOrganization':
      return `the description is of ${problem.described}, the organization is ${problem.found}`;
    case 'missingAccount':
      return `the account ${problem.id} (\`${problem.shown}\`) is not in the organization; create or invite it, or take it out`;
    case 'undescribedAccount':
      return `the account \`${problem.name}\` (${problem.id}) below ${problem.parentId} is not described; add it`;
    case 'inactiveAccount':
      return `the account ${problem.id} is ${problem.state}`;
    case 'missingUnit':
      return `there is no organizational unit ${problem.id} (\`${problem.shown}\`); take the id out to have it created`;
    case 'undescribedUnit':
      return `the organizational unit \`${problem.name}\` (${problem.id}) below ${problem.parentId} is not described; add or delete it`;
    case 'undescribedDelegate':
      return `the account ${problem.accountId} administers ${problem.service} and is not described so; add or deregister it`;
    case 'unitElsewhere':
      return `the organizational unit ${problem.id} (\`${problem.shown}\`) is below ${problem.parentId}, and AWS Organizations moves no units; describe it there, or create another`;
  }
}

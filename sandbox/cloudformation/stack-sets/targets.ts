/**
 * Which accounts an operation deals with ("Account-level targets" and "Deployment targets" of the CloudFormation User Guide,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html).
 */
import { pathTo } from '../../organizations/data.js';
import type { OrganizationData } from '../../organizations/data.js';
import { optionalWord, structure, texts, validationError } from '../input.js';
import type { Input } from '../input.js';
import type { Targets } from './data.js';

const UNIT = /^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/;
const MAX_UNITS = 50;

/** An account that is meant, with the unit that it is meant by. */
export interface TargetAccount {
  readonly account: string;
  readonly unitId: string;
}

/** Reads targets. @throws ServiceError when they are no targets of stack sets with service-managed permissions. */
export function targetsOf(input: Input, data: OrganizationData, isCreation: boolean): Targets | undefined {
  if (texts(input, 'Accounts').length > 0) {
    throw validationError(
      'Accounts cannot be specified for StackSets with SERVICE_MANAGED permission model; use DeploymentTargets.',
    );
  }
  const given = structure(input, 'DeploymentTargets');
  if (given === undefined) return undefined;
  if (texts(given, 'AccountsUrl').length > 0) {
    throw validationError('AccountsUrl is not emulated by the sandbox; use Accounts.');
  }
  const units = texts(given, 'OrganizationalUnitIds', { pattern: UNIT, items: MAX_UNITS });
  const accounts = texts(given, 'Accounts', { pattern: /^[0-9]{12}$/ });
  const filter = optionalWord(given, 'AccountFilterType', ['NONE', 'INTERSECTION', 'DIFFERENCE', 'UNION'] as const);
  if (units.length === 0) {
    throw validationError('StackSets with SERVICE_MANAGED permission model can only have OrganizationalUnit as target');
  }
  for (const unit of units) {
    if (unit !== data.root.id && !data.units.has(unit)) {
      throw validationError(`Organizational unit ${unit} does not exist in the organization ${data.id}`);
    }
  }
  if (filter === 'INTERSECTION' || filter === 'DIFFERENCE') {
    if (accounts.length === 0) throw validationError(`AccountFilterType ${filter} requires Accounts to be specified`);
  } else if (filter === 'NONE' && accounts.length > 0) {
    throw validationError('AccountFilterType NONE does not support Accounts');
  }
  if (isCreation && filter === 'UNION') {
    throw validationError('AccountFilterType UNION is not supported for create operations');
  }
  if (isCreation && filter === undefined && accounts.length > 0) {
    throw validationError('AccountFilterType must be specified when both OrganizationalUnitIds and Accounts are');
  }
  return { units, accounts, filter };
}

/** The accounts of targets. The management account is never among them. */
export function accountsOf(data: OrganizationData, { units, accounts, filter }: Targets): readonly TargetAccount[] {
  const listed = new Set(accounts);
  const found: TargetAccount[] = [];
  for (const { id } of data.accounts.values()) {
    if (id === data.managementAccountId) continue;
    const path = pathTo(data, id);
    const unitId = units.find((unit) => path.includes(unit));
    const isListed = listed.has(id);
    const isMeant =
      filter === 'INTERSECTION'
        ? unitId !== undefined && isListed
        : filter === 'DIFFERENCE'
          ? unitId !== undefined && !isListed
          : unitId !== undefined || isListed;
    if (isMeant) found.push({ account: id, unitId: unitId ?? path.at(-2)! });
  }
  return found;
}

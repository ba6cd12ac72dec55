/** The parts of a scan: each account as a whole, and each account in each Region. */
import type { OrganizationFacts, ReadFailure, ScanAccount } from './source.js';

/** The Region of what is the same in all Regions. */
export const GLOBAL = 'global';

/** One part of a scan. */
export interface Task {
  readonly account: ScanAccount;
  /** `global` for the account as a whole. */
  readonly region: string;
  /** Why it is left out; `null` when it is not. */
  readonly skip: ReadFailure | null;
}

/** Which accounts are scanned; both empty: all. */
export interface Selection {
  /** Ids. */
  readonly accounts: readonly string[];
  /** Ids of units, with everything below them. */
  readonly units: readonly string[];
}

/** A text that tells tasks apart. */
export function taskKey({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${account} ${region}`;
}

/** Whether an account is one of a selection. */
export function isSelected(account: ScanAccount, { accounts, units }: Selection): boolean {
  if (accounts.length === 0 && units.length === 0) return true;
  return accounts.includes(account.id) || account.parents.some((parent) => units.includes(parent));
}

/** All tasks, sorted by account, the account as a whole before its Regions. Nothing is left out without a reason. */
export function planTasks({ accounts, regions }: OrganizationFacts, selection: Selection): readonly Task[] {
  return [...accounts]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .filter((account) => isSelected(account, selection))
    .flatMap((account): readonly Task[] => {
      const { state } = account;
      if (state !== null && state !== 'ACTIVE') {
        const message = `the account is ${state.toLowerCase()}; nobody can be let in`;
        return [{ account, region: GLOBAL, skip: { step: 'account', code: state, message } }];
      }
      return [GLOBAL, ...regions].map((region) => ({ account, region, skip: null }));
    });
}

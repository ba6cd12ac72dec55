/** Finds the units and accounts of a description that a declaration names. */
import { nearestName } from '../../catalogue/index.js';
import { shownTarget, targetsOf } from '../../organization/index.js';
import type { Organization } from '../../organization/index.js';
import type { Path, Value } from '../../template/index.js';
import { ambiguousName, badRing, badValue, unknownName } from '../diagnostics.js';
import type { RingTarget } from './model.js';
import type { RolloutShapes } from './shape.js';

/** Units and accounts by what they may be called. */
export class References {
  private readonly targets: (RingTarget & { readonly name: string })[] = [];
  private readonly accounts: { readonly id: string; readonly name: string }[] = [];

  constructor(
    private readonly organization: Organization,
    private readonly shapes: RolloutShapes,
  ) {
    for (const path of targetsOf(organization)) {
      const last = path.at(-1)!;
      if (last.kind === 'account') this.accounts.push(last);
      else this.targets.push({ shown: shownTarget(path), id: last.id, name: last.name });
    }
  }

  /** The root or unit that a text means: its way from the root, the end of that way, its name or its id. */
  target(value: Value, path: Path): RingTarget | null {
    const range = this.shapes.range(path);
    if (typeof value !== 'string') {
      this.shapes.tell(badValue('this target', 'the way to a unit, such as /Workloads/Production', range));
      return null;
    }
    const found = this.targets.filter(
      ({ shown, id, name }) =>
        value === shown ||
        value === id ||
        (!value.startsWith('/') && shown !== '/' && (value === name || shown.endsWith(`/${value}`))),
    );
    const [target] = found;
    if (found.length === 1 && target !== undefined) return { shown: target.shown, id: target.id };
    this.shapes.tell(
      target === undefined
        ? unknownName(
            'organizational unit',
            value,
            nearestName(
              value,
              this.targets.flatMap(({ shown, name }) => [shown, name]),
            ),
            'name a unit of the description by its way from the root, its name or its id; `/` is the root',
            range,
          )
        : ambiguousName(
            'organizational unit',
            value,
            found.map(({ shown }) => shown),
            range,
          ),
    );
    return null;
  }

  /** The id of an account that a text means: its id or its name. */
  account(value: Value, path: Path): string | null {
    const range = this.shapes.range(path);
    if (typeof value !== 'string') {
      this.shapes.tell(badValue('this account', 'its name, or 12 digits in quotes', range));
      return null;
    }
    const found = this.accounts.filter(({ id, name }) => value === id || value === name);
    const [account] = found;
    if (account === undefined || found.length > 1) {
      this.shapes.tell(
        account === undefined
          ? unknownName(
              'account',
              value,
              nearestName(
                value,
                this.accounts.map(({ name }) => name),
              ),
              'name an account of the description by its name or id',
              range,
            )
          : ambiguousName(
              'account',
              value,
              found.map(({ id }) => id),
              range,
            ),
      );
      return null;
    }
    if (account.id !== this.organization.managementAccount) return account.id;
    this.shapes.tell(
      badRing(
        `the management account (${account.id}) gets nothing from service-managed stack sets`,
        'take it out, and give it the same template as an ordinary stack',
        range,
      ),
    );
    return null;
  }
}

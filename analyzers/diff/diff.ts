/**
 * What a change of templates broadens: rights, trust, traffic and safeguards, shown by proof and not by comparing texts; and
 * what it narrows. What is only spelled differently is nothing.
 */
import type { Severity } from '../../findings/index.js';
import { get } from '../../template/index.js';
import type { Path } from '../../template/index.js';
import { jsonOf } from '../json.js';
import { compareGrants } from './compare-grants.js';
import { compareIdentities } from './compare-identities.js';
import { changedApplications, changedGlobals, compareNested } from './compare-nested.js';
import type { Compared } from './compare-nested.js';
import { compareNetwork } from './compare-network.js';
import { comparePlaced } from './compare-placed.js';
import { compareSafeguards } from './compare-safeguards.js';
import { decidedBy } from './comparison.js';
import type { Comparison, Found } from './comparison.js';
import { loosenedParameters } from './loosened.js';
import { Examples } from './examples.js';
import type { Change, ChangeVerdict, DecidedRequest, Diff, DiffOptions, StackInput } from './model.js';
import { Proofs } from './proofs.js';
import { findRenames } from './rename.js';
import type { Renames } from './rename.js';
import { isHidden, placeOf, StackSide } from './side.js';
import { compareSet, knownSets } from './stack-sets.js';
import type { KnownSet } from './stack-sets.js';
import { Unknowns } from './unknowns.js';
import { waysOf } from './ways.js';
import type { Way } from './ways.js';

/** A side of a stack that has no template there. */
const NO_TEMPLATE: StackInput['template'] = { Resources: {} };

/**
 * Compares the templates that are deployed with those that are to be.
 *
 * @param older - Each stack once; a stack that is on one side only is new or gone.
 * @param newer - Likewise.
 * @returns All changes. Template content does not throw: what cannot be read or decided is a change that is not evaluated.
 *
 * Cost: what is equal on both sides is not proved; each policy that differs costs proofs.
 */
export function diffTemplates(
  older: readonly StackInput[],
  newer: readonly StackInput[],
  options: DiffOptions = {},
): Diff {
  return new Run(older, newer, options).diff();
}

class Run {
  private readonly unknowns: Unknowns;
  private readonly proofs: Proofs;
  private readonly old: StackSide[] = [];
  private readonly now: StackSide[] = [];
  private readonly found = new Map<string, Change>();
  private readonly sets: KnownSet[] = [];
  private readonly renamed: { readonly stack: string; readonly from: string; readonly to: string }[] = [];
  private isChanged = false;

  constructor(
    older: readonly StackInput[],
    newer: readonly StackInput[],
    private readonly options: DiffOptions,
  ) {
    this.unknowns = new Unknowns(placeOf(options));
    this.proofs = new Proofs(this.unknowns, options.budget === undefined ? {} : { budget: options.budget });
    const byName = (stacks: readonly StackInput[]): ReadonlyMap<string, StackInput> =>
      new Map(stacks.map((stack) => [stack.name, stack]));
    const [before, after] = [byName(older), byName(newer)];
    for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
      const [old, now] = [before.get(name), after.get(name)];
      // What is equal is read all the same: other stacks may refer to it.
      const written = [old, now].map((stack) => jsonOf([stack?.template, stack?.parameters]));
      if (written[0] !== written[1]) this.isChanged = true;
      if ([old, now].some((stack) => (stack?.missing ?? []).length > 0)) this.isChanged = true;
      const renames: Renames =
        old === undefined || now === undefined ? new Map() : findRenames(old.template, now.template);
      for (const [to, from] of renames) this.renamed.push({ stack: name, from, to });
      this.old.push(new StackSide('old', old ?? { name, template: NO_TEMPLATE }, this.unknowns, options));
      this.now.push(new StackSide('new', now ?? { name, template: NO_TEMPLATE }, this.unknowns, options, renames));
      this.sets.push(...knownSets(this.old.at(-1)!, this.now.at(-1)!, renames));
    }
  }

  diff(): Diff {
    if (!this.isChanged) return { changes: [], renamed: [], examples: [] };
    const ways = waysOf([...this.old, ...this.now]);
    if (ways === undefined) this.tooManyWays();
    for (const way of ways ?? []) this.compare(way);
    this.applications();
    this.shownParameters();
    this.loosenedParameters();
    this.unseen();
    const examples = new Examples([...this.old, ...this.now], this.unknowns.place);
    const changes = [...this.found.values()].map((change) => withExamples(change, examples));
    const inSets = this.sets.map((set) => compareSet(set, this.options, diffTemplates));
    return {
      changes: [...changes, ...inSets.flatMap((set) => set.changes)].sort(inOrder),
      renamed: [...this.renamed, ...inSets.flatMap((set) => set.renamed)],
      examples: [...new Set([...examples.used, ...inSets.flatMap((set) => set.examples)])].sort(),
    };
  }

  private compare(way: Way): void {
    const { proofs, unknowns } = this;
    const comparison: Comparison = {
      proofs,
      unknowns,
      older: this.old.flatMap((side) => side.resources(way.of.get(side)!)),
      newer: this.now.flatMap((side) => side.resources(way.of.get(side)!)),
      say: (found) => {
        this.say(found, way);
      },
    };
    compareIdentities(comparison);
    compareGrants(comparison);
    compareNetwork(comparison);
    compareSafeguards(comparison);
    comparePlaced(comparison);
    compareNested(comparison, this.compared());
  }

  /** Nested stacks and stack sets whose templates are known: what changes in them is told of themselves. */
  private compared(): Compared {
    const keysOf = (sides: readonly StackSide[]): ReadonlySet<string> =>
      new Set(
        sides.flatMap(({ input: { nestedIn } }) =>
          nestedIn === undefined ? [] : [`${nestedIn.stack}/${nestedIn.logicalId}`],
        ),
      );
    const [had, has] = [keysOf(this.old), keysOf(this.now)];
    const missing = [...this.old, ...this.now].flatMap(({ name, input }) =>
      (input.missing ?? []).map((id) => `${name}/${id}`),
    );
    return {
      nested: new Set([...has].filter((key) => had.has(key))),
      alone: new Set([...[...has].filter((key) => !had.has(key)), ...[...had].filter((key) => !has.has(key))]),
      missing: new Set(missing),
      sets: new Set(this.sets.map(({ key }) => key)),
    };
  }

  private say(found: Found, { words }: Way): void {
    const { subject, kind, verdict } = found;
    const message = this.unknowns.shown(found.message);
    // What AWS SAM makes of a resource is told of that resource.
    const of = { ...subject, name: subject.name.replace(/::[A-Za-z0-9]+$/, '') };
    const key = jsonOf([verdict, kind, of.stack, of.name, message]);
    if (this.found.has(key)) return;
    const example = this.unknowns.shown(found.example ?? '');
    const decided = found.decided ?? null;
    this.found.set(key, {
      ...found,
      subject: of,
      message: words === '' ? message : `${message} (when ${words})`,
      controls: found.controls ?? [],
      example,
      decided,
      unknowns: this.unknowns.in(message, example, decided === null ? '' : this.unknowns.shown(jsonOf(decided))),
    });
  }

  private tooManyWays(): void {
    this.template(
      this.now[0]!,
      'conditions and parameters leave more ways open than can be compared: give values to parameters (--parameters)',
    );
  }

  /** What macros make of templates that differ is known only when they are processed. */
  private unseen(): void {
    this.now.forEach((side, index) => {
      const old = this.old[index]!;
      if (side.unseen.length + old.unseen.length === 0) return;
      if (jsonOf(side.input.template) === jsonOf(old.input.template)) return;
      const names = [...new Set([...old.unseen, ...side.unseen])].join(', ');
      this.template(side, `the template differs, and what \`${names}\` makes of it is known only when it is processed`);
    });
  }

  /** A parameter that was hidden shows what it is given. */
  private shownParameters(): void {
    this.now.forEach((side, index) => {
      const names = Object.keys(get(side.template, 'Parameters') ?? {});
      for (const name of names) {
        if (!isHidden(this.old[index]!.template, name) || isHidden(side.template, name)) continue;
        const message = `what the parameter \`${name}\` is given can be read by whoever may describe the stack: it has no \`NoEcho\` any more`;
        this.say(
          {
            ...{ verdict: 'BROADENED', kind: 'guard', severity: 'warning', message },
            subject: { stack: side.name, name, type: '' },
            place: { side: side.side, stack: side.name, path: ['Parameters', name] },
          },
          { of: new Map(), words: '' },
        );
      }
    });
  }

  /** A parameter that takes more than before may be given something else when the stack is deployed. */
  private loosenedParameters(): void {
    this.now.forEach((side, index) => {
      for (const { name, message, path } of loosenedParameters(this.old[index]!, side)) {
        this.say(
          {
            ...{ verdict: 'NOT_EVALUATED', kind: 'template', severity: 'warning', message },
            subject: { stack: side.name, name, type: '' },
            place: { side: side.side, stack: side.name, path },
          },
          { of: new Map(), words: '' },
        );
      }
    });
  }

  private applications(): void {
    this.now.forEach((side, index) => {
      const changed = changedGlobals(this.old[index]!.template, side.template);
      if (changed !== undefined) {
        const message = `${changed} of the API that AWS SAM makes changed, and whether that is weaker is not known here`;
        this.template(side, message, ['Globals']);
      }
      for (const id of changedApplications(this.old[index]!.template, side.template)) {
        const message = 'the application is new or another one, and its template is not given';
        this.say(
          {
            ...{ verdict: 'NOT_EVALUATED', kind: 'template', severity: 'warning', message },
            subject: { stack: side.name, name: id, type: 'AWS::Serverless::Application' },
            place: { side: side.side, stack: side.name, path: ['Resources', side.writtenId(id)] },
          },
          { of: new Map(), words: '' },
        );
      }
    });
  }

  private template(side: StackSide, message: string, path: Path = []): void {
    this.say(
      {
        ...{ verdict: 'NOT_EVALUATED', kind: 'template', severity: 'warning', message },
        subject: { stack: side.name, name: side.name, type: '' },
        place: { side: side.side, stack: side.name, path },
      },
      { of: new Map(), words: '' },
    );
  }
}

/** A change with examples in the place of made-up names; a request stays as it is when it would be decided otherwise. */
function withExamples(change: Change, examples: Examples): Change {
  const { message, example, decided } = change;
  const shown = { ...change, message: examples.in(message), example: examples.in(example) };
  if (decided === null) return shown;
  const { request, old, new: now } = JSON.parse(examples.in(JSON.stringify(decided))) as DecidedRequest;
  const again = decidedBy(request, [[old, now]], change.verdict === 'BROADENED');
  return again === null ? change : { ...shown, decided: again };
}

const VERDICTS: readonly ChangeVerdict[] = ['BROADENED', 'NOT_EVALUATED', 'NARROWED'];
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

function inOrder(one: Change, other: Change): number {
  return (
    VERDICTS.indexOf(one.verdict) - VERDICTS.indexOf(other.verdict) ||
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    compareText(one.subject.stack, other.subject.stack) ||
    compareText(one.subject.name, other.subject.name) ||
    compareText(one.kind, other.kind) ||
    compareText(one.message, other.message)
  );
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Reads the declaration of rollouts (rollouts.yaml): text in, rollouts or diagnostics out. */
import { nearestName } from '../../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import type { Organization } from '../../organization/index.js';
import { get, isList, isMap, readTemplate } from '../../template/index.js';
import type { Path, TextForm, Value, ValueMap } from '../../template/index.js';
import { badRing, badValue, nameTwice, unknownName } from '../diagnostics.js';
import { checkDependencies } from './dependencies.js';
import type { AccountFilter, Ring, Rollout, RolloutHook, Wave } from './model.js';
import { readPreferences, readPromotion } from './options.js';
import { References } from './references.js';
import { RolloutShapes } from './shape.js';

/** A declaration that was read. */
export interface RolloutsReading {
  /** `null` when anything is wrong: half a declaration is none. */
  readonly rollouts: readonly Rollout[] | null;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where something of a rollout is written: the path below it, such as `['rings', 'canary']`. */
  placeOf(rollout: string, ...path: Path): SourceRange;
}

const TOP_KEYS = ['version', 'rollouts'];
const ROLLOUT_KEYS = [
  'template',
  'rings',
  'waves',
  'dependsOn',
  'parameters',
  'templateUrl',
  'stackSet',
  'capabilities',
  'regions',
  'autoDeployment',
  'preferences',
  'hook',
  'promote',
];
const RING_KEYS = ['targets', 'accounts', 'regions', 'stackSet'];
const WAVE_KEYS = ['ring', 'name', 'parameters', 'promote'];
const HOOK_KEYS = ['type', 'mode', 'status', 'resultsRole'];
const EXTENSION = /^x-/;

const NAME: TextForm = {
  pattern: /^[a-z][a-z0-9-]{0,39}$/,
  expected: 'a name of up to 40 small letters, digits and hyphens that begins with a letter',
};
const STACK_SET: TextForm = {
  pattern: /^[A-Za-z][-A-Za-z0-9]{0,127}$/,
  expected: 'a name of up to 128 letters, digits and hyphens that begins with a letter',
};
const FILE: TextForm = { pattern: /\S/, expected: 'the path of a template' };
const URL_FORM: TextForm = { pattern: /^https:\/\/\S{1,5000}$/, expected: 'an address that begins with https://' };
const REGION: TextForm = { pattern: /^[a-z]{2,4}(-[a-z]+)+-[0-9]+$/, expected: 'a Region, such as eu-central-1' };
const CAPABILITY: TextForm = {
  pattern: /^CAPABILITY_(IAM|NAMED_IAM)$/,
  expected: 'CAPABILITY_IAM or CAPABILITY_NAMED_IAM: service-managed stack sets expand no macros',
};
const TYPE: TextForm = {
  pattern: /^[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}$/,
  expected: 'the name of a hook type, such as Stackade::Policy::Check',
};
const PARAMETER: TextForm = { pattern: /^[A-Za-z0-9]{1,255}$/, expected: 'the name of a parameter' };
const ROLE: TextForm = { pattern: /^[\w+=,.@-]{1,64}$/, expected: 'the name of a role, without a path' };

/**
 * Reads a declaration of rollouts, YAML or JSON; docs/deploy.md tells its form.
 *
 * @param organization - The description whose units and accounts the declaration names.
 * @returns Never throws: any text gives rollouts or diagnostics.
 */
export function readRollouts(text: string, file: string, organization: Organization): RolloutsReading {
  const { source, diagnostics } = readTemplate(text, file);
  if (source === null) return { rollouts: null, diagnostics, placeOf: () => ({ file, start: 0, end: 0 }) };
  const shapes = new RolloutShapes(source);
  const rollouts = new Reader(shapes, organization).top(source.value);
  const found = [...shapes.diagnostics].sort((a, b) => a.location!.start - b.location!.start);
  return {
    rollouts: found.length > 0 ? null : rollouts,
    diagnostics: found,
    placeOf: (rollout, ...path) => shapes.range(['rollouts', rollout, ...path]),
  };
}

class Reader {
  private readonly references: References;

  constructor(
    private readonly shapes: RolloutShapes,
    private readonly organization: Organization,
  ) {
    this.references = new References(organization, shapes);
  }

  top(value: Value): readonly Rollout[] {
    const { shapes } = this;
    const top = shapes.map(value, [], 'the declaration', TOP_KEYS, EXTENSION);
    if (top === null) return [];
    const version = shapes.required(top, 'version', [], 'the declaration', '1');
    if (version !== undefined && version !== 1) shapes.tell(badValue('`version`', '1', shapes.range(['version'])));
    shapes.required(top, 'rollouts', [], 'the declaration', 'a map from name to rollout');
    const rollouts = shapes
      .entries(top, 'rollouts', [], NAME)
      .flatMap(({ name, value: each, path }) => this.rollout(name, each, path) ?? []);
    this.checkStackSets(rollouts);
    checkDependencies(rollouts, get(top, 'rollouts'), shapes);
    return rollouts;
  }

  /** A stack set belongs to one ring of one rollout. */
  private checkStackSets(rollouts: readonly Rollout[]): void {
    const seen = new Map<string, { readonly rollout: string; readonly ring: string }>();
    for (const rollout of rollouts) {
      for (const ring of rollout.rings) {
        const other = seen.get(ring.stackSet);
        if (other === undefined) {
          seen.set(ring.stackSet, { rollout: rollout.name, ring: ring.name });
          continue;
        }
        this.shapes.tell(
          nameTwice(
            `the rings \`${other.rollout}/${other.ring}\` and \`${rollout.name}/${ring.name}\` have one stack set, \`${ring.stackSet}\``,
            'give one of them another `stackSet`: each ring has its own',
            this.shapes.range(['rollouts', rollout.name, 'rings', ring.name], 'key'),
          ),
        );
      }
    }
  }

  private rollout(name: string, value: Value, path: Path): Rollout | null {
    const { shapes } = this;
    const where = `the rollout \`${name}\``;
    const map = shapes.map(value, path, where, ROLLOUT_KEYS);
    if (map === null) return null;
    shapes.required(map, 'template', path, where, 'the path of a template');
    shapes.required(map, 'rings', path, where, 'a map from the name of a ring to its `targets`');
    const beginning = shapes.text(map, 'stackSet', path, STACK_SET) ?? `stackade-${name}`;
    const autoDeployment = this.autoDeployment(map, path);
    const regions = this.regions(map, path) ?? this.organization.governedRegions;
    const rings = shapes
      .entries(map, 'rings', path, NAME)
      .flatMap((ring) => this.ring(ring.name, ring.value, ring.path, { beginning, regions, autoDeployment }) ?? []);
    const hook = this.hook(map, path);
    const waves = this.waves(map, path, rings);
    if (waves.some(({ promotion }) => promotion.invocations > 0) && (hook?.resultsRole ?? null) === null) {
      shapes.tell(
        badRing(
          `${where} waits for invocations of its hook, and nobody can read them`,
          'name the role of the accounts under which hook results are read: `hook: { type: …, resultsRole: … }`',
          shapes.range([...path, 'hook'], 'key'),
        ),
      );
    }
    return {
      name,
      dependsOn: this.dependsOn(map, path),
      template: shapes.text(map, 'template', path, FILE) ?? '',
      templateUrl: shapes.text(map, 'templateUrl', path, URL_FORM),
      capabilities: shapes
        .list(map, 'capabilities', path, 'a list of capabilities')
        .flatMap((each) => shapes.textAt(each.value, each.path, CAPABILITY) ?? []),
      autoDeployment,
      preferences: readPreferences(map, path, shapes),
      hook,
      rings,
      waves,
    };
  }

  private dependsOn(map: ValueMap, path: Path): readonly string[] {
    const { shapes } = this;
    const names = shapes
      .list(map, 'dependsOn', path, 'a list of rollouts')
      .flatMap((each) => shapes.textAt(each.value, each.path, NAME) ?? []);
    return [...new Set(names)];
  }

  private regions(map: ValueMap, path: Path): readonly string[] | null {
    const { shapes } = this;
    if (get(map, 'regions') === undefined) return null;
    const items = shapes.list(map, 'regions', path, 'a list of Regions');
    const at = [...path, 'regions'];
    if (items.length === 0) shapes.tell(badValue('`regions`', 'a list of one Region or more', shapes.range(at)));
    const read = items.flatMap(({ value, path: place }) => {
      const region = shapes.textAt(value, place, REGION);
      if (region === null || this.organization.governedRegions.includes(region)) return region ?? [];
      const nearest = nearestName(region, this.organization.governedRegions);
      const how = 'name one of `governedRegions` of the description, or add it there';
      shapes.tell(unknownName('governed Region', region, nearest, how, shapes.range(place)));
      return [];
    });
    return [...new Set(read)];
  }

  private autoDeployment(map: ValueMap, path: Path): Rollout['autoDeployment'] {
    const { shapes } = this;
    const value = get(map, 'autoDeployment');
    if (!isMap(value)) {
      return { isEnabled: shapes.boolean(map, 'autoDeployment', path, true), retainStacks: false };
    }
    const at = [...path, 'autoDeployment'];
    shapes.map(value, at, '`autoDeployment`', ['retainStacks']);
    return { isEnabled: true, retainStacks: shapes.boolean(value, 'retainStacks', at, false) };
  }

  private hook(map: ValueMap, path: Path): RolloutHook | null {
    const { shapes } = this;
    const value = get(map, 'hook');
    if (value === undefined) return null;
    const at = [...path, 'hook'];
    const hook = shapes.map(value, at, '`hook`', HOOK_KEYS);
    if (hook === null) return null;
    shapes.required(hook, 'type', at, '`hook`', 'the name of the hook type');
    return {
      type: shapes.text(hook, 'type', at, TYPE) ?? '',
      modeParameter: shapes.text(hook, 'mode', at, PARAMETER),
      statusParameter: shapes.text(hook, 'status', at, PARAMETER),
      resultsRole: shapes.text(hook, 'resultsRole', at, ROLE),
    };
  }

  private ring(
    name: string,
    value: Value,
    path: Path,
    rollout: {
      readonly beginning: string;
      readonly regions: readonly string[];
      readonly autoDeployment: Rollout['autoDeployment'];
    },
  ): Ring | null {
    const { shapes } = this;
    const where = `the ring \`${name}\``;
    const map = shapes.map(value, path, where, RING_KEYS);
    if (map === null) return null;
    const written = shapes.required(map, 'targets', path, where, 'a list of units, such as [/Sandbox]');
    const targets = shapes
      .list(map, 'targets', path, 'a list of units')
      .flatMap((each) => this.references.target(each.value, each.path) ?? []);
    if (isList(written) && written.length === 0) {
      shapes.tell(badValue('`targets`', 'a list of one unit or more', shapes.range([...path, 'targets'])));
    }
    const accounts = this.filter(map, path);
    if (accounts.kind !== 'all' && rollout.autoDeployment.isEnabled) {
      shapes.tell(
        badRing(
          `${where} chooses accounts, and accounts that join its units get the template all the same`,
          'write `autoDeployment: false` in the rollout: automatic deployment takes no notice of chosen accounts; or move them to a unit of their own',
          shapes.range([...path, 'accounts'], 'key'),
        ),
      );
    }
    return {
      name,
      stackSet: shapes.text(map, 'stackSet', path, STACK_SET) ?? `${rollout.beginning}-${name}`.slice(0, 128),
      targets: [...new Map(targets.map((each) => [each.shown, each])).values()],
      accounts,
      regions: this.regions(map, path) ?? rollout.regions,
    };
  }

  private filter(map: ValueMap, path: Path): AccountFilter {
    const { shapes } = this;
    const value = get(map, 'accounts');
    if (value === undefined) return { kind: 'all' };
    const at = [...path, 'accounts'];
    const filter = shapes.map(value, at, '`accounts`', ['only', 'except']);
    if (filter === null) return { kind: 'all' };
    const kinds = (['only', 'except'] as const).filter((kind) => get(filter, kind) !== undefined);
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1) {
      shapes.tell(badValue('`accounts`', '`only` or `except` with a list of accounts', shapes.range(at)));
      return { kind: 'all' };
    }
    const ids = shapes
      .list(filter, kind, at, 'a list of accounts')
      .flatMap((each) => this.references.account(each.value, each.path) ?? []);
    return { kind, ids: [...new Set(ids)].sort() };
  }

  private waves(map: ValueMap, path: Path, rings: readonly Ring[]): readonly Wave[] {
    const { shapes } = this;
    const parameters = shapes.parameters(map, path);
    const promotion = readPromotion(map, path, null, shapes);
    if (get(map, 'waves') === undefined) {
      return rings.map(({ name }) => ({ name, ring: name, parameters, promotion }));
    }
    const waves = shapes.list(map, 'waves', path, 'a list of waves').flatMap(({ value, path: at }): readonly Wave[] => {
      const wave = shapes.map(value, at, 'a wave', WAVE_KEYS);
      if (wave === null) return [];
      shapes.required(wave, 'ring', at, 'a wave', 'the name of a ring');
      const ring = shapes.text(wave, 'ring', at, NAME);
      if (ring === null) return [];
      if (!rings.some(({ name }) => name === ring)) {
        const names = rings.map(({ name }) => name);
        const range = shapes.range([...at, 'ring']);
        shapes.tell(unknownName('ring', ring, nearestName(ring, names), 'name one of `rings`', range));
        return [];
      }
      const changed = shapes.parameters(wave, at);
      const values = Object.values(changed).map((text) => text.toLowerCase());
      const name = shapes.text(wave, 'name', at, NAME) ?? [ring, ...values].join('-').replace(/[^a-z0-9-]/g, '');
      return [
        {
          name,
          ring,
          parameters: { ...parameters, ...changed },
          promotion: readPromotion(wave, at, promotion, shapes),
        },
      ];
    });
    this.checkWaves(waves, rings, path);
    return waves;
  }

  private checkWaves(waves: readonly Wave[], rings: readonly Ring[], path: Path): void {
    const { shapes } = this;
    for (const { name } of rings) {
      if (waves.some(({ ring }) => ring === name)) continue;
      const help = 'add a wave for it, or take the ring out';
      shapes.tell(badRing(`the ring \`${name}\` is in no wave`, help, shapes.range([...path, 'rings', name], 'key')));
    }
    waves.forEach(({ name }, index) => {
      const first = waves.findIndex((wave) => wave.name === name);
      if (first === index) return;
      const help = 'give one of them another `name`';
      shapes.tell(nameTwice(`two waves are called \`${name}\``, help, shapes.range([...path, 'waves', index])));
    });
  }
}

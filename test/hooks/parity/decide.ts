/**
 * The same template through `check`, through the hook on every target, and through views that lie between the two: what
 * the hook sees of a template, given to `check`. Where hook and `check` differ, the view that differs first says why.
 */
import { openBundle } from '../../../cli/hook/bundle.js';
import { plainJson, type Json } from '../../../cli/check/plain.js';
import { eventsOf, TARGETS, type LocalEvent, type TargetName } from '../../../cli/hook/events.js';
import { InputError } from '../../../cli/input-error.js';
import type { Library } from '../../../cli/library.js';
import type { Verdict } from '../../../findings/index.js';
import { decideHook } from '../../../hooks/lambda/index.js';
import type { HookBundle } from '../../../hooks/lambda/index.js';
import { checkTemplate, openTemplate, parameterDocument, PARAMETERS } from '../../../rules/index.js';
import type { DeploymentOptions } from '../../../rules/index.js';
import { codeLibrary, library as guardLibrary, packs } from '../../rules/library.js';
import type { Fixture } from './fixtures.js';
import { REGION } from './fixtures.js';

/** What the hook is asked for; `UPDATE`: of a resource whose properties were empty before. */
export const COLUMNS = ['RESOURCE', 'UPDATE', 'CLOUD_CONTROL', 'STACK', 'CHANGE_SET'] as const;
export type Column = (typeof COLUMNS)[number];

/** `NO EVENT`: values that a deployment would have are not known here, so that there is no event to decide on. */
export type Told = Verdict | 'NO EVENT' | 'BLOCKED';

const STRENGTH: readonly Told[] = ['BLOCKED', 'FAIL', 'NOT_EVALUATED', 'PASS', 'SKIP', 'NO EVENT'];
const TODAY = '2026-11-21';
const DEFAULTS = Object.fromEntries(Object.entries(PARAMETERS).map(([name, { default: value }]) => [name, value]));
const TARGET_OF: Readonly<Record<Column, TargetName>> = {
  RESOURCE: TARGETS[0],
  UPDATE: TARGETS[0],
  CLOUD_CONTROL: TARGETS[3],
  STACK: TARGETS[1],
  CHANGE_SET: TARGETS[2],
};

/** The library as it lies in `rules/`. */
export function sourceLibrary(): Library {
  const guard = guardLibrary.map(({ metadata, service, id, guard: text }) => ({
    metadata,
    file: `${service}/${id}.guard`,
    text,
  }));
  const code = codeLibrary.map(({ metadata, service, id }) => ({ metadata, file: `${service}/${id}.ts`, text: '' }));
  const rules = [...guard, ...code].sort((a, b) => (a.metadata.id < b.metadata.id ? -1 : 1));
  return { rules, packs, controls: [] };
}

/** Every rule of the library by itself, and what the hook knows of all of them. */
export interface Rules {
  readonly all: HookBundle;
  readonly one: (id: string) => HookBundle;
}

export async function openRules(): Promise<Rules> {
  const library = sourceLibrary();
  const settings = {
    failOn: 'error',
    packs: packs.map(({ id }) => id),
    rules: [],
    ruleParameters: {},
    allowIncomplete: false,
  };
  const terminal = {
    cwd: process.cwd(),
    env: {},
    stdout: { isTTY: false, columns: undefined },
    stderr: { isTTY: false },
    print: () => undefined,
    tell: () => undefined,
  };
  const all = await openBundle(settings as never, {}, library, new Map(), terminal);
  return {
    all,
    one: (id) => {
      const { files, code } = all.rules;
      const own = files.filter(({ source }) => [...source.rules.values()].some((info) => info.id === id));
      return { ...all, rules: { ...all.rules, files: own, code: code.filter(({ info }) => info.id === id) } };
    },
  };
}

/** Verdicts by rule. */
export type Verdicts = ReadonlyMap<string, Told>;

/** Everything about one fixture, each part worked out when it is asked for. */
export class Decided {
  private readonly known = new Map<string, Verdicts>();
  private readonly sent = new Map<TargetName, readonly LocalEvent[] | null>();
  private readonly inputs: HookBundle['ruleParameters'];

  constructor(
    private readonly fixture: Fixture,
    private readonly bundle: HookBundle,
  ) {
    this.inputs = { ...DEFAULTS, ...fixture.ruleParameters };
  }

  /** As `stackade check` decides. */
  check(): Verdicts {
    return this.once('check', () => this.checked(this.fixture.text));
  }

  /** As the hook decides. */
  hook(column: Column): Verdicts {
    return this.once(column, () => {
      const events = this.events(TARGET_OF[column]);
      if (events === null || events.length === 0) return new Map();
      const bundle = { ...this.bundle, ruleParameters: this.inputs };
      return strongest(
        events.map(({ event, payload }) => {
          const given = column === 'UPDATE' ? asUpdate(event) : event;
          const { answer, rules } = decideHook(given, bundle, { payload, today: TODAY, region: REGION });
          // An event that is refused before any rule has looked at it.
          const isBlocked = answer.hookStatus === 'FAILED' && Object.keys(rules).length === 0;
          if (!isBlocked) return new Map(Object.entries(rules));
          return new Map([...this.check().keys()].map((id): [string, Told] => [id, 'BLOCKED']));
        }),
      );
    });
  }

  /** Whether the hook would be asked. */
  hasEvents(column: Column): boolean {
    return (this.events(TARGET_OF[column]) ?? []).length > 0;
  }

  /** The template with its values put in, as `check` decides on it. */
  values(): Verdicts {
    return this.once('values', () =>
      this.checked(JSON.stringify({ ...this.document(), Resources: this.withValues() })),
    );
  }

  /** Types and properties only. */
  properties(): Verdicts {
    return this.once('properties', () => this.checked(JSON.stringify({ Resources: this.resources() })));
  }

  /** Types and properties, each resource by itself. */
  single(): Verdicts {
    return this.once('single', () =>
      strongest(
        Object.entries(this.resources()).map(([id, resource]) =>
          this.checked(JSON.stringify({ Resources: { [id]: resource } })),
        ),
      ),
    );
  }

  /** The template as it is, without values of its parameters. */
  withoutParameters(): Verdicts {
    return this.once('withoutParameters', () => this.checked(this.fixture.text, { parameters: {}, defaults: false }));
  }

  /** The template with its functions resolved, as data. */
  document(): Readonly<Record<string, Json>> {
    const opened = openTemplate(this.fixture.text, 'fixture', this.deployment());
    if (opened.kind !== 'opened') return {};
    return plainJson(opened.template.resolution.document.value) as Readonly<Record<string, Json>>;
  }

  /** The resources that there are events for, with their values. */
  resources(): Readonly<Record<string, { readonly Type: string; readonly Properties: Json }>> {
    const entries = (this.events('resource') ?? []).map(({ event }) => {
      const { targetName, targetLogicalId, targetModel } = (event as { requestData: RequestData }).requestData;
      return [targetLogicalId, { Type: targetName, Properties: targetModel.resourceProperties }] as const;
    });
    return Object.fromEntries(entries);
  }

  private withValues(): Readonly<Record<string, Json>> {
    const written = (this.document()['Resources'] ?? {}) as Readonly<Record<string, Readonly<Record<string, Json>>>>;
    return Object.fromEntries(
      Object.entries(this.resources()).map(([id, resource]) => {
        const { Properties: given, ...others } = written[id] ?? {};
        // The condition is decided: the resource is there.
        const rest = Object.fromEntries(Object.entries(others).filter(([key]) => key !== 'Condition'));
        // A resource without the key has it in an event; here it stays without.
        const Properties = given === undefined ? {} : { Properties: resource.Properties };
        return [id, { ...rest, Type: resource.Type, ...Properties }];
      }),
    );
  }

  private checked(text: string, more: DeploymentOptions = {}): Verdicts {
    const options = { inputs: parameterDocument(this.inputs) };
    const checked = checkTemplate(text, 'fixture', this.bundle.rules, { ...this.deployment(), ...more }, options);
    return checked.kind === 'checked' ? new Map(Object.entries(checked.result.file.rules)) : new Map();
  }

  private deployment(): DeploymentOptions {
    const { account, parameters } = this.fixture;
    return { accountId: account, region: REGION, partition: 'aws', stackName: STACK, parameters };
  }

  private events(target: TargetName): readonly LocalEvent[] | null {
    let events = this.sent.get(target);
    if (events === undefined) this.sent.set(target, (events = eventsFor(this.fixture, target)));
    return events;
  }

  private once(name: string, make: () => Verdicts): Verdicts {
    let known = this.known.get(name);
    if (known === undefined) this.known.set(name, (known = make()));
    return known;
  }
}

const STACK = 'local';

interface RequestData {
  readonly targetName: string;
  readonly targetLogicalId: string;
  readonly targetModel: { readonly resourceProperties: Json };
}

function eventsFor(
  { name: path, text, account, parameters }: Fixture,
  target: TargetName,
): readonly LocalEvent[] | null {
  try {
    const place = { account, region: REGION, stackName: STACK, parameters };
    const { events, unmade } = eventsOf({ path, text }, null, target, place);
    return unmade.length > 0 ? null : events;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function asUpdate(event: unknown): unknown {
  return { ...(event as object), actionInvocationPoint: 'UPDATE_PRE_PROVISION' };
}

/** The strongest verdict of each rule. */
export function strongest(all: readonly Verdicts[]): Verdicts {
  const joined = new Map<string, Told>();
  for (const [id, told] of all.flatMap((verdicts) => [...verdicts])) {
    const before = joined.get(id);
    if (before === undefined || STRENGTH.indexOf(told) < STRENGTH.indexOf(before)) joined.set(id, told);
  }
  return joined;
}

/**
 * The last step of reading: are the chosen policies ones that can be made, and do the parameters reach them? A parameter
 * that looks set and has no effect would leave a guard weaker than the description says, so that it is an error.
 */
import { nearestName } from '../catalogue/index.js';
import type { Path } from '../template/index.js';
import * as diagnostics from './diagnostics.js';
import { isSettingType, POLICY_TYPES } from './model.js';
import type { Organization, PolicyChoice, PolicyTemplates, Target } from './model.js';
import type { OrganizationShapes } from './shape.js';
import {
  IMPLIED_PARAMETERS,
  parametersFor,
  parametersOf,
  sameParameter,
  shownTarget,
  targetsOf,
  type TargetPath,
} from './tree.js';

/** Tells what is wrong with the choices of an organization. @param templates - `undefined`: any name is a template. */
export function checkChoices(
  organization: Organization,
  shapes: OrganizationShapes,
  places: ReadonlyMap<Target | PolicyChoice, Path>,
  templates: PolicyTemplates | undefined,
): void {
  const place = (part: Target | PolicyChoice): Path => places.get(part) ?? [];
  const known = templates && new Set([...templates.values()].flatMap(({ parameters }) => Object.keys(parameters)));
  for (const path of targetsOf(organization)) {
    const target = path.at(-1)!;
    checkTarget(organization, target, shownTarget(path), place, shapes);
    checkNames(Object.keys(target.parameters), place(target), known, shapes);
    if (templates !== undefined) checkTemplates(organization, path, place, templates, shapes);
  }
  if (templates !== undefined) checkOverrides(organization, place, templates, shapes);
}

type Place = (part: Target | PolicyChoice) => Path;

function checkTarget(
  organization: Organization,
  target: Target,
  shown: string,
  place: Place,
  shapes: OrganizationShapes,
): void {
  const isManagement = target.kind === 'account' && target.id === organization.managementAccount;
  for (const type of POLICY_TYPES) {
    const first = new Map<string, PolicyChoice>();
    for (const choice of target.policies[type]) {
      const other = first.get(choice.name);
      if (other === undefined) first.set(choice.name, choice);
      else {
        const { name } = choice;
        shapes.tell(diagnostics.policyTwice(name, shapes.range(place(choice)), shapes.range(place(other))));
      }
      if (isManagement && !isSettingType(type)) {
        shapes.tell(diagnostics.managementUnrestrained(type, shapes.range(place(choice))));
      }
    }
  }
  if (!target.fullAwsAccess && target.policies.scp.length === 0) {
    shapes.tell(diagnostics.nothingAllowed(shown, shapes.range([...place(target), 'policies', 'fullAwsAccess'])));
  }
}

/** Names of parameters that nobody reads or nobody may set. @param known - Of all templates; `undefined`: any name. */
function checkNames(
  names: readonly string[],
  path: Path,
  known: ReadonlySet<string> | undefined,
  shapes: OrganizationShapes,
): void {
  for (const name of names) {
    const range = shapes.range([...path, 'parameters', name], 'key');
    if ((IMPLIED_PARAMETERS as readonly string[]).includes(name)) {
      const help = name === 'environment' ? 'set `environment` of the unit or account' : 'set it under `organization`';
      shapes.tell(diagnostics.unknownParameter(name, 'follows from the description and cannot be set', help, range));
    } else if (known?.has(name) === false) {
      const nearest = nearestName(name, known);
      const help = nearest === undefined ? 'take it out' : `did you mean \`${nearest}\`?`;
      shapes.tell(diagnostics.unknownParameter(name, 'is one of no policy template', help, range));
    }
  }
}

function checkTemplates(
  organization: Organization,
  path: TargetPath,
  place: Place,
  templates: PolicyTemplates,
  shapes: OrganizationShapes,
): void {
  const target = path.at(-1)!;
  for (const type of POLICY_TYPES) {
    for (const choice of target.policies[type]) {
      if (choice.kind !== 'template') continue;
      const { name } = choice;
      const at = place(choice);
      const range = shapes.range(at);
      const template = templates.get(name);
      if (template === undefined) {
        shapes.tell(diagnostics.unknownTemplate(name, nearestName(name, [...templates.keys()]), range));
        continue;
      }
      if (!template.types.includes(type)) shapes.tell(diagnostics.wrongType(name, type, template.types, range));
      for (const parameter of Object.keys(choice.parameters)) {
        if (Object.hasOwn(template.parameters, parameter)) continue;
        const nearest = nearestName(parameter, Object.keys(template.parameters));
        const help = nearest === undefined ? 'take it out' : `did you mean \`${nearest}\`?`;
        const key = shapes.range([...at, 'parameters', parameter], 'key');
        shapes.tell(diagnostics.unknownParameter(parameter, `is none of \`${name}\``, help, key));
      }
      const values = parametersFor(organization, path, choice, template);
      for (const [parameter, { required, problemOf }] of Object.entries(template.parameters)) {
        if (!Object.hasOwn(values, parameter)) {
          if (!required) continue;
          const source = IMPLIED_SOURCES[parameter] ?? null;
          shapes.tell(diagnostics.missingParameter(parameter, name, shownTarget(path), source, range));
          continue;
        }
        const problem = problemOf?.(values[parameter]!);
        if (problem === undefined || problem === null) continue;
        // The value that counts stands at the choice, or at the nearest target that has one.
        const setter = path.findLast(({ parameters }) => Object.hasOwn(parameters, parameter));
        const setAt = Object.hasOwn(choice.parameters, parameter) ? at : setter === undefined ? null : place(setter);
        const where = setAt === null ? range : shapes.range([...setAt, 'parameters', parameter]);
        shapes.tell(diagnostics.badParameter(parameter, name, problem, where));
      }
    }
  }
}

/** How to set what follows from the description. */
const IMPLIED_SOURCES: Readonly<Record<string, string>> = {
  environment: 'set `environment` at this place or at one above it',
  organizationId: 'set `id` under `organization`',
  rootId: 'set `id` under `root`',
};

/** Values set below the place at which a template is chosen, where they change nothing. */
function checkOverrides(
  organization: Organization,
  place: Place,
  templates: PolicyTemplates,
  shapes: OrganizationShapes,
): void {
  for (const path of targetsOf(organization)) {
    const target = path.at(-1)!;
    const parameters = Object.keys(target.parameters);
    if (parameters.length === 0) continue;
    const below = templatesBelow(target);
    const inherited = parametersOf(path.slice(0, -1));
    for (const parameter of parameters) {
      const isSame =
        Object.hasOwn(inherited, parameter) && sameParameter(inherited[parameter]!, target.parameters[parameter]!);
      if (isSame) continue;
      for (const [index, above] of path.slice(0, -1).entries()) {
        for (const choice of POLICY_TYPES.flatMap((type) => above.policies[type])) {
          if (choice.kind !== 'template' || below.has(choice.name)) continue;
          const reads = templates.get(choice.name)?.parameters ?? {};
          // A use with a value of its own does not look at the targets.
          if (!Object.hasOwn(reads, parameter) || Object.hasOwn(choice.parameters, parameter)) continue;
          shapes.tell(
            diagnostics.idleOverride(
              parameter,
              shownTarget(path),
              choice.name,
              shownTarget(path.slice(0, index + 1)),
              shapes.range([...place(target), 'parameters', parameter], 'key'),
              shapes.range(place(choice)),
            ),
          );
        }
      }
    }
  }
}

/** Names of the templates chosen at a target or anywhere below it. */
function templatesBelow(target: Target): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (each: Target): void => {
    for (const choice of POLICY_TYPES.flatMap((type) => each.policies[type])) {
      if (choice.kind === 'template') names.add(choice.name);
    }
    if (each.kind === 'account') return;
    each.accounts.forEach(add);
    each.units.forEach(add);
  };
  add(target);
  return names;
}

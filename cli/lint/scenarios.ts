/**
 * Findings that hang on a value that cannot be: the library puts the Default in the place of a parameter also where a
 * condition, which has to hold there, says that the parameter has another value.
 */
import { get, isList, isMap, keysOf, resolveTemplate } from '../../template/index.js';
import type { GivenParameters, Value, ValueMap } from '../../template/index.js';

/** Whether conditions hold, by their names, where something is wrong. */
export type Scenario = Readonly<Record<string, boolean>>;

const SUB_NAME = /\$\{([A-Za-z0-9]+)\}/g;

/**
 * Whether what is wrong at a place comes from a parameter's value that the scenario rules out.
 *
 * @param words - The way to the place from the template's root; branches of `Fn::If` are not among them.
 * @param given - Values of parameters that win over Defaults.
 */
export function isImpossible(
  words: readonly string[],
  scenario: Scenario,
  template: ValueMap,
  given: GivenParameters,
): boolean {
  const names = Object.keys(scenario);
  if (names.length === 0) return false;
  const value = follow(template, words, scenario);
  return (value === undefined ? [] : parametersOf(value)).some((parameter) => {
    const model = conditionsWith(parameter, template, given);
    return names.some((name) => model?.holds(name) === !scenario[name]);
  });
}

/** The value at a place, in the branches of the scenario; `undefined` where that cannot be told. */
function follow(root: Value, words: readonly string[], scenario: Scenario): Value | undefined {
  let value: Value | undefined = root;
  for (let index = 0; ; index += 1) {
    value = branchOf(value, scenario);
    if (index === words.length || value === undefined) return value;
    const word = words[index]!;
    value = isList(value) ? value[Number(word)] : isMap(value) ? get(value, word) : undefined;
  }
}

function branchOf(value: Value | undefined, scenario: Scenario): Value | undefined {
  if (value === undefined || !isMap(value)) return value;
  const choice = get(value, 'Fn::If');
  if (!isList(choice)) return value;
  const [name] = choice;
  if (typeof name !== 'string' || !Object.hasOwn(scenario, name)) return undefined;
  return branchOf(choice[scenario[name] === true ? 1 : 2], scenario);
}

/** The parameters whose values make up a text. Of anything else, what is wrong may have another reason. */
function parametersOf(value: Value): readonly string[] {
  if (!isMap(value)) return [];
  const name = get(value, 'Ref');
  if (typeof name === 'string') return [name];
  const sub = get(value, 'Fn::Sub');
  return subNames(isList(sub) ? sub[0] : sub);
}

function subNames(text: Value | undefined): readonly string[] {
  return typeof text === 'string' ? [...text.matchAll(SUB_NAME)].map(([, name]) => name!) : [];
}

/** The conditions of a template of whose parameters only one has its value; `undefined` when it has none. */
function conditionsWith(
  parameter: string,
  template: ValueMap,
  given: GivenParameters,
): ReturnType<typeof resolveTemplate>['model'] | undefined {
  const declared = get(template, 'Parameters');
  if (!isMap(declared) || !Object.hasOwn(declared, parameter)) return undefined;
  const open = Object.fromEntries(
    keysOf(declared).map((name): [string, Value] => {
      const one = declared[name]!;
      if (name === parameter || !isMap(one)) return [name, one];
      return [name, Object.fromEntries(keysOf(one).flatMap((key) => (key === 'Default' ? [] : [[key, one[key]!]])))];
    }),
  );
  const bare = Object.fromEntries(
    ['Conditions', 'Mappings', 'Rules'].flatMap((section): [string, Value][] => {
      const part = get(template, section);
      return part === undefined ? [] : [[section, part]];
    }),
  );
  const parameters = Object.hasOwn(given, parameter) ? { [parameter]: given[parameter]! } : {};
  return resolveTemplate({ ...bare, Parameters: open, Resources: {} }, { parameters }).model;
}

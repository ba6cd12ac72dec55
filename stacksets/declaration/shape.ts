/** The forms of what a declaration of rollouts consists of. */
import {
  Float,
  get,
  isList,
  isMap,
  keysOf,
  Shapes,
  type At,
  type Path,
  type TemplateSource,
  type TextForm,
  type Value,
  type ValueMap,
} from '../../template/index.js';
import { badValue, missingKey, unknownKey } from '../diagnostics.js';

/** {@link Shapes} of a declaration of rollouts. */
export class RolloutShapes extends Shapes {
  constructor(source: TemplateSource) {
    super(source, { badValue, unknownKey, missingKey });
  }

  /** The entries of a map from name to content. @param name - What names look like. */
  entries(map: ValueMap, key: string, path: Path, name: TextForm): readonly (At<Value> & { readonly name: string })[] {
    const value = get(map, key);
    const at = [...path, key];
    if (value === undefined) return [];
    if (!isMap(value)) {
      this.tellBad(`\`${key}\``, 'a map from name to content', at);
      return [];
    }
    return keysOf(value).flatMap((each) => {
      if (name.pattern.test(each)) return { name: each, value: value[each]!, path: [...at, each] };
      this.tellBad(`\`${each}\``, name.expected, [...at, each], 'key');
      return [];
    });
  }

  /** A whole number from 0 on. */
  count(map: ValueMap, key: string, path: Path, fallback: number): number {
    const value = get(map, key);
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    this.tellBad(`\`${key}\``, 'a whole number from 0 on', [...path, key]);
    return fallback;
  }

  /** Parameters of a template: texts, numbers and Booleans by name; lists are joined by commas, as CloudFormation has it. */
  parameters(map: ValueMap, path: Path): Readonly<Record<string, string>> {
    const form = { pattern: /^[A-Za-z0-9]{1,255}$/, expected: 'the name of a parameter, letters and digits' };
    const given = this.entries(map, 'parameters', path, form).flatMap(({ name, value, path: at }) => {
      const text = isList(value) ? listText(value) : plainText(value);
      if (text !== null) return [[name, text] as const];
      this.tellBad(`the parameter \`${name}\``, 'a text, a number, true, false, or a list of these', at);
      return [];
    });
    return Object.fromEntries(given);
  }
}

function plainText(value: Value): string | null {
  if (value instanceof Float) return String(value.value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function listText(values: readonly Value[]): string | null {
  const texts = values.map(plainText);
  return texts.some((text) => text === null || text.includes(',')) ? null : texts.join(',');
}

/** The forms of what a description of an organization consists of. */
import {
  Float,
  get,
  isList,
  isMap,
  keysOf,
  Shapes,
  type Path,
  type TemplateSource,
  type TextForm,
  type Value,
  type ValueMap,
} from '../template/index.js';
import { badAccountId, badValue, missingKey, unknownKey } from './diagnostics.js';
import type { OrganizationParameter, OrganizationParameters } from './model.js';

export const ACCOUNT_ID = /^[0-9]{12}$/;
export const ROOT_ID = /^r-[0-9a-z]{4,32}$/;
export const UNIT_ID = /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/;
export const ORGANIZATION_ID = /^o-[a-z0-9]{10,32}$/;
export const SERVICE_PRINCIPAL = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;
export const REGION = /^[a-z]{2,4}(-[a-z]+)+-[0-9]+$/;
export const PARAMETER_NAME = /^[A-Za-z][A-Za-z0-9]*$/;

export const NAME: TextForm = { pattern: /^(?=[\s\S]*\S)[\s\S]{1,128}$/, expected: 'a name of 1 to 128 characters' };
export const ANY_TEXT: TextForm = { pattern: /\S/, expected: 'a text' };

/** {@link Shapes} of a description of an organization. */
export class OrganizationShapes extends Shapes {
  constructor(source: TemplateSource) {
    super(source, { badValue, unknownKey, missingKey });
  }

  /** An account id: text of 12 digits. A number is refused, since YAML reads one that starts with a zero as octal. */
  accountId(value: Value, path: Path): string | null {
    if (typeof value === 'string' && ACCOUNT_ID.test(value)) return value;
    const range = this.range(path);
    const written = this.source.text.slice(range.start, range.end);
    const shown = typeof value === 'string' ? value : written.length > 40 ? 'this value' : written;
    this.tell(badAccountId(shown, typeof value === 'string', range));
    return null;
  }

  /** Parameters by name under the key `parameters`. */
  parameters(map: ValueMap, path: Path): OrganizationParameters {
    const value = get(map, 'parameters');
    if (value === undefined) return {};
    const at = [...path, 'parameters'];
    if (!isMap(value)) {
      this.tellBad('`parameters`', 'a map from parameter name to value', at);
      return {};
    }
    const entries: [string, OrganizationParameter][] = [];
    for (const key of keysOf(value)) {
      if (!PARAMETER_NAME.test(key)) {
        const expected = 'the name of a parameter, letters and digits';
        this.tellBad(`\`${key}\``, expected, [...at, key], 'key');
        continue;
      }
      const plain = this.plain(value[key]!, [...at, key]);
      if (plain !== undefined) entries.push([key, plain]);
    }
    return Object.fromEntries(entries);
  }

  /** A value as JSON data; `undefined` when JSON has no such value. */
  private plain(value: Value, path: Path): OrganizationParameter | undefined {
    if (value instanceof Float) return value.value + 0;
    if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
      this.tellBad('this number', 'a number of up to 15 digits, or a text in quotes', path);
      return undefined;
    }
    if (typeof value === 'number') return value + 0;
    if (isList(value)) {
      const items = value.map((item, index) => this.plain(item, [...path, index]));
      return items.filter((item) => item !== undefined);
    }
    if (isMap(value)) {
      const entries = keysOf(value).map((key) => [key, this.plain(value[key]!, [...path, key])] as const);
      return Object.fromEntries(
        entries.filter((entry): entry is readonly [string, OrganizationParameter] => entry[1] !== undefined),
      );
    }
    return value;
  }
}

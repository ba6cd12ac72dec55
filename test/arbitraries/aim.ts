/**
 * Fills the marks of a generated rule text from a document. A mark is `§kindN§`, where N chooses one of the document's
 * values: p its path, w the same with lists and resources as wildcards, h the path without its last step, t the last
 * step, v the value as a literal, k a type check that it meets. P, W and V choose among first elements of lists, L and M
 * (path and value) among lists.
 */
import { Float, isList, isMap, keysOf, type Path, type Value } from '../../template/index.js';

interface Place {
  readonly path: Path;
  readonly value: Value;
}

function places(value: Value, path: Path = []): Place[] {
  const here = { path, value };
  if (isList(value)) return [here, ...value.flatMap((item, index) => places(item, [...path, index]))];
  if (isMap(value)) return [here, ...keysOf(value).flatMap((key) => places(value[key]!, [...path, key]))];
  return [here];
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`\'`)}'`;
const bare = (key: string): string => (/^[A-Za-z][A-Za-z0-9_]*$/.test(key) ? key : quoted(key));

function query(path: Path, wild: boolean): string {
  const parts = path.map((step, index) => {
    if (typeof step === 'number') return wild ? '[*]' : `[${step}]`;
    if (wild && index === 1 && path[0] === 'Resources') return '.*';
    return index === 0 ? bare(step) : `.${bare(step)}`;
  });
  return typeof path[0] === 'string' ? parts.join('') : `this${parts.join('')}`;
}

function literal(value: Value): string {
  if (value === null) return 'null';
  if (value instanceof Float) return value.value.toFixed(1);
  if (isList(value)) return `[${value.map(literal).join(', ')}]`;
  if (isMap(value)) {
    return `{${keysOf(value)
      .map((key) => `${quoted(key)}: ${literal(value[key]!)}`)
      .join(', ')}}`;
  }
  return typeof value === 'string' ? quoted(value) : String(value);
}

function typeCheck(value: Value): string {
  if (value === null) return 'is_null';
  if (isList(value)) return 'is_list';
  if (isMap(value)) return 'is_struct';
  if (typeof value === 'string') return 'is_string';
  if (typeof value === 'boolean') return 'is_bool';
  return value instanceof Float || !Number.isInteger(Number(value)) ? 'is_float' : 'is_int';
}

/** Returns the text with every mark replaced. */
export function aim(text: string, document: Value): string {
  const all = places(document);
  const heads = all.filter(({ path }) => path.at(-1) === 0);
  const lists = all.filter((place) => isList(place.value) && place.value.length > 0);
  return text.replace(/§([pwhtvkPWVLM])(\d+)§/g, (_, kind: string, number: string) => {
    const special = 'PWV'.includes(kind) ? heads : 'LM'.includes(kind) ? lists : [];
    const candidates = special.length > 0 ? special : all;
    const { path, value } = candidates[Number(number) % candidates.length]!;
    switch (kind) {
      case 'p':
      case 'P':
      case 'L':
        return query(path, false);
      case 'w':
      case 'W':
        return query(path, true);
      case 'h':
        return query(path.slice(0, -1), false);
      case 't':
        return query(path.slice(-1), false);
      case 'v':
      case 'V':
      case 'M':
        return literal(value);
      default:
        return typeCheck(value);
    }
  });
}

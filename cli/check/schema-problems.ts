/** What is wrong with a YAML or JSON file by its schema, in words and places of that file. */
import type { ErrorObject } from 'ajv';
import { nearestName } from '../../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import { get, isList, isMap } from '../../template/index.js';
import type { Path, TemplateSource, Value } from '../../template/index.js';
import { badSetting, unknownKey } from './diagnostics.js';

/** One diagnostic for each fault, in the order of the file. @param whole - What the file is called. */
export function schemaProblems(errors: readonly ErrorObject[], source: TemplateSource, whole: string): Diagnostic[] {
  return (
    errors
      // These repeat what the error of the branch or of the name itself says.
      .filter(({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames')
      .map((error) => diagnosticOf(error, source, whole))
      .sort((a, b) => (a.location?.start ?? 0) - (b.location?.start ?? 0))
  );
}

interface Described {
  readonly description?: string;
}

function diagnosticOf(error: ErrorObject, source: TemplateSource, whole: string): Diagnostic {
  const path = pathOf(error.instancePath, source.value);
  const { description } = (error.parentSchema ?? {}) as Described;
  if (error.keyword === 'additionalProperties') {
    const { additionalProperty: key } = error.params as { readonly additionalProperty: string };
    const { properties } = error.parentSchema as { readonly properties: object };
    const allowed = Object.keys(properties);
    const where = path.length === 0 ? 'a setting' : `a setting of \`${path.join('.')}\``;
    return unknownKey(
      `\`${key}\` is not ${where}`,
      allowed,
      nearestName(key, allowed),
      rangeAt(source, [...path, key], 'key'),
    );
  }
  if (error.keyword === 'required') {
    const { missingProperty } = error.params as { readonly missingProperty: string };
    const { properties = {} } = error.parentSchema as { readonly properties?: Readonly<Record<string, Described>> };
    const wanted = properties[missingProperty]?.description;
    return badSetting(
      settingName(path),
      `${path.length === 0 ? `${whole} ` : ''}has no \`${missingProperty}\``,
      rangeAt(source, path, 'value'),
      `add \`${missingProperty}\`${wanted === undefined ? '' : `: ${wanted}`}`,
    );
  }
  const expected = description === undefined ? (error.message ?? 'is wrong') : `must be ${description}`;
  if (error.propertyName !== undefined) {
    return badSetting(error.propertyName, expected, rangeAt(source, [...path, error.propertyName], 'key'));
  }
  return badSetting(
    settingName(path),
    path.length === 0 ? `${whole} ${expected}` : expected,
    rangeAt(source, path, 'value'),
  );
}

/** A path as a reader would write it: `waivers[0].scope`. */
export function settingName(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** The steps of a JSON pointer in a document. */
function pathOf(pointer: string, root: Value): Path {
  let at: Value | undefined = root;
  return pointer
    .split('/')
    .slice(1)
    .map((word) => {
      const key = word.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = isList(at) ? Number(key) : key;
      at = isList(at) ? at[Number(key)] : isMap(at) ? get(at, key) : undefined;
      return step;
    });
}

/** Where the value at a path is written, or its key. */
export function rangeAt(source: TemplateSource, path: Path, which: 'key' | 'value'): SourceRange {
  const range = which === 'key' ? source.keyRangeOf(path) : source.rangeOf(path);
  return range ?? source.rangeOf(path) ?? { file: source.file, start: 0, end: 0 };
}

/** From a template and values of its parameters to a policy document. */
import { Ajv } from 'ajv';
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import { nearestName } from '../../catalogue/index.js';
import { badParameter, unknownParameter } from '../../iam/templates/index.js';
import { isMap, keysOf } from '../../template/index.js';
import type { Path, Value, ValueMap } from '../../template/index.js';
import { MANAGEMENT_DOCUMENTS, SettingFault } from './documents.js';
import type { ManagementTemplate } from './model.js';
import { syntaxFaults } from './syntax.js';

/** What came of building: a document, or what is wrong with the parameters. */
export interface ManagementBuild {
  readonly document: ValueMap | null;
  readonly diagnostics: readonly Diagnostic[];
}

const ajv = new Ajv({ allErrors: true, strictTypes: false });

/**
 * Builds the document of a template. It is held to the documented syntax and the quota of its kind.
 *
 * @param given - A map from parameter to value. Whatever is not right in it is a diagnostic, and nothing is built.
 * @param locate - Where the value at a path of the given map is written, for messages.
 */
export function buildManagementPolicy(
  template: ManagementTemplate,
  given: Value,
  locate?: (path: Path) => SourceRange | undefined,
): ManagementBuild {
  const { name, parameters, kind } = template;
  const diagnostics: Diagnostic[] = [];
  const say = (diagnostic: Diagnostic, path: Path): void => {
    const location = locate?.(path) ?? locate?.([]);
    diagnostics.push(location === undefined ? diagnostic : { ...diagnostic, location });
  };
  if (!isMap(given)) {
    return {
      document: null,
      diagnostics: [badParameter(name, 'parameters', 'are no map', 'a map from name to value')],
    };
  }
  const known = Object.keys(parameters);
  for (const key of keysOf(given)) {
    if (!Object.hasOwn(parameters, key)) say(unknownParameter(name, key, known, nearestName(key, known)), [key]);
  }
  const values: Record<string, Value> = {};
  for (const [key, { schema, default: otherwise, description }] of Object.entries(parameters)) {
    const value = Object.hasOwn(given, key) ? given[key]! : otherwise;
    const validate = ajv.compile(schema);
    if (validate(value)) values[key] = value;
    else {
      say(badParameter(name, key, ajv.errorsText(validate.errors, { dataVar: 'holds a value that' }), description), [
        key,
      ]);
    }
  }
  if (diagnostics.length > 0) return { document: null, diagnostics };
  let document: ValueMap;
  try {
    document = MANAGEMENT_DOCUMENTS.get(name)!(values);
  } catch (error) {
    if (!(error instanceof SettingFault)) throw error;
    say(badParameter(name, error.parameter, error.message, parameters[error.parameter]!.description), [
      error.parameter,
    ]);
    return { document: null, diagnostics };
  }
  const faults = syntaxFaults(kind, document);
  if (faults.length === 0) return { document, diagnostics };
  const fault = badParameter(
    name,
    'parameters',
    `make a document that AWS refuses: ${faults.join('; ')}`,
    'fit for one',
  );
  return { document: null, diagnostics: [fault] };
}

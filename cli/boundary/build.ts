/** `stackade boundary build`: the chosen boundaries and roles as files, JSON and CloudFormation. */
import { buildBoundary, policyNames, toCloudFormation } from '../../boundaries/index.js';
import type { BoundaryTemplate } from '../../boundaries/index.js';
import { nearestName } from '../../catalogue/index.js';
import type { Diagnostic } from '../../findings/index.js';
import { unknownTemplate } from '../../iam/templates/index.js';
import { get, isMap, keysOf } from '../../template/index.js';
import type { TemplateSource, ValueMap } from '../../template/index.js';
import { badOption } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { openBuildFolder } from '../scp/build-folder.js';
import type { BuildFile } from '../scp/build-folder.js';
import { readYamlFile } from '../scp/library.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { chooseBoundaries } from './library.js';

export interface BuildFlags {
  readonly parameters: string;
  readonly out: string;
}

/** Lists the files of a build; by it a folder is known to be one. */
const LIST = 'build.json';

/**
 * Builds the templates that a file of parameters names, each below its own folder. Nothing is written unless all are right.
 *
 * @returns The exit code; what the user can mend has been told then.
 */
export function build(flags: BuildFlags, terminal: Terminal = processTerminal()): number {
  try {
    const write = openBuildFolder(flags.out, terminal.cwd, LIST);
    const source = readYamlFile(flags.parameters);
    const files = chosenIn(source).flatMap((template) => filesOf(template, source));
    write([...files, { path: LIST, text: json({ version: 1, files: [...files.map(({ path }) => path), LIST] }) }]);
    terminal.print(files.map(({ path, text }) => `${flags.out}/${path}  ${text.length} characters\n`).join(''));
    return CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

/** The templates that are keys of the file. */
function chosenIn(source: TemplateSource): readonly BoundaryTemplate[] {
  const { value } = source;
  if (!isMap(value) || keysOf(value).length === 0) {
    const message = `\`${source.file}\` names no template`;
    throw wrong(source, [badOption('--parameters', message, 'write a map from template to its parameters')]);
  }
  const all = chooseBoundaries([]);
  const names = all.map(({ name }) => name);
  const unknown = keysOf(value).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const said = unknown.map((name) => {
      const location = source.keyRangeOf([name]);
      const diagnostic = unknownTemplate(name, 'stackade boundary list', nearestName(name, names));
      return location === undefined ? diagnostic : { ...diagnostic, location };
    });
    throw wrong(source, said);
  }
  return all.filter(({ name }) => Object.hasOwn(value, name));
}

/**
 * The files of one template: its CloudFormation, which takes account and partition from the stack; its policies as JSON,
 * when the parameters say for which account; and its companions.
 */
function filesOf(template: BoundaryTemplate, source: TemplateSource): readonly BuildFile[] {
  const { name } = template;
  // A key without a value stands for no parameters.
  const given = get(source.value as ValueMap, name) ?? {};
  const { built, diagnostics } = buildBoundary(template, given, {
    accountOfStack: true,
    locate: (at) => source.keyRangeOf([name, ...at]) ?? source.rangeOf([name, ...at]),
  });
  if (built === null) throw wrong(source, diagnostics);
  const hasAccount = isMap(given) && Object.hasOwn(given, 'account');
  return [
    { path: `${name}/cloudformation.json`, text: json(toCloudFormation(template, built)) },
    ...(hasAccount
      ? policyNames(template).map((policy) => ({
          path: `${name}/${policy}.json`,
          text: json(built.documents[policy]!),
        }))
      : []),
    ...(template.companions ?? []).map(({ language }, index) => {
      return { path: `${name}/companion-${index + 1}.${language}`, text: `${built.companions[index]!}\n` };
    }),
  ];
}

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

function wrong(source: TemplateSource, diagnostics: readonly Diagnostic[]): InputError {
  return new InputError(diagnostics, new Map([[source.file, source.text]]));
}

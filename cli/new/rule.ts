/** `stackade new rule`: from an id to the files of a rule. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { nearestName, nearestTypeName, resourceType } from '../../catalogue/index.js';
import type { Property, ResourceType } from '../../catalogue/index.js';
import { visible } from '../../findings/index.js';
import type { Control } from '../../rules/index.js';
import { reasonOf } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { loadLibrary, type Library } from '../library.js';
import type { Terminal } from '../terminal.js';
import { toolVersion } from '../version.js';
import { guessControl, guessProperty, guessType, scaffold } from './scaffold.js';

export interface NewRuleOptions {
  readonly type?: string;
  readonly property?: string;
  readonly control?: string;
  /** The folder of rules. `@default` `rules` */
  readonly dir?: string;
}

/** As the schema of rule metadata has it. */
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+){2,}$/;
const MAX_ID = 70;

/** Runs the command. @returns The exit code; nothing is left behind when it is not 0. */
export function newRule(id: string, options: NewRuleOptions, terminal: Terminal): number {
  try {
    const library = loadLibrary();
    const folder = resolve(terminal.cwd, options.dir ?? 'rules');
    checkId(id, library, folder);
    const type = typeOf(id, options.type);
    const property = propertyOf(id, type, options.property);
    const control = controlOf(id, library.controls, options.control);
    // The clock is read here: the day on which the page of the type is taken as read.
    const today = new Date().toISOString().slice(0, 10);
    const files = scaffold({ id, type, property, control, today, version: toolVersion() });
    write(files, folder);
    for (const path of files.keys()) terminal.print(`${visible(join(options.dir ?? 'rules', path))}\n`);
    terminal.tell(
      `The rule asks for ${property.name} of ${type.name}, under control ${control.id}. Make it the one you want, ` +
        'name it in a pack, and run `stackade guard test` and `stackade guard lint` on its folder.\n',
    );
    return CLEAN;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

function refuse(message: string, help: string): never {
  throw new InputError([{ code: 'CLI2007', severity: 'error', message, help }]);
}

function checkId(id: string, library: Library, folder: string): void {
  if (!ID.test(id) || id.length > MAX_ID) {
    refuse(
      `\`${id}\` is no id of a rule`,
      `write <service>-<resource>-<good state> in small letters, such as sqs-queue-encrypted, up to ${MAX_ID} characters`,
    );
  }
  const known = library.rules.flatMap(({ metadata }) => [metadata.id, ...metadata.aliases]);
  const there = existsSync(folder) ? idsBelow(folder) : [];
  if ([...known, ...there].includes(id)) refuse(`there is a rule \`${id}\` already`, 'choose another id');
  // cfn-guard pairs rule files and test files by the beginning of their names.
  const near = [...known, ...there].find((other) => other.startsWith(id) || id.startsWith(other));
  if (near !== undefined) {
    refuse(
      `\`${id}\` and the rule \`${near}\` begin alike`,
      'choose an id of which neither is the beginning of the other',
    );
  }
}

function idsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((path) => {
    const id = /(?:^|[\\/])([^\\/]+)\.guard$/.exec(path)?.[1];
    return id === undefined ? [] : [id];
  });
}

function typeOf(id: string, name: string | undefined): ResourceType {
  const type = name === undefined ? guessType(id) : resourceType(name);
  if (type !== undefined) return type;
  if (name === undefined) return refuse(`no resource type can be told from \`${id}\``, 'name it with --type');
  const nearest = nearestTypeName(name);
  return refuse(
    `there is no resource type \`${name}\``,
    nearest === undefined ? 'correct the name' : `did you mean \`${nearest}\`?`,
  );
}

function propertyOf(id: string, type: ResourceType, name: string | undefined): Property {
  const property = name === undefined ? guessProperty(id, type) : type.properties.get(name);
  if (property !== undefined) return property;
  if (name === undefined) {
    return refuse(`${type.name} has no property that a rule could ask for`, 'choose another --type');
  }
  const nearest = nearestName(name, type.properties.keys());
  return refuse(
    `${type.name} has no property \`${name}\``,
    nearest === undefined ? `there are ${[...type.properties.keys()].join(', ')}` : `did you mean \`${nearest}\`?`,
  );
}

function controlOf(id: string, controls: readonly Control[], name: string | undefined): Control {
  const control = name === undefined ? guessControl(id, controls) : controls.find((each) => each.id === name);
  if (control !== undefined) return control;
  if (name === undefined) return refuse(`no control can be told from \`${id}\``, 'name it with --control');
  const nearest = nearestName(
    name,
    controls.map((each) => each.id),
  );
  return refuse(
    `there is no control \`${name}\``,
    nearest === undefined ? 'correct the id' : `did you mean \`${nearest}\`?`,
  );
}

/** All files or none; no file that is there is touched. */
function write(files: ReadonlyMap<string, string>, folder: string): void {
  const written: string[] = [];
  try {
    for (const [path, text] of files) {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text, { flag: 'wx' });
      written.push(target);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    refuse(`the files cannot be written: ${reasonOf(error)}`, 'choose another folder with --dir');
  }
}

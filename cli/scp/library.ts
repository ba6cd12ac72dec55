/** The policy templates of this package, and the files that commands about them read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearestName } from '../../catalogue/index.js';
import type { Diagnostic } from '../../findings/index.js';
import { loadManagementTemplate, loadTemplate, unknownTemplate } from '../../scp/index.js';
import type { ManagementTemplate, PolicyTemplate, TemplateData } from '../../scp/index.js';
import { readTemplate } from '../../template/index.js';
import type { TemplateSource } from '../../template/index.js';
import { readText } from '../iam/input.js';
import { InputError } from '../input-error.js';
import { packageRoot } from '../version.js';

/** All templates in order of their names. @throws an Error when the package was not built. */
export function loadTemplates(): readonly PolicyTemplate[] {
  const text = readFileSync(join(packageRoot(), 'dist', 'scp', 'library.json'), 'utf8');
  return (JSON.parse(text) as readonly TemplateData[]).map(loadTemplate);
}

/** All templates of management policies, in order of their names. @throws an Error when the package was not built. */
export function loadManagementTemplates(): readonly ManagementTemplate[] {
  const text = readFileSync(join(packageRoot(), 'dist', 'scp', 'management.json'), 'utf8');
  return (JSON.parse(text) as readonly Pick<TemplateData, 'metadata' | 'cases'>[]).map(loadManagementTemplate);
}

/** The template of a name, of whatever kind. @throws InputError for a name that is not there. */
export function chooseTemplate(name: string): PolicyTemplate | ManagementTemplate {
  const all = [...loadTemplates(), ...loadManagementTemplates()];
  const found = all.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = all.map((each) => each.name);
  throw new InputError([unknownTemplate(name, 'stackade scp list', nearestName(name, names))]);
}

/** The templates of some names, or all when none is given. @throws InputError for a name that is not there. */
export function chooseTemplates(wanted: readonly string[]): readonly PolicyTemplate[] {
  const all = loadTemplates();
  if (wanted.length === 0) return all;
  const names = all.map(({ name }) => name);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new InputError(unknown.map((name) => notChosen(name, names)));
  return all.filter(({ name }) => wanted.includes(name));
}

/** Why there is no policy of a name: a setting decides no requests. */
function notChosen(name: string, names: readonly string[]): Diagnostic {
  const diagnostic = unknownTemplate(name, 'stackade scp list', nearestName(name, names));
  if (!loadManagementTemplates().some((each) => each.name === name)) return diagnostic;
  return {
    ...diagnostic,
    message: `\`${name}\` is a setting of services: it decides no requests, and has no claims`,
    help: `\`stackade scp show ${name}\` shows it, with its cases`,
  };
}

/** Reads a YAML or JSON file. @throws InputError when it cannot be read. */
export function readYamlFile(path: string): TemplateSource {
  const { name, text } = readText(path);
  const { source, diagnostics } = readTemplate(text, name);
  if (source === null) throw new InputError(diagnostics, new Map([[name, text]]));
  return source;
}

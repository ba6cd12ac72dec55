/** From files to stacks: single templates, folders of them, and cloud assemblies of the CDK. */
import { posix } from 'node:path';
import type { StackInput } from '../../analyzers/diff/index.js';
import { get, isMap, keysOf, readTemplate } from '../../template/index.js';
import type { TemplateSource, Value, ValueMap } from '../../template/index.js';
import { badOption, noTemplate, nothingChecked } from '../check/diagnostics.js';
import { looksLikeTemplate } from '../check/read-file.js';
import { InputError } from '../input-error.js';
import { isTemplate, withNested, withStackSets } from './inner.js';
import type { Deployment, ReadStack } from './inner.js';
import type { Tree } from './trees.js';

/** The stacks of one side, with their sources for places. */
export interface Side {
  readonly stacks: StackInput[];
  readonly sources: Map<string, TemplateSource>;
}

/** Reads both sides. @throws InputError when something cannot be read, or there is nothing to compare. */
export function readSides(
  older: Tree,
  newer: Tree,
  deployment: Deployment = {},
): { readonly old: Side; readonly new: Side } {
  const kinds = [older.kind, newer.kind];
  if (kinds.includes('file') && kinds.includes('folder')) {
    throw new InputError([
      badOption('diff', `\`${older.name}\` and \`${newer.name}\` are a template and a folder`, 'name two of a kind'),
    ]);
  }
  const sides = {
    old: readSide(older, nameOf(newer, older), deployment),
    new: readSide(newer, nameOf(newer, older), deployment),
  };
  if (sides.old.stacks.length + sides.new.stacks.length === 0) {
    throw new InputError([nothingChecked([older.name, newer.name])]);
  }
  return sides;
}

/** Two templates belong together whatever their files are called. */
function nameOf(newer: Tree, older: Tree): string {
  const tree = newer.kind === 'file' ? newer : older;
  return posix.basename(tree.paths[0] ?? tree.name);
}

function readSide(tree: Tree, fileName: string, deployment: Deployment): Side {
  const read: ReadStack[] = [];
  if (tree.kind === 'file') {
    const path = tree.paths[0]!;
    const source = readSource(tree, path);
    if (!isTemplate(source)) throw new InputError([noTemplate(tree.name)]);
    const parent = { path: '', stack: { name: fileName, template: source.value as ValueMap }, source };
    read.push(...withNested([parent], deployment, (beside) => templateIn(tree.beside(beside))).stacks);
  } else if (tree.paths.includes('manifest.json') && isAssembly(readSource(tree, 'manifest.json').value)) {
    readAssembly(tree, '', read);
  } else read.push(...readFolder(tree, deployment));
  const side: Side = { stacks: [], sources: new Map() };
  for (const each of read) {
    side.sources.set(each.stack.name, each.source);
    side.stacks.push(withStackSets(each, deployment, (name, source) => side.sources.set(name, source)));
  }
  return side;
}

/** The templates of a folder. One that another names for a nested stack is that stack's, with what it is given. */
function readFolder(tree: Tree, deployment: Deployment): readonly ReadStack[] {
  const sources = new Map(
    tree.paths.flatMap((path) => {
      const source = readOne(tree, path);
      return source === null ? [] : [[path, source] as const];
    }),
  );
  const parents = [...sources].map(([path, source]) => ({
    path,
    stack: { name: path, template: source.value as ValueMap },
    source,
  }));
  const find = (path: string): TemplateSource | null => sources.get(path) ?? templateIn(tree.beside(path));
  const { nested } = withNested(parents, deployment, find);
  const outermost = parents.filter(({ path }) => !nested.has(path));
  // Where all are in each other, none of them is the outermost.
  return withNested(outermost.length === 0 ? parents : outermost, deployment, find).stacks;
}

/** A file beside the templates; `null` for what is no template, of which nothing is shown. */
function templateIn(file: { readonly name: string; readonly text: string } | null): TemplateSource | null {
  const source = file === null ? null : readTemplate(file.text, file.name).source;
  return source !== null && isTemplate(source) ? source : null;
}

function readSource(tree: Tree, path: string): TemplateSource {
  const text = tree.read(path);
  const name = tree.shown(path);
  const { source, diagnostics } = readTemplate(text, name);
  if (source === null) throw new InputError(diagnostics, new Map([[name, text]]));
  return source;
}

/** A file of a folder: what is no template is left out, what was meant as one and cannot be read is not. */
function readOne(tree: Tree, path: string): TemplateSource | null {
  const text = tree.read(path);
  const { source, diagnostics } = readTemplate(text, tree.shown(path));
  if (source === null && looksLikeTemplate(text)) {
    throw new InputError(diagnostics, new Map([[tree.shown(path), text]]));
  }
  return source !== null && isTemplate(source) ? source : null;
}

// ------------------------------------------------------------------------------------------- Cloud assemblies

/** The manifest of a cloud assembly (https://docs.aws.amazon.com/cdk/v2/guide/deploy-synth.html). */
function isAssembly(value: Value): boolean {
  return isMap(value) && isMap(get(value, 'artifacts')) && typeof get(value, 'version') === 'string';
}

function readAssembly(tree: Tree, folder: string, read: ReadStack[]): void {
  const manifest = readSource(tree, posix.join(folder, 'manifest.json')).value;
  const artifacts = isMap(manifest) ? get(manifest, 'artifacts') : undefined;
  if (!isMap(artifacts ?? null)) return;
  for (const name of keysOf(artifacts as ValueMap)) {
    const artifact = (artifacts as ValueMap)[name]!;
    const [type, properties] = isMap(artifact) ? [get(artifact, 'type'), get(artifact, 'properties')] : [];
    const text = (key: string): string | undefined => {
      const value = properties !== undefined && isMap(properties) ? get(properties, key) : undefined;
      return typeof value === 'string' ? value : undefined;
    };
    if (type === 'cdk:cloud-assembly') {
      const inner = text('directoryName');
      if (inner !== undefined) readAssembly(tree, inside(tree, posix.join(folder, inner)), read);
    }
    const file = type === 'aws:cloudformation:stack' ? text('templateFile') : undefined;
    if (file !== undefined) {
      readStack(tree, inside(tree, posix.join(folder, file)), folder === '' ? name : `${folder}/${name}`, read);
    }
  }
}

/** Files of an assembly are in it. */
function inside(tree: Tree, path: string): string {
  const normal = posix.normalize(path);
  if (!normal.startsWith('..') && !posix.isAbsolute(normal)) return normal;
  throw new InputError([
    badOption('diff', `\`${tree.shown('manifest.json')}\` names a file outside of its folder: \`${path}\``),
  ]);
}

function readStack(
  tree: Tree,
  path: string,
  name: string,
  read: ReadStack[],
  more: Pick<StackInput, 'parameters' | 'nestedIn'> = {},
): void {
  if (!tree.paths.includes(path)) {
    throw new InputError([
      badOption('diff', `\`${tree.name}\` lacks \`${path}\`, the template of the stack \`${name}\``),
    ]);
  }
  const source = readSource(tree, path);
  if (!isTemplate(source)) throw new InputError([noTemplate(tree.shown(path))]);
  const template = source.value as ValueMap;
  read.push({ stack: { name, template, ...more }, source });
  const resources = get(template, 'Resources') as ValueMap;
  for (const logicalId of keysOf(resources)) {
    const resource = resources[logicalId]!;
    const metadata = isMap(resource) ? get(resource, 'Metadata') : undefined;
    const asset = metadata !== undefined && isMap(metadata) ? get(metadata, 'aws:asset:path') : undefined;
    if (!isMap(resource) || get(resource, 'Type') !== 'AWS::CloudFormation::Stack' || typeof asset !== 'string') {
      continue;
    }
    const parameters = givenParameters(get(resource, 'Properties'));
    const nested = inside(tree, posix.join(posix.dirname(path), asset));
    readStack(tree, nested, `${name}/${logicalId}`, read, { parameters, nestedIn: { stack: name, logicalId } });
  }
}

/** The parameters of a nested stack that are texts; what its parent computes is not known here. */
function givenParameters(properties: Value | undefined): Readonly<Record<string, string>> {
  const parameters = properties !== undefined && isMap(properties) ? get(properties, 'Parameters') : undefined;
  if (parameters === undefined || !isMap(parameters)) return {};
  return Object.fromEntries(
    keysOf(parameters).flatMap((name) => {
      const value = parameters[name];
      return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
    }),
  );
}

/**
 * Holds the import table of the rooms and the purity of the engines (see ARCHITECTURE.md).
 * Imports are read with the TypeScript parser, so that comments and strings do not count.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');

/** Room → rooms that it may import. */
const TABLE: Record<string, readonly string[]> = {
  cli: [
    'sandbox',
    'stacksets',
    'analyzers',
    'hooks',
    'scp',
    'boundaries',
    'organization',
    'rules',
    'guard',
    'iam',
    'template',
    'catalogue',
    'findings',
  ],
  sandbox: ['hooks', 'analyzers', 'rules', 'guard', 'iam', 'template', 'organization', 'catalogue', 'findings'],
  analyzers: ['organization', 'iam', 'template', 'catalogue', 'findings'],
  stacksets: ['organization', 'template', 'catalogue', 'findings'],
  hooks: ['rules', 'scp', 'boundaries', 'guard', 'iam', 'template', 'catalogue', 'findings'],
  scp: ['organization', 'iam', 'template', 'catalogue', 'findings'],
  boundaries: ['iam', 'template', 'catalogue', 'findings'],
  rules: ['guard', 'iam', 'template', 'catalogue', 'findings'],
  organization: ['template', 'catalogue', 'findings'],
  guard: ['template', 'findings'],
  iam: ['template', 'catalogue', 'findings'],
  template: ['catalogue', 'findings'],
  catalogue: [],
  findings: [],
};
/** Faces besides a room's `index.ts`: data that only some need and that takes time to load. */
const FACES = new Set([
  'analyzers/diff/index.js',
  'analyzers/distributed/index.js',
  'analyzers/policies/index.js',
  'analyzers/report/index.js',
  'analyzers/scan/index.js',
  'catalogue/actions/index.js',
  'catalogue/iam/index.js',
  'hooks/bundle/index.js',
  'hooks/gate/index.js',
  'hooks/handler/index.js',
  'hooks/lambda/index.js',
  'hooks/package/index.js',
  'iam/cloudtrail/index.js',
  'iam/prove/index.js',
  'iam/templates/index.js',
  'iam/validate/index.js',
  'rules/code/index.js',
  'scp/compose/index.js',
  'scp/apply/index.js',
  'scp/pack/index.js',
  'scp/replay/index.js',
  'scp/revoke/index.js',
  'template/building/index.js',
]);
/** The only packages that the pure rooms may use; none of them touches files, network or clock. */
const PURE_PACKAGES = new Set(['ajv', 'fflate', 'picocolors']);
const IMPURE_ROOMS = new Set(['cli', 'sandbox']);
/** Node modules that compute only. */
const PURE_BUILTINS = new Set(['node:crypto']);
/** Globals through which a pure file could reach files, network, clock or chance. */
const IMPURE_GLOBALS = new Set([
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'require',
]);

interface Use {
  readonly file: string;
  readonly specifier: string;
  readonly line: number;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    // Generators run at build time and are no part of any room.
    return entry.name.endsWith('.ts') && !path.includes(`${sep}catalogue${sep}build${sep}`) ? [path] : [];
  });
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, true);
}

function importsOf(source: ts.SourceFile): Use[] {
  const uses: Use[] = [];
  const add = (node: ts.Node, specifier: string): void => {
    uses.push({
      file: source.fileName,
      specifier,
      line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
    });
  };
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      add(node, (node.moduleSpecifier as ts.StringLiteral).text);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const argument = node.arguments[0];
      add(node, argument && ts.isStringLiteralLike(argument) ? argument.text : '<computed>');
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, (node.argument.literal as ts.StringLiteral).text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

/** Uses of impure globals: identifiers that are no property names, plus `Date.now`, `new Date()`, `Math.random`, `import.meta`. */
function impureUses(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const say = (node: ts.Node, what: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${relative(ROOT, source.fileName)}:${line + 1} ${what}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) {
      const text = `${node.expression.getText(source)}.${node.name.text}`;
      if (text === 'Date.now' || text === 'Math.random') say(node, text);
      visit(node.expression);
      return;
    }
    if (ts.isMetaProperty(node)) say(node, 'import.meta');
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'Date' && !node.arguments?.length) {
      say(node, 'new Date()');
    }
    if (ts.isIdentifier(node) && IMPURE_GLOBALS.has(node.text)) {
      const parent = node.parent;
      const isName =
        (ts.isPropertyAssignment(parent) ||
          ts.isPropertySignature(parent) ||
          ts.isMethodSignature(parent) ||
          ts.isMethodDeclaration(parent)) &&
        parent.name === node;
      if (!isName) say(node, node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const rooms = Object.keys(TABLE);
const files = new Map(rooms.map((room) => [room, sourceFiles(join(ROOT, room)).map(parse)]));

describe('rooms', () => {
  it('are all in the table', () => {
    const present = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && sourceFilesIn(entry.name) > 0)
      .map((entry) => entry.name);
    expect(present.filter((name) => !rooms.includes(name))).toStrictEqual([]);
  });

  it.each(rooms)('%s has one face', (room) => {
    if (room === 'cli') return;
    expect(files.get(room)!.map((source) => relative(join(ROOT, room), source.fileName))).toContain('index.ts');
  });

  it.each(rooms)('%s imports only what the table allows, through faces', (room) => {
    const wrong: string[] = [];
    for (const use of files.get(room)!.flatMap(importsOf)) {
      const place = `${relative(ROOT, use.file)}:${use.line} ${use.specifier}`;
      if (!use.specifier.startsWith('.')) continue;
      const target = relative(ROOT, resolve(dirname(use.file), use.specifier)).split(sep);
      if (target[0] === room) continue;
      if (!TABLE[room]!.includes(target[0]!)) wrong.push(`${place}: ${room} may not import ${target[0]!}`);
      else if (target.join('/') !== `${target[0]!}/index.js` && !FACES.has(target.join('/'))) {
        wrong.push(`${place}: import the room's face`);
      }
    }
    expect(wrong).toStrictEqual([]);
  });
});

describe('the reference evaluator of IAM', () => {
  it('reads nothing but the model, so that it cannot share a fault with the compiled one', () => {
    const used = files
      .get('iam')!
      .filter((source) => dirname(relative(ROOT, source.fileName)) === join('iam', 'reference'))
      .flatMap(importsOf);
    expect(used.length).toBeGreaterThan(0);
    const isOwn = (specifier: string): boolean => /^\.\/[a-z-]+\.js$/.test(specifier);
    const isAllowed = (specifier: string): boolean => isOwn(specifier) || /^\.\.\/(?:arn|model)\.js$/.test(specifier);
    expect(used.filter(({ specifier }) => !isAllowed(specifier))).toStrictEqual([]);
  });
});

describe('engines are pure', () => {
  it.each(rooms.filter((room) => !IMPURE_ROOMS.has(room)))('%s', (room) => {
    const wrong: string[] = [];
    for (const source of files.get(room)!) {
      if (source.fileName.endsWith('-client.ts')) continue;
      wrong.push(...impureUses(source));
      for (const use of importsOf(source)) {
        if (use.specifier.startsWith('.') || PURE_BUILTINS.has(use.specifier)) continue;
        const place = `${relative(ROOT, use.file)}:${use.line} ${use.specifier}`;
        const bare = use.specifier.replace(/^node:/, '');
        if (builtinModules.includes(bare)) wrong.push(`${place}: node module in a pure room`);
        else if (!PURE_PACKAGES.has(use.specifier)) wrong.push(`${place}: package not on the list`);
      }
    }
    expect(wrong).toStrictEqual([]);
  });

  it('notices what it forbids', () => {
    const source = ts.createSourceFile(
      join(ROOT, 'guard/fault.ts'),
      'export const a = Date.now(); const b = process.env; new Date(); Math.random(); x.process; import("node:fs");',
      ts.ScriptTarget.ES2023,
      true,
    );
    expect(impureUses(source).map((use) => use.split(' ').slice(1).join(' '))).toStrictEqual([
      'Date.now',
      'process',
      'new Date()',
      'Math.random',
    ]);
    expect(importsOf(source).map((use) => use.specifier)).toStrictEqual(['node:fs']);
  });
});

/** Number of TypeScript files in a top-level folder that counts as a room. */
function sourceFilesIn(folder: string): number {
  if (['node_modules', 'dist', 'test', 'bench', 'docs', 'examples', '.git', '.ci'].includes(folder)) return 0;
  return sourceFiles(join(ROOT, folder)).length;
}

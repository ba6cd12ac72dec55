/** What a file needs in order to run stands below it: imports of values make no circle. Types may, within a compiler's parts. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');
const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.build.json'), 'utf8')) as { include: string[] };
const ROOMS = [...new Set(include.map((pattern) => pattern.split('/')[0]!))].filter(
  (room) => room !== '' && existsSync(join(ROOT, room, 'index.ts')),
);

const files = ROOMS.concat('cli').flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(ROOT, room, name)),
);

/** Whether an import or export leaves nothing behind when types are taken away. */
function isOfTypes(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    const { exportClause } = node;
    if (node.isTypeOnly) return true;
    return (
      exportClause !== undefined &&
      ts.isNamedExports(exportClause) &&
      exportClause.elements.every(({ isTypeOnly }) => isTypeOnly)
    );
  }
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

function neededBy(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2023, false);
  return source.statements.flatMap((node) => {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return [];
    const specifier = node.moduleSpecifier as ts.StringLiteral | undefined;
    if (!specifier?.text.startsWith('.') || isOfTypes(node)) return [];
    return [resolve(dirname(file), specifier.text.replace(/\.js$/, '.ts'))];
  });
}

/** The files of a circle, or `null`. Files are looked at once each, those that they need first. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): readonly string[] | null => {
    if (done.has(file)) return null;
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    way.push(file);
    for (const next of graph.get(file) ?? []) {
      const found = visit(next);
      if (found !== null) return found;
    }
    way.pop();
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const found = visit(file);
    if (found !== null) return found;
  }
  return null;
}

it('no circle of imports', () => {
  const graph = new Map(files.map((file) => [file, neededBy(file)]));
  expect(graph.size).toBeGreaterThan(1_000);
  expect([...graph.values()].flat().filter((file) => !existsSync(file) && !file.includes('generated'))).toStrictEqual(
    [],
  );
  expect(circleIn(graph)?.map((file) => relative(ROOT, file)) ?? null).toBeNull();
});

it('a circle would be seen', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c']],
    ['c', ['b']],
  ]);
  expect(circleIn(graph)).toStrictEqual(['b', 'c', 'b']);
});

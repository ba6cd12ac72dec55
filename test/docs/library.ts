/** Type-checks and runs the programs of a page, as in a project that has installed the package. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './files.js';
import type { Block } from './markdown.js';

export interface Programs {
  /** What the compiler says, as `line of the page: message`. */
  readonly problems: readonly string[];
  /** What each program prints, by its block. */
  readonly printed: ReadonlyMap<Block, string>;
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
};

/** Runs the blocks of the language `ts`. The package must be built. */
export function runPrograms(blocks: readonly Block[]): Programs {
  const programs = blocks.filter(({ language }) => language === 'ts');
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stackade-library-')));
  try {
    mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
    symlinkSync(root, join(folder, 'node_modules', 'stackade'));
    symlinkSync(join(root, 'node_modules', '@types', 'node'), join(folder, 'node_modules', '@types', 'node'));
    const files = programs.map((block) => join(folder, `line-${block.line}.mts`));
    files.forEach((file, index) => {
      writeFileSync(file, programs[index]!.text);
    });
    const program = ts.createProgram(files, { ...OPTIONS, typeRoots: [join(folder, 'node_modules', '@types')] });
    const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
      const at = programs[files.indexOf(file?.fileName ?? '')];
      const line = (at?.line ?? 0) + (file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1;
      return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
    program.emit();
    const printed = new Map(
      programs.map((block, index) => {
        const args = [files[index]!.replace(/mts$/, 'mjs')];
        const child = spawnSync(process.execPath, args, { encoding: 'utf8', env: { NO_COLOR: '1' } });
        if (child.error !== undefined) throw child.error;
        return [block, child.stdout + child.stderr];
      }),
    );
    return { problems, printed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

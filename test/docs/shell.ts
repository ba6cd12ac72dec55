/**
 * Runs the commands that a page shows. Each page has a folder of its own: its blocks with a file name are written into it,
 * and its `console` blocks are run there by `sh`, in the order of the page. `stackade` is the built command.
 */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './files.js';
import { runProgram } from '../support/programs.js';
import { writeCommand } from '../support/quick-command.js';
import type { Block } from './markdown.js';

/** Folders of the checkout that commands may name. */
const SHARED = ['examples', 'rules'];
/** What stands for the folder in outputs. */
const SHOWN_FOLDER = '/project';

/** One command of a `console` block. */
export interface Command {
  readonly command: string;
  /** What the page says that it prints. A line `…` stands for any number of lines. */
  readonly shown: string;
}

/** The commands of a block: each begins with `$ `; `> ` goes on with it. */
export function commandsOf(block: Block): readonly Command[] {
  const commands: { command: string; shown: string }[] = [];
  for (const line of block.text.split('\n').slice(0, -1)) {
    const last = commands.at(-1);
    if (line.startsWith('$ ')) commands.push({ command: line.slice(2), shown: '' });
    else if (last === undefined) throw new Error(`line ${block.line}: a console block begins with a command`);
    else if (line.startsWith('> ') && last.shown === '') last.command += `\n${line.slice(2)}`;
    else last.shown += `${line}\n`;
  }
  return commands;
}

/** Whether an output is the one that is shown. How many rules a pack has changes too often to be shown right. */
export function matches(printed: string, shown: string): boolean {
  const escaped = shown.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const open = escaped.replace(/^…\n/gm, '(?:.*\\n)*?').replace(/\b[0-9]+ rules on\b/g, '[0-9]+ rules on');
  return new RegExp(`^${open}$`).test(printed);
}

/** The folder of one page. */
export class PageFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'stackade-docs-')));
  private readonly work = join(this.path, 'work');

  constructor() {
    mkdirSync(join(this.path, 'bin'));
    mkdirSync(this.work);
    for (const name of SHARED) symlinkSync(join(root, name), join(this.work, name));
    writeCommand(join(this.path, 'bin', 'stackade'));
  }

  write({ file, text }: Block): void {
    if (file === null) return;
    if (SHARED.includes(file.split('/')[0]!)) throw new Error(`${file} lies in a folder of the checkout`);
    const path = join(this.work, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Runs the commands of a block. @returns What each prints, both streams in the order of a terminal. */
  run(block: Block): readonly string[] {
    const mark = '--- the next command ---';
    const script = commandsOf(block)
      .map(({ command }) => `(exit $status); ${command}\nstatus=$?; echo '${mark}'\n`)
      .join('');
    const { PATH = '', HOME = '' } = process.env;
    const output = join(this.path, 'output');
    const variables = [`PATH=${join(this.path, 'bin')}:${PATH}`, `HOME=${HOME}`, 'NO_COLOR=1'];
    const shell = ['sh', '-c', `status=0; exec >> '${output}' 2>&1\n${script}`];
    runProgram('env', ['-i', ...variables, ...shell], '', this.work);
    const printed = readFileSync(output, 'utf8');
    rmSync(output);
    return printed.replaceAll(this.work, SHOWN_FOLDER).split(`${mark}\n`).slice(0, -1);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

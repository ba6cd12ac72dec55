/** `stackade deploy template`: the templates that come with Stackade, to be rolled out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { nearestName } from '../../catalogue/index.js';
import { badOption } from '../check/diagnostics.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN } from '../exit-codes.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { packageRoot } from '../version.js';

/** Adds `template` to `deploy`. Exit code: 0 printed, 2 there is no such template. */
export function registerTemplate(parent: Command): void {
  parent
    .command('template')
    .description('prints a template that comes with Stackade; without a name, which there are')
    .argument('[name]', 'such as account-baseline')
    .action((name: string | undefined) => {
      process.exitCode = runTemplate(name, processTerminal());
    });
}

/** @returns The exit code. */
export function runTemplate(name: string | undefined, terminal: Terminal): number {
  const folder = join(packageRoot(), 'stacksets', 'templates');
  const names = readdirSync(folder)
    .map((file) => file.replace(/\.yaml$/, ''))
    .sort();
  if (name === undefined) {
    const width = Math.max(...names.map((each) => each.length));
    const lines = names.map((each) => {
      const described = /^Description: (.*)$/m.exec(readFileSync(join(folder, `${each}.yaml`), 'utf8'))?.[1] ?? '';
      return `${each.padEnd(width)}  ${described}\n`;
    });
    terminal.print(lines.join(''));
    return CLEAN;
  }
  if (names.includes(name)) {
    terminal.print(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
    return CLEAN;
  }
  const nearest = nearestName(name, names);
  const help = nearest === undefined ? `there are ${names.join(', ')}` : `did you mean \`${nearest}\`?`;
  tellDiagnostics([badOption('template', `there is no template \`${name}\``, help)], new Map(), terminal);
  return BAD_INPUT;
}

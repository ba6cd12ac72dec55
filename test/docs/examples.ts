/** What Stackade says of the rule files and templates that pages show. */
import { attributesOf } from '../../catalogue/index.js';
import { renderDiagnostics } from '../../findings/index.js';
import type { Diagnostic } from '../../findings/index.js';
import { compileRegex, parseRules } from '../../guard/index.js';
import { isMap, readTemplate, resolveTemplate } from '../../template/index.js';
import { runPrograms } from './library.js';
import type { Block, Page } from './markdown.js';
import { commandsOf, matches, PageFolder } from './shell.js';

/** Languages of blocks that are read without the command, and the file that they stand for. */
const FILES: Readonly<Record<string, string>> = {
  guard: 'rules.guard',
  yaml: 'template.yaml',
  json: 'template.json',
};

export const isExample = ({ language }: Block): boolean => Object.hasOwn(FILES, language);

const checkRegex = (pattern: string): string | null => {
  const compiled = compileRegex(pattern);
  return compiled.ok ? null : compiled.message;
};

/** The diagnostics of a rule file or template, with their places. */
export function diagnosticsOf({ language, text }: Block): readonly Diagnostic[] {
  const file = FILES[language]!;
  if (language === 'guard') return parseRules(text, file, { checkRegex }).diagnostics;
  const { source, diagnostics } = readTemplate(text, file);
  if (source === null || !isMap(source.value)) return diagnostics;
  const resolved = resolveTemplate(source.value, { attributes: attributesOf }).diagnostics.map(
    ({ path, ...rest }): Diagnostic => {
      const location = source.rangeOf(path);
      return location === undefined ? rest : { ...rest, location };
    },
  );
  return [...diagnostics, ...resolved];
}

/** What the command would print of a rule file or template. */
export function printed(block: Block): string {
  const sources = new Map([[FILES[block.language]!, block.text]]);
  return renderDiagnostics(diagnosticsOf(block), { color: false, sources });
}

/** An output that a page shows, and the one that there is. */
export interface Output {
  readonly block: Block;
  /** The text of the block as it should be. */
  readonly expected: string;
}

/**
 * Every output of a page: `text` blocks after an example or a program, and `console` blocks, whose commands are run.
 *
 * @returns The expected text of each such block; it is the block's own text where that agrees.
 */
export function outputsOf({ blocks }: Page): readonly Output[] {
  const outputs: Output[] = [];
  const folder = new PageFolder();
  const programs = blocks.some(({ language }) => language === 'ts') ? runPrograms(blocks).printed : null;
  try {
    blocks.forEach((block, index) => {
      folder.write(block);
      const before = blocks[index - 1];
      if (block.language === 'console') outputs.push({ block, expected: afterRun(block, folder) });
      if (block.language !== 'text' || before === undefined) return;
      const answer = programs?.get(before);
      if (answer !== undefined) outputs.push({ block, expected: answer });
      else if (isExample(before) && before.file === null) outputs.push({ block, expected: printed(before) });
    });
  } finally {
    folder.remove();
  }
  return outputs;
}

function afterRun(block: Block, folder: PageFolder): string {
  const answers = folder.run(block);
  return commandsOf(block)
    .map(({ command, shown }, index) => {
      const answer = answers[index] ?? '';
      return `$ ${command.replaceAll('\n', '\n> ')}\n${matches(answer, shown) ? shown : answer}`;
    })
    .join('');
}

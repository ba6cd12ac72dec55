/** `stackade guard parse-tree`: the syntax tree of a rule file, as `cfn-guard parse-tree` 3.1.1 prints it. */
import { basename } from 'node:path';
import { parseTree, printJson, printYaml } from '../../guard/index.js';
import { parseRuleFile, ruleFileProblems } from './engine.js';
import { GuardCommandError, readStandardInput, readText } from './files.js';
import { withOutput } from './output.js';

export interface ParseTreeOptions {
  /** `@default` standard input. */
  readonly rules?: string;
  /** `@default` standard output. */
  readonly output?: string;
  readonly printJson: boolean;
}

/**
 * Runs the command.
 *
 * @returns Exit code 0.
 * @throws GuardCommandError when the file cannot be read or does not parse.
 */
export function printParseTree(options: ParseTreeOptions): number {
  const { rules } = options;
  const source =
    rules === undefined || rules === '-'
      ? { name: 'STDIN', text: readStandardInput() }
      : { name: basename(rules), text: readText(rules) };
  const parsed = parseRuleFile(source);
  if (parsed.tree === null) throw new GuardCommandError(ruleFileProblems(source, parsed));
  const data = parseTree(parsed.tree, source.text);
  withOutput(options.output, (output) => {
    output.write(options.printJson ? printJson(data, 2) : printYaml(data));
  });
  return 0;
}

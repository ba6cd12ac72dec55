/** Answers as JSON. */
import type { DecidingStatement, Evaluation } from '../evaluate/index.js';
import { POLICY_LAYERS } from '../model.js';

const known = new WeakMap<DecidingStatement, string>();

function statementJson(statement: DecidingStatement): string {
  let text = known.get(statement);
  if (text === undefined) {
    text = JSON.stringify(statement);
    known.set(statement, text);
  }
  return text;
}

/** An answer as JSON on one line, without its end. */
export function printAnswer(name: string | null, { decision, by, missingKeys, layers }: Evaluation): string {
  let statements = '';
  for (const statement of by) {
    statements += statements === '' ? statementJson(statement) : `,${statementJson(statement)}`;
  }
  let outcomes = '';
  for (const layer of POLICY_LAYERS) outcomes += `${outcomes === '' ? '' : ','}"${layer}":"${layers[layer]}"`;
  const keys = missingKeys.length === 0 ? '[]' : JSON.stringify(missingKeys);
  return `{"name":${JSON.stringify(name)},"decision":"${decision}","by":[${statements}],"missingKeys":${keys},"layers":{${outcomes}}}`;
}

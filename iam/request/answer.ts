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

const knownLayers = new WeakMap<Evaluation['layers'], string>();

function layersJson(layers: Evaluation['layers']): string {
  let text = knownLayers.get(layers);
  if (text === undefined) {
    text = JSON.stringify(layers, [...POLICY_LAYERS]);
    knownLayers.set(layers, text);
  }
  return text;
}

/** An answer as JSON on one line, without its end. */
export function printAnswer(name: string | null, { decision, by, missingKeys, layers }: Evaluation): string {
  let statements = '';
  for (const statement of by) {
    statements += statements === '' ? statementJson(statement) : `,${statementJson(statement)}`;
  }
  const keys = missingKeys.length === 0 ? '[]' : JSON.stringify(missingKeys);
  return `{"name":${JSON.stringify(name)},"decision":"${decision}","by":[${statements}],"missingKeys":${keys},"layers":${layersJson(layers)}}`;
}

/**
 * ARN conditions with a value that does not have the six parts of an ARN, such as `*` or `arn:aws:sns:*`.
 *
 * "Each of the six colon-delimited components of the ARN is checked separately"
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN).
 * What a value with fewer matches is not documented: the evaluator takes it to match nothing, while AWS may compare it as
 * one text with wildcards. So a claim that holds for the evaluator is asked again with such comparisons open. Each is true
 * or false as it likes, the same comparison alike wherever it stands, but false for what the text does not match. What holds
 * then holds for either reading; what does not is unknown, because AWS might decide a request otherwise.
 */
import { isShortArn, isVariable, piecesOf } from './patterns.js';
import { conditionsOf } from './question.js';
import type { Question } from './question.js';

/** What is open about a question, in one sentence; `undefined` when all its ARN patterns have six parts. */
export function shortArnOf(question: Question): string | undefined {
  const short = new Map<string, string>();
  for (const { operator, key, values } of conditionsOf(question)) {
    if (!operator.startsWith('Arn')) continue;
    for (const value of values) if (isShort(value)) short.set(`\`${value}\` for \`${key}\``, value);
  }
  const [first] = short;
  if (first === undefined) return undefined;
  const [place, value] = first;
  const more = short.size > 1 ? ` and ${short.size - 1} more` : '';
  return (
    `AWS does not say what ARN patterns with fewer than six parts match (${place}${more}), and it holds only if ` +
    `they match nothing; write \`${filledUp(value)}\`, or ask with \`Null\` whether the key is there`
  );
}

/** A variable may bring parts or not, so that what is written besides has to have all of them. */
function isShort(value: string): boolean {
  return isShortArn(piecesOf(value, true, true).flatMap((piece) => (isVariable(piece) ? [] : [piece])));
}

/** The pattern with its missing parts as wildcards. */
function filledUp(short: string): string {
  return /^arn:[^${}]+$/.test(short) ? short + ':*'.repeat(6 - short.split(':').length) : 'arn:*:*:*:*:*';
}

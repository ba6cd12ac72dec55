/**
 * What resolution says of a template. Each code has one function that builds it.
 *
 * Resolution works on values without positions, so a diagnostic carries the path of the value it speaks of.
 */
import type { Diagnostic } from '../../findings/index.js';
import type { Path } from '../values.js';

/** A diagnostic whose place is still a path of the written document. */
export type PathDiagnostic = Omit<Diagnostic, 'location'> & { readonly path: Path };

/** A diagnostic before it is known where it belongs. */
export type Problem = Omit<PathDiagnostic, 'path'>;

function error(code: string, message: string, help?: string): Problem {
  return { code, severity: 'error', message, ...(help === undefined ? {} : { help }) };
}

/** `Did you mean …` for a misspelt name, when one of the known names is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  if (name.length > 100) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[right.length]!;
}

function suggestion(name: string, known: Iterable<string>, otherwise: string): string {
  const near = nearest(name, known);
  return near === undefined ? otherwise : `did you mean \`${near}\`?`;
}

export function unresolvedReference(name: string, from: string, known: Iterable<string>): Problem {
  return error(
    'TPL3001',
    `\`${from}\` names \`${name}\`, which is neither a parameter nor a resource of the template`,
    suggestion(name, known, 'declare it under `Parameters` or `Resources`'),
  );
}

export function unresolvedAttribute(name: string, from: string, known: Iterable<string>): Problem {
  return error(
    'TPL3002',
    `\`${from}\` reads an attribute of \`${name}\`, which is no resource of the template`,
    suggestion(name, known, 'declare the resource or correct its logical ID'),
  );
}

export function unknownAttribute(type: string, attribute: string, known: readonly string[]): Problem {
  return {
    code: 'TPL3003',
    severity: 'warning',
    message: `\`${type}\` is not known to have an attribute \`${attribute}\``,
    help: suggestion(attribute, known, known.length === 0 ? 'use `Ref`' : `it has ${known.join(', ')}`),
  };
}

export function malformed(name: string, expected: string): Problem {
  return error('TPL3004', `\`${name}\` is not well formed: ${expected}`, `write \`${name}\` in the form that it takes`);
}

export function unknownFunction(name: string, known: Iterable<string>): Problem {
  return error(
    'TPL3005',
    `\`${name}\` is no intrinsic function`,
    suggestion(name, known, 'use a function of CloudFormation'),
  );
}

export function undefinedCondition(name: string, known: Iterable<string>): Problem {
  return error(
    'TPL3006',
    `condition \`${name}\` is not defined`,
    suggestion(name, known, 'define it under `Conditions`'),
  );
}

export function conditionCycle(names: readonly string[]): Problem {
  return error('TPL3007', `conditions depend on each other: ${arrows(names)}`, 'take one of them out of the circle');
}

export function resourceCycle(names: readonly string[]): Problem {
  return error('TPL3008', `resources depend on each other: ${arrows(names)}`, 'take one of them out of the circle');
}

function arrows(names: readonly string[]): string {
  return [...names, names[0]!].map((name) => `\`${name}\``).join(' → ');
}

export function notInMapping(what: string, known: Iterable<string>, name: string): Problem {
  return error('TPL3009', what, suggestion(name, known, 'add it under `Mappings`'));
}

export function outOfRange(message: string): Problem {
  return error('TPL3010', message, 'count from 0 and stay within what there is');
}

export function badParameterValue(name: string, message: string): Problem {
  return error(
    'TPL3011',
    `parameter \`${name}\` ${message}`,
    'give a value that the parameter takes (--parameters), or correct its declaration',
  );
}

export function badParameter(name: string, message: string): Problem {
  return error('TPL3012', `parameter \`${name}\` ${message}`, 'add `Type: String`, or the type that the parameter has');
}

export function needsTransform(name: string): Problem {
  return error(
    'TPL3013',
    `\`${name}\` needs the transform \`AWS::LanguageExtensions\``,
    'add `Transform: AWS::LanguageExtensions` to the template',
  );
}

export function badLoop(name: string, message: string): Problem {
  return error(
    'TPL3014',
    `\`${name}\` ${message}`,
    "give an identifier, a list of texts, and a map whose keys hold the identifier, as in `'Topic${Name}'`",
  );
}

export function tooDeep(limit: number): Problem {
  return error('TPL3015', `the template is nested more than ${limit} levels deep here`, 'split the template');
}

export function macro(name: string): Problem {
  return {
    code: 'TPL3016',
    severity: 'warning',
    message: `what the macro \`${name}\` makes of the template is not seen`,
    help: 'check the processed template as well (`aws cloudformation get-template --template-stage Processed`)',
  };
}

export function misplaced(name: string, where: string): Problem {
  return error(
    'TPL3017',
    `\`${name}\` can be used only ${where}`,
    where.startsWith('under')
      ? 'define a condition and use its name with `Fn::If` or `Condition`'
      : 'use parameters, pseudo parameters and mappings there',
  );
}

export function notForConditions(name: string): Problem {
  return error(
    'TPL3020',
    `a condition cannot refer to \`${name}\`, which is no parameter`,
    'use parameters, pseudo parameters and mappings in conditions',
  );
}

export function contradictoryRules(): Problem {
  return {
    code: 'TPL3021',
    severity: 'warning',
    message: 'no values of the parameters satisfy the rules of the template; the rules are not used',
    help: 'correct `Rules`, or give other values to the parameters',
  };
}

export function badOutput(name: string, message: string, help: string): Problem {
  return error('TPL3023', `output \`${name}\` ${message}`, help);
}

/** @param path - Where null stands. */
export function nullValue(path: Path): Problem {
  const key = path.at(-1);
  const what =
    typeof key === 'number' ? `item ${key} of \`${path.findLast((one) => typeof one === 'string')}\`` : `\`${key}\``;
  return error(
    'TPL3022',
    `${what} is null, and CloudFormation takes no null in a template`,
    'give a value, or take the entry out; `!Ref AWS::NoValue` leaves a property out',
  );
}

export function badValue(message: string): Problem {
  return error('TPL3018', message, 'give the function a value of the kind that it needs');
}

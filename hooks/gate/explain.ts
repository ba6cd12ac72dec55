/** What somebody reads whose resource is refused: what, why, and how to mend it. */
import { catalogueInfo, nearestName, propertyAt, resourceType } from '../../catalogue/index.js';
import type { Path } from '../../template/index.js';
import type { Gate, TypeProblem } from './gate.js';
import type { Problem } from './judge.js';
import { pathText, schemaPathOf } from './schema.js';

/** What a report says of one problem. */
export interface Explanation {
  readonly code: GateCode;
  readonly title: string;
  readonly message: string;
  readonly help: string;
  readonly controls: readonly string[];
}

export type GateCode = keyof typeof TITLES;

/** The good condition that each code stands for. */
export const TITLES = {
  GAT1001: 'The resource type is approved',
  GAT1002: 'The property is approved',
  GAT1003: 'The free-form value is approved',
  GAT1004: 'The value is approved',
  GAT1005: 'Required properties are there',
} as const;

const CONTROLS: Readonly<Record<GateCode, readonly string[]>> = {
  GAT1001: ['HOOK-GATE-01', 'HOOK-GATE-03'],
  GAT1002: ['HOOK-GATE-01'],
  GAT1003: ['HOOK-GATE-01'],
  GAT1004: ['HOOK-GATE-02'],
  GAT1005: ['HOOK-GATE-02'],
};

/** The code of a problem. Of one that is not decided: the code that it would have. */
export function codeOf({ kind, schema }: Problem): GateCode {
  switch (kind) {
    case 'property':
    case 'forbidden':
      return 'GAT1002';
    case 'free-form':
      return 'GAT1003';
    case 'value':
    case 'placeholder':
      return 'GAT1004';
    case 'required':
      return 'GAT1005';
    case 'open':
      return schema.type === 'object' || schema.type === 'array' ? 'GAT1002' : 'GAT1004';
  }
}

/** Explains why a type as a whole is refused. */
export function explainType(gate: Gate, type: string, { reason, message }: TypeProblem): Explanation {
  const mend: Readonly<Record<TypeProblem['reason'], string>> = {
    noSchema:
      resourceType(type) === undefined
        ? `an overlay approves a type of your own: \`types: {${type}: {schema: …}}\``
        : `\`stackade gate build --types ${type}\` makes its schema`,
    forbidden: 'use another type',
    delete: 'leave the resource in the stack',
    unusable: 'take the snapshot anew with `stackade gate build`; what you want to change belongs into an overlay',
  };
  return explanation('GAT1001', message, [gate.messageFor(type), mend[reason]], []);
}

/** Explains a problem with a resource's properties. */
export function explain(gate: Gate, type: string, problem: Problem): Explanation {
  const { schema, kind, path, message } = problem;
  const said = schema['x-message'] ?? gate.messageFor(type);
  const isName = kind === 'property' || kind === 'forbidden';
  const where = isName ? path.slice(0, -1) : path;
  const place = where.length === 0 ? `for \`${type}\`` : `in \`${pathText(where)}\` of \`${type}\``;
  const tell = (mend: string, own: readonly string[] = []): Explanation =>
    explanation(codeOf(problem), `${message} ${place}`, [said, mend], own);
  switch (kind) {
    case 'property':
      return tell(mendProperty(gate, type, problem));
    case 'forbidden':
      return tell('take it out');
    case 'free-form': {
      const text = `\`${pathText(path)}\` of \`${type}\` ${message}`;
      return explanation('GAT1003', text, [said, overlayLine(gate, type, problem)], []);
    }
    case 'required':
      return tell(`add \`${problem.names[0] ?? ''}\``, controls(problem));
    case 'placeholder':
      return tell(mendPlaceholder(problem), [...controls(problem), 'HOOK-GATE-03', 'HOOK-GATE-04']);
    default:
      return tell(mendValue(problem), controls(problem));
  }
}

function controls({ schema }: Problem): readonly string[] {
  return schema['x-controls'] ?? [];
}

function explanation(code: GateCode, message: string, help: readonly string[], own: readonly string[]): Explanation {
  return {
    code,
    title: TITLES[code],
    message,
    help: help
      .filter((part) => part !== '')
      .map(sentence)
      .join(' '),
    controls: [...new Set([...own, ...CONTROLS[code]])],
  };
}

/** Starts large where another sentence stands before it. */
function sentence(text: string, index: number): string {
  const start = index === 0 || text.startsWith('`') ? text : `${text[0]!.toUpperCase()}${text.slice(1)}`;
  return /[.!?`)}]$/.test(start) || index > 0 ? start : `${start}.`;
}

function mendProperty(gate: Gate, type: string, { schema, names, path }: Problem): string {
  const [name = ''] = names;
  const nearest = nearestName(name, Object.keys(schema.properties ?? {}));
  if (nearest !== undefined) return `did you mean \`${nearest}\`?`;
  const general = generalPath(gate, type, path);
  const known = propertyAt(type, path) !== undefined;
  const line = `\`types: {${type}: {allow: [{path: ${pathText(general)}, schema: …}]}}\``;
  return known
    ? `AWS has it (data of ${catalogueInfo.date}); approve it with a new snapshot, after \`stackade gate diff\`, or with the overlay line ${line}`
    : `this version knows no such property; take it out, or approve it with the overlay line ${line}`;
}

function overlayLine(gate: Gate, type: string, { path, schema }: Problem): string {
  if (schema['x-free-form'] === undefined) return 'take it out';
  return `an overlay opens it: \`types: {${type}: {allow: [${pathText(generalPath(gate, type, path))}]}}\``;
}

function generalPath(gate: Gate, type: string, path: Path): readonly string[] {
  const schema = gate.schemaOf(type);
  return schema === null ? path.map(String) : schemaPathOf(schema, path);
}

function mendPlaceholder({ names }: Problem): string {
  const options = names.map((name) => OPTIONS[name] ?? `<${name}>`).join(', ');
  return `say what it is: ${options}`;
}

const OPTIONS: Readonly<Record<string, string>> = {
  accountId: '--account',
  region: '--region',
  partition: '--region',
  orgId: '--organization',
  ouId: '--ou',
  stackName: '--stack-name',
};

/** Most approved values that are named. */
const MAX_NAMED = 12;

function mendValue({ schema, names }: Problem): string {
  if (names.length > 0) {
    const more = names.length > MAX_NAMED ? `, … (${names.length} values)` : '';
    return `approved: ${names
      .slice(0, MAX_NAMED)
      .map((name) => `\`${name}\``)
      .join(', ')}${more}`;
  }
  if (schema.pattern !== undefined || schema.allOf !== undefined) return 'write a value that matches';
  return 'write a value of the approved form';
}

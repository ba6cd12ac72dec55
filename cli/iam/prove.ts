/** `stackade iam prove`: claims about every request that policies decide. */
import type { Command } from 'commander';
import { expandActionPattern } from '../../catalogue/iam/index.js';
import { isMap, keysOf, readJsonSource } from '../../template/index.js';
import type { Diagnostic } from '../../findings/index.js';
import type { Policy } from '../../iam/index.js';
import {
  accessNotGranted,
  allowsAnything,
  disjoint,
  equivalent,
  faultOfAssumption,
  noNewAccess,
  noPublicAccess,
  PUBLIC_RESOURCE_TYPES,
} from '../../iam/prove/index.js';
import type { DocumentKind, Proof, ProveOptions, RequestPair } from '../../iam/prove/index.js';
import type { Request } from '../../iam/index.js';
import { tellDiagnostics } from '../check/tell.js';
import { BAD_INPUT, CLEAN, FINDINGS, INCOMPLETE } from '../exit-codes.js';
import { InputError } from '../input-error.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { readJsonFile, readPolicyFile, readText } from './input.js';

type AnyProof = Proof<Request | RequestPair>;

/** A proof, and what a reader of HOLDS should know. */
interface Answer {
  readonly proof: AnyProof;
  readonly note: string;
}

/** The options of all claims; commander sees to it that each has those that it requires. */
interface Flags {
  readonly assume?: string;
  readonly format: string;
  readonly existing: string;
  readonly new: string;
  readonly type: string;
  readonly policy: string;
  readonly actions?: string[];
  readonly resources?: string[];
  readonly resourceType: string;
  readonly left: string[];
  readonly right: string[];
  readonly differ?: string[];
}

const FORMATS = ['pretty', 'json'];
const KINDS: readonly string[] = ['identity', 'resource'];

/**
 * Adds `prove` to `iam`.
 *
 * Sets the exit code: 0 when the claim holds, 1 when it fails, 3 when that could not be told, 2 for bad input.
 */
export function registerProve(parent: Command, terminal: () => Terminal = processTerminal): void {
  const prove = parent.command('prove').description('proves claims about every request, or gives one to the contrary');
  const add = (
    name: string,
    description: string,
    options: readonly (readonly [flags: string, description: string, isRequired: boolean])[],
    run: (flags: Flags, options: ProveOptions, refuse: (message: string) => never) => Answer,
  ): void => {
    const command = prove.command(name).description(description);
    for (const [flags, text, isRequired] of options) {
      if (isRequired) command.requiredOption(flags, text);
      else command.option(flags, text);
    }
    command
      .option('--assume <file>', 'JSON file: condition key to the regular expression of its values')
      .option('--format <format>', 'pretty or json', 'json')
      .action((flags: Flags) => {
        const refuse = (message: string): never => command.error(`error: ${message}`, { exitCode: BAD_INPUT });
        if (!FORMATS.includes(flags.format)) refuse(`--format is one of ${FORMATS.join(', ')}`);
        process.exitCode = answer(() => run(flags, optionsOf(flags), refuse), flags.format, terminal());
      });
  };
  add(
    'no-new-access',
    'the new document allows nothing that the existing one does not',
    [
      ['--existing <file>', 'policy as it is', true],
      ['--new <file>', 'policy as it would be', true],
      ['--type <type>', 'identity or resource', true],
    ],
    (flags, options, refuse) => {
      if (!KINDS.includes(flags.type)) refuse(`--type is one of ${KINDS.join(', ')}`);
      const kind = flags.type as DocumentKind;
      const [existing, updated] = [readAs(flags.existing, kind), readAs(flags.new, kind)];
      const proof = noNewAccess([existing], [updated], kind, withActions(options, [existing, updated]));
      return noted(proof, kind, options, [['the new document', [updated]]]);
    },
  );
  add(
    'access-not-granted',
    'the document allows none of the actions on any of the resources',
    [
      ['--policy <file>', 'policy', true],
      ['--actions <actions...>', 'names or patterns of actions', false],
      ['--resources <arns...>', 'ARNs or patterns; every resource when left out', false],
    ],
    (flags, options, refuse) => {
      const { actions = [], resources = [] } = flags;
      if (actions.length + resources.length === 0) refuse('give --actions, --resources or both');
      const [kind, [policy]] = readAlike([flags.policy]);
      const known = { ...withActions(options, [policy!]), actions: [...knownActions(actions)] };
      const proof = accessNotGranted([policy!], { actions, resources }, kind, known);
      return noted(proof, kind, options, [['the policy', [policy!]]]);
    },
  );
  add(
    'no-public-access',
    'the resource policy lets nobody in whom no condition holds to given values',
    [
      ['--policy <file>', 'policy of a resource', true],
      ['--resource-type <type>', 'such as AWS::S3::Bucket', true],
    ],
    (flags, options, refuse) => {
      const { resourceType } = flags;
      if (!PUBLIC_RESOURCE_TYPES.includes(resourceType)) {
        refuse(`--resource-type is one of ${PUBLIC_RESOURCE_TYPES.join(', ')}`);
      }
      const kind = resourceType === 'AWS::IAM::AssumeRolePolicyDocument' ? 'trust' : 'resource';
      const policy = readPolicyFile(flags.policy, kind).policy;
      const proof = noPublicAccess([policy], resourceType, withActions(options, [policy]));
      return noted(proof, 'resource', options, [['the policy', [policy]]]);
    },
  );
  add(
    'equivalent',
    'both sides allow the same requests',
    [
      ['--left <files...>', 'policies of the one side', true],
      ['--right <files...>', 'policies of the other side', true],
    ],
    (flags, options) => {
      const [kind, policies] = readAlike([...flags.left, ...flags.right]);
      const [left, right] = [policies.slice(0, flags.left.length), policies.slice(flags.left.length)];
      return noted(equivalent(left, right, kind, withActions(options, policies)), kind, options, sides(left, right));
    },
  );
  add(
    'disjoint',
    'no action on a resource that one caller may do by LEFT and another by RIGHT',
    [
      ['--left <files...>', 'policies of the one caller', true],
      ['--right <files...>', 'policies of the other caller', true],
      ['--differ <keys...>', 'condition keys that both callers have with different values', false],
    ],
    (flags, options) => {
      const [kind, policies] = readAlike([...flags.left, ...flags.right]);
      const [left, right] = [policies.slice(0, flags.left.length), policies.slice(flags.left.length)];
      const proof = disjoint(left, right, kind, flags.differ ?? [], withActions(options, policies));
      return noted(proof, kind, options, sides(left, right));
    },
  );
}

type NamedPolicies = readonly (readonly [name: string, policies: readonly Policy[]])[];

const sides = (left: readonly Policy[], right: readonly Policy[]): NamedPolicies => [
  ['the left side', left],
  ['the right side', right],
];

/** Policies that allow nothing keep every claim, so that it is told when a claim holds for no other reason. */
function noted(proof: AnyProof, kind: DocumentKind, options: ProveOptions, asked: NamedPolicies): Answer {
  const silent = proof.kind === 'HOLDS' ? asked.filter(([, policies]) => !allowsAnything(policies, kind, options)) : [];
  const names = silent.map(([name]) => name).join(' and ');
  if (names === '') return { proof, note: '' };
  return { proof, note: `${names} ${silent.length > 1 ? 'allow' : 'allows'} no request at all` };
}

function readAs(path: string, kind: DocumentKind): Policy {
  return readPolicyFile(path, kind).policy;
}

/** Documents are identity policies unless one names a principal; then all are resource policies. */
function readAlike(paths: readonly string[]): readonly [DocumentKind, readonly Policy[]] {
  const isResource = paths.some((path) => path !== '-' && namesPrincipal(path));
  const kind = isResource ? 'resource' : 'identity';
  return [kind, paths.map((path) => readAs(path, kind))];
}

function namesPrincipal(path: string): boolean {
  const { value } = readJsonFile(path);
  const statements = isMap(value) ? value['Statement'] : undefined;
  return [statements].flat().some((each) => {
    return isMap(each) && keysOf(each).some((key) => key === 'Principal' || key === 'NotPrincipal');
  });
}

function optionsOf({ assume }: Flags): ProveOptions {
  if (assume === undefined) return {};
  const { name, text } = readText(assume);
  const { source, diagnostics } = readJsonSource(text, name);
  if (source === null) throw new InputError(diagnostics, new Map([[name, text]]));
  const { value } = source;
  const refuse = (message: string, path: readonly string[]): never => {
    const location = source.rangeOf(path) ?? source.rangeOf([]) ?? { file: source.file, start: 0, end: 0 };
    const diagnostic: Diagnostic = {
      code: 'IAM1301',
      severity: 'error',
      message,
      help: 'write a map such as `{"aws:PrincipalTag/tenant": "[a-z0-9-]{1,64}"}`',
      location,
    };
    throw new InputError([diagnostic], new Map([[source.file, text]]));
  };
  if (!isMap(value)) return refuse('an assumption file holds a map from condition keys to regular expressions', []);
  const expressions: Record<string, string> = {};
  for (const key of keysOf(value)) {
    const expression = value[key];
    if (typeof expression !== 'string') return refuse(`the assumption of \`${key}\` is no text`, [key]);
    const fault = faultOfAssumption(expression);
    if (fault !== undefined) refuse(`the assumption of \`${key}\` is not understood: ${fault}`, [key]);
    expressions[key] = expression;
  }
  return { assume: expressions };
}

/** Most names of actions that a counterexample may choose from. */
const MOST_ACTIONS = 400;

function withActions(options: ProveOptions, policies: readonly Policy[]): ProveOptions {
  const patterns = policies.flatMap(({ statements }) => statements.flatMap(({ action }) => action.patterns));
  return { ...options, actions: [...knownActions(patterns)] };
}

function knownActions(patterns: readonly string[]): ReadonlySet<string> {
  const result = new Set<string>();
  for (const pattern of new Set(patterns)) {
    const names =
      pattern === '*' ? ['s3:GetObject', 'ec2:RunInstances', 'iam:CreateUser'] : expandActionPattern(pattern);
    for (const name of names) if (result.size < MOST_ACTIONS) result.add(name);
  }
  return result;
}

function answer(prove: () => Answer, format: string, terminal: Terminal): number {
  try {
    const made = prove();
    terminal.print(format === 'json' ? `${JSON.stringify(jsonOf(made), null, 2)}\n` : pretty(made));
    return { HOLDS: CLEAN, FAILS: FINDINGS, UNKNOWN: INCOMPLETE }[made.proof.kind];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellDiagnostics(error.diagnostics, error.sources, terminal);
    return BAD_INPUT;
  }
}

/** The answer as the contract of the command has it. */
function jsonOf({ proof, note }: Answer): Readonly<Record<string, unknown>> {
  return {
    result: proof.kind,
    counterexample: proof.kind === 'FAILS' ? proof.counterexample : null,
    assumptions: proof.kind === 'UNKNOWN' ? [] : proof.assumptions,
    reason: proof.kind === 'UNKNOWN' ? `${proof.reason}: ${proof.detail}` : note,
  };
}

function pretty({ proof, note }: Answer): string {
  const lines: string[] = [proof.kind];
  if (proof.kind === 'UNKNOWN') lines.push(`  ${proof.detail}`);
  if (proof.kind === 'FAILS') {
    const { counterexample } = proof;
    const requests: readonly (readonly [string, Request])[] =
      'left' in counterexample
        ? [
            ['left', counterexample.left],
            ['right', counterexample.right],
          ]
        : [['request', counterexample]];
    for (const [title, request] of requests) lines.push(`  ${title}:`, ...linesOf(request));
  }
  if (proof.kind !== 'UNKNOWN') for (const assumption of proof.assumptions) lines.push(`  assuming ${assumption}`);
  if (note !== '') lines.push(`  note: ${note}`);
  return `${lines.join('\n')}\n`;
}

function linesOf(request: Request): readonly string[] {
  const { principal, action, resource, resourceAccount, context } = request;
  const rows: (readonly [string, string])[] = [
    ['principal', typeof principal === 'string' ? principal : JSON.stringify(principal)],
    ['action', action],
    ['resource', resource],
  ];
  if (resourceAccount !== undefined) rows.push(['owner', resourceAccount]);
  for (const [key, value] of Object.entries(context)) rows.push([key, JSON.stringify(value)]);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `    ${name.padEnd(width)}  ${text}`);
}

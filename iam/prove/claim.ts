/**
 * Claims about whole sets of policies: for all requests with these properties the decision is that, with service control
 * and resource control policies level by level, boundary, session, identity, resource and endpoint policies together, in
 * one account and across accounts, as the reference combines them.
 */
import type { ApplicablePolicies, Condition, Policy, Request, Statement } from '../model.js';
import { referenceEvaluate } from '../reference/index.js';
import { both, choice } from './automata/language.js';
import type { Language } from './automata/language.js';
import { literalLanguage } from './automata/language.js';
import { decide, vacuous } from './decide.js';
import { evaluationFormulas } from './evaluation.js';
import { and, not, or } from './formula.js';
import type { Formula } from './formula.js';
import { arnLanguage, piecesOf } from './patterns.js';
import { ALL_KINDS, accountOfCaller, callersOfKinds, callersWhose, callerText, ofAccount } from './principal.js';
import type { Proof, ProveOptions } from './proof.js';
import type { RequestProperties } from './properties.js';
import { CROSS, CROSS_YES } from './question.js';
import type { Encoder } from './encode.js';
import { vacuityOf } from './vacuity.js';
import { valueOf } from './values.js';

/** `DENY` is either kind of denial. */
export type ClaimedDecision = 'ALLOW' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY' | 'DENY';

export interface Claim {
  readonly forAll: RequestProperties;
  readonly policies: ApplicablePolicies;
  readonly decision: ClaimedDecision;
}

/**
 * Proves a claim.
 *
 * @returns A counterexample is a request with the properties for which the decision is another. A claim that no request
 *   can meet, or with an entry in a list that none can meet, is UNKNOWN (`vacuous`), never HOLDS.
 * @throws RegexError when an assumption is not understood.
 */
export function proveClaim(claim: Claim, options: ProveOptions = {}): Proof {
  const proof = proveOrRefute(claim, options);
  return proof.kind !== 'HOLDS' ? proof : (speaksOfNothing(claim.forAll, options) ?? proof);
}

/**
 * Whether a claim with these properties says nothing, whatever is claimed.
 *
 * @returns UNKNOWN (`vacuous`) when no request has the properties, or none that an entry of a list speaks of; `undefined`
 *   when there are such requests.
 */
export function speaksOfNothing(forAll: RequestProperties, options: ProveOptions = {}): Proof | undefined {
  const questions = {
    find: (properties: RequestProperties) => someRequest(properties, options),
    has: (request: Request, properties: RequestProperties) => {
      const { notPrincipalArns: values } = properties;
      const conditions: readonly Condition[] =
        values === undefined ? [] : [{ operator: 'ArnNotLike', ifExists: false, key: 'aws:PrincipalArn', values }];
      const others = propertyStatements({ conditions });
      return hasProperties(request, properties, [...propertyStatements(properties), ...others]);
    },
  };
  const nothing = vacuityOf(forAll, questions, options.assume);
  return nothing === undefined ? undefined : vacuous(nothing);
}

/** Whether a request has the properties: `FAILS` with one of them, as nobody has them. */
function someRequest(forAll: RequestProperties, options: ProveOptions): Proof<readonly Request[]> {
  const statements = propertyStatements(forAll);
  return decide(
    {
      sides: [''],
      policies: [],
      conditions: forAll.conditions ?? [],
      callers: callersOf(forAll),
      formula: ([encoder]) => and([encoder!.caller(callersOf(forAll)), properties(forAll, statements, encoder!)]),
      replay: ([request]) => hasProperties(request!, forAll, statements),
    },
    options,
  );
}

function proveOrRefute({ forAll, policies, decision }: Claim, options: ProveOptions): Proof {
  const documents = [
    ...policies.identity,
    ...(policies.boundary ?? []),
    ...(policies.session ?? []),
    ...(policies.scps ?? []).flat(),
    ...(policies.rcps ?? []).flat(),
    ...(policies.resource === null ? [] : [policies.resource]),
    ...(policies.vpcEndpoint === null ? [] : [policies.vpcEndpoint]),
  ];
  const statements = propertyStatements(forAll);
  const proof = decide(
    {
      sides: [''],
      policies: documents,
      conditions: forAll.conditions ?? [],
      callers: callersOf(forAll),
      hasBoundary: policies.boundary !== null,
      formula: ([encoder]) => {
        const { allow, explicitDeny } = evaluationFormulas(policies, encoder!);
        const decided = {
          ALLOW: allow,
          EXPLICIT_DENY: explicitDeny,
          IMPLICIT_DENY: not(or([allow, explicitDeny])),
          DENY: not(allow),
        };
        return and([properties(forAll, statements, encoder!), not(decided[decision])]);
      },
      replay: ([request]) => {
        const got = referenceEvaluate(request!, policies).decision;
        const agrees = got === decision || (decision === 'DENY' && got !== 'ALLOW');
        return !agrees && hasProperties(request!, forAll, statements);
      },
    },
    options,
  );
  return proof.kind === 'FAILS' ? { ...proof, counterexample: proof.counterexample[0]! } : proof;
}

const arnsLike = (patterns: readonly string[]): Language =>
  choice(
    patterns.map((pattern) =>
      arnLanguage(piecesOf(pattern, false, true).flatMap((piece) => ('wild' in piece ? [piece] : []))),
    ),
  );

function callersOf({ callers = ALL_KINDS, principalArns, principalAccount }: RequestProperties): Language {
  let result = callersOfKinds(callers);
  if (principalArns !== undefined) result = both(result, callersWhose('aws:principalarn', arnsLike(principalArns)));
  if (principalAccount !== undefined) result = both(result, ofAccount(literalLanguage(principalAccount)));
  return result;
}

/** The properties of action, resource and keys as statements of which each must apply. */
function propertyStatements(properties: RequestProperties): readonly Statement[] {
  const { actions = ['*'], notActions, resources = ['*'], notResources, conditions = [] } = properties;
  const statement = (action: Statement['action'], resource: Statement['action']): Statement => ({
    effect: 'Deny',
    principal: { negated: false, principals: [{ kind: 'AWS', value: '*' }] },
    action,
    resource,
    conditions,
  });
  const listed = (patterns: readonly string[]): Statement['action'] => ({ negated: false, patterns });
  const others = (patterns: readonly string[] | undefined): Statement['action'] =>
    patterns === undefined ? listed(['*']) : { negated: true, patterns };
  return [statement(listed(actions), listed(resources)), statement(others(notActions), others(notResources))];
}

function properties(forAll: RequestProperties, statements: readonly Statement[], encoder: Encoder): Formula {
  const { accounts, notPrincipalArns } = forAll;
  const cross = encoder.atoms.some(CROSS, CROSS_YES);
  return and([
    ...statements.map((statement) => encoder.applies(statement, '2012-10-17')),
    ...(accounts === undefined ? [] : [accounts === 'different' ? cross : not(cross)]),
    ...(notPrincipalArns === undefined
      ? []
      : [not(encoder.caller(callersWhose('aws:principalarn', arnsLike(notPrincipalArns))))]),
  ]);
}

/** Lets the reference judge whether a request has the properties. */
function hasProperties(request: Request, forAll: RequestProperties, statements: readonly Statement[]): boolean {
  const { principalAccount, accounts } = forAll;
  const caller = accountOfCaller(callerText(request));
  const owner = valueOf(request, 'aws:resourceaccount');
  const isCross = caller !== undefined && owner !== undefined && caller !== owner;
  if (accounts !== undefined && isCross !== (accounts === 'different')) return false;
  const nothing = { identity: [], boundary: null, session: null, scps: null, rcps: null, vpcEndpoint: null };
  const applies = statements.every((statement) => {
    const resource: Policy = { version: '2012-10-17', statements: [statement] };
    return referenceEvaluate(request, { ...nothing, resource }).layers.resource === 'EXPLICIT_DENY';
  });
  return applies && (principalAccount === undefined || caller === principalAccount);
}

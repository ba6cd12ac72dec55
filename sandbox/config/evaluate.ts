/**
 * Runs the functions of custom rules: with the event of AWS Config ("Example Events for AWS Config Rules" of the Developer
 * Guide, https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html), as
 * often as somebody asks for compliance after something has changed, where AWS runs them every hour and after changes.
 */
import { randomUUID } from 'node:crypto';
import { policedResources } from '../access-analyzer/resources.js';
import { Call } from '../call.js';
import { serviceCaller } from '../callers.js';
import { functionOf } from '../cloudformation/hooks/functions.js';
import { FunctionFailure } from '../cloudformation/hooks/runner.js';
import { installationOf } from '../cloudformation/installation.js';
import { RequestError, ServiceError } from '../errors.js';
import type { Host } from '../service.js';
import { changesOf, newCredentials } from '../state.js';
import { assumeAsService } from '../sts/roles.js';
import { CONFIG, type RuleData } from './data.js';
import { evaluatedWith } from './made.js';

const CONFIG_PRINCIPAL = 'config.amazonaws.com';

/** Evaluations that go on. */
const running = new WeakMap<RuleData, Promise<void>>();

/** Brings a rule's evaluations up to date. A function that fails is told by the status of the rule. */
export async function evaluateRule(host: Host, account: string, region: string, rule: RuleData): Promise<void> {
  const { state } = host;
  const source = rule.written['Source'] as { readonly Owner?: unknown; readonly SourceIdentifier?: unknown };
  // Managed rules are AWS's; of them the sandbox has the records only.
  if (source.Owner !== 'CUSTOM_LAMBDA' || evaluatedWith.get(rule) === changesOf(state).changes) return;
  let work = running.get(rule);
  if (work === undefined) {
    work = invoke(host, account, region, rule, String(source.SourceIdentifier)).finally(() => {
      running.delete(rule);
      evaluatedWith.set(rule, changesOf(state).changes);
    });
    running.set(rule, work);
  }
  await work;
}

async function invoke(host: Host, account: string, region: string, rule: RuleData, arn: string): Promise<void> {
  const { state } = host;
  const now = host.now();
  const token = randomUUID();
  CONFIG.of(state, account, region).tokens.set(token, { rule: rule.name, at: now });
  rule.invokedAt = now;
  rule.error = undefined;
  try {
    const called = functionOf(state, arn);
    if (called === undefined) throw new FunctionFailure(`Function not found: ${arn}`);
    const by = new Call(host, {
      caller: serviceCaller(CONFIG_PRINCIPAL),
      region,
      via: [],
      request: null,
      accessKeyId: null,
    });
    permit(by, account, arn, rule);
    const role = assumeAsService(by, 'lambda.amazonaws.com', called.roleArn, called.name.slice(0, 64));
    await installationOf(host).runner.call(called, eventOf(account, rule, token, now), () => ({
      ...{
        region,
        url: host.url,
        credentials: newCredentials(state, { ...role.caller, sourceFunctionArn: called.arn }, now),
      },
    }));
  } catch (error) {
    const isKnown = error instanceof FunctionFailure || error instanceof RequestError || error instanceof ServiceError;
    if (!isKnown) throw error;
    rule.failedAt = now;
    rule.error = { code: error instanceof RequestError ? 'AccessDenied' : 'FunctionError', message: error.message };
  }
}

/** The policy of a function has to let AWS Config in. @throws RequestError */
function permit(by: Call, account: string, arn: string, rule: RuleData): void {
  const found = policedResources(by.state, account, by.region).find((each) => each.arn === arn);
  by.authorize('lambda:InvokeFunction', arn, {
    owner: account,
    resourcePolicy: typeof found?.policy === 'string' ? { text: found.policy, kind: 'resource' } : null,
    context: { 'aws:SourceAccount': account, 'aws:SourceArn': rule.arn },
  });
}

function eventOf(account: string, rule: RuleData, resultToken: string, now: number): object {
  const message = {
    awsAccountId: account,
    notificationCreationTime: new Date(now).toISOString(),
    messageType: 'ScheduledNotification',
    recordVersion: '1.0',
  };
  return {
    version: '1.0',
    invokingEvent: JSON.stringify(message),
    ruleParameters: typeof rule.written['InputParameters'] === 'string' ? rule.written['InputParameters'] : '{}',
    resultToken,
    eventLeftScope: false,
    configRuleName: rule.name,
    configRuleArn: rule.arn,
    configRuleId: rule.id,
    accountId: account,
  };
}

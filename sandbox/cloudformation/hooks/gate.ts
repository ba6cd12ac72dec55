/** Asks hooks before something is made, changed or deleted, and keeps what they say. */
import { Call } from '../../call.js';
import { rootOf, serviceCaller, sessionCaller } from '../../callers.js';
import { RequestError, ServiceError } from '../../errors.js';
import { IAM } from '../../iam/data.js';
import type { Host } from '../../service.js';
import { bucketsOf } from '../../s3/data.js';
import { makeBucket } from '../../s3/buckets.js';
import { writeObject } from '../../s3/objects.js';
import { newCredentials } from '../../state.js';
import type { Credentials } from '../../state.js';
import { newId } from '../data.js';
import type { EventHook } from '../data.js';
import type { HookGate, HookQuestion } from '../hook-gate.js';
import { textOf } from '../json.js';
import type { Json } from '../json.js';
import { concerns, operationOf, readConfiguration } from './configuration.js';
import type { HookConfiguration } from './configuration.js';
import { hooksAt } from './data.js';
import type { HookAnnotation, HookResult, HookType } from './data.js';
import { eventOf, payloadOf } from './events.js';
import { functionOf, type FunctionData } from './functions.js';
import { askGuardHook } from './guard-hook.js';
import { presigned } from './presign.js';
import { FunctionFailure } from './runner.js';
import type { FunctionRunner } from './runner.js';

const HOOKS_PRINCIPAL = 'hooks.cloudformation.amazonaws.com';
/** Answers that a hook is not done yet, for a Lambda Hook. */
const MAX_IN_PROGRESS = 3;
const MAX_REASON = 1024;
const HOUR = 3_600_000;
const PAYLOAD_SECONDS = 300;

/** What a hook has answered. */
interface Answer {
  readonly status: 'HOOK_COMPLETE_SUCCEEDED' | 'HOOK_COMPLETE_FAILED' | 'HOOK_FAILED';
  readonly reason: string;
  readonly annotations: readonly HookAnnotation[];
}

export class Hooks implements HookGate {
  private payloadCredentials: Credentials | undefined;

  constructor(
    private readonly host: Host,
    private readonly runner: FunctionRunner,
    private readonly wait: (milliseconds: number) => Promise<void>,
  ) {}

  async ask(question: HookQuestion, tell: (event: EventHook) => void): Promise<readonly string[]> {
    const { account, region } = question.stack;
    const { types } = hooksAt(this.host.state, account, region);
    const concerned: (readonly [HookType, HookConfiguration])[] = [];
    for (const type of types.values()) {
      if (type.configuration === undefined) continue;
      const configuration = readConfiguration(type.configuration);
      if (concerns(configuration, question)) concerned.push([type, configuration]);
    }
    const blocking = await Promise.all(
      concerned.map(async ([type, configuration]) =>
        (await this.one(type, configuration, question, tell)) ? [type.name] : [],
      ),
    );
    return blocking.flat();
  }

  /** @returns Whether the hook stops the operation. */
  private async one(
    type: HookType,
    configuration: HookConfiguration,
    question: HookQuestion,
    tell: (event: EventHook) => void,
  ): Promise<boolean> {
    const { failureMode } = configuration;
    const result = this.begin(type, failureMode, question);
    const told = (): void => {
      const { id: invocationId, status, reason } = result;
      tell({ type: type.name, status, reason, failureMode, invocationId });
    };
    told();
    const answer = await this.answer(type, configuration, question);
    result.status = answer.status;
    result.reason = answer.reason === '' ? undefined : answer.reason.slice(0, MAX_REASON);
    result.annotations = answer.annotations;
    told();
    return failureMode === 'FAIL' && answer.status !== 'HOOK_COMPLETE_SUCCEEDED';
  }

  private begin(type: HookType, failureMode: string, question: HookQuestion): HookResult {
    const { stack, changeSetId, action, target } = question;
    const isResource = target === 'RESOURCE';
    const result: HookResult = {
      id: newId(),
      typeName: type.name,
      originalName: type.originalName,
      typeArn: type.arn,
      versionId: type.versionId,
      configurationVersion: type.configurationVersion,
      failureMode,
      status: 'HOOK_IN_PROGRESS',
      reason: undefined,
      invokedAt: this.host.now(),
      target: {
        operation: operationOf(question),
        typeName: isResource ? question.type : target,
        id: isResource ? (question.requestToken ?? question.logicalId) : target === 'STACK' ? stack.id : changeSetId!,
        action,
        stackId: isResource && question.requestToken !== undefined ? '' : stack.id,
      },
      annotations: [],
    };
    hooksAt(this.host.state, stack.account, stack.region).results.set(result.id, result);
    return result;
  }

  private async answer(type: HookType, configuration: HookConfiguration, question: HookQuestion): Promise<Answer> {
    try {
      if (type.originalName === 'AWS::Hooks::LambdaHook') return await this.askLambda(type, configuration, question);
      if (type.originalName === 'AWS::Hooks::GuardHook') {
        const role = this.asRole(type, question);
        const { isGood, message } = askGuardHook(role, type, configuration.properties, question);
        return {
          status: isGood ? 'HOOK_COMPLETE_SUCCEEDED' : 'HOOK_COMPLETE_FAILED',
          reason: isGood ? message : `Hook failed with message: ${message}`,
          annotations: [],
        };
      }
      throw new FunctionFailure(`the sandbox does not run hooks of the type ${type.originalName}`);
    } catch (error) {
      // Whatever keeps a hook from answering is a failure of the hook: its mode decides what becomes of the operation.
      const message = error instanceof Error ? error.message : String(error);
      const code = error instanceof RequestError ? 'AccessDenied' : 'InternalFailure';
      const known = error instanceof RequestError || error instanceof ServiceError || error instanceof FunctionFailure;
      const what = known ? message : `an error of the hook: ${message}`;
      return {
        status: 'HOOK_FAILED',
        reason: `Hook failed with error code ${code} and message: ${what}`,
        annotations: [],
      };
    }
  }

  private async askLambda(type: HookType, configuration: HookConfiguration, question: HookQuestion): Promise<Answer> {
    const { properties } = configuration;
    const arn = textOf(properties['LambdaFunction']);
    this.asRole(type, question).authorize('lambda:InvokeFunction', arn);
    const called = functionOf(this.host.state, arn);
    if (called === undefined) throw new FunctionFailure(`Function not found: ${arn}`);
    const token = newId();
    const payload = payloadOf(question);
    const url = payload === null ? null : this.addressOf(payload, question.stack.region);
    let callbackContext: unknown = null;
    for (let invocation = 1; invocation <= MAX_IN_PROGRESS + 1; invocation += 1) {
      const event = eventOf(type, properties, question, token, url, { invocation, callbackContext });
      const reply = (await this.runner.call(called, event, () => ({
        region: question.stack.region,
        url: this.host.url,
        credentials: this.credentialsOf(called, question),
      }))) as Json | null;
      if (reply?.['hookStatus'] !== 'IN_PROGRESS') return read(reply);
      callbackContext = reply['callbackContext'] ?? null;
      await this.wait(Number(reply['callbackDelaySeconds'] ?? 0) * 1000);
    }
    throw new FunctionFailure(`the hook was not done after ${MAX_IN_PROGRESS} answers of IN_PROGRESS`);
  }

  /** A call as the execution role of a hook. @throws RequestError when the role does not let hooks in. */
  private asRole(type: HookType, question: HookQuestion): Call {
    const { executionRoleArn } = type;
    if (executionRoleArn === undefined) throw new FunctionFailure('the hook has no execution role');
    return this.session(executionRoleArn, HOOKS_PRINCIPAL, question, { 'aws:SourceArn': type.arn });
  }

  private session(roleArn: string, principal: string, { stack }: HookQuestion, context: Record<string, string>): Call {
    const [, account = '', name = ''] = /^arn:aws[^:]*:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
    const role = this.host.state.organization.accounts.has(account)
      ? IAM.of(this.host.state, account).roles.get(name.toLowerCase())
      : undefined;
    if (role?.arn !== roleArn) throw new FunctionFailure(`the role ${roleArn} does not exist`);
    const service = this.callAs(serviceCaller(principal), stack.region);
    service.authorize('sts:AssumeRole', roleArn, {
      owner: account,
      resourcePolicy: { text: role.trust, kind: 'trust', principals: role.trusted },
      context: { 'aws:SourceAccount': stack.account, ...context },
    });
    const issuedAt = Math.floor(this.host.now() / 1000) * 1000;
    const session = {
      name: 'AWSCloudFormation',
      issuedAt,
      expiresAt: issuedAt + HOUR,
      tags: {},
      transitiveTagKeys: [],
      sourceIdentity: null,
      policies: null,
    };
    return this.callAs(sessionCaller({ ...role, account }, session), stack.region);
  }

  private callAs(caller: Call['caller'], region: string): Call {
    return new Call(this.host, { caller, region, via: [], request: null, accessKeyId: null });
  }

  private credentialsOf({ arn, roleArn }: FunctionData, question: HookQuestion): Credentials {
    const { caller } = this.session(roleArn, 'lambda.amazonaws.com', question, {});
    return newCredentials(this.host.state, { ...caller, sourceFunctionArn: arn }, this.host.now());
  }

  /** Puts a payload where the function can read it for a while. */
  private addressOf(payload: string, region: string): string {
    const { host } = this;
    const { managementAccountId } = host.state.organization;
    const owner = rootOf(managementAccountId);
    const call = this.callAs(owner, region);
    const bucket = `aws-hooks-payloads-${region}`;
    if (!bucketsOf(host.state).has(bucket)) makeBucket(call, bucket);
    const key = `${newId()}.json`;
    writeObject(call, bucket, key, Buffer.from(payload));
    this.payloadCredentials ??= newCredentials(host.state, owner, host.now());
    return presigned(host.url, { bucket, key }, region, this.payloadCredentials, host.now(), PAYLOAD_SECONDS);
  }
}

const WORDS = /^(?:SUCCESS|FAILED)$/;

/** The answer of a function. Anything that is no answer is a failure of the hook. */
function read(reply: Json | null): Answer {
  const status = reply?.['hookStatus'];
  if (reply === null || typeof status !== 'string' || !WORDS.test(status)) {
    throw new FunctionFailure('the function has not answered with a hookStatus');
  }
  const message = typeof reply['message'] === 'string' ? reply['message'] : '';
  const annotations = Array.isArray(reply['annotations']) ? (reply['annotations'] as readonly Json[]) : [];
  const shaped = annotations.map(annotationOf);
  if (status === 'SUCCESS') return { status: 'HOOK_COMPLETE_SUCCEEDED', reason: message, annotations: shaped };
  // A function that says that it could not decide has not found anything wrong.
  const isOfTarget = reply['errorCode'] === 'NonCompliant';
  const code = typeof reply['errorCode'] === 'string' ? reply['errorCode'] : 'InternalFailure';
  return {
    status: isOfTarget ? 'HOOK_COMPLETE_FAILED' : 'HOOK_FAILED',
    reason: isOfTarget
      ? `Hook failed with message: ${message}`
      : `Hook failed with error code ${code} and message: ${message}`,
    annotations: shaped,
  };
}

function annotationOf(written: Json): HookAnnotation {
  const text = (key: string): string | undefined => (typeof written[key] === 'string' ? written[key] : undefined);
  const found = {
    AnnotationName: text('annotationName'),
    Status: text('status'),
    StatusMessage: text('statusMessage'),
    RemediationMessage: text('remediationMessage'),
    RemediationLink: text('remediationLink'),
    SeverityLevel: text('severityLevel'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/**
 * Operations on stacks, step by step, with the statuses and events of the CloudFormation User Guide, "Understand
 * CloudFormation stack creation events" and "Stack status codes"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html).
 */
import type { Call } from '../call.js';
import type { EventHook, Places, ResourceData, StackData, StackRequest } from './data.js';
import { asked, failureOf, hooksFailed, reasonOf, RunFailure, undeleted } from './failures.js';
import type { HookAction, HookGate } from './hook-gate.js';
import { declaredOf, isReplaced } from './replacement.js';
import { addEvent, calledIn, exporterOf, setStatus, settingOf } from './stack-state.js';
import { ResourceFailure } from './surroundings.js';
import type { Surroundings } from './surroundings.js';
import { steps, Template } from './template.js';
import type { DeclaredResource, Evaluated } from './template.js';

/** What becomes of a stack that could not be made. */
export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

/** One operation on one stack. */
export class Run {
  private readonly template: Template;
  private readonly failed: string[] = [];
  /** Resources of the stack before an update, by logical id. */
  private readonly before = new Map<string, ResourceData>();
  /** Resources that go once everything else is there. */
  private readonly leftOver: ResourceData[] = [];

  constructor(
    private readonly world: Surroundings,
    private readonly places: Places,
    private readonly hooks: HookGate,
    private readonly stack: StackData,
    private readonly call: Call,
    private readonly changeSetId: string | null = null,
  ) {
    this.template = Template.read(stack.template);
  }

  async create(onFailure: OnFailure): Promise<void> {
    const { stack } = this;
    try {
      await this.pause();
      await this.askAboutStack('CREATE', '');
      await this.makeAll(false);
      this.takeOutputs();
      this.status('CREATE_COMPLETE');
    } catch (error) {
      const reason = reasonOf(error);
      if (onFailure === 'DO_NOTHING') {
        this.status('CREATE_FAILED', reason);
        return;
      }
      const isDeleted = onFailure === 'DELETE';
      this.status(isDeleted ? 'DELETE_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS', `${reason} ${asked(isDeleted)}`);
      await this.pause();
      const left = await this.deleteAll([...stack.resources.values()], false);
      if (left.length > 0) this.status(isDeleted ? 'DELETE_FAILED' : 'ROLLBACK_FAILED', undeleted(left));
      else if (isDeleted) this.gone();
      else this.status('ROLLBACK_COMPLETE');
    }
  }

  /** @param previous - What the stack was before. */
  async update(previous: StackRequest): Promise<void> {
    const { stack } = this;
    for (const [id, resource] of stack.resources) this.before.set(id, { ...resource });
    const outputs = stack.outputs;
    try {
      await this.pause();
      await this.askAboutStack('UPDATE', previous.template);
      await this.makeAll(true);
      this.takeOutputs();
      this.status('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      await this.pause();
      await this.deleteAll(this.leftOver, false);
      this.status('UPDATE_COMPLETE');
    } catch (error) {
      this.status('UPDATE_ROLLBACK_IN_PROGRESS', reasonOf(error));
      await this.pause();
      const { template, parameters, capabilities, tags } = previous;
      Object.assign(stack, { template, parameters, capabilities, tags, outputs });
      const made = await this.restore();
      this.status('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
      await this.pause();
      await this.deleteAll(made, false);
      this.status('UPDATE_ROLLBACK_COMPLETE');
    }
  }

  /** @param retained - Logical ids of what is left alone. */
  async delete(retained: readonly string[] = []): Promise<void> {
    try {
      await this.pause();
      await this.askAboutStack('DELETE', '');
    } catch (error) {
      this.status('DELETE_FAILED', reasonOf(error));
      return;
    }
    const left = await this.deleteAll([...this.stack.resources.values()], true, retained);
    if (left.length > 0) this.status('DELETE_FAILED', undeleted(left));
    else this.gone();
  }

  /** A stack set is looked at as a whole, and has many stacks. */
  private async pause(): Promise<void> {
    await this.world.pause(this.stack.stackSetId !== undefined);
  }

  private gone(): void {
    const { stack } = this;
    stack.deletedAt = this.world.now();
    stack.outputs = [];
    this.places.at(stack.account, stack.region).names.delete(stack.name);
    this.status('DELETE_COMPLETE');
  }

  /** Deletes resources, the last made first. @returns Logical ids of those that could not be deleted. */
  private async deleteAll(
    resources: readonly ResourceData[],
    isAsked: boolean,
    retained: readonly string[] = [],
  ): Promise<readonly string[]> {
    const left: string[] = [];
    for (const resource of [...resources].reverse()) {
      if (resource.status === 'DELETE_COMPLETE') continue;
      const keeps = resource.deletionPolicy === 'Retain' || resource.deletionPolicy === 'RetainExceptOnCreate';
      const isKept = isAsked ? keeps : resource.deletionPolicy === 'Retain';
      if (retained.includes(resource.logicalId) || (isKept && resource.physicalId !== undefined)) {
        this.tell(resource, 'DELETE_SKIPPED');
      } else if (!(await this.deleteOne(resource, isAsked))) left.push(resource.logicalId);
    }
    return left;
  }

  private async deleteOne(resource: ResourceData, isAsked: boolean): Promise<boolean> {
    const { stack, call } = this;
    this.tell(resource, 'DELETE_IN_PROGRESS');
    if (resource.physicalId !== undefined) {
      const { logicalId, type, properties } = resource;
      if (isAsked) {
        const question = { stack, call, changeSetId: null, action: 'DELETE', logicalId, type } as const;
        const blocking = await this.hooks.ask(
          { ...question, target: 'RESOURCE', properties: {}, previous: properties },
          (event) => {
            this.tell(resource, 'DELETE_IN_PROGRESS', undefined, event);
          },
        );
        if (blocking.length > 0) {
          this.tell(resource, 'DELETE_FAILED', hooksFailed(blocking));
          return false;
        }
      }
      await this.pause();
      try {
        await this.world.provider(type).delete({ stack, call }, resource);
      } catch (error) {
        this.tell(resource, 'DELETE_FAILED', failureOf(error));
        return false;
      }
    }
    this.tell(resource, 'DELETE_COMPLETE');
    return true;
  }

  private async makeAll(isUpdate: boolean): Promise<void> {
    const first = this.evaluate();
    const order = steps(first.resources);
    const { stack } = this;
    if (isUpdate) {
      for (const [id, resource] of this.before) {
        if (!first.resources.has(id)) this.leftOver.push(resource);
      }
    }
    for (const [index, ids] of order.entries()) {
      const { resources } = index === 0 ? first : this.evaluate();
      await Promise.all(ids.map((id) => this.makeOne(resources.get(id)!)));
      if (this.failed.length > 0) {
        const what = `The following resource(s) failed to ${isUpdate ? 'update' : 'create'}:`;
        throw new RunFailure(`${what} [${[...this.failed].sort().join(', ')}].`);
      }
    }
    for (const { logicalId } of this.leftOver) {
      if (!first.resources.has(logicalId)) stack.resources.delete(logicalId);
    }
  }

  /** Makes or changes a resource, or leaves it as it is. */
  private async makeOne(resource: DeclaredResource): Promise<void> {
    const current = this.before.get(resource.logicalId);
    if (current?.physicalId === undefined) {
      await this.createOne(resource, 'CREATE', undefined);
      return;
    }
    if (current.type !== resource.type || isReplaced(resource.type, current.properties, resource.properties)) {
      await this.createOne(resource, 'UPDATE', current);
    } else if (JSON.stringify(current.properties) !== JSON.stringify(resource.properties)) {
      await this.updateOne(resource, current);
    } else if (current.deletionPolicy !== resource.deletionPolicy) {
      this.stack.resources.set(resource.logicalId, { ...current, deletionPolicy: resource.deletionPolicy });
    }
  }

  private async createOne(
    resource: DeclaredResource,
    verb: 'CREATE' | 'UPDATE',
    current: ResourceData | undefined,
  ): Promise<void> {
    const { logicalId, type, properties, deletionPolicy } = resource;
    const { stack, call, world } = this;
    const record: ResourceData = {
      logicalId,
      type,
      physicalId: undefined,
      attributes: {},
      properties,
      status: `${verb}_IN_PROGRESS`,
      reason: undefined,
      updatedAt: world.now(),
      deletionPolicy,
    };
    stack.resources.set(logicalId, record);
    const replacing = 'Requested update requires the creation of a new physical resource; hence creating one.';
    this.tell(record, `${verb}_IN_PROGRESS`, current && replacing);
    try {
      await this.askAbout(record, 'CREATE', {});
      if (this.failed.length > 0) throw new ResourceFailure('Resource creation cancelled');
      const made = await world.provider(type).create({ stack, call, resource });
      record.physicalId = made.physicalId;
      record.attributes = made.attributes;
      this.tell(record, `${verb}_IN_PROGRESS`, 'Resource creation Initiated');
      await this.pause();
      this.tell(record, `${verb}_COMPLETE`);
      if (current !== undefined) this.leftOver.push({ ...current, deletionPolicy: resource.updateReplacePolicy });
    } catch (error) {
      this.fail(record, verb, error);
    }
  }

  private async updateOne(resource: DeclaredResource, current: ResourceData): Promise<void> {
    const { logicalId, type, properties, deletionPolicy } = resource;
    const { stack, call, world } = this;
    const record: ResourceData = { ...current, properties, deletionPolicy };
    // From here on it is what the stack makes of it again.
    delete record.actual;
    delete record.isGone;
    stack.resources.set(logicalId, record);
    this.tell(record, 'UPDATE_IN_PROGRESS');
    try {
      await this.askAbout(record, 'UPDATE', current.properties);
      if (this.failed.length > 0) throw new ResourceFailure('Resource update cancelled');
      record.attributes = (await world.provider(type).update({ stack, call, resource }, current)).attributes;
      await this.pause();
      this.tell(record, 'UPDATE_COMPLETE');
    } catch (error) {
      this.fail(record, 'UPDATE', error);
    }
  }

  private fail(record: ResourceData, verb: string, error: unknown): void {
    const reason = failureOf(error);
    this.failed.push(record.logicalId);
    this.tell(record, `${verb}_FAILED`, reason);
  }

  /** Puts back what an update has changed. @returns What it has made. */
  private async restore(): Promise<readonly ResourceData[]> {
    const { stack, call, world } = this;
    const made: ResourceData[] = [];
    for (const [id, record] of [...stack.resources]) {
      const old = this.before.get(id);
      if (old === undefined || old.physicalId !== record.physicalId) {
        made.push(record);
        if (old === undefined) stack.resources.delete(id);
      } else if (JSON.stringify(old.properties) !== JSON.stringify(record.properties)) {
        this.tell(old, 'UPDATE_IN_PROGRESS');
        await this.pause();
        const declared = declaredOf(old);
        if (record.status === 'UPDATE_COMPLETE') {
          await world.provider(old.type).update({ stack, call, resource: declared }, record);
        }
        this.tell(old, 'UPDATE_COMPLETE');
      }
    }
    stack.resources = new Map(this.before);
    return made;
  }

  private async askAbout(
    record: ResourceData,
    action: HookAction,
    previous: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const { stack, call, changeSetId } = this;
    const { logicalId, type, properties, status } = record;
    const blocking = await this.hooks.ask(
      { target: 'RESOURCE', stack, call, changeSetId, action, logicalId, type, properties, previous },
      (event) => {
        this.tell(record, status, undefined, event);
      },
    );
    if (blocking.length > 0) throw new ResourceFailure(hooksFailed(blocking));
    await this.pause();
  }

  private async askAboutStack(action: HookAction, previousTemplate: string): Promise<void> {
    const { stack, call, changeSetId } = this;
    const template = action === 'DELETE' ? '' : stack.template;
    const blocking = await this.hooks.ask(
      { target: 'STACK', stack, call, changeSetId, action, template, previousTemplate },
      (event) => {
        addEvent(this.world, stack, undefined, stack.status, undefined, event);
      },
    );
    if (blocking.length > 0) throw new RunFailure(`${hooksFailed(blocking)}.`);
  }

  private evaluate(): Evaluated {
    const { stack, places } = this;
    return this.template.evaluate(stack.parameters, settingOf(stack, places), calledIn(stack));
  }

  private takeOutputs(): void {
    const { stack, places } = this;
    const { outputs } = this.evaluate();
    for (const { exportName } of outputs) {
      const owner = exportName === undefined ? undefined : exporterOf(places, stack, exportName);
      if (owner !== undefined && owner !== stack) {
        throw new RunFailure(`Export with name ${exportName!} is already exported by stack ${owner.name}.`);
      }
    }
    stack.outputs = outputs;
  }

  private status(status: string, reason?: string): void {
    setStatus(this.world, this.stack, status, reason);
  }

  private tell(record: ResourceData, status: string, reason?: string, hook?: EventHook): void {
    record.status = status;
    record.reason = reason;
    record.updatedAt = this.world.now();
    addEvent(this.world, this.stack, record, status, reason, hook);
  }
}

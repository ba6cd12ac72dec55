/** `stackade deploy status`: what is in force where. */
import type { Command } from 'commander';
import { inTurn, statusOf } from '../../stacksets/index.js';
import type { HookConfiguration, PlaceStatus, RingStatus, RolloutPlan } from '../../stacksets/index.js';
import { CLEAN, FINDINGS } from '../exit-codes.js';
import { processTerminal, type Terminal } from '../terminal.js';
import { readDeclaration, type DeclaredRollout, type DeployFlags } from './declaration.js';
import { deployOptions } from './options.js';
import { planOne, refusal } from './plan.js';
import { openSession, type DeploySession } from './session.js';
import { count, text } from './words.js';

export interface StatusFlags extends DeployFlags {
  readonly all?: boolean;
  readonly hooks?: boolean;
}

/** Adds `status` to `deploy`. Exit code: 0 everything is in force as declared, 1 it is not, 2 bad input. */
export function registerStatus(parent: Command): void {
  deployOptions(parent.command('status').description('tells what is in force in which account and Region (AWS)'))
    .option('--all', 'list every account and Region, however many there are')
    .option('--hooks', 'ask the accounts for the configuration of the hook (needs `resultsRole`)')
    .action(async (flags: StatusFlags) => {
      process.exitCode = await runStatus(flags, processTerminal());
    });
}

/** The hook of an account and Region, as that account tells it. */
interface AskedHook {
  readonly account: string;
  readonly region: string;
  readonly configuration: HookConfiguration | null;
  /** Why it is not known; `null` when it is. */
  readonly why: string | null;
}

/** @returns The exit code. */
export async function runStatus(flags: StatusFlags, terminal: Terminal): Promise<number> {
  try {
    const { organization, rollouts } = readDeclaration(flags, terminal);
    const session = await openSession(organization);
    try {
      const tree = await session.tree();
      let isAsDeclared = true;
      const reports: object[] = [];
      for (const declared of rollouts) {
        const { rollout, template } = declared;
        const plan = await planOne(declared, tree, session, {});
        const rings = statusOf(rollout, template, plan, tree);
        const asked = flags.hooks === true ? await askHooks(declared, rings, session) : [];
        const isGood = isInForce(plan) && asked.every((each) => each.why === null && agrees(each, rings));
        isAsDeclared &&= isGood;
        if (flags.format === 'json') {
          reports.push({ rollout: rollout.name, release: plan.release, rings, hooks: asked });
        } else terminal.print(text(statusLines(plan, rings, asked, flags.all === true)));
      }
      if (flags.format === 'json') terminal.print(`${JSON.stringify({ version: 1, rollouts: reports }, null, 2)}\n`);
      return isAsDeclared ? CLEAN : FINDINGS;
    } finally {
      session.close();
    }
  } catch (error) {
    return refusal(error, terminal);
  }
}

function isInForce({ stages, problems, running }: RolloutPlan): boolean {
  return stages.length === 0 && problems.length === 0 && running.length === 0;
}

/** Asks each account that has the content of its stack set. */
async function askHooks(
  { rollout }: DeclaredRollout,
  rings: readonly RingStatus[],
  session: DeploySession,
): Promise<readonly AskedHook[]> {
  const { hook } = rollout;
  if (hook === null) return [];
  const reader = await session.results(rollout);
  const places = rings.flatMap((ring) => ring.places.filter(({ standing }) => standing === 'current'));
  return inTurn(places, async ({ account, region }): Promise<AskedHook> => {
    const nobody = { account, region, configuration: null };
    if (reader === null) return { ...nobody, why: 'the rollout names no `resultsRole`' };
    try {
      const configuration = await reader.hookConfiguration(account, region, hook.type);
      return { account, region, configuration, why: configuration === null ? 'there is no such hook' : null };
    } catch (error) {
      return { ...nobody, why: (error as Error).message.split('\n', 1)[0]! };
    }
  });
}

/** Whether a hook is as strong as its stack set means it to be. */
function agrees({ account, region, configuration }: AskedHook, rings: readonly RingStatus[]): boolean {
  const place = rings
    .flatMap(({ places }) => places)
    .find((each) => each.account === account && each.region === region);
  if (configuration === null || place === undefined) return false;
  if (place.mode === null) return configuration.invocation === 'ENABLED';
  return place.mode === (configuration.invocation === 'ENABLED' ? configuration.failureMode : 'DISABLED');
}

/** Up to so many places are listed one by one without being asked for. */
const MOST_PLACES = 40;

function statusLines(
  plan: RolloutPlan,
  rings: readonly RingStatus[],
  asked: readonly AskedHook[],
  all: boolean,
): readonly string[] {
  const lines = [`rollout ${plan.rollout}, release ${plan.release}${isInForce(plan) ? ': in force as declared' : ''}`];
  for (const ring of rings) {
    lines.push('', ...ringLines(ring));
    const isShort = !all && ring.places.length > MOST_PLACES;
    const shown = isShort ? ring.places.filter(({ standing }) => standing !== 'current') : ring.places;
    if (isShort) lines.push(`  ${count(ring.places.length - shown.length, 'place')} current (--all lists them)`);
    for (const place of shown.slice(0, all ? Infinity : MOST_PLACES)) lines.push(placeLine(place, asked, rings));
    if (!all && shown.length > MOST_PLACES) lines.push(`  and ${shown.length - MOST_PLACES} more (--all lists them)`);
  }
  for (const { stackSet, operationId, action, status } of plan.running) {
    lines.push('', `the operation ${operationId} (${action}) of ${stackSet} is ${status}`);
  }
  const steps = plan.stages.reduce((sum, stage) => sum + stage.steps.length, 0);
  if (steps > 0) lines.push('', `${count(steps, 'step')} to what is declared: \`stackade deploy plan\``);
  for (const { message } of plan.problems) lines.push('', `refused: ${message}`);
  if (plan.notes.length > 0) lines.push('', ...plan.notes.map((note) => `note: ${note}`));
  return lines;
}

function ringLines(ring: RingStatus): readonly string[] {
  const { lastOperation } = ring;
  if (!ring.exists) return [`ring ${ring.ring}: there is no stack set ${ring.stackSet}`];
  const of = ring.wave === null ? `other content (${ring.differences.join(', ')})` : `wave ${ring.wave}`;
  return [
    `ring ${ring.ring}: stack set ${ring.stackSet}, ${of}, template ${ring.template ?? '?'}${ring.mode === null ? '' : `, hook ${ring.mode}`}`,
    ...(ring.dependsOn.length === 0 ? [] : [`  accounts that join get before: ${ring.dependsOn.join(', ')}`]),
    ...(ring.wave === null || ring.differences.length === 0
      ? []
      : [`  not as declared: ${ring.differences.join(', ')}`]),
    ...(lastOperation === null
      ? []
      : [`  last operation: ${lastOperation.action} ${lastOperation.status} (${lastOperation.id})`]),
  ];
}

function placeLine(place: PlaceStatus, asked: readonly AskedHook[], rings: readonly RingStatus[]): string {
  const { account, name, region, standing, template, mode, detail, reason } = place;
  const holds = template === null ? '' : `, template ${template}`;
  const why =
    standing === 'current' ? '' : `${detail === null ? '' : `, ${detail}`}${reason === null ? '' : `: ${reason}`}`;
  const found = asked.find((each) => each.account === account && each.region === region);
  return `  ${account} (${name}) ${region}: ${standing}${holds}${mode === null ? '' : `, hook ${mode}`}${why}${found === undefined ? '' : hookText(found, rings)}`;
}

function hookText(found: AskedHook, rings: readonly RingStatus[]): string {
  const { configuration, why } = found;
  if (configuration === null) return `; the account's hook is not known: ${why ?? ''}`;
  const is = `${configuration.invocation} ${configuration.failureMode}`;
  return agrees(found, rings) ? `; the account says ${is}` : `; BUT the account says ${is}`;
}

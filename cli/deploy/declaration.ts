/** Reads the files of a rollout: description, declaration, templates. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../../findings/index.js';
import type { Organization } from '../../organization/index.js';
import { inOrder, readRollouts, readRolloutTemplate, templateProblems } from '../../stacksets/index.js';
import type { Rollout, RolloutTemplate } from '../../stacksets/index.js';
import { badOption } from '../check/diagnostics.js';
import { readText, type NamedText } from '../iam/input.js';
import { InputError } from '../input-error.js';
import { readOrganizationFile } from '../org/command.js';
import type { Terminal } from '../terminal.js';

/** Options of all subcommands. */
export interface DeployFlags {
  readonly config: string;
  readonly rollouts?: string;
  readonly rollout?: readonly string[];
  readonly format: string;
}

/** A rollout with the template that it names. */
export interface DeclaredRollout {
  readonly rollout: Rollout;
  readonly template: RolloutTemplate;
  /** Those that it depends on. */
  readonly before: readonly DeclaredRollout[];
}

export interface Declaration {
  readonly organization: Organization;
  /** The chosen ones, each behind those that it depends on. */
  readonly rollouts: readonly DeclaredRollout[];
  /** Chosen or not. */
  readonly all: readonly Rollout[];
}

/** Reads everything that is declared. @throws InputError with every fault. */
export function readDeclaration(flags: DeployFlags, terminal: Terminal): Declaration {
  const organization = readOrganizationFile(flags.config, terminal);
  const path = flags.rollouts ?? join(dirname(flags.config), 'rollouts.yaml');
  const { name, text } = readRolloutsText(path, flags);
  const sources = new Map([[name, text]]);
  const reading = readRollouts(text, name, organization);
  const { rollouts, diagnostics } = reading;
  if (rollouts === null) throw new InputError(diagnostics, sources);
  const problems: Diagnostic[] = [];
  const read = new Map<string, DeclaredRollout>();
  const picked = chosen(rollouts, flags.rollout);
  for (const rollout of inOrder(rollouts)) {
    if (!picked.some((each) => isNeededBy(rollout, each, rollouts))) continue;
    // Templates lie beside the file that names them.
    const file = resolve(dirname(path), rollout.template);
    const shown = join(dirname(path), rollout.template);
    const source = readText(file);
    sources.set(shown, source.text);
    const { template, diagnostics: found } = readRolloutTemplate(source.text, shown);
    problems.push(...found);
    if (template === null) continue;
    problems.push(...templateProblems(rollout, template, (...at) => reading.placeOf(rollout.name, ...at)));
    read.set(rollout.name, {
      rollout,
      template,
      before: rollout.dependsOn.flatMap((before) => read.get(before) ?? []),
    });
  }
  if (problems.length > 0) throw new InputError(problems, sources);
  const wanted = [...read.values()].filter(({ rollout }) => picked.includes(rollout));
  return { organization, rollouts: wanted, all: rollouts };
}

/** The declaration. Who has not written one yet is told where it belongs. */
function readRolloutsText(path: string, flags: DeployFlags): NamedText {
  if (flags.rollouts === undefined && !existsSync(path)) {
    const message = `there is no declaration of rollouts: \`${path}\` does not exist`;
    throw new InputError([
      badOption('--rollouts', message, 'write it beside the description, or name it; docs/deploy.md shows one'),
    ]);
  }
  return readText(path);
}

/** Whether a rollout is another one, or something that it depends on, near or far. */
function isNeededBy(rollout: Rollout, by: Rollout, all: readonly Rollout[]): boolean {
  if (rollout === by) return true;
  return by.dependsOn.some((name) => {
    const before = all.find((each) => each.name === name);
    return before !== undefined && isNeededBy(rollout, before, all);
  });
}

function chosen(rollouts: readonly Rollout[], names: readonly string[] | undefined): readonly Rollout[] {
  if (names === undefined) return rollouts;
  return names.map((name) => {
    const rollout = rollouts.find((each) => each.name === name);
    if (rollout !== undefined) return rollout;
    const help = `name one of ${rollouts.map((each) => each.name).join(', ')}`;
    throw new InputError([badOption('--rollout', `there is no rollout \`${name}\``, help)]);
  });
}

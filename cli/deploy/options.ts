/** Options that the subcommands of `stackade deploy` have in common. */
import { Option, type Command } from 'commander';

const several = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

export function deployOptions(command: Command): Command {
  return command
    .requiredOption('--config <file>', 'the description of the organization')
    .option('--rollouts <file>', 'the declaration of rollouts (default: rollouts.yaml beside the description)')
    .option('--rollout <name>', 'only this rollout; once for each', several)
    .addOption(new Option('--format <format>', 'form of the report').choices(['pretty', 'json']).default('pretty'));
}

export function planningOptions(command: Command): Command {
  return command
    .option('--allow-weaker', 'go through waves that make a hook weaker than it is')
    .option('--allow-gap', 'accept accounts that are without their stack for a while');
}

export function promotionOptions(command: Command): Command {
  return command
    .option('--promote <wave>', 'go on behind this wave without waiting; once for each', several)
    .option('--wait <minutes>', 'how long to wait for gates that time or use may open', '0');
}

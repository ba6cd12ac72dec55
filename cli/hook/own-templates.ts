/**
 * Whether the hooks of a package let the templates through that bring them. Hooks decide on their own stacks, too: what they
 * refuse there stops the next rollout in every account, and with it the one that would mend it.
 */
import type { Diagnostic } from '../../findings/index.js';
import { decideHook } from '../../hooks/lambda/index.js';
import type { HookBundle } from '../../hooks/lambda/index.js';
import type { HookDeployment, HookPackage, HookTarget } from '../../hooks/package/index.js';
import { ownTemplateRefused } from './diagnostics.js';
import { eventsOf, type TargetName } from './events.js';

/** What stack sets bring to accounts. */
const TEMPLATES = ['templates/member.json', 'templates/watch.json'];

/** Cloud Control shows the same resources as stacks. */
const TARGETS: readonly (readonly [target: HookTarget, event: TargetName])[] = [
  ['RESOURCE', 'resource'],
  ['STACK', 'stack'],
  ['CHANGE_SET', 'change-set'],
];

/**
 * Decides on the templates as the hooks would, in one account of each wave.
 *
 * @param today - The day in UTC, `YYYY-MM-DD`: waivers end.
 * @returns One diagnostic for each resource, stack or change set that is refused: errors, or warnings where no wave refuses.
 */
export function refusedTemplates(
  { files }: HookPackage,
  bundle: HookBundle,
  deployment: HookDeployment,
  today: string,
): readonly Diagnostic[] {
  const { homeRegion: region, targets, prefix, waves } = deployment;
  const blocks = waves.some(({ mode }) => mode === 'FAIL');
  const found = new Map<string, Diagnostic>();
  for (const path of TEMPLATES) {
    const text = files.find((file) => file.path === path)!.content as string;
    for (const account of accountsOf(bundle, deployment)) {
      const place = { account, region, stackName: `StackSet-${prefix}hooks`, parameters: { FailureMode: 'FAIL' } };
      for (const [target, kind] of TARGETS) {
        if (!targets.includes(target)) continue;
        const { events, unmade } = eventsOf({ path, text }, null, kind, place);
        // One that nobody is asked about could be refused in an account all the same.
        if (unmade.length > 0) throw new Error(`${path}: ${unmade[0]!.name}: ${unmade[0]!.reason}`);
        for (const { event, payload } of events) {
          const { answer } = decideHook(event, bundle, { payload, today, region });
          if (answer.hookStatus === 'SUCCESS') continue;
          const [refusal] = answer.message.split('\n', 1);
          found.set(`${path} ${refusal!}`, ownTemplateRefused(path, refusal!, blocks));
        }
      }
    }
  }
  return [...found.values()];
}

/** One account of each unit that gets the hooks: waivers and placeholders hang on where an account stands. */
function accountsOf({ accounts }: HookBundle, { waves, administratorAccount }: HookDeployment): readonly string[] {
  const chosen = waves.flatMap(({ unitIds }) =>
    unitIds.flatMap((unit) => {
      const inUnit = [...accounts].find(([, { ouPath = '' }]) => ouPath.split('/').includes(unit));
      return inUnit === undefined ? [] : [inUnit[0]];
    }),
  );
  return chosen.length === 0 ? [administratorAccount] : [...new Set(chosen)];
}

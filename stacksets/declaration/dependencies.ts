/** Rollouts that depend on others: which ones there are, in which order they go, and circles among them. */
import { nearestName } from '../../catalogue/index.js';
import { get, isList, isMap, keysOf } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import { badRing, unknownName } from '../diagnostics.js';
import type { Rollout } from './model.js';
import type { RolloutShapes } from './shape.js';

/** Rollouts in an order in which each comes behind those that it depends on; what need not move stays as it is written. */
export function inOrder<T extends Pick<Rollout, 'name' | 'dependsOn'>>(rollouts: readonly T[]): readonly T[] {
  const ordered: T[] = [];
  const seen = new Set<T>();
  const put = (rollout: T): void => {
    if (seen.has(rollout)) return;
    seen.add(rollout);
    for (const name of rollout.dependsOn) {
      const before = rollouts.find((each) => each.name === name);
      if (before !== undefined) put(before);
    }
    ordered.push(rollout);
  };
  for (const rollout of rollouts) put(rollout);
  return ordered;
}

/**
 * Tells dependencies that cannot be: on rollouts that are not declared, in a circle (CloudFormation refuses those as
 * well), or on a rollout that accounts which join do not get by themselves.
 *
 * @param written - The value of `rollouts`: a rollout with a fault of its own is declared all the same.
 */
export function checkDependencies(
  rollouts: readonly Rollout[],
  written: Value | undefined,
  shapes: RolloutShapes,
): void {
  const names = isMap(written) ? keysOf(written) : [];
  for (const rollout of rollouts) {
    rollout.dependsOn.forEach((name) => {
      const place = placeOf(rollout, name, written);
      if (!names.includes(name)) {
        const how = 'name a rollout of this file; what another file brings is rolled out before it by hand';
        shapes.tell(unknownName('rollout', name, nearestName(name, names), how, shapes.range(place)));
        return;
      }
      const before = rollouts.find((each) => each.name === name);
      if (before?.autoDeployment.isEnabled === false && rollout.autoDeployment.isEnabled) {
        shapes.tell(
          badRing(
            `\`${rollout.name}\` depends on \`${name}\`, which accounts that join do not get by themselves`,
            `take \`autoDeployment: false\` out of \`${name}\`, or write it in \`${rollout.name}\` as well`,
            shapes.range(place),
          ),
        );
      }
    });
  }
  const told = new Set<string>();
  for (const rollout of rollouts) {
    const circle = circleFrom(rollout, rollouts);
    if (circle === null || circle.some((name) => told.has(name))) continue;
    for (const name of circle) told.add(name);
    const shown = [...circle, circle[0]!].map((name) => `\`${name}\``).join(' on ');
    shapes.tell(
      badRing(
        circle.length === 1
          ? `the rollout \`${rollout.name}\` depends on itself`
          : `rollouts depend on each other in a circle: ${shown}`,
        'take one of these names out of its `dependsOn`: the rollout that needs none of the others goes first',
        shapes.range(placeOf(rollout, circle[1] ?? rollout.name, written)),
      ),
    );
  }
}

/** The rollouts of a circle that goes through one of them, from that one on; `null` when there is none. */
function circleFrom(from: Rollout, rollouts: readonly Rollout[]): readonly string[] | null {
  const seen = new Set<string>();
  const search = (rollout: Rollout, way: readonly string[]): readonly string[] | null => {
    for (const name of rollout.dependsOn) {
      if (name === from.name) return way;
      const next = rollouts.find((each) => each.name === name);
      if (next === undefined || seen.has(name)) continue;
      seen.add(name);
      const found = search(next, [...way, name]);
      if (found !== null) return found;
    }
    return null;
  };
  return search(from, [from.name]);
}

/** Where a rollout names another one. */
function placeOf({ name: rollout }: Rollout, name: string, written: Value | undefined): Path {
  const at: Path = ['rollouts', rollout, 'dependsOn'];
  const map = isMap(written) ? get(written, rollout) : undefined;
  const list = isMap(map) ? get(map, 'dependsOn') : undefined;
  const index = isList(list) ? list.indexOf(name) : -1;
  return index === -1 ? at : [...at, index];
}

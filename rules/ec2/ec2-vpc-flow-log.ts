/** ec2-vpc-flow-log: every VPC of the template has a flow log in it. */
import type { Unknown } from '../../template/index.js';
import { VPC } from '../code/network.js';
import { property } from '../code/view.js';
import type { ResourceUnder, View } from '../code/view.js';

export function check(view: View): void {
  for (const vpc of view.resources(VPC)) {
    const logs = view
      .resources('AWS::EC2::FlowLog')
      .filter((log) => view.graph.target(property(log, 'ResourceId'), VPC) === vpc);
    if (logs.some((log) => view.text(property(log, 'ResourceType')) === 'VPC')) {
      view.pass(vpc);
      continue;
    }
    const unknowns = logs.flatMap((log) => unknownType(view, log));
    const path = ['Resources', vpc.key];
    if (unknowns.length > 0) view.open(vpc, path, unknowns);
    else {
      const message = 'no flow log of the template records the traffic of the VPC';
      view.fail(vpc, { path, missing: true, message, subject: 'FlowLog' });
    }
  }
}

/** A flow log whose type nobody knows may be one of the VPC. */
function unknownType(view: View, log: ResourceUnder): readonly Unknown[] {
  return view.unknownsIn(view.text(property(log, 'ResourceType')) ?? '');
}

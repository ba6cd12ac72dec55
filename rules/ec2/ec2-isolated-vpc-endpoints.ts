/** ec2-isolated-vpc-endpoints: a VPC that is tagged isolated has an endpoint for each service that the organization requires. */
import { Network } from '../code/network.js';
import { parameterText } from '../code/read.js';
import type { View } from '../code/view.js';

export function check(view: View): void {
  const network = new Network(view);
  const tag = parameterText(view, 'isolatedTag');
  for (const vpc of network.vpcs) {
    if (!network.isTagged(vpc, tag)) continue;
    const endpoints = network.endpointsOf(network.self(vpc));
    const there = new Set(endpoints.map(({ service }) => service));
    const missing = view.texts('requiredEndpoints').filter((service) => !there.has(service));
    const unknowns = endpoints.flatMap((endpoint) => view.unknownsIn(endpoint.service));
    const path = ['Resources', vpc.key];
    if (missing.length === 0) view.pass(vpc);
    else if (unknowns.length > 0) view.open(vpc, path, unknowns);
    else {
      const names = missing.map((service) => `\`${service}\``).join(', ');
      const message = `the VPC is tagged \`${tag}\` and has no endpoint for ${names}`;
      view.fail(vpc, { path, missing: true, message, subject: names });
    }
  }
}

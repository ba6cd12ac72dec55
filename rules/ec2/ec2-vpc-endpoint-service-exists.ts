/** ec2-vpc-endpoint-service-exists: an endpoint names its service as AWS does, and a gateway one a service that has gateways. */
import { Network } from '../code/network.js';
import { pathOf } from '../code/read.js';
import { property } from '../code/view.js';
import type { View } from '../code/view.js';

/** The services that have gateway endpoints. */
const GATEWAYS = ['s3', 'dynamodb', 's3express'];

/** A misprint that is often copied: `com.amazon.aws.<region>.`. */
const MISPRINT = /^(?:com\.amazon\.aws|com\.aws\.amazon|amazonaws\.com|com\.amazon)\./;

export function check(view: View): void {
  for (const { resource, service, type, unknowns } of new Network(view).endpoints()) {
    const path = pathOf(resource, 'ServiceName');
    const written =
      property(resource, 'VpcEndpointType') === undefined ? 'without `VpcEndpointType` is one' : 'of this type is one';
    if (MISPRINT.test(service)) {
      const message = `\`${service}\` is the name of no service: names begin with \`com.amazonaws.\``;
      view.fail(resource, { path, message, subject: 'name' });
    } else if (unknowns.length > 0) view.open(resource, path, unknowns);
    else if (type === 'Gateway' && service !== '' && !GATEWAYS.includes(service)) {
      const message = `\`${service}\` has no gateway endpoints, and an endpoint ${written}`;
      view.fail(resource, { path, message, subject: 'type' });
    } else view.pass(resource);
  }
}

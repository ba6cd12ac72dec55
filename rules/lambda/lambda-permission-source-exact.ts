/**
 * lambda-permission-source-exact: the source of a permission is no wildcard. What the template does not name has the name
 * that it will have, so that the source may be built from references.
 */
import { property } from '../code/view.js';
import type { View } from '../code/view.js';

/** An ARN that names something behind its service: a Region, an account, or a resource. */
const NAMED = /^arn:[^:]*:[^:*?]+:.*[A-Za-z0-9]/s;

export function check(view: View): void {
  for (const permission of view.resources('AWS::Lambda::Permission')) {
    const value = property(permission, 'SourceArn');
    const source = view.text(value);
    if (value === undefined) continue;
    const path = ['Resources', permission.key, 'Properties', 'SourceArn'];
    const unknown = view.unknownsIn(source ?? '');
    if (source !== undefined && NAMED.test(source)) view.pass(permission);
    else if (unknown.length > 0) view.open(permission, path, unknown);
    else {
      const message = `every resource may invoke the function: \`SourceArn\` is \`${source ?? 'no text'}\``;
      view.fail(permission, { path, message, subject: 'source' });
    }
  }
}

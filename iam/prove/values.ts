/** The value of a condition key in a request, whether it is given or follows from the caller. */
import type { Request } from '../model.js';
import { accountOfCaller, callerText } from './principal.js';
import { parseArn } from '../arn.js';

/** @param key - In lower case. @returns `undefined` when there is none, or several. */
export function valueOf(request: Request, key: string): string | undefined {
  for (const [name, value] of Object.entries(request.context)) {
    if (name.toLowerCase() === key) {
      return typeof value === 'string' ? value : value.length === 1 ? value[0] : undefined;
    }
  }
  const caller = callerText(request);
  switch (key) {
    case 'aws:principalarn':
      return accountOfCaller(caller) === undefined ? undefined : caller.split('\u0001')[0];
    case 'aws:principalaccount':
      return accountOfCaller(caller);
    case 'aws:username': {
      const arn = parseArn(caller);
      return arn?.resource.startsWith('user/') === true ? caller.slice(caller.lastIndexOf('/') + 1) : undefined;
    }
    case 'aws:resourceaccount':
      return request.resourceAccount ?? /^\d{12}$/.exec(parseArn(request.resource)?.account ?? '')?.[0];
    default:
      return undefined;
  }
}

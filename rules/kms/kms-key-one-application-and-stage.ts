/** kms-key-one-application-and-stage: a key and all resources that use it belong to one application and one stage. */
import { checkUsersAgree } from '../code/keys.js';
import type { View } from '../code/view.js';

export function check(view: View): void {
  const stackTags = view.texts('stackTagsProvided');
  for (const [parameter, noun] of [
    ['appTag', 'application'],
    ['stageTag', 'stage'],
  ] as const) {
    const tag = view.parameters[parameter];
    if (typeof tag === 'string') checkUsersAgree(view, tag, noun, stackTags);
  }
}

/** kms-key-one-data-class: a key and all resources that use it have the same data class. */
import { checkUsersAgree } from '../code/keys.js';
import type { View } from '../code/view.js';

export function check(view: View): void {
  const tag = view.parameters['classTag'];
  if (typeof tag === 'string') checkUsersAgree(view, tag, 'data class', view.texts('stackTagsProvided'));
}

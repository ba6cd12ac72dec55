/** What a change of templates broadens, and what it narrows. */
export { diffTemplates } from './diff.js';
export { isHidden } from './side.js';
export type {
  Change,
  ChangeKind,
  ChangeVerdict,
  DecidedRequest,
  Diff,
  DiffOptions,
  HeldTemplate,
  Place,
  StackInput,
  Subject,
  UnknownText,
} from './model.js';

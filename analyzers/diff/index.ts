/** What a change of templates broadens, and what it narrows. */
export { diffTemplates } from './diff.js';
export type {
  Change,
  ChangeKind,
  ChangeVerdict,
  DecidedRequest,
  Diff,
  DiffOptions,
  Place,
  StackInput,
  Subject,
  UnknownText,
} from './model.js';

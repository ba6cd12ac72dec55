/** iam-policies-without-errors: every policy document of the template is one that does what it says. */
import { validatePolicy } from '../../iam/validate/index.js';
import { get, isList, isMap, readTemplate } from '../../template/index.js';
import type { Path, Value } from '../../template/index.js';
import type { PolicyUnder, View } from '../code/view.js';

export function check(view: View): void {
  for (const found of view.policies()) checkPolicy(view, found);
}

function checkPolicy(view: View, found: PolicyUnder): void {
  const { resource, kind, path } = found;
  const unknowns = view.unknownsIn(typeof found.value === 'string' ? found.value : '');
  const [unknown] = unknowns;
  // What services call their resources ends no text of a document and begins no other one.
  const readable = unknown !== undefined && unknowns.every((one) => one.kind === 'attribute');
  const value = readable && typeof found.value === 'string' ? (valueOf(found.value) ?? found.value) : found.value;
  if (typeof value === 'string') {
    // A document that is text has no places inside the template; what is not known of it may be all of it.
    if (unknown !== undefined) view.open(resource, path, [unknown]);
    else if (found.policy === undefined) view.fail(resource, broken(found));
    else view.pass(resource);
    return;
  }
  const errors = validatePolicy(value, kind).filter(({ type }) => type === 'ERROR');
  // A value that nobody knows is a text of ours here, of which nothing can be said.
  const known = errors.filter(
    ({ path: place, message }) => view.unknownsIn(JSON.stringify(at(value, place)), message).length === 0,
  );
  for (const { code, message, help, path: place } of known) {
    view.fail(resource, {
      path: readable ? path : [...path, ...place],
      message: `${message} (${code}); ${help}`,
      subject: `${code} ${place.join('/')}`,
    });
  }
  if (known.length > 0) return;
  // An unknown in the place of a map or list hides statements; one in the place of a text is as good as any text.
  if (errors.some(({ code }) => code === 'DATA_TYPE_MISMATCH')) view.unreadable(found);
  else view.pass(resource);
}

/** The document that a text holds. */
function valueOf(text: string): Value | undefined {
  const { source } = readTemplate(text, '');
  return isMap(source?.value) ? source.value : undefined;
}

function broken({ path, problems }: PolicyUnder): Parameters<View['fail']>[1] {
  const [problem] = problems;
  return { path, message: problem?.message ?? 'the text is no policy', subject: problem?.code ?? 'JSON_SYNTAX_ERROR' };
}

function at(value: Value, path: Path): Value {
  let current: Value | undefined = value;
  for (const step of path) {
    current = isList(current) ? current[Number(step)] : isMap(current) ? get(current, String(step)) : undefined;
  }
  return current ?? value;
}

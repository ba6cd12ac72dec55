/** Overlays applied to the schema of one type. */
import { nearestName } from '../../catalogue/index.js';
import type { Diagnostic, SourceRange } from '../../findings/index.js';
import type { Path } from '../../template/index.js';
import * as told from './diagnostics.js';
import { addAt, constrainAt, EditFault, forbidAt, keepOnly, openAt } from './edit.js';
import type { Overlay, TypeOverlay } from './overlay.js';
import { pathSteps } from './schema.js';
import type { RestrictedSchema } from './schema.js';
import { schemaFaults } from './verify.js';

/** What one overlay says of the type, and where. */
export interface OverlayPart {
  readonly overlay: Overlay;
  readonly part: TypeOverlay;
}

export interface Applied {
  readonly schema: RestrictedSchema;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where in an overlay file something stands. */
export function placeIn({ source }: Overlay, path: Path): SourceRange {
  return source.rangeOf(path) ?? source.keyRangeOf(path) ?? { file: source.file, start: 0, end: 0 };
}

/**
 * Applies all overlays that speak of a type: first what they allow, then what they leave, narrow and forbid, so that
 * neither the order of the files nor of their lines matters to what is refused.
 *
 * @returns The schema is of use only when no diagnostic is an error.
 */
export function applyOverlays(base: RestrictedSchema, parts: readonly OverlayPart[]): Applied {
  const applying = new Applying(base);
  for (const one of parts) applying.allow(one);
  for (const one of parts) applying.only(one);
  for (const one of parts) applying.constrain(one);
  applying.forbid(parts);
  applying.leavesSomething(parts);
  return { schema: applying.schema, diagnostics: applying.diagnostics };
}

class Applying {
  readonly diagnostics: Diagnostic[] = [];

  constructor(public schema: RestrictedSchema) {}

  allow({ overlay, part }: OverlayPart): void {
    // A value inside of a free-form one is opened after it.
    const entries = (part.allow ?? [])
      .map((entry, index) => ({ ...(typeof entry === 'string' ? { path: entry } : entry), index }))
      .map((entry) => ({ ...entry, steps: pathSteps(entry.path) }))
      .sort((a, b) => a.steps.length - b.steps.length);
    for (const { path, schema, steps, index } of entries) {
      const at: Path = ['types', this.schema.typeName, 'allow', index];
      this.attempt(overlay, at, path, () => {
        if (schema !== undefined) {
          this.add(overlay, at, path, schema);
          return;
        }
        const { schema: after, opened } = openAt(this.schema, steps);
        this.schema = after;
        if (!opened) this.diagnostics.push(told.needless(path, placeIn(overlay, at)));
      });
    }
  }

  private add(overlay: Overlay, at: Path, path: string, schema: object): void {
    const { definitions, $schema, typeName, 'x-source': source } = this.schema;
    const alone: RestrictedSchema = {
      $schema,
      typeName,
      'x-source': source,
      type: 'object',
      additionalProperties: false,
      properties: { added: schema },
      definitions,
    };
    const [fault] = schemaFaults(alone, typeName);
    if (fault !== undefined) this.diagnostics.push(told.notClosed(path, fault.message, placeIn(overlay, at)));
    else this.schema = addAt(this.schema, pathSteps(path), schema);
  }

  only({ overlay, part }: OverlayPart): void {
    if (part.only === undefined) return;
    const steps = part.only.map(pathSteps);
    const before = this.diagnostics.length;
    part.only.forEach((path, index) => {
      this.attempt(overlay, ['types', this.schema.typeName, 'only', index], path, () => {
        keepOnly(this.schema, [steps[index]!]);
      });
    });
    if (this.diagnostics.length === before) this.schema = keepOnly(this.schema, steps);
  }

  constrain({ overlay, part }: OverlayPart): void {
    part.constrain?.forEach((constraint, index) => {
      const at: Path = ['types', this.schema.typeName, 'constrain', index];
      this.attempt(overlay, at, constraint.path, () => {
        this.schema = constrainAt(this.schema, pathSteps(constraint.path), constraint);
      });
    });
  }

  forbid(parts: readonly OverlayPart[]): void {
    const entries = parts
      .flatMap(({ overlay, part }) =>
        (Array.isArray(part.forbid) ? (part.forbid as Exclude<TypeOverlay['forbid'], true | undefined>) : []).map(
          (entry, index) => ({
            overlay,
            index,
            ...(typeof entry === 'string' ? { path: entry, message: undefined } : entry),
          }),
        ),
      )
      // What lies inside goes first: it is not found any more once what is around it is gone.
      .sort((a, b) => pathSteps(b.path).length - pathSteps(a.path).length);
    for (const { overlay, index, path, message } of entries) {
      this.attempt(overlay, ['types', this.schema.typeName, 'forbid', index], path, () => {
        this.schema = forbidAt(this.schema, pathSteps(path), message ?? '');
      });
    }
  }

  /** A required property that is not approved makes a type that nothing fits: surely not what was meant. */
  leavesSomething(parts: readonly OverlayPart[]): void {
    const { required = [], properties = {}, typeName } = this.schema;
    const lost = required.find((name) => !Object.hasOwn(properties, name));
    const [first] = parts;
    if (lost === undefined || first === undefined) return;
    this.diagnostics.push(told.nothingLeft(typeName, lost, placeIn(first.overlay, ['types', typeName])));
  }

  private attempt(overlay: Overlay, at: Path, path: string, step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof EditFault)) throw error;
      this.diagnostics.push(this.diagnosticOf(error, path, placeIn(overlay, at)));
    }
  }

  private diagnosticOf({ reason, message, candidates, step }: EditFault, path: string, at: SourceRange): Diagnostic {
    const nearest = nearestName(step, candidates) ?? (candidates.length === 1 ? candidates[0] : undefined);
    switch (reason) {
      case 'unknownPath':
        return told.unknownPath(this.schema.typeName, path, message, nearest, at);
      case 'unsuitable':
        return told.unsuitable(path, message, at);
      case 'pattern':
        return told.unusablePattern(message, nearest, at);
      case 'widens':
        return told.widens(path, message, nearest, at);
    }
  }
}

/** HTML that is put together from parts: what is not markup already becomes text. */
import { xmlAttribute } from '../../../findings/index.js';

/** HTML made by {@link markup}; nothing else is taken for markup. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | Markup | readonly Markup[];

/**
 * A template in which every value becomes text, for content and quoted attributes alike: markup characters are written as
 * entities, and what would print as nothing or reorder the line is spelled out.
 */
export function markup(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = template[0]!;
  for (const [position, part] of parts.entries()) text += render(part) + template[position + 1]!;
  return new Markup(text);
}

function render(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return typeof part === 'number' ? String(part) : xmlAttribute(part);
}

/** Nothing. */
export const NONE = new Markup('');

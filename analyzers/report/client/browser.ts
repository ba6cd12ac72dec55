/**
 * What the script of the page uses of a browser, and nothing else: there is no way here to fetch something, to make markup
 * out of text, or to run text. Types follow the DOM Standard (WHATWG).
 */

export interface DomEvent {
  readonly key: string;
  readonly target: unknown;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  preventDefault(): void;
}

export interface DomElement {
  textContent: string | null;
  className: string;
  hidden: boolean;
  id: string;
  tabIndex: number;
  /** Of links. */
  href: string;
  download: string;
  /** Of inputs. */
  value: string;
  checked: boolean;
  disabled: boolean;
  type: string;
  placeholder: string;
  /** Of cells and details. */
  colSpan: number;
  open: boolean;
  readonly tagName: string;
  readonly dataset: Record<string, string | undefined>;
  readonly style: { height: string };
  readonly offsetHeight: number;
  readonly classList: { toggle(name: string, force?: boolean): boolean; contains(name: string): boolean };
  append(...nodes: (DomElement | string)[]): void;
  replaceChildren(...nodes: (DomElement | string)[]): void;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  removeAttribute(name: string): void;
  addEventListener(type: string, listener: (event: DomEvent) => void): void;
  querySelectorAll(selectors: string): Iterable<DomElement>;
  querySelector(selectors: string): DomElement | null;
  closest(selectors: string): DomElement | null;
  getBoundingClientRect(): { readonly top: number; readonly bottom: number };
  focus(options?: { preventScroll: boolean }): void;
  /** Of text fields. */
  select(): void;
  remove(): void;
  click(): void;
}

interface Browser {
  readonly document: {
    readonly documentElement: DomElement;
    readonly body: DomElement;
    readonly activeElement: DomElement | null;
    createElement(name: string): DomElement;
    getElementById(id: string): DomElement | null;
    querySelectorAll(selectors: string): Iterable<DomElement>;
    addEventListener(type: string, listener: (event: DomEvent) => void): void;
    execCommand(name: 'copy'): boolean;
  };
  /** Pages that were not read from a disk or over TLS have no clipboard. */
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };
  readonly URL: { createObjectURL(blob: object): string; revokeObjectURL(url: string): void };
  readonly Blob: new (parts: readonly string[], options: { readonly type: string }) => object;
  readonly location: { hash: string };
  readonly history: { replaceState(data: null, unused: string, url: string): void };
  readonly innerHeight: number;
  readonly scrollY: number;
  addEventListener(type: string, listener: () => void, options?: { readonly passive: boolean }): void;
  matchMedia(query: string): { readonly matches: boolean };
  requestAnimationFrame(callback: () => void): number;
  scrollTo(x: number, y: number): void;
}

/** The window of the page. */
export const browser = globalThis as unknown as Browser;

/** Parts of an element by name; text becomes text, never markup. */
export interface Parts {
  readonly className?: string;
  readonly text?: string;
  readonly title?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly (DomElement | string)[];
  readonly onClick?: (event: DomEvent) => void;
}

/** Makes an element. */
export function make(name: string, { className, text, title, attributes, children, onClick }: Parts = {}): DomElement {
  const element = browser.document.createElement(name);
  if (className !== undefined) element.className = className;
  if (text !== undefined) element.textContent = text;
  if (title !== undefined) element.setAttribute('title', title);
  for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
  if (children !== undefined) element.append(...children);
  if (onClick !== undefined) element.addEventListener('click', onClick);
  return element;
}

/** An element that the page has. */
export function existing(id: string): DomElement {
  const element = browser.document.getElementById(id);
  if (element === null) throw new Error(`the page has no element ${id}`);
  return element;
}

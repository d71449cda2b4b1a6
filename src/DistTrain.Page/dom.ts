/** Elements without a framework. Text is always text: nothing here ever becomes markup. */

export type Child = Node | string | null;
type Attributes = Record<string, string | number | boolean | null | ((event: Event) => void)>;

const svgSpace = "http://www.w3.org/2000/svg";

/** An element; an attribute that is a function listens to the event of its name. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(svgSpace, tag) as SVGElementTagNameMap[K], attributes, children);
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else {
      setAttribute(element, name, value);
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** true: there and empty; false and null: not there. Untouched where it is so already. */
export function setAttribute(element: Element, name: string, value: string | number | boolean | null): void {
  const text = value === true ? "" : value === false || value === null ? null : String(value);
  if (text === null) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== text) {
    element.setAttribute(name, text);
  }
}

/** Untouched where it says so already, so that a selection and a screen reader are left alone. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function show(element: HTMLElement, isShown: boolean): void {
  if (element.hidden === isShown) {
    element.hidden = !isShown;
  }
}

/** A view of one item: an element that stays, and what brings it up to date. */
export interface View<T> {
  readonly element: HTMLElement;
  update(item: T): void;
}

/** Children of an element, one for each item, that stay the same while their key does. */
export class KeyedList<T> {
  private readonly views = new Map<string, View<T>>();

  constructor(
    private readonly parent: HTMLElement, private readonly keyOf: (item: T) => string,
    private readonly create: (item: T) => View<T>,
  ) {}

  update(items: readonly T[]): void {
    const keys = new Set(items.map(this.keyOf));
    for (const [key, view] of this.views) {
      if (!keys.has(key)) {
        view.element.remove();
        this.views.delete(key);
      }
    }
    items.forEach((item, index) => {
      const key = this.keyOf(item);
      let view = this.views.get(key);
      if (view === undefined) {
        view = this.create(item);
        this.views.set(key, view);
      }
      view.update(item);
      if (this.parent.children[index] !== view.element) {
        this.parent.insertBefore(view.element, this.parent.children[index] ?? null);
      }
    });
  }
}

/** The element with an id, of the class that the page gives it. */
export function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} with the id ${id}.`);
  return found;
}

/** Calls back when a button is pressed. */
export function onPress(id: string, pressed: () => void): void {
  element(id, HTMLButtonElement).addEventListener("click", pressed);
}

/** Scrolls as far as is needed to see what was said: the search is far above it in a narrow window. */
export function showStatus(): void {
  element("status", HTMLParagraphElement).scrollIntoView({ block: "nearest" });
}

/** Says something to all readers, screen readers included. */
export function say(text: string): void {
  element("status", HTMLParagraphElement).textContent = text;
}

/** Shortcuts: one letter each, never while something is typed or a dialog is open. */

export interface Shortcut {
  key: string;
  does: string;
  run: () => void;
}

export function listen(shortcuts: readonly Shortcut[]): void {
  document.addEventListener("keydown", (event) => {
    const isTaken = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented
      || isTyping(event.target) || document.querySelector("dialog[open]") !== null;
    const wanted = isTaken ? undefined : shortcuts.find((shortcut) => shortcut.key === event.key);
    if (wanted !== undefined) {
      event.preventDefault();
      wanted.run();
    }
  });
}

/** A field of a dialog that was just closed keeps the focus until the page is drawn again. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")
    && target.closest("dialog:not([open])") === null;
}

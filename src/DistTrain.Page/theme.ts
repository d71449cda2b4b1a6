/** Light, dark, or as the system has it; the choice is kept for the next visit. */

export type Theme = "system" | "light" | "dark";

const key = "disttrain-theme";
const order: readonly Theme[] = ["system", "light", "dark"];

export function theme(): Theme {
  const kept = localStorage.getItem(key);
  return order.find((name) => name === kept) ?? "system";
}

export function applyTheme(chosen: Theme = theme()): void {
  localStorage.setItem(key, chosen);
  if (chosen === "system") {
    delete document.documentElement.dataset["theme"];
  } else {
    document.documentElement.dataset["theme"] = chosen;
  }
  document.dispatchEvent(new Event("themechange"));
}

export function nextTheme(): void {
  applyTheme(order[(order.indexOf(theme()) + 1) % order.length]!);
}

/** Calls back when colours are others than before, by choice or by the system. */
export function onThemeChange(changed: () => void): void {
  document.addEventListener("themechange", changed);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}

/** A colour of the style sheet as a canvas takes it. */
export function colour(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Numbers, times and sizes for people; the locale is fixed so that a figure reads the same everywhere. */

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const dash = "–";

type Maybe = number | null | undefined;

function isKnown(value: Maybe): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** 12,345 */
export function count(value: Maybe): string {
  return isKnown(value) ? whole.format(value) : dash;
}

/** Four digits that count: 0.1234, 12.34, 1,234. */
export function figure(value: Maybe): string {
  if (!isKnown(value)) {
    return dash;
  }
  const size = Math.abs(value);
  if (size >= 1_000) {
    return whole.format(value);
  }
  const digits = size >= 100 ? 1 : size >= 10 ? 2 : 4;
  return size !== 0 && size < 1e-3 ? value.toExponential(2) : value.toFixed(digits);
}

/** A mark of an axis: no more digits than it needs, and no wider than its room. */
export function mark(value: number): string {
  const short = Number(value.toPrecision(6));
  const size = Math.abs(short);
  if (size >= 1_000) {
    return whole.format(short);
  }
  return size > 0 && size < 1e-3 ? short.toExponential() : String(short);
}

/** 1, 1k, 1M */
export function compact(value: number): string {
  return value >= 1e6 ? `${value / 1e6}M` : value >= 1e3 ? `${value / 1e3}k` : String(value);
}

/** 97.32 % */
export function percent(share: Maybe, digits = 2): string {
  return isKnown(share) ? `${(100 * share).toFixed(digits)} %` : dash;
}

/** A learning rate as it is written in jobs: 0.1, 0.00125. */
export function rate(value: Maybe): string {
  return isKnown(value) ? String(Number(value.toPrecision(3))) : dash;
}

/** A time of a step: 830 µs, 4.2 ms, 1.3 s. */
export function stepTime(seconds: Maybe): string {
  if (!isKnown(seconds) || seconds <= 0) {
    return dash;
  }
  return seconds >= 1 ? `${seconds.toFixed(1)} s`
    : seconds >= 1e-3 ? `${(1e3 * seconds).toFixed(1)} ms` : `${(1e6 * seconds).toFixed(0)} µs`;
}

/** 45 s, 3 min, 2 h 5 min, 3 d 4 h. */
export function duration(seconds: Maybe): string {
  if (!isKnown(seconds)) {
    return dash;
  }
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) {
    return `${s} s`;
  }
  const minutes = Math.round(s / 60);
  if (minutes < 60) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** 1.5 MiB */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** power;
  return `${power === 0 || scaled >= 100 ? scaled.toFixed(0) : scaled.toFixed(1)} ${units[power]}`;
}

/** The hour of the day, to the second. */
export function clock(iso: string): string {
  const time = new Date(iso);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(":");
}

/** Day and minute, as logs have them. */
export function moment(iso: string): string {
  const time = new Date(iso);
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(twoDigits).join("-");
  return `${day} ${clock(iso).slice(0, 5)}`;
}

function twoDigits(part: number): string {
  return String(part).padStart(2, "0");
}

/** "stopped-early" → "stopped early" */
export function words(kebab: string): string {
  return kebab.replaceAll("-", " ");
}

/** "3 workers", "1 worker" */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

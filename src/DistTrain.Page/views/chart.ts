import uPlot from "uplot";
import { mark } from "../format.ts";
import { h, setAttribute, setText } from "../dom.ts";
import { colour, onThemeChange } from "../theme.ts";

/** A line of a chart. */
export interface Line {
  name: string;
  /** Of the style sheet, e.g. "--train". */
  colour: string;
  /** Drawn faintly, behind what is smoothed of it. */
  isFaint?: boolean;
  /** Points far apart: each is marked, and gaps between them are bridged. */
  isSparse?: boolean;
  isDashed?: boolean;
}

export interface ChartOptions {
  title: string;
  lines: Line[];
  format: (value: number) => string;
  /** Marks of the axis. */
  mark: (value: number) => string;
  /** The axis begins at 0, for what is never below it and says little by its least value. */
  isFromZero?: boolean;
}

type Columns = [number[], ...(number | null)[][]];

const height = 200;
const faint = 0.3;
const widthOfAxis = 56;
/** More marks than this run into each other. */
const mostMarks = 40;

/**
 * Curves over the steps. However often it is told of new points it draws once a frame at most, and not at all
 * while it cannot be seen; how often, and how many points, stands in its data attributes.
 */
export class Chart {
  readonly element: HTMLElement;

  private readonly canvas = h("div", { class: "canvas" });
  private readonly latest = h("span", { class: "latest" });
  private plot: uPlot;
  private columns: Columns;
  private isDue = false;
  private draws = 0;

  /** Milliseconds that the last draw took. */
  cost = 0;

  constructor(private readonly options: ChartOptions) {
    this.columns = [[], ...options.lines.map(() => [])];
    const title = h("figcaption", {}, h("span", { class: "title" }, options.title), this.latest);
    this.element = h("figure", { class: "chart", "data-chart": options.title }, title, this.canvas);
    this.plot = this.create();
    onThemeChange(() => this.rebuild());
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** @param latest The newest values in words, for those who do not see curves. */
  update(columns: Columns, latest: string): void {
    this.columns = columns;
    setText(this.latest, latest);
    setAttribute(this.element, "aria-label", `${this.options.title}: ${latest}`);
    this.draw();
  }

  private draw(): void {
    if (this.isDue) {
      return;
    }
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      const width = this.canvas.clientWidth;
      if (width === 0) {
        return;
      }
      const start = performance.now();
      if (width !== this.plot.width) {
        this.plot.setSize({ width, height });
      }
      // Data that grows does not undo what somebody has zoomed into.
      this.plot.setData(this.columns, !this.isZoomed());
      queueMicrotask(() => { this.cost = performance.now() - start; }); // after the plot's own, which draws
      this.element.dataset["draws"] = String(++this.draws);
      this.element.dataset["points"] = String(this.columns[0].length);
    });
  }

  private isZoomed(): boolean {
    const drawn = this.plot.data[0];
    const { min, max } = this.plot.scales["x"]!;
    return drawn.length > 1 && min !== undefined && max !== undefined && min !== null && max !== null
      && (min > drawn[0]! || max < drawn.at(-1)!);
  }

  private rebuild(): void {
    this.plot.destroy();
    this.plot = this.create();
    this.draw();
  }

  private create(): uPlot {
    const soft = colour("--soft");
    const grid = { stroke: colour("--grid"), width: 1 };
    const font = "12px system-ui, sans-serif";
    const axis: uPlot.Axis = { stroke: soft, grid, ticks: { show: false }, font };
    return new uPlot({
      width: Math.max(1, this.canvas.clientWidth),
      height,
      scales: {
        x: { time: false },
        y: this.options.isFromZero === true ? { range: (_, __, max) => [0, 1.05 * (max || 1)] } : {},
      },
      axes: [
        { ...axis, size: 28, gap: 4, values: (_, ticks) => ticks.map(mark) },
        { ...axis, size: widthOfAxis, values: (_, ticks) => ticks.map(this.options.mark) },
      ],
      series: [
        { label: "step", value: (_, value) => value === null ? "–" : value.toLocaleString("en-US") },
        ...this.options.lines.map((line) => this.series(line)),
      ],
      cursor: { points: { size: 6 }, y: false },
      legend: { live: true },
      padding: [10, 12, 0, 0],
    }, this.columns, this.canvas);
  }

  private series(line: Line): uPlot.Series {
    const stroke = colour(line.colour);
    return {
      label: line.name,
      class: line.isFaint === true ? "faint" : "full",
      stroke,
      alpha: line.isFaint === true ? faint : 1,
      width: line.isFaint === true ? 1 : 1.75,
      points: line.isSparse === true ? { show: isThin, size: 5, fill: stroke } : { show: false },
      spanGaps: line.isSparse === true,
      ...(line.isDashed === true ? { dash: [6, 4] } : {}),
      value: (_, value) => value === null || value === undefined ? "–" : this.options.format(value),
    };
  }
}

/** Few enough points of a sparse line are in sight to mark each. */
function isThin(plot: uPlot, line: number, from: number, to: number): boolean {
  let known = 0;
  for (let index = from; index <= to && known <= mostMarks; index++) {
    known += plot.data[line]?.[index] === null ? 0 : 1;
  }
  return known <= mostMarks;
}

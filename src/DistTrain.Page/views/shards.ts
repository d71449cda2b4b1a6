import { setAttribute, svg } from "../dom.ts";

const width = 240;
const height = 12;
/** More than so many cells would be thinner than a line. */
const mostCells = 48;

/** The shards of a step as cells in a row; those of one worker are filled. */
export class ShardStrip {
  /** Of HTML, for what shows and hides it. */
  readonly element = document.createElement("div");

  private readonly picture = svg("svg", {
    class: "shards", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img",
  });
  private drawn = "";

  constructor() {
    this.element.className = "strip";
    this.element.append(this.picture);
  }

  update(first: number, held: number, all: number, colour: number): void {
    const wanted = `${first} ${held} ${all} ${colour}`;
    if (wanted === this.drawn) {
      return;
    }
    this.drawn = wanted;
    const label = held === 0 ? `none of ${all} shards`
      : `shards ${first + 1} to ${first + held} of ${all}`;
    setAttribute(this.picture, "aria-label", label);
    setAttribute(this.picture, "data-colour", colour);
    this.picture.replaceChildren(
      ...(all <= mostCells ? cells(first, held, all) : range(first, held, all)),
      svg("title", {}, label));
  }
}

function cells(first: number, held: number, all: number): SVGElement[] {
  const size = width / all;
  const gap = Math.min(2, size / 4);
  return Array.from({ length: all }, (_, shard) => svg("rect", {
    class: shard >= first && shard < first + held ? "held" : "free",
    x: shard * size + gap / 2, y: 0, width: size - gap, height,
  }));
}

function range(first: number, held: number, all: number): SVGElement[] {
  const size = width / all;
  return [
    svg("rect", { class: "free", x: 0, y: 0, width, height }),
    svg("rect", { class: "held", x: first * size, y: 0, width: held * size, height }),
  ];
}

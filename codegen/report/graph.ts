/** The network as a column of fused blocks, with residuals at its side: an SVG of boxes and arrows. */
import type { BlockRow, ModelReport } from "../../src/report/model-report.ts";
import { joined } from "../text/code.ts";
import { html, htmlText } from "../text/languages.ts";
import type { Html } from "./html.ts";
import { counted } from "./mark.ts";

const LEFT = 10;
const WIDTH = 560;
const LINE = 18;
const PADDING = 8;
const GAP = 34;
/** Room for the residuals at the right. */
const SIDE = 90;

interface Box {
  readonly block: BlockRow;
  readonly y: number;
  readonly height: number;
}

export function graphSvg({ blocks, network }: ModelReport): Html {
  const boxes: Box[] = [];
  let y = 40;
  for (const block of blocks) {
    const height = LINE * linesOf(block).length + 2 * PADDING;
    boxes.push({ block, y, height });
    y += height + GAP;
  }
  const width = LEFT + WIDTH + SIDE;
  const description = html`${blocks.length} blocks, each of one or more layers that pass rows on inside the accelerator; the table below lists them.`;
  const lines = [
    html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img" aria-labelledby="graph-title" aria-describedby="graph-desc" font-family="sans-serif" font-size="12">`,
    html`<title id="graph-title">Network graph of ${htmlText(network)}</title><desc id="graph-desc">${description}</desc>`,
    html`<text x="${LEFT + PADDING}" y="16" fill="currentColor">input image ${shape(blocks[0]?.input)}</text>`,
    ...boxes.flatMap((box, index) => [
      ...boxSvg(box),
      ...arrowSvg(boxes, box, index),
      ...residualSvg(boxes, box),
      ...constantSvg(box),
    ]),
    html`</svg>`,
  ];
  return joined(html, lines, html`\n`);
}

function linesOf(block: BlockRow): readonly string[] {
  const after = [block.adds ? "+ residual" : "", block.pools ? "+ max pool" : ""].filter(
    (text) => text !== "",
  );
  return [...block.layers, ...after];
}

const shape = (size: readonly number[] | undefined): Html => htmlText(size?.join(" x ") ?? "");

function boxSvg({ block, height, y }: Box): readonly Html[] {
  const stroke = block.layers.length > 1 ? html`#2f7ed8` : html`currentColor`;
  const size = `${block.input.join(" x ")} to ${block.output.join(" x ")}, ${counted(block.cycles)} cycles`;
  return [
    html`<rect x="${LEFT}" y="${y}" width="${WIDTH}" height="${height}" rx="6" fill="none" stroke="${stroke}" stroke-width="1.5"/>`,
    ...linesOf(block).map(
      (line, index) =>
        html`<text x="${LEFT + PADDING}" y="${y + PADDING + 13 + LINE * index}" fill="currentColor"${index < block.layers.length ? html` data-name="${htmlText(line)}" data-text="${htmlText(size)}"` : html``}>${htmlText(cut(line))}</text>`,
    ),
    html`<text x="${LEFT + WIDTH / 2 + 10}" y="${y + height + 21}" fill="currentColor">${shape(block.output)}</text>`,
  ];
}

/** A name that would leave its box; the table has it whole. */
const cut = (name: string): string => (name.length > 76 ? `${name.slice(0, 37)}…${name.slice(-37)}` : name);

/** Constants that the block reads, at its side: the source above, the second map below. */
function constantSvg({ block, height, y }: Box): readonly Html[] {
  const { residual, source } = block.constants;
  return [...constantArrow(source, y + PADDING), ...constantArrow(residual, y + height - PADDING)];
}

function constantArrow(name: string | null, y: number): readonly Html[] {
  const right = LEFT + WIDTH;
  if (name === null) return [];
  return [
    line(html`M${right + 24} ${y}L${right + 6} ${y}`),
    html`<path d="M${right + 7} ${y - 4}l0 8l-7 -4z" fill="currentColor"/>`,
    html`<text x="${right + 27}" y="${y + 4}" fill="currentColor">constant<title>${htmlText(name)}</title></text>`,
  ];
}

/** From the block that writes the source, or from the image; a constant has an arrow at the side. */
function arrowSvg(boxes: readonly Box[], { block, y }: Box, index: number): readonly Html[] {
  const x = LEFT + WIDTH / 2;
  if (block.constants.source !== null) return [];
  if (block.producer === null || block.producer === index - 1) {
    const start = block.producer === null ? 22 : y - GAP;
    return [
      line(html`M${x} ${start}L${x} ${y - 6}`),
      html`<path d="M${x - 4} ${y - 7}l8 0l-4 7z" fill="currentColor"/>`,
    ];
  }
  return sideArrow(boxes, block.producer, y + PADDING);
}

function residualSvg(boxes: readonly Box[], { block, height, y }: Box): readonly Html[] {
  return block.adds && block.residual !== null ? sideArrow(boxes, block.residual, y + height - PADDING) : [];
}

/** Around the blocks in between, further out the longer it is. */
function sideArrow(boxes: readonly Box[], from: number, to: number): readonly Html[] {
  const source = boxes[from];
  if (source === undefined) return [];
  const start = source.y + source.height - PADDING;
  const right = LEFT + WIDTH;
  const out = right + Math.min(SIDE - 10, 20 + (to - start) / 12);
  return [
    line(html`M${right} ${start}C${out} ${start} ${out} ${to} ${right + 6} ${to}`),
    html`<path d="M${right + 7} ${to - 4}l0 8l-7 -4z" fill="currentColor"/>`,
  ];
}

const line = (path: Html): Html => html`<path d="${path}" fill="none" stroke="currentColor"/>`;

/** How the small engine's walker goes through a layer. */
import type { Move, SmallLayer } from "./plan.ts";

interface Position {
  readonly row: number;
  readonly column: number;
  readonly word: number;
}

/**
 * The first position of a layer; then from a step to the next one when what follows is the next word of a tap, column of the
 * kernel, row of it, group of outputs, pixel, line of pixels, tile of groups. An average's rows take the words' place.
 */
export function movesOf(
  layer: Pick<SmallLayer, "operator" | "engine" | "diagonal" | "source" | "result" | "wordsPerTap" | "tiles">,
): readonly Move[] {
  const { diagonal, engine, operator, result, source, tiles, wordsPerTap } = layer;
  const { kernel, padding, stride } = operator;
  const groups = tiles[0] ?? 1;
  const start = { row: -padding.top, column: -padding.left, word: 0 };
  const zero = { row: 0, column: 0, word: 0 };
  const isAverage = engine === "pool";
  const lastWord = isAverage ? { ...zero, row: kernel[0] - 1 } : { ...zero, word: wordsPerTap - 1 };
  const lastColumn = { ...lastWord, column: kernel[1] - 1 };
  const lastTap = { ...lastColumn, row: kernel[0] - 1 };
  const lastGroup = { ...lastTap, word: diagonal ? groups - 1 : lastTap.word };
  const lastPixel = { ...lastGroup, column: lastTap.column + (result.width - 1) * stride[1] };
  const lastLine = { ...lastPixel, row: lastTap.row + (result.height - 1) * stride[0] };
  const move = (from: Position, to: Position): Move => ({
    address:
      ((to.row - from.row) * source.width + to.column - from.column) * source.words + to.word - from.word,
    column: to.column - from.column,
    row: to.row - from.row,
  });
  return [
    move(zero, start),
    move(zero, isAverage ? { ...zero, row: 1 } : { ...zero, word: 1 }),
    move(lastWord, { ...zero, column: 1 }),
    move(lastColumn, { ...zero, row: 1 }),
    move(lastTap, diagonal ? { ...zero, word: 1 } : zero),
    move(lastGroup, { ...zero, column: stride[1] }),
    move(lastPixel, { ...zero, row: stride[0] }),
    move(lastLine, diagonal ? { ...zero, word: groups } : zero),
  ];
}

import { boardByName, knownBoards, memoryText, type Board } from "../boards/index.ts";
import { command } from "./command.ts";
import { printJson } from "./io.ts";
import type { Io } from "./io.ts";
import { option, optional, single } from "./options.ts";
import { numbers, textTable } from "../report/text-table.ts";

interface Args {
  readonly name?: string | undefined;
  readonly json: boolean;
}

export const boardsCommand = command(
  (yargs) =>
    yargs
      .positional("name", { type: "string", describe: "a board, or a board's .json file" })
      .option("json", option.json)
      .example("$0 boards", "table of boards")
      .example("$0 boards ./mine.json", "check a board file of your own"),
  (args, io) => runBoards(args, io),
);

function runBoards(args: Args, io: Io): void {
  const name = optional((value) => single("name", value), args.name);
  const boards = name === undefined ? knownBoards() : [boardByName(name)];
  if (args.json) printJson(io, { boards });
  else io.out(name === undefined ? `${formatTable(boards)}\n` : boards.map(formatBoard).join("\n"));
}

function formatTable(boards: readonly Board[]): string {
  const resources = ["LUT", "FF", "DSP", "block RAM", "MHz"].map(numbers);
  const rows = boards.map((board) => {
    const { blockRam, dsp, ff, lut } = board.resources;
    const rams = `${blockRam.value} x ${blockRam.bits / 1024} kbit`;
    const memory = board.memory === null ? "none yet" : memoryText(board);
    return [
      board.name,
      board.part,
      lut?.value ?? "?",
      ff?.value ?? "?",
      dsp.value,
      rams,
      board.clock.target,
      memory,
    ];
  });
  return textTable(["board", "part", ...resources, "--memory"], rows);
}

/** Every figure of the board, one a line, with its source. */
function formatBoard(board: Board): string {
  const figures = figuresOf(board, "");
  return `${board.title}\n${figures.map(({ path, value, source }) => `${path}: ${value} (${source})\n`).join("")}pins: ${board.pins.source}\n`;
}

interface FoundFigure {
  readonly path: string;
  readonly value: number;
  readonly source: string;
}

function figuresOf(part: unknown, path: string): readonly FoundFigure[] {
  if (typeof part !== "object" || part === null) return [];
  const value: unknown = Reflect.get(part, "value");
  const source: unknown = Reflect.get(part, "source");
  const own = typeof value === "number" && typeof source === "string" ? [{ path, value, source }] : [];
  const inner = Object.entries(part).flatMap(([key, child]) =>
    figuresOf(child, path === "" ? key : `${path}.${key}`),
  );
  return [...own, ...inner];
}

/** The playground: a network, an accelerator for it, a picture. */
import { Firebrick, ProblemsError } from "./client.ts";
import type { Opened, WantedHardware } from "./messages.ts";
import { cells, choices, clear, element, field, list, problemList, table } from "./elements.ts";
import { pixelsOf } from "./picture.ts";

const firebrick = new Firebrick();
const status = element("status");
const count = new Intl.NumberFormat("en");
let network: Opened | undefined;
let boardNames: readonly { readonly name: string; readonly title: string }[] = [];
/** Counts what was asked of the hardware, so that an older answer does not replace a newer one. */
let asked = 0;

/** Runs work of the user's, and says what it does and what went wrong. */
async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  status.textContent = `${what}…`;
  clear("problems");
  const started = performance.now();
  try {
    await work();
    status.textContent = `${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`;
  } catch (error) {
    status.textContent = `${what}: it cannot be done.`;
    element("problems").append(
      error instanceof ProblemsError
        ? problemList(error.problems)
        : String(error instanceof Error ? error.message : error),
    );
  }
}

function hardware(): WantedHardware {
  const [pk, pc] = field("array").value.split("x").map(Number);
  const number = (id: string): number | undefined =>
    field(id).value === "" ? undefined : Number(field(id).value);
  const buffers = { weightWords: number("weights"), lineBytes: number("lines") };
  const given = Object.fromEntries(Object.entries(buffers).filter(([, value]) => value !== undefined));
  const board = field("board").value;
  const memory = { bytes: number("bytes"), latency: number("latency") };
  const known = Object.fromEntries(Object.entries(memory).filter(([, value]) => value !== undefined));
  return {
    ...(board === "" ? {} : { board }),
    ...(pk === undefined || pc === undefined ? {} : { array: { pk, pc } }),
    ...(Object.keys(given).length === 0 ? {} : { buffers: given }),
    ...(Object.keys(known).length === 0 ? {} : { memory: known }),
  };
}

async function open(model: string, files: readonly File[]): Promise<void> {
  await attempt(`Reading ${model}`, async () => {
    element("results").hidden = true;
    const contents = files.map(async (file) => ({
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    }));
    network = await firebrick.ask({ kind: "open", model, files: await Promise.all(contents) });
    const { channels, height, width } = network.input;
    list("network", {
      network: network.name,
      input: `${height} x ${width} x ${channels}`,
      "multiply-accumulates": count.format(network.macs),
      parameters: count.format(network.parameters),
    });
    element("results").hidden = false;
    clear("answer");
    await analyse();
  });
  if (network !== undefined) await fitEveryBoard();
}

async function analyse(): Promise<void> {
  const mine = ++asked;
  const report = await firebrick.ask({ kind: "report", hardware: hardware() });
  if (mine !== asked) return;
  list("facts", {
    array: `${report.array.pk} x ${report.array.pc}`,
    cycles: count.format(report.cycles),
    utilisation: report.utilization.toFixed(3),
    "images a second": `${report.framesPerSecond.toFixed(1)} at ${report.clockMHz} MHz`,
    "memory read": `${count.format(report.traffic.readBytes)} bytes`,
    ...Object.fromEntries(
      report.resources.map(({ available, needed, resource }) => [
        resource,
        `${count.format(needed)} of ${count.format(available)}`,
      ]),
    ),
  });
  element("limit").textContent = report.limit;
  clear("reasons");
  element("reasons").append(...report.reasons.map((reason) => cells("li", reason)));
  table(
    "layers",
    ["layer", "engine", "cycles", "share", "utilisation", "limited by"],
    report.layers.map((row) => [
      row.name,
      row.engine,
      count.format(row.cycles),
      `${(100 * row.share).toFixed(1)} %`,
      row.utilization.toFixed(3),
      row.limit,
    ]),
  );
}

/** Board after board, each as soon as it is known. */
async function fitEveryBoard(): Promise<void> {
  const rows: string[][] = [];
  const head = ["board", "fits", "array", "images a second", "look-up tables"];
  for (const { name, title } of boardNames) {
    try {
      const report = await firebrick.ask({ kind: "report", hardware: { board: name } });
      const luts = report.resources.find(({ resource }) => resource === "look-up tables");
      const share = luts === undefined ? "" : `${Math.round((100 * luts.needed) / luts.available)} %`;
      rows.push([
        title,
        "yes",
        `${report.array.pk}x${report.array.pc}`,
        report.framesPerSecond.toFixed(1),
        share,
      ]);
    } catch (error) {
      const why = error instanceof ProblemsError ? (error.problems[0]?.found ?? "") : String(error);
      rows.push([title, `no: ${why}`, "", "", ""]);
    }
    table("boards", head, rows);
  }
}

function start(): void {
  const models = element("models") as HTMLSelectElement;
  const chosen = element("file") as HTMLInputElement;
  const drop = element("drop");
  models.addEventListener("change", () => {
    if (models.value !== "") void open(models.value, []);
  });
  chosen.addEventListener("change", () => void openFiles([...(chosen.files ?? [])]));
  drop.addEventListener("dragover", (event) => event.preventDefault());
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    void openFiles([...(event.dataTransfer?.files ?? [])]);
  });
  element("hardware").addEventListener("change", () => void attempt("Analysing", analyse));
  element("download").addEventListener("click", () => void attempt("Writing the project", download));
  const picture = element("picture") as HTMLInputElement;
  picture.addEventListener("change", () => {
    const [file] = picture.files ?? [];
    if (file !== undefined) void attempt("Running the golden model", () => classify(file));
  });
  void attempt("Loading Firebrick", async () => {
    const names = await firebrick.ask({ kind: "names" });
    boardNames = names.boards;
    choices(models, names.models);
    choices(
      element("board") as HTMLSelectElement,
      names.boards.map(({ name }) => name),
    );
    const sides = [4, 8, 16, 32];
    choices(
      element("array") as HTMLSelectElement,
      sides.flatMap((pk) => sides.map((pc) => `${pk}x${pc}`)),
    );
  });
}

/** A model among the files, with what lies beside it; pictures go to the golden model. */
async function openFiles(files: readonly File[]): Promise<void> {
  const model = files.find(({ name }) => /\.(tflite|onnx|net|firebrick|ts)$/i.test(name)) ?? files[0];
  if (model !== undefined) await open(model.name, files);
}

async function classify(file: File): Promise<void> {
  if (network === undefined) throw new Error("open a network first");
  const pixels = await pixelsOf(file, network.input);
  const { top, values } = await firebrick.ask({ kind: "golden", pixels });
  table(
    "answer",
    top.length > 0 ? ["class", "name", "share"] : ["value", "", ""],
    top.length > 0
      ? top.map(({ index, label, score }) => [String(index), label, `${(100 * score).toFixed(1)} %`])
      : values.slice(0, 20).map((value) => [value.toPrecision(5), "", ""]),
  );
}

async function download(): Promise<void> {
  const zip = await firebrick.ask({ kind: "project", hardware: hardware() });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([zip as Uint8Array<ArrayBuffer>], { type: "application/zip" }));
  link.download = "firebrick-project.zip";
  link.click();
  URL.revokeObjectURL(link.href);
}

start();

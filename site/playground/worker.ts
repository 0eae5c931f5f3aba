/** Firebrick in a worker: the page stays alive while a network is analysed. Nothing leaves the browser. */
import { zipSync } from "fflate";
import {
  boards,
  compile,
  golden,
  InputError,
  load,
  models,
  pictureInput,
  report,
  type IntGraph,
} from "../../src/index.ts";
import { setUp, writeFile } from "../../src/platform/browser/index.ts";
import type { Answered, Answers, Asked, Request, WantedHardware } from "./messages.ts";

/** Every project has the same bytes at every time. */
const EPOCH = new Date(1980, 0, 1);

const ready = prepare();
let graph: IntGraph | undefined;
let picture: Int8Array | undefined;

/** The package's own files, which lie beside the script. */
async function prepare(): Promise<void> {
  const response = await fetch(new URL("package-files.json", import.meta.url));
  const files = (await response.json()) as { texts: Record<string, string>; bytes: Record<string, string> };
  const binary = Object.entries(files.bytes).map(
    ([path, base64]) =>
      [path, Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))] as const,
  );
  setUp({ packageFiles: { ...files.texts, ...Object.fromEntries(binary) } });
}

function opened(): IntGraph {
  if (graph === undefined) throw new Error("no network is open");
  return graph;
}

const answers: {
  readonly [Kind in Request["kind"]]: (request: Extract<Request, { kind: Kind }>) => Promise<Answers[Kind]>;
} = {
  async names() {
    return {
      models: await models(),
      boards: (await boards()).map(({ name, title }) => ({ name, title })),
    };
  },
  async open({ files, model }) {
    picture = undefined;
    for (const { bytes, name } of files) writeFile(name, bytes);
    const { input, macs, maps, name, parameters } = (graph = await load(model));
    const map = maps.get(input);
    if (map === undefined) throw new Error("the network has no input");
    const { channels, height, width } = map;
    return { name, macs, parameters, input: { channels, height, width } };
  },
  async report({ hardware }) {
    const accelerator = await compile(opened(), hardware);
    return { ...(await report(accelerator)), reasons: accelerator.reasons };
  },
  async golden({ pixels }) {
    picture = await pictureInput(opened(), pixels);
    const { top, values } = await golden(opened(), picture);
    return { top, values };
  },
  project: ({ hardware }) => project(hardware),
};

/** What `firebrick compile` writes, with the picture that was dropped as that of the testbench. */
async function project(hardware: WantedHardware): Promise<Uint8Array> {
  const files = (await compile(opened(), hardware)).project(picture);
  const encoder = new TextEncoder();
  const entries = [...files].map(
    ([path, content]) => [path, typeof content === "string" ? encoder.encode(content) : content] as const,
  );
  return zipSync(Object.fromEntries(entries), { mtime: EPOCH });
}

async function answer({ id, request }: Asked): Promise<Answered> {
  try {
    await ready;
    const ask = answers[request.kind] as (request: Request) => Promise<Answers[keyof Answers]>;
    return { id, answer: await ask(request) };
  } catch (error) {
    if (error instanceof InputError) return { id, problems: error.problems };
    return { id, problems: [], message: error instanceof Error ? error.message : String(error) };
  }
}

self.onmessage = ({ data }: MessageEvent<Asked>) => {
  void answer(data).then((said) => {
    self.postMessage(said);
  });
};

/** Data of constants that lie in files beside the model (onnx.proto, TensorProto.external_data). */
import { kindOf, readPart, realPath } from "../../platform/files.ts";
import { dirname, isAbsolute, join, resolve, sep } from "../../platform/paths.ts";
import type { Report } from "./attributes.ts";
import type { FileTensor } from "./file.ts";

/** Beyond any network; keeps many references to one region from asking for more than that. */
const MOST_BYTES = 2 ** 30;

/** The files of one model. Only what lies in the model's folder is read, also where a link leads elsewhere. */
export class ExternalFiles {
  readonly #folder: string;
  #bytes = 0;

  /** `model`: path of the .onnx file. */
  constructor(model: string) {
    this.#folder = dirname(resolve(model));
  }

  /** The `size` bytes of the tensor. Undefined after a report. */
  read({ externalData }: FileTensor, size: number, report: Report): Uint8Array | undefined {
    const field = (name: string) => externalData.find(({ key }) => key === name)?.value;
    const location = field("location") ?? "";
    const offset = Number(field("offset") ?? 0);
    const length = Number(field("length") ?? size);
    if (!isInside(location)) {
      report(
        "unsupported-tensor",
        `data in another file, ${JSON.stringify(location)}`,
        "files in the model's own folder, named without ..",
        "load it where both files are and save it as one: onnx.save_model(onnx.load(FILE), NEW)",
      );
      return undefined;
    }
    const path = join(this.#folder, location);
    const kind = kindOf(path);
    if (kind !== "file") {
      const found = `data in ${location}, ${kind === "nothing" ? "which is not there" : "which is no file"}`;
      report("missing-file", found, "the file beside the model", "put it where the model is");
      return undefined;
    }
    if (!realPath(path).startsWith(withSeparator(realPath(this.#folder)))) {
      const found = `data in ${location}, a link out of the model's folder`;
      report("unsupported-tensor", found, "files in the model's own folder", "put the file itself there");
      return undefined;
    }
    const isSound = Number.isSafeInteger(offset) && offset >= 0 && length === size;
    if (isSound && this.#bytes + size > MOST_BYTES) {
      report(
        "unsupported-tensor",
        "too much data in other files",
        `${MOST_BYTES} bytes in all`,
        "export the network again",
      );
      return undefined;
    }
    const bytes = isSound ? readPart(path, offset, size) : new Uint8Array();
    if (!isSound || bytes.length !== size) {
      const found = `${length} bytes from ${offset} of ${location}`;
      report("corrupt-file", found, `${size} bytes that the file has`, "download or export both files again");
      return undefined;
    }
    this.#bytes += size;
    return bytes;
  }
}

/** Whether a location stays below the folder that it is relative to, on any system. */
function isInside(location: string): boolean {
  const parts = location.split(/[/\\]/);
  return (
    location !== "" && !isAbsolute(location) && !/^([a-z]:|[/\\])/i.test(location) && !parts.includes("..")
  );
}

/** The root ends in a separator already. */
function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep;
}

/** The CSV that says which class each picture shows. */
import { InputError, type Problem } from "../ir/errors.ts";
import { exists, readText } from "../platform/files.ts";
import { join } from "../platform/paths.ts";
import { backgroundShift } from "./background.ts";
import { fieldsOf } from "./csv.ts";

/** A picture and the class that it shows. */
export interface LabelledFile {
  readonly file: string;
  /** The network's class: shifted by one where class 0 is the background. */
  readonly label: number;
}

/**
 * Pictures of `folder` with their classes, in the order of `labels`: a CSV of file name, class from 0 and, where the class is
 * to be named, its name. A header, empty lines and comments (#) are skipped. `classes`: of the network.
 * Throws InputError with every bad line: unreadable-file, bad-label, missing-file.
 */
export function labelledFiles(folder: string, labels: string, classes: number): LabelledFile[] {
  const shift = backgroundShift(classes);
  const files: LabelledFile[] = [];
  const problems: Problem[] = [];
  readLines(labels).forEach((line, index) => {
    const [name = "", number = ""] = fieldsOf(line);
    if (name === "" || name.startsWith("#")) return;
    const known = /^\d+$/.test(number);
    if (index === 0 && !known) return; // the header
    const label = Number(number) + shift;
    const file = join(folder, name);
    if (!known || label >= classes) {
      problems.push({
        code: "bad-label",
        node: `${labels}:${index + 1}`,
        found: `"${number}"`,
        supported: `classes from 0 to ${classes - shift - 1}`,
        fix: "write FILE,CLASS a line",
      });
    } else if (!exists(file)) {
      const fix = "check --images and the name";
      problems.push({ code: "missing-file", node: file, found: "no such file", supported: "a picture", fix });
    } else files.push({ file, label });
  });
  if (problems.length === 0 && files.length === 0) {
    const fix = "write FILE,CLASS a line";
    problems.push({ code: "no-pictures", node: labels, found: "no pictures", supported: "a CSV", fix });
  }
  if (problems.length > 0) throw new InputError(problems);
  return files;
}

function readLines(path: string): readonly string[] {
  try {
    return readText(path).split(/\r?\n/);
  } catch (error) {
    throw new InputError({
      code: "unreadable-file",
      node: path,
      found: error instanceof Error ? error.message : String(error),
      supported: "a CSV of file name and class",
      fix: "check the path",
    });
  }
}

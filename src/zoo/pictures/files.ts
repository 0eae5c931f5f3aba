import { packagePath } from "../../platform/package.ts";
import { classNames, type ClassName } from "./shapes.ts";

/** A picture file that ships with the embedded network. */
export interface ExamplePicture {
  readonly path: string;
  readonly className: ClassName;
}

function inFolder(...parts: readonly string[]): string {
  return packagePath("src", "zoo", "pictures", ...parts);
}

/** The embedded network, a TFLite file. */
export function picturesModelPath(): string {
  return inFolder("pictures.tflite");
}

/** A JSON array of the class names, in the order of the network's outputs. */
export function picturesLabelsPath(): string {
  return inFolder("labels.json");
}

/** One PNG file a class, named after it. */
export function examplePictures(): ExamplePicture[] {
  return classNames.map((className) => ({ path: inFolder("examples", `${className}.png`), className }));
}

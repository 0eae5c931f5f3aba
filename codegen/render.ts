/** Fills templates in: the only user of Handlebars. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import Handlebars from "handlebars";
import { assert } from "../src/ir/errors.ts";
import { packagePath } from "../src/ir/package-root.ts";

/**
 * Renders templates/NAME.hbs, such as `top.v`, with the parts in templates/NAME/. Every name that they use must be in
 * `view`.
 */
export function render(name: string, view: object): string {
  return renderText(readFileSync(packagePath("templates", `${name}.hbs`), "utf8"), view, name, partsOf(name));
}

/** The files of templates/NAME/, by the name under which the template includes them. */
function partsOf(name: string): Record<string, string> {
  const folder = packagePath("templates", name);
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder).filter((file) => file.endsWith(".hbs"));
  return Object.fromEntries(
    files.map((file) => [basename(file, ".hbs"), readFileSync(join(folder, file), "utf8")]),
  );
}

/**
 * Renders a template's text; `name` is for messages. A view holds text, finite numbers, booleans, lists and objects
 * of them: all arithmetic is done, nothing is left open. `#if` takes booleans alone.
 */
export function renderText(
  text: string,
  view: object,
  name: string,
  parts: Readonly<Record<string, string>> = {},
): string {
  checkView(view, name);
  // An instance of its own: helpers registered on the shared one would be module-level state.
  const handlebars = Handlebars.create();
  handlebars.registerHelper(
    "if",
    function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
      assert(typeof value === "boolean", `${name}: #if of ${typeof value}, not of a boolean`);
      return value ? options.fn(this) : options.inverse(this);
    },
  );
  handlebars.unregisterHelper("unless");
  handlebars.registerPartial(parts);
  return handlebars.compile(text, { noEscape: true, strict: true, preventIndent: true })(view);
}

function checkView(value: unknown, path: string): void {
  if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) checkView(part, `${path}.${key}`);
    return;
  }
  const isComplete =
    typeof value === "number" ? Number.isFinite(value) : ["string", "boolean"].includes(typeof value);
  assert(isComplete, `${path} is ${String(value)}`);
}

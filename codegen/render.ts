/** Fills templates in: the only user of Handlebars. */
import Handlebars from "handlebars";
import { assert } from "../src/ir/errors.ts";
import { readText } from "../src/platform/files.ts";
import { packagePath } from "../src/platform/package.ts";
import { Code, isPiece, type Language } from "./text/code.ts";
import { escapes } from "./text/languages.ts";

/** What a template can show; text only through a function of its language: `{{comment model}}`. */
export type View = { readonly [name: string]: Shown };
type Shown = Code | boolean | number | string | readonly Shown[] | View;

/** Renders templates/NAME.hbs, such as `top.v`. Every name that it uses must be in `view`. */
export function render(name: string, language: Language, view: View): string {
  return renderText(readText(packagePath("templates", `${name}.hbs`)), language, view, name);
}

/**
 * Renders a template's text; `name` is for messages. A view holds text, finite numbers, booleans, code, lists and objects
 * of them: all arithmetic is done, nothing is left open. `#if` takes booleans alone. A bare `{{x}}` is a number or code of
 * `language`; text passes through one of the language's functions alone.
 */
export function renderText(text: string, language: Language, view: View, name: string): string {
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
  handlebars.registerHelper(BARE, (value: unknown, path: string) => {
    const isText = typeof value === "string";
    assert(value !== undefined, `${name}: the view has no ${path}`);
    assert(!isText, `${name}: ${path} is text, which ${Object.keys(escapes[language]).join(" or ")} escapes`);
    assert(isPiece(value, language), `${name}: ${path} is no ${language}`);
    return value.toString();
  });
  for (const [helper, escape] of Object.entries(escapes[language]))
    handlebars.registerHelper(helper, (value: unknown) => {
      assert(typeof value === "string", `${name}: ${helper} of ${typeof value}, not of text`);
      return escape(value);
    });
  const options = { noEscape: true, strict: true, preventIndent: true };
  return handlebars.compile(checked(text), options)(view);
}

/** The function through which `{{x}}` goes. */
const BARE = "bare";

/** The template with `{{x}}` read as `{{bare x "x"}}`. */
function checked(text: string): hbs.AST.Program {
  const program = Handlebars.parse(text);
  new Bare().accept(program);
  return program;
}

class Bare extends Handlebars.Visitor {
  override MustacheStatement(statement: hbs.AST.MustacheStatement): void {
    const { loc, params, path } = statement;
    if (params.length > 0) return;
    assert(path.type === "PathExpression", "a template shows names alone");
    const { original } = path as hbs.AST.PathExpression;
    const named = { type: "StringLiteral", loc, value: original, original } as hbs.AST.StringLiteral;
    statement.params = [path, named];
    statement.path = {
      ...path,
      type: "PathExpression",
      original: BARE,
      parts: [BARE],
      depth: 0,
      data: false,
    };
  }
}

function checkView(value: unknown, path: string): void {
  if (value instanceof Code) return;
  if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) checkView(part, `${path}.${key}`);
    return;
  }
  const isComplete =
    typeof value === "number" ? Number.isFinite(value) : ["string", "boolean"].includes(typeof value);
  assert(isComplete, `${path} is ${String(value)}`);
}

/** Every escape function, each against what ends a comment, a string or a word in its language. */
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Code, joined } from "../../../codegen/text/code.ts";
import { escapes, html, htmlText, verilog, verilogIdentifier } from "../../../codegen/text/languages.ts";
import { visibleLines } from "../../../src/ir/visible.ts";
import { hostileTexts } from "../../support/hostile-text.ts";

const every = Object.entries(escapes).flatMap(([language, own]) =>
  Object.entries(own).map(([context, escape]) => ({
    language,
    context,
    escape: escape,
  })),
);

describe("comments", () => {
  it.each(every.filter(({ context }) => context === "comment"))(
    "of $language stay one",
    ({ escape, language }) => {
      for (const text of hostileTexts) {
        const comment = escape(text);
        expect(comment).toMatch(/^[ -~]*$/);
        expect(comment).not.toMatch(/[\\`]/);
        if (language === "c") expect(comment).not.toMatch(/[*/]/);
        if (language === "xml") expect(`${comment} `).not.toMatch(/--|-$/);
        if (language === "tcl") expect(comment).not.toMatch(/[{}]/);
      }
    },
  );
});

it.each(
  every.filter(({ context }) =>
    ["word", "argument", "command", "name", "identifier", "digits"].includes(context),
  ),
)("$context of $language refuses what is none", ({ escape, context }) => {
  const plain = { digits: "0f3", command: "delete t:*scopeinfo" }[context] ?? "n_1";
  expect(escape(plain)).toBe(plain);
  for (const text of hostileTexts.filter((one) => one !== "__proto__"))
    expect(() => escape(text), text).toThrow(/internal error: .* is no /);
  expect(() => escape("")).toThrow();
});

it("strings come back as they were", async () => {
  for (const text of hostileTexts) {
    expect(JSON.parse(escapes.typescript.string(text))).toBe(text);
    expect(escapes.python.string(text)).toMatch(/^"[ -~]*"$/);
    expect(escapes.verilog.string(text)).toMatch(/^"[ -!#-[\]-~]*"$/);
    // a lone surrogate is no character of YAML
    if (!text.includes("\ud800")) expect(parse(escapes.yaml.string(text))).toBe(text);
  }
  const strings = hostileTexts.map((text) => escapes.python.string(text));
  const script = `import json,sys\nprint(json.dumps([${strings.join(", ")}]))`;
  const { stdout } = await execa("python3", ["-c", script]);
  expect(JSON.parse(stdout)).toEqual(hostileTexts);
});

it("text of HTML and XML holds no tag, no end of an attribute, and no character that they forbid", () => {
  for (const language of ["html", "xml"] as const)
    for (const text of hostileTexts) {
      const escaped = escapes[language].text(text);
      expect(escaped).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      expect(visibleLines(escaped)).toBe(escaped);
    }
  expect(escapes.html.text('a < b & "c"')).toBe("a &lt; b &amp; &quot;c&quot;");
});

it("text of Markdown is a line without marks", () => {
  for (const text of hostileTexts)
    expect(escapes.markdown.text(text)).not.toMatch(/[\n\r]|(?<!\\)[`*<>|#[\]]/);
  expect(escapes.markdown.text("vww_96_int8 _x_ a*b")).toBe("vww_96_int8 \\_x\\_ a\\*b");
});

it("a drawing is SVG in which nothing runs", () => {
  const { drawing } = escapes.html;
  expect(drawing("<svg><text>on = 1, href</text></svg>")).toContain("on = 1");
  for (const inner of [
    "<script>",
    '<g onload="x">',
    '<a href="x">',
    "<foreignObject>",
    '<g xlink:href="x">',
    "<!-- -->",
  ])
    expect(() => drawing(`<svg>${inner}</svg>`), inner).toThrow("a drawing holds");
  expect(() => drawing("<p></p>")).toThrow("SVG");
});

describe("code", () => {
  it("is made of literals, numbers and other pieces", () => {
    const name = verilogIdentifier("a_1");
    expect(String(verilog`{${name}, ${4}'h0}`)).toBe("{a_1, 4'h0}");
    expect(String(joined(verilog, [name, verilog`b`], verilog`, `))).toBe("a_1, b");
    expect(String(html`<b>${htmlText("<i>")}</b>`)).toBe("<b>&lt;i&gt;</b>");
  });

  it("takes no text, no other language, no list that poses as a literal", () => {
    expect(() => verilog`${"$finish" as unknown as number}`).toThrow("is no verilog");
    expect(() => verilog`${html`x` as unknown as number}`).toThrow("is no verilog");
    expect(() => verilog`${NaN}`).toThrow("is no verilog");
    const list = Object.assign(["$finish"], { raw: ["$finish"] }) as unknown as TemplateStringsArray;
    expect(() => verilog(list)).toThrow("a tag without a literal");
    const Forged = Code as unknown as new (language: string, text: string) => object;
    expect(Reflect.construct(Object, [], Forged)).not.toHaveProperty("language");
  });
});

/** Pages of HTML of the Markdown in docs, and the sections that the search finds. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { Marked } from "marked";

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);

/** @param {string} heading As GitHub makes the address of a heading. */
const slug = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

/**
 * Every page, and every section of them.
 * @param {string} docs
 */
export function docsPages(docs) {
  /** @type {[string, string][]} */
  const pages = [];
  /** @type {{ id: string, title: string, text: string }[]} */
  const sections = [];
  const names = readdirSync(docs, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => name.replaceAll("\\", "/"))
    .sort();
  for (const name of names) {
    const source = readFileSync(join(docs, name), "utf8");
    const address = addressOf(name);
    const title = /^# (.+)$/m.exec(source)?.[1] ?? name;
    pages.push([address, page(title, toHtml(source, name, docs))]);
    for (const part of source.split(/^(?=#{1,3} )/m)) {
      const heading = /^#{1,3} (.+)$/m.exec(part)?.[1];
      if (heading === undefined) continue;
      const plain = heading.replace(/[`*]/g, "");
      const isFirst = plain === title.replace(/[`*]/g, "");
      sections.push({
        id: `${address}#${slug(plain)}`,
        title: isFirst ? plain : `${plain} (${title})`,
        text: part,
      });
    }
  }
  return { pages, sections };
}

/** Pages lie in one folder. @param {string} name */
function addressOf(name) {
  return name === "README.md" ? "index.html" : name.replaceAll("/", "-").replace(/\.md$/, ".html");
}

/**
 * Links to other pages lead there; those to files of the repository become their names.
 * @param {string} source
 * @param {string} name
 * @param {string} docs
 */
function toHtml(source, name, docs) {
  const marked = new Marked({
    renderer: {
      heading({ depth, text, tokens }) {
        return `<h${depth} id="${slug(text.replace(/[`*]/g, ""))}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        if (/^https?:/.test(href) || href.startsWith("#")) return `<a href="${escaped(href)}">${text}</a>`;
        const [path = "", hash] = href.split("#");
        const target = posix.join(posix.dirname(name), path);
        const isPage = target.endsWith(".md") && existsSync(join(docs, target));
        return isPage
          ? `<a href="${addressOf(target)}${hash === undefined ? "" : `#${hash}`}">${text}</a>`
          : text;
      },
      code({ text }) {
        return `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`;
      },
    },
  });
  return /** @type {string} */ (marked.parse(source, { async: false }));
}

/**
 * A page of the site.
 * @param {string} title
 * @param {string} body
 */
export function page(title, body) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}: Firebrick</title>
<link rel="stylesheet" href="style.css">
<link rel="icon" href="data:,">
</head>
<body>
<header>
<nav aria-label="Site">
<a href="index.html">Firebrick</a> <a href="playground.html">Playground</a> <a href="tutorial.html">Tutorial</a> <a href="commands.html">Commands</a>
<label>Search <input id="search" type="search" autocomplete="off"></label>
</nav>
<ul id="found" aria-label="Found" aria-live="polite"></ul>
</header>
<main>
${body}
</main>
<script type="module" src="search.js"></script>
</body>
</html>
`;
}

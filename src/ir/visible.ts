/** Text of strangers (names of layers, of files) on its way to a terminal, a log or a label. */

/** What moves the cursor, colours, rings, turns the direction of reading, or is no character: nothing that shows. */
const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** One line in which every character shows: those that do not are spelled as in JSON, `\u001b`. */
export function visible(text: string): string {
  return text.replace(invisible, spelled);
}

/** The same for text of several lines with tabs, as a command prints it. */
export function visibleLines(text: string): string {
  return text.replace(invisible, (character) => (/[\n\t]/.test(character) ? character : spelled(character)));
}

function spelled(character: string): string {
  return Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
    .join("");
}

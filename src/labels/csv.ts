/** Rows of a CSV as lists of labelled pictures are: fields may be quoted; header, empty lines and comments (#) are the reader's. */

/** The fields of a line, without spaces around them; a doubled quote within quotes is one. */
export function fieldsOf(line: string): string[] {
  const fields = line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"[^,]*|([^,]*))/g);
  return Array.from(fields, ([, quoted, plain = ""]) => quoted?.replaceAll('""', '"') ?? plain.trim());
}

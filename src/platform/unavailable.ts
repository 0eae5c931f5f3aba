/** A browser has no such thing: it starts no programs and decodes no picture files for us. Never thrown in Node. */
export class UnavailableError extends Error {
  /** `fix`: what a page does instead. */
  constructor(what: string, fix: string) {
    super(`${what} is not there in a browser; ${fix}`);
    this.name = "UnavailableError";
  }
}

/**
 * Flatbuffers without generated code and without trust: every offset and length is checked against the file before
 * it is followed. (The npm ByteBuffer reads `undefined` outside its array and goes on.)
 */
import type { ByteBuffer } from "flatbuffers";
import { library } from "../platform/library.ts";

/** The file breaks the flatbuffers format; caught by the importer and reported as one problem. */
export class CorruptFileError extends Error {
  constructor(what: string) {
    super(what);
    this.name = "CorruptFileError";
  }
}

/** A checked position of a table: its vtable and its fields lie inside the file. */
export interface Table {
  readonly buffer: ByteBuffer;
  readonly position: number;
  readonly vtable: number;
  readonly vtableBytes: number;
  readonly tableBytes: number;
}

/** Elements of `bytes` bytes each, from `start`; all inside the file. */
export interface Vector {
  readonly buffer: ByteBuffer;
  readonly start: number;
  readonly length: number;
}

function need(buffer: ByteBuffer, position: number, bytes: number, what: string): void {
  if (position < 0 || position + bytes > buffer.capacity()) {
    throw new CorruptFileError(
      `${what} at byte ${position} outside the ${buffer.capacity()} bytes of the file`,
    );
  }
}

function tableAt(buffer: ByteBuffer, position: number, what: string): Table {
  need(buffer, position, 4, what);
  const vtable = position - buffer.readInt32(position);
  need(buffer, vtable, 4, `field list of ${what}`);
  const vtableBytes = buffer.readUint16(vtable);
  const tableBytes = buffer.readUint16(vtable + 2);
  if (vtableBytes < 4 || tableBytes < 4) throw new CorruptFileError(`field list of ${what} is too short`);
  need(buffer, vtable, vtableBytes, `field list of ${what}`);
  need(buffer, position, tableBytes, what);
  return { buffer, position, vtable, vtableBytes, tableBytes };
}

/** The table that the file begins with. */
export function rootTable(bytes: Uint8Array, identifier: string): Table {
  const { ByteBuffer } = library("flatbuffers");
  const buffer = new ByteBuffer(bytes);
  need(buffer, 0, 8, "header");
  if (!buffer.__has_identifier(identifier)) throw new CorruptFileError(`no "${identifier}" in bytes 4 to 7`);
  return tableAt(buffer, buffer.readUint32(0), "root table");
}

/** Byte position of a field of `bytes` bytes, or undefined where the file leaves the default. */
function fieldAt(table: Table, slot: number, bytes: number): number | undefined {
  const entry = 4 + 2 * slot;
  if (entry + 2 > table.vtableBytes) return undefined;
  const offset = table.buffer.readUint16(table.vtable + entry);
  if (offset === 0) return undefined;
  if (offset + bytes > table.tableBytes) throw new CorruptFileError(`field ${slot} lies outside its table`);
  return table.position + offset;
}

export function int8Field(table: Table, slot: number, fallback: number): number {
  const at = fieldAt(table, slot, 1);
  return at === undefined ? fallback : table.buffer.readInt8(at);
}

export function uint8Field(table: Table, slot: number, fallback: number): number {
  const at = fieldAt(table, slot, 1);
  return at === undefined ? fallback : table.buffer.readUint8(at);
}

export function boolField(table: Table, slot: number): boolean {
  return uint8Field(table, slot, 0) !== 0;
}

export function int32Field(table: Table, slot: number, fallback: number): number {
  const at = fieldAt(table, slot, 4);
  return at === undefined ? fallback : table.buffer.readInt32(at);
}

export function uint32Field(table: Table, slot: number, fallback: number): number {
  const at = fieldAt(table, slot, 4);
  return at === undefined ? fallback : table.buffer.readUint32(at);
}

export function uint64Field(table: Table, slot: number): bigint {
  const at = fieldAt(table, slot, 8);
  return at === undefined ? 0n : table.buffer.readUint64(at);
}

export function float32Field(table: Table, slot: number, fallback: number): number {
  const at = fieldAt(table, slot, 4);
  return at === undefined ? fallback : table.buffer.readFloat32(at);
}

function referred(table: Table, slot: number): number | undefined {
  const at = fieldAt(table, slot, 4);
  return at === undefined ? undefined : at + table.buffer.readUint32(at);
}

export function tableField(table: Table, slot: number, what: string): Table | undefined {
  const at = referred(table, slot);
  return at === undefined ? undefined : tableAt(table.buffer, at, what);
}

/** Whether the field is in the file, whatever it holds. */
export function hasField(table: Table, slot: number): boolean {
  return fieldAt(table, slot, 1) !== undefined;
}

export function vectorField(
  table: Table,
  slot: number,
  elementBytes: number,
  what: string,
): Vector | undefined {
  const at = referred(table, slot);
  if (at === undefined) return undefined;
  need(table.buffer, at, 4, what);
  const length = table.buffer.readUint32(at);
  need(table.buffer, at + 4, length * elementBytes, what);
  return { buffer: table.buffer, start: at + 4, length };
}

/** Strings longer than `limit` bytes are cut: names carry no meaning, and a damaged file could repeat a huge one. */
export function stringField(table: Table, slot: number, limit = 4096): string {
  const vector = vectorField(table, slot, 1, "string");
  if (!vector) return "";
  const end = vector.start + Math.min(vector.length, limit);
  return new TextDecoder().decode(table.buffer.bytes().subarray(vector.start, end));
}

export function* tablesOf(vector: Vector | undefined, what: string): Generator<Table> {
  for (let i = 0; vector && i < vector.length; i++) {
    const at = vector.start + 4 * i;
    yield tableAt(vector.buffer, at + vector.buffer.readUint32(at), `${what} ${i}`);
  }
}

/** Each element of a vector of so many bytes an element; none of a vector that the file leaves out. */
function elementsOf<T>(
  vector: Vector | undefined,
  bytes: number,
  read: (buffer: ByteBuffer, at: number) => T,
): T[] {
  if (!vector) return [];
  const { buffer, start, length } = vector;
  return Array.from({ length }, (_, i) => read(buffer, start + bytes * i));
}

export function int32sOf(vector: Vector | undefined): number[] {
  return elementsOf(vector, 4, (buffer, at) => buffer.readInt32(at));
}

export function float32sOf(vector: Vector | undefined): number[] {
  return elementsOf(vector, 4, (buffer, at) => buffer.readFloat32(at));
}

export function int64sOf(vector: Vector | undefined): bigint[] {
  return elementsOf(vector, 8, (buffer, at) => buffer.readInt64(at));
}

export function bytesOf(vector: Vector | undefined): Uint8Array {
  return vector
    ? vector.buffer.bytes().subarray(vector.start, vector.start + vector.length)
    : new Uint8Array();
}

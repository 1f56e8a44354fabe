import { type Anomalies, type Convert, putText } from 'c8connector-sql';

/** Types of WKB by their numbers, which begin with 1. */
const types = [
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
  'GeometryCollection',
] as const;
const collection = 7;
/** Each level of collections is two levels of JSON, of which readers take a thousand. */
const mostLevels = 400;

/** What is read of one value, and where its GeoJSON is written. */
interface Reading {
  readonly view: DataView;
  /** The position in `view`. */
  at: number;
  readonly out: Uint8Array;
  /** The position in `out`. */
  to: number;
  readonly anomalies: Anomalies;
}

/**
 * Converts the internal form of a geometry, its SRID and WKB, to GeoJSON. Coordinates keep the order of the WKB, x before y. An SRID other than 0 is the name `EPSG:4326` of a member `crs`, as GeoJSON 2008 has it.
 */
export function convertGeometry(anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
    const reading: Reading = { view, at: 0, out, to: at, anomalies };
    const srid = readUint32(reading, true);
    const crs = srid === 0 ? '' : `,"crs":{"type":"name","properties":{"name":"EPSG:${srid}"}}`;
    readGeometry(reading, 0, 1);
    // Within the outer object.
    reading.to -= 1;
    put(reading, `${crs}}`);
    if (reading.at !== view.byteLength) refuseForm(reading);
    return reading.to;
  };
}

/** Reads a geometry, of the type with this number unless it is 0, and writes its object. */
function readGeometry(reading: Reading, wanted: number, level: number): void {
  const { type, isLittle } = readHeader(reading, wanted);
  if (level > mostLevels) refuseForm(reading);
  put(reading, `{"type":"${types[type - 1]}","${type === collection ? 'geometries' : 'coordinates'}":`);
  if (type === collection) readList(reading, isLittle, () => readGeometry(reading, 0, level + 1));
  else readCoordinates(reading, type, isLittle);
  put(reading, '}');
}

/** The members of a MultiPoint, MultiLineString or MultiPolygon have headers of their own. */
function readCoordinates(reading: Reading, type: number, isLittle: boolean): void {
  if (type === 1) readPoint(reading, isLittle);
  else if (type === 2) readList(reading, isLittle, readPoint);
  else if (type === 3) readList(reading, isLittle, () => readList(reading, isLittle, readPoint));
  else
    readList(reading, isLittle, () => {
      const header = readHeader(reading, type - 3);
      readCoordinates(reading, header.type, header.isLittle);
    });
}

function readHeader(reading: Reading, wanted: number): { readonly type: number; readonly isLittle: boolean } {
  const { view } = reading;
  if (reading.at >= view.byteLength) refuseForm(reading);
  const order = view.getUint8(reading.at++);
  const type = readUint32(reading, order === 1);
  if (order > 1 || type < 1 || type > collection || (wanted !== 0 && type !== wanted)) refuseForm(reading);
  return { type, isLittle: order === 1 };
}

function readList(reading: Reading, isLittle: boolean, read: (reading: Reading, isLittle: boolean) => void): void {
  const count = readUint32(reading, isLittle);
  put(reading, '[');
  for (let index = 0; index < count; index++) {
    if (index > 0) put(reading, ',');
    read(reading, isLittle);
  }
  put(reading, ']');
}

function readPoint(reading: Reading, isLittle: boolean): void {
  const x = readDouble(reading, isLittle);
  put(reading, `[${x},${readDouble(reading, isLittle)}]`);
}

function readDouble(reading: Reading, isLittle: boolean): number {
  const { view, anomalies } = reading;
  if (reading.at + 8 > view.byteLength) refuseForm(reading);
  const value = view.getFloat64(reading.at, isLittle);
  reading.at += 8;
  if (!Number.isFinite(value)) anomalies.refuse(`the coordinate ${value}`, 'Correct the row, or deselect the column.');
  return value;
}

function readUint32(reading: Reading, isLittle: boolean): number {
  const { view } = reading;
  if (reading.at + 4 > view.byteLength) refuseForm(reading);
  const value = view.getUint32(reading.at, isLittle);
  reading.at += 4;
  return value;
}

function put(reading: Reading, text: string): void {
  reading.to = putText(text, reading.out, reading.to);
}

function refuseForm({ anomalies }: Reading): never {
  return anomalies.malformed('a geometry');
}

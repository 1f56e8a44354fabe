import { anomalyReport } from 'c8connector-sql';
import { describe, expect, test } from 'vitest';
import { convertGeometry } from '../c8_source_mysql/convert-geometry.ts';
import { configOf, connectTo, createDatabase, describeServers, execute, readLines, sharedServer } from './harness.ts';
import { geojson, testTypes, vector } from './type-table.ts';

const square = '(0 0,4 0,4 4,0 0)';
const hole = '(1 1,2 1,2 2,1 1)';
const point = (type: string, coordinates: string) => `{"type":"${type}","coordinates":${coordinates}}`;
const squareJson = '[[0,0],[4,0],[4,4],[0,0]]';
const holeJson = '[[1,1],[2,1],[2,2],[1,1]]';
const geometry = (text: string, srid = 0) => `st_geomfromtext('${text}', ${srid})`;

describeServers('geometries', (server) => {
  testTypes(server, [
    [
      'point',
      geojson,
      [
        [geometry('POINT(1.5 -2)'), point('Point', '[1.5,-2]')],
        [geometry('POINT(1e300 -1e-300)'), point('Point', '[1e+300,-1e-300]')],
        ['null', 'null'],
      ],
    ],
    ['linestring', geojson, [[geometry('LINESTRING(0 0,1 1)'), point('LineString', '[[0,0],[1,1]]')]]],
    ['polygon', geojson, [[geometry(`POLYGON(${square},${hole})`), point('Polygon', `[${squareJson},${holeJson}]`)]]],
    ['multipoint', geojson, [[geometry('MULTIPOINT(1 1,2 2)'), point('MultiPoint', '[[1,1],[2,2]]')]]],
    [
      'multilinestring',
      geojson,
      [[geometry('MULTILINESTRING((0 0,1 1),(2 2,3 3))'), point('MultiLineString', '[[[0,0],[1,1]],[[2,2],[3,3]]]')]],
    ],
    [
      'multipolygon',
      geojson,
      [
        [
          geometry(`MULTIPOLYGON((${square},${hole}),(${square}))`),
          point('MultiPolygon', `[[${squareJson},${holeJson}],[${squareJson}]]`),
        ],
      ],
    ],
    [
      'geometrycollection',
      geojson,
      [
        [
          geometry('GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))'),
          `{"type":"GeometryCollection","geometries":[${point('Point', '[1,1]')},${point('LineString', '[[0,0],[1,1]]')}]}`,
        ],
        [geometry('GEOMETRYCOLLECTION EMPTY'), '{"type":"GeometryCollection","geometries":[]}'],
      ],
    ],
    [
      'geometry',
      geojson,
      [
        [geometry('POINT(1 2)'), point('Point', '[1,2]')],
        [
          geometry('POINT(3 4)', 3857),
          '{"type":"Point","coordinates":[3,4],"crs":{"type":"name","properties":{"name":"EPSG:3857"}}}',
        ],
        [
          'st_geomfromwkb(0x010700000001000000010700000001000000010700000000000000)',
          '{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]}]}]}',
        ],
      ],
    ],
    [
      'vector(3)',
      vector,
      [
        ["string_to_vector('[1, -2.5, 0.1]')", '[1,-2.5,0.1]'],
        ["string_to_vector('[3.4028235e38]')", '[3.4028235e+38]'],
        ['null', 'null'],
      ],
      'MySQL',
    ],
  ]);

  test('are those of ST_AsGeoJSON', async () => {
    const texts = [
      'POINT(0.1 100)',
      'LINESTRING(0.5 0.25,1e10 -3)',
      `POLYGON(${square},${hole})`,
      'MULTIPOINT(1 1,2 2)',
      'MULTILINESTRING((0 0,1 1),(2 2,3 3))',
      `MULTIPOLYGON((${square}))`,
      'GEOMETRYCOLLECTION(POINT(1 1),POLYGON((0 0,4 0,4 4,0 0)))',
      'GEOMETRYCOLLECTION EMPTY',
    ];
    const database = await createDatabase(sharedServer(server), [
      'create table t (id int primary key, g geometry)',
      ...texts.map((text, index) => `insert into t values (${index}, ${geometry(text)})`),
    ]);
    await using client = await connectTo(database);
    const wanted = (await client.query('select st_asgeojson(g) g from t order by id')) as { g: unknown }[];
    const read = (await readLines(configOf(database), 't')).map((line) => JSON.parse(line).g as unknown);
    expect(read).toEqual(wanted.map(({ g }) => (typeof g === 'string' ? JSON.parse(g) : g)));
  });

  test('with SRID 4326 have the order of the stored coordinates, longitude first, as GeoJSON wants it', async () => {
    const database = await createDatabase(
      sharedServer(server),
      [
        'create table t (id int primary key, g geometry)',
        'insert into t values (1, st_srid(point(13.4, 52.5), 4326))',
      ].map((sql) =>
        server === 'MariaDB'
          ? sql.replace('st_srid(point(13.4, 52.5), 4326)', geometry('POINT(13.4 52.5)', 4326))
          : sql,
      ),
    );
    expect(await readLines(configOf(database), 't')).toEqual([
      '{"id":1,"g":{"type":"Point","coordinates":[13.4,52.5],"crs":{"type":"name","properties":{"name":"EPSG:4326"}}}}',
    ]);
  });

  if (server === 'MariaDB')
    test.each([['a coordinate that is not a number', '0101000000000000000000f87f000000000000f03f', /coordinate NaN/]])(
      '%s is refused',
      async (_, wkb, message) => {
        const database = await createDatabase(sharedServer(server), ['create table t (g geometry)']);
        await execute(database, `insert into t values (st_geomfromwkb(0x${wkb}))`);
        await expect(readLines(configOf(database), 't')).rejects.toMatchObject({
          code: 'value_refused',
          message: expect.stringMatching(message),
        });
      },
    );
});

describe('the internal form of a geometry', () => {
  const convert = convertGeometry(anomalyReport('db-t').of('g'));
  const converted = (hex: string) => {
    const bytes = Buffer.from(hex, 'hex');
    const out = new Uint8Array(8 * bytes.length + 40);
    return Buffer.from(out.subarray(0, convert(bytes, 0, bytes.length, out, 0))).toString();
  };

  test('may be big-endian, and its parts in the other order', () => {
    expect(converted('0000000000000000013ff00000000000004000000000000000')).toBe(point('Point', '[1,2]'));
    expect(converted('00000000000000000400000001' + '0101000000000000000000f03f0000000000000040')).toBe(
      point('MultiPoint', '[[1,2]]'),
    );
  });

  test('has room for the crs of the smallest one', () => {
    expect(converted('ffffffff010700000000000000')).toContain('EPSG:4294967295');
  });

  test('may be empty at any level', () => {
    expect(converted('00000000010200000000000000')).toBe(point('LineString', '[]'));
    expect(converted('0000000001030000000100000000000000')).toBe(point('Polygon', '[[]]'));
  });

  const nested = (levels: number) => `00000000${'010700000001000000'.repeat(levels)}010700000000000000`;

  test('nests as deep as JSON can be read', () => {
    expect(() => JSON.parse(converted(nested(300)))).not.toThrow();
  });

  test.each([
    ['nothing', ''],
    ['no WKB', '00000000'],
    ['half a point', '0000000001010000000000000000'],
    ['another byte order', '00000000020100000000000000000000000000000000000000'],
    ['another type', '0000000001e9030000000000000000f03f000000000000f03f'],
    ['the type 0', '00000000010000000000000000'],
    ['a line among points', `0000000001040000000100000001020000000000000000`],
    ['fewer points than counted', `000000000102000000ffffffff${'00'.repeat(16)}`],
    ['more bytes than a point', `00000000010100000000000000000000000000000000000000ff`],
    ['collections without end', nested(5000)],
  ])('with %s is refused', (_, hex) => {
    expect(() => converted(hex)).toThrow(expect.objectContaining({ code: 'value_refused' }));
  });
});

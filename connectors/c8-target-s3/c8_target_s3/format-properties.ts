/** The settings for the content of the objects. */
export const formatProperties = {
  format: {
    type: 'options',
    options: ['parquet', 'jsonl', 'json', 'csv'],
    displayName: 'Format',
    description:
      'Format of the objects: parquet, jsonl (one JSON object per line), json (one array), or csv (with a header).',
    defaultValue: 'parquet',
    isDynamic: true,
  },
  compression: {
    type: 'options',
    options: ['none', 'gzip', 'snappy', 'zstd'],
    displayName: 'Compression',
    description:
      'Compression of the objects; snappy and zstd are for parquet only. If not set, zstd for parquet and gzip for the other formats, but none with object_per_record.',
    isDynamic: true,
  },
  time_type: {
    type: 'options',
    options: ['text', 'time'],
    displayName: 'Time Type',
    description:
      'How Parquet stores times without a zone: text can hold every time, including 24:00:00; time is a TIME in microseconds, which Spark 3 cannot read.',
    defaultValue: 'text',
    when: { property: 'format', oneOf: ['parquet'] },
    isDynamic: true,
    isAdvanced: true,
  },
  sub_microseconds: {
    type: 'options',
    options: ['fail', 'truncate', 'round'],
    displayName: 'Digits Below a Microsecond',
    description:
      'What to do with times that have more digits than the microseconds of Parquet: fail rejects the row, truncate cuts the digits off, round takes the nearest microsecond. Rows that differ only in those digits then have equal times.',
    defaultValue: 'fail',
    when: { property: 'format', oneOf: ['parquet'] },
    isDynamic: true,
    isAdvanced: true,
  },
  csv_escape_formulas: {
    type: 'boolean',
    displayName: 'Escape Formulas in CSV',
    description:
      'Put an apostrophe before texts of CSV that a spreadsheet would run as a formula: those that begin with =, +, -, @, a tab or a line break and are not numbers.',
    defaultValue: false,
    when: { property: 'format', oneOf: ['csv'] },
    isDynamic: true,
    isAdvanced: true,
  },
  add_metadata_columns: {
    type: 'boolean',
    displayName: 'Add Metadata Columns',
    description:
      'Add to each row the time at which it was extracted (_sdc_extracted_at) and the version of its table (_sdc_table_version).',
    defaultValue: false,
    isDynamic: true,
    isAdvanced: true,
  },
  object_per_record: {
    type: 'boolean',
    displayName: 'Object Per Record',
    description:
      'Write one object per row, named by its key, with the current values of the row, instead of one object for all rows of a flush.',
    defaultValue: false,
    when: { property: 'format', oneOf: ['json'] },
    isDynamic: true,
    isAdvanced: true,
  },
  hard_delete: {
    type: 'boolean',
    displayName: 'Hard Delete',
    description:
      'Delete the object of a row that was deleted. If false, the object stays, with the time in _sdc_deleted_at.',
    defaultValue: true,
    when: { property: 'object_per_record', oneOf: [true] },
    isDynamic: true,
    isAdvanced: true,
  },
} as const;

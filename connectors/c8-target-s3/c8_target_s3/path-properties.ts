/** The settings for the paths of objects. */
export const pathProperties = {
  prefix: {
    type: 'string',
    displayName: 'Prefix',
    description: 'Folder of the bucket in which everything is written.',
    placeholderValue: 'dev',
    isDynamic: true,
  },
  target_directory: {
    type: 'string',
    displayName: 'Target Directory',
    description: 'Folder below the prefix. Each stream has its own folder in it.',
    placeholderValue: 'customers',
    isDynamic: true,
  },
  path_template: {
    type: 'string',
    displayName: 'Path Template',
    description:
      'Folder of the objects below the target directory. It begins with {stream}. After it there may be {column} for a value of the row, and {date} and {hour} of the time of extraction in UTC, at most one in each part of the path.',
    defaultValue: '{stream}',
    placeholderValue: '{stream}/country={country}/date={date}',
    isAdvanced: true,
  },
} as const;

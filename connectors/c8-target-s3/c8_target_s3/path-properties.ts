/** The settings for the paths of objects. */
export const pathProperties = {
  prefix: {
    type: 'string',
    displayName: 'Prefix',
    description: 'Folder of the bucket under which everything is written.',
    placeholderValue: 'dev',
    isDynamic: true,
  },
  target_directory: {
    type: 'string',
    displayName: 'Target Directory',
    description: 'Folder under the prefix. Below it each stream has a folder of its own.',
    placeholderValue: 'customers',
    isDynamic: true,
  },
  path_template: {
    type: 'string',
    displayName: 'Path Template',
    description:
      'Folder of the objects below the target directory. It begins with {stream}; behind it may stand {column} for a value of the row, and {date} and {hour} of the time of extraction in UTC, one in each part.',
    defaultValue: '{stream}',
    placeholderValue: '{stream}/country={country}/date={date}',
    isAdvanced: true,
  },
} as const;

export function projectConnectors(): readonly string[];

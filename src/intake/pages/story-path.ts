/** Where an entity's story is told. The colon is kept readable: it means nothing in a path (RFC 3986, 3.3). */
export function storyPath(entity: string): string {
  return `/admin/story/${encodeURIComponent(entity).replaceAll('%3A', ':')}`
}

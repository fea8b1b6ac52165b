const MAX_ENTITIES = 10_000

type Entity = Readonly<Record<string, unknown>>

/** What the stand-in of the platform knows, by path (`bookings`) and id. */
export interface EntityList {
  /** False when MAX_ENTITIES are known already. */
  put(path: string, id: string, entity: Entity): boolean
  find(path: string, id: string): Entity | undefined
  clear(): void
}

export function entityList(): EntityList {
  const entities = new Map<string, Entity>()
  return {
    put(path, id, entity) {
      const key = JSON.stringify([path, id])
      if (entities.size >= MAX_ENTITIES && !entities.has(key)) return false
      entities.set(key, entity)
      return true
    },
    find: (path, id) => entities.get(JSON.stringify([path, id])),
    clear: () => entities.clear(),
  }
}

/** Where an event of the inbox is shown. */
export function inboxPath(id: string): string {
  return `/admin/inbox/${id}`
}

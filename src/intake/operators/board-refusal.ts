/** Why a change was not made, in the words Bull Board shows: a headline and, below it, a sentence. */
export class BoardRefusal extends Error {
  override readonly name = 'BoardRefusal'
  readonly status: 400 | 403 | 404 | 409
  readonly title: string

  constructor(status: BoardRefusal['status'], title: string, message: string) {
    super(message)
    this.status = status
    this.title = title
  }
}

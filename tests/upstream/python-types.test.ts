import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { loadCatalog } from '../../queues/catalog.ts'
import { jobTypes, platformTypes } from '../../src/upstream/python-types.ts'
import { testJob } from '../support/test-job.ts'

const module = join(import.meta.dirname, '../../docs/upstream/hbnb_jobs.py')
const generated = /(# <generated [^\n]*>\n)[\s\S]*?(# <\/generated>)/

test('hbnb_jobs.py has the types of today’s contracts and entities (vitest run -u writes them anew)', async () => {
  const types = [jobTypes(await loadCatalog()), platformTypes()].join('\n\n\n')
  const text = await readFile(module, 'utf8')
  expect(text).toMatch(generated)
  await expect(text.replace(generated, `$1\n${types}\n\n\n$2`)).toMatchFileSnapshot(module)
})

test('every kind of field has its type', () => {
  const payload = z.strictObject({
    id: z.string(),
    at: z.iso.date().optional(),
    kind: z.enum(['a', 'b']),
    only: z.literal(7),
    many: z.array(z.int()),
    either: z.union([z.string(), z.null()]),
    share: z.number(),
    sure: z.boolean(),
    free: z.record(z.string(), z.unknown()),
  })
  const { contract } = testJob(async () => ({ n: 1 }))
  expect(jobTypes(new Map([['test.work', { ...contract, payload }]]))).toBe(`JobName = Literal["test.work"]
"""Job types that are open to upstream apps."""


class _TestWork(TypedDict):
    id: str
    kind: Literal["a", "b"]
    only: Literal[7]
    many: List[int]
    either: Union[str, None]
    share: float
    sure: bool
    free: Dict[str, Any]


class TestWork(_TestWork, total=False):
    """Payload of test.work. A job of the tests, with every figure small."""
    at: str`)
})

import { expect, it } from 'vitest'
import { differences, idleReasons, isCurrent } from './compatibility.ts'

it('says of every difference why there is one', () => {
  const untold = differences().filter(({ why }) => why === null)
  expect(untold, 'add the reason to test/compatibility.ts').toEqual([])
})

it('gives no reason for what is not different any more', () => {
  expect(idleReasons()).toEqual([])
})

it('is published as it is', () => {
  expect(isCurrent(), 'docs/api/compatibility.md is of an earlier API: npm run generate').toBe(true)
})

import type { Reporter, TestCase } from 'vitest/node'

/** Names at the end of a run the tests that passed only when tried again, with what went wrong first. */
export default class SecondTries implements Reporter {
  readonly #needed: TestCase[] = []

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.#needed.push(test)
  }

  onTestRunEnd(): void {
    for (const test of this.#needed) {
      const reasons = test.result().errors?.map(({ message }) => message) ?? []
      console.log(
        `Passed when tried again: ${test.module.relativeModuleId} > ${test.fullName}\n  ${reasons.join('\n  ')}`,
      )
    }
  }
}

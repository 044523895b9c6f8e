const out = process.stderr

/**
 * Shows "label… 14 s" on one line of standard error while `work` runs; the seconds count up on a terminal.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 */
export async function progress(label, work) {
  const begun = performance.now()
  const line = () => `${label}… ${seconds(begun)}`
  const ticking = out.isTTY ? setInterval(() => out.write(`\r${line()}`), 1000) : undefined
  out.write(out.isTTY ? `${label}…` : `${label}… `)
  try {
    return await work()
  } finally {
    clearInterval(ticking)
    out.write(out.isTTY ? `\r${line()}\n` : `${seconds(begun)}\n`)
  }
}

/** @param {number} since A moment of `performance.now()`. */
export function seconds(since) {
  const elapsed = (performance.now() - since) / 1000
  return `${elapsed < 10 ? elapsed.toFixed(1) : Math.round(elapsed)} s`
}

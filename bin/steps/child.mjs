import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { root } from './paths.mjs'

const LAUNCHER_LOOK_MS = 500

/**
 * Runs a program in the foreground; gives its exit code. Signals sent to us, or the death of npm above us, end it too.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
export function foreground(program, args, { env = process.env } = {}) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', env })
  const forward = {
    // Ctrl+C in a terminal reaches the whole group, so the child has it already.
    SIGINT: () => process.stdin.isTTY || child.kill('SIGINT'),
    SIGTERM: () => child.kill('SIGTERM'),
    SIGHUP: () => child.kill('SIGHUP'),
  }
  for (const [signal, listener] of Object.entries(forward)) process.on(signal, listener)
  const watch = whenLauncherDies(() => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearInterval(watch)
      for (const [name, listener] of Object.entries(forward)) process.off(name, listener)
      resolve(exitCode(code, signal))
    })
  })
}

/**
 * Runs a program to its end and gives its exit code and everything it wrote.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function captured(program, args, { env = process.env } = {}) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env })
  /** @type {Buffer[]} */
  const chunks = []
  child.stdout.on('data', (chunk) => chunks.push(chunk))
  child.stderr.on('data', (chunk) => chunks.push(chunk))
  const stop = () => child.kill('SIGTERM')
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.once(signal, stop)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      for (const name of signals) process.off(name, stop)
      resolve({ code: exitCode(code, signal), output: Buffer.concat(chunks).toString('utf8') })
    })
  })
}

/**
 * As a shell gives it for a program that a signal ended.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCode(code, signal) {
  return code ?? 128 + (signal ? constants.signals[signal] : 0)
}

/**
 * `kill <pid of npm>` ends npm, and perhaps the shell below it, but nobody tells us.
 * @param {() => void} then
 */
function whenLauncherDies(then) {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const launchers = launchersAbove()
  if (launchers.length === 0) return undefined
  const timer = setInterval(() => {
    if (launchers.every(({ pid, parent }) => parentOf(pid) === parent)) return
    clearInterval(timer)
    then()
  }, LAUNCHER_LOOK_MS)
  timer.unref()
  return timer
}

/** Us, and the shell between npm and us where there is one: when npm dies, one of them gets another parent. */
function launchersAbove() {
  const above = parentOf(process.pid)
  if (above === undefined) return []
  const self = { pid: process.pid, parent: above }
  const next = isShell(above) ? parentOf(above) : undefined
  return next === undefined ? [self] : [self, { pid: above, parent: next }]
}

/** @param {number} pid */
function parentOf(pid) {
  if (pid === process.pid) return process.ppid
  const parent = Number(statOf(pid)?.fields[1])
  return Number.isNaN(parent) ? undefined : parent
}

/** @param {number} pid */
function isShell(pid) {
  return /^(ba|da|z|k|a)?sh$/.test(statOf(pid)?.name ?? '')
}

/**
 * Linux only; elsewhere only our own parent is watched.
 * @param {number} pid
 */
function statOf(pid) {
  try {
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return rest === undefined ? undefined : { name, fields: rest.split(' ') }
  } catch {
    return undefined
  }
}

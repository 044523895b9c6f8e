#!/usr/bin/env node
import { build, buildWhenStale } from './steps/build.mjs'
import { check, format } from './steps/check.mjs'
import { generate } from './steps/generate.mjs'
import { install } from './steps/install.mjs'
import { findNode } from './steps/node.mjs'
import { StepFailure } from './steps/paths.mjs'
// Behind every npm script. Runs on any Node from 18 and needs nothing installed: it installs what is missing, finds the
// Node this project pins, and runs the command with that.
import { spawnBench, spawnCli, spawnDev, spawnServer, spawnSlots } from './steps/programs.mjs'
import { test } from './steps/test.mjs'

/**
 * Gets the pinned Node and the rest of the command line, and gives an exit code.
 * @typedef {(node: string, args: string[]) => Promise<number>} Command
 */

/** @type {Record<string, Command>} */
const commands = {
  start: async (node, args) => {
    await buildWhenStale(node)
    return spawnServer(node, args)
  },
  dev: spawnDev,
  build,
  test,
  check,
  format,
  generate,
  bench: async (node, args) => {
    await buildWhenStale(node)
    return spawnBench(node, args)
  },
  slots: spawnSlots,
  sundial: spawnCli,
}

const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (!command) {
  console.error(`Usage: node bin/run.mjs <${Object.keys(commands).join('|')}> [arguments]`)
  process.exit(2)
}
try {
  await install()
  process.exitCode = await command(findNode(), args)
} catch (error) {
  // A step that failed has said why; anything else is a fault of this program.
  console.error(error instanceof StepFailure ? `\n${error.message}` : error)
  process.exitCode = 1
}

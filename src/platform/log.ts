import pino from 'pino'

export type Log = pino.Logger

/** JSON lines on standard error, so that standard output stays free for what a command prints. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['password', 'token', 'authorization', 'cookie', '*.password', '*.token'],
    },
    pino.destination({ fd: 2, sync: false }),
  )
}

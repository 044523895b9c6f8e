/** Loaded into the server under test: a run of tests that is killed takes it along, by closing the pipe that is its input. */
process.stdin.once('end', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.resume()

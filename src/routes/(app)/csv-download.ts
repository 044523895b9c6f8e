export function csvDownload(name: string, pieces: AsyncGenerator<string>): Response {
  return download(name, 'text/csv; charset=utf-8; header=present', pieces)
}

/** Text that arrives piece by piece, as a file to be kept. */
export function download(name: string, type: string, pieces: AsyncGenerator<string>): Response {
  return new Response(streamOf(pieces), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-store',
    },
  })
}

/** Read as fast as it is sent, and no longer than somebody listens. */
function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}

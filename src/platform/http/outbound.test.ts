import { globSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSocketServer, type Server as SocketServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import { isAllowedAddress, isOpenAddress, type OutboundAllow, parseAllowed } from './addresses.ts'
import { createOutbound, isOutboundFailure, type Resolve } from './outbound.ts'

const NOBODY: OutboundAllow = { hosts: [], networks: [] }
const LOOPBACK: OutboundAllow = { hosts: [], networks: [{ address: '127.0.0.0', prefix: 8 }] }

/** `code` of a failure, or `done`. */
async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (isOutboundFailure(error)) return error.code
    throw error
  }
}

describe('the open internet', () => {
  it.each([
    ...['1.1.1.1', '8.8.8.8', '93.184.215.14', '172.15.255.255', '172.32.0.1', '100.63.255.255', '100.128.0.1'],
    ...['169.253.1.1', '192.0.1.1', '198.17.255.255', '223.255.255.255', '2606:4700::1111', '2a00:1450:4001::1'],
  ])('has %s', (address) => {
    expect(isOpenAddress(address)).toBe(true)
  })

  it.each([
    // this host, private, shared (CGNAT), loopback, link-local with the metadata of clouds
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254'],
    ...['169.254.169.254', '169.254.170.2', '172.16.0.1', '172.31.255.255', '192.168.1.1', '168.63.129.16'],
    // protocols, documentation, benchmarks, 6to4 relays, AS112, multicast, reserved, broadcast
    ...['192.0.0.192', '192.0.2.1', '198.18.0.1', '198.51.100.7', '203.0.113.9', '192.88.99.1', '192.175.48.1'],
    ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    // unspecified, loopback, compatible, mapped, translated (NAT64), local NAT64, discard
    ...['::', '::1', '::7f00:1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8'],
    ...['64:ff9b::7f00:1', '64:ff9b::169.254.169.254', '64:ff9b:1::1', '100::1'],
    // Teredo, ORCHID, benchmarks, documentation, 6to4, unique local with the metadata of AWS, link-local, site-local, multicast
    ...['2001::1', '2001:0:7f00:1::', '2001:10::1', '2001:2::1', '2001:db8::1', '3fff::1', '2002:7f00:1::', 'fc00::1'],
    ...['fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1', '5f00::1', 'nonsense', ''],
  ])('does not have %s', (address) => {
    expect(isOpenAddress(address)).toBe(false)
  })
})

describe('what an operator allows', () => {
  it('is read from the settings', () => {
    const { outboundAllow } = loadConfig({
      SUNDIAL_SECRET: Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64'),
      SUNDIAL_OUTBOUND_ALLOW: '10.0.0.0/8, 192.168.1.5,fd00::/8 N8N.internal',
    })
    expect(outboundAllow.hosts).toEqual(['n8n.internal'])
    const inside = ['10.9.9.9', '192.168.1.5', 'fd12::1', '::ffff:10.0.0.1']
    expect(inside.filter((address) => isAllowedAddress(outboundAllow, address))).toEqual(inside)
    const outside = ['11.0.0.1', '192.168.1.6', 'fe80::1', '127.0.0.1', '', 'n8n.internal']
    expect(outside.filter((address) => isAllowedAddress(outboundAllow, address))).toEqual([])
  })

  it.each(['10.0.0.0/33', '10.0.0.0/8/8', '10.0.0/8', 'https://n8n.internal', '*.internal', 'a b', 'fd00::/129', '/8'])(
    'is not %s',
    (entry) => {
      expect(parseAllowed(entry)).toBeNull()
    },
  )
})

describe('an address', () => {
  const outbound = createOutbound({
    allow: { ...LOOPBACK, hosts: ['n8n.internal'] },
    resolve: async (host) => {
      if (host === 'open.example') return [{ address: '93.184.215.14', family: 4 }]
      if (host === 'local.example') return [{ address: '127.0.0.9', family: 4 }]
      if (host === 'n8n.internal') return [{ address: '10.0.0.7', family: 4 }]
      if (host === 'mixed.example') {
        return [
          { address: '93.184.215.14', family: 4 },
          { address: '10.0.0.1', family: 4 },
        ]
      }
      if (host === 'inside.example') return [{ address: '10.0.0.1', family: 4 }]
      return []
    },
  })

  it.each([
    ['https://open.example/hook?x=1#part', 'https://open.example/hook?x=1'],
    ['https://OPEN.example', 'https://open.example/'],
    ['https://1.1.1.1/', 'https://1.1.1.1/'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080/'],
    ['http://local.example/', 'http://local.example/'],
    ['http://n8n.internal:5678/webhook', 'http://n8n.internal:5678/webhook'],
  ])('%s is kept as %s', async (text, kept) => {
    expect(await outbound.check(text)).toBe(kept)
  })

  it.each([
    ['http://open.example/', 'outbound_needs_https'],
    ['https://inside.example/', 'outbound_forbidden'],
    ['https://mixed.example/', 'outbound_forbidden'],
    ['https://nowhere.example/', 'outbound_host_unknown'],
    ['https://10.0.0.1/', 'outbound_forbidden'],
    ['https://169.254.169.254/latest/meta-data/', 'outbound_forbidden'],
    ['https://[::1]/', 'outbound_forbidden'],
    ['https://[::ffff:10.0.0.1]/', 'outbound_forbidden'],
    ['https://[64:ff9b::a00:1]/', 'outbound_forbidden'],
    ['https://2130706433/', 'outbound_address_invalid'],
    ['https://0x7f.1/', 'outbound_address_invalid'],
    ['https://0x7f000001/', 'outbound_address_invalid'],
    ['https://0177.0.0.1/', 'outbound_address_invalid'],
    ['https://127.1/', 'outbound_address_invalid'],
    ['https://①②⑦.0.0.1/', 'outbound_address_invalid'],
    ['https://open.example./', 'outbound_address_invalid'],
    ['https://127.0.0.1./', 'outbound_address_invalid'],
    ['https://user:secret@open.example/', 'outbound_address_invalid'],
    ['https://open.example@10.0.0.1/', 'outbound_address_invalid'],
    ['https:\\\\10.0.0.1/', 'outbound_address_invalid'],
    ['ftp://open.example/', 'outbound_address_invalid'],
    ['file:///etc/passwd', 'outbound_address_invalid'],
    ['gopher://open.example/', 'outbound_address_invalid'],
    ['//open.example/', 'outbound_address_invalid'],
    ['', 'outbound_address_invalid'],
    [`https://open.example/${'a'.repeat(3000)}`, 'outbound_address_invalid'],
  ])('%s is refused: %s', async (text, code) => {
    expect(await outcome(outbound.check(text))).toBe(code)
    expect(await outcome(outbound.send({ url: text, method: 'GET' }))).toBe(code)
  })
})

describe('a request', () => {
  let server: Server
  let raw: SocketServer
  let url: string
  let rawUrl: string
  let answer: RequestListener = (_request, response) => response.end()
  let rawAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'
  const seen: IncomingMessage[] = []
  const outbound = createOutbound({ allow: LOOPBACK })

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request)
      answer(request, response)
    })
    raw = createSocketServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write(rawAnswer))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
    const portOf = (one: Server | SocketServer) => (one.address() as { port: number }).port
    url = `http://127.0.0.1:${portOf(server)}`
    rawUrl = `http://127.0.0.1:${portOf(raw)}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
    raw.close()
  })

  it('sends what it is given and gives back what came', async () => {
    answer = (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        response.writeHead(201, { 'x-kind': 'echo' })
        response.end(`${request.method} ${request.url} ${Buffer.concat(chunks)}`)
      })
    }
    const got = await outbound.send({ url: `${url}/a?b=c`, method: 'POST', body: 'grüß dich' })
    expect([got.status, got.headers['x-kind'], got.body.toString(), got.wasCut]).toEqual([
      ...[201, 'echo', 'POST /a?b=c grüß dich', false],
    ])
  })

  it('follows no redirect', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    const before = seen.length
    const got = await outbound.send({ url, method: 'GET' })
    expect([got.status, seen.length - before]).toEqual([302, 1])
  })

  it('ends in time when nobody answers, or only drop by drop', async () => {
    const begun = performance.now()
    answer = () => undefined
    expect(await outcome(outbound.send({ url, method: 'GET', timeoutMs: 150 }))).toBe('outbound_timeout')
    answer = (_request, response) => {
      const drip = setInterval(() => response.write('.'), 20)
      response.once('close', () => clearInterval(drip))
    }
    expect(await outcome(outbound.send({ url, method: 'GET', timeoutMs: 150 }))).toBe('outbound_timeout')
    rawAnswer = 'HTTP/1.1 200 OK\r\nx-slow:'
    expect(await outcome(outbound.send({ url: rawUrl, method: 'GET', timeoutMs: 150 }))).toBe('outbound_timeout')
    const unresolved = createOutbound({ allow: NOBODY, resolve: () => new Promise(() => {}) })
    expect(await outcome(unresolved.send({ url: 'https://slow.example', method: 'GET', timeoutMs: 150 }))).toBe(
      'outbound_timeout',
    )
    expect(performance.now() - begun).toBeLessThan(5000)
  })

  it('takes in no more than it was told to', async () => {
    let sent = 0
    answer = (_request, response) => {
      const pour = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x'))) sent += 65_536
      }
      response.on('drain', pour)
      pour()
    }
    expect(await outcome(outbound.send({ url, method: 'GET', most: 100_000 }))).toBe('outbound_too_large')
    const cut = await outbound.send({ url, method: 'GET', most: 4096, cut: true })
    expect([cut.body.length, cut.wasCut]).toEqual([4096, true])
    expect(sent).toBeLessThan(50_000_000)
    rawAnswer = `HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(40_000)}\r\n\r\n`
    expect(await outcome(outbound.send({ url: rawUrl, method: 'GET' }))).toBe('outbound_too_large')
  })

  it('says what is wrong with the other side', async () => {
    rawAnswer = 'SSH-2.0-OpenSSH_9.9\r\n'
    expect(await outcome(outbound.send({ url: rawUrl, method: 'GET' }))).toBe('outbound_malformed')
    expect(await outcome(outbound.send({ url: url.replace('http:', 'https:'), method: 'GET' }))).toBe('outbound_tls')
    expect(await outcome(outbound.send({ url: 'http://127.0.0.1:1/', method: 'GET' }))).toBe('outbound_unreachable')
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half', () => response.destroy())
    }
    expect(await outcome(outbound.send({ url, method: 'GET' }))).toBe('outbound_unreachable')
  })

  it('goes to no name that leads inside once it is to be used', async () => {
    const answers = ['93.184.215.14', '127.0.0.1', '127.0.0.1']
    const rebinding: Resolve = async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }]
    const strict = createOutbound({ allow: NOBODY, resolve: rebinding })
    const before = seen.length
    const { port } = new URL(url)
    expect(await strict.check(`https://rebind.example:${port}/`)).toBe(`https://rebind.example:${port}/`)
    expect(await outcome(strict.send({ url: `https://rebind.example:${port}/`, method: 'GET' }))).toBe(
      'outbound_forbidden',
    )
    expect(seen.length).toBe(before)
  })

  it('connects to the address that was judged, and asks for it once', async () => {
    let asked = 0
    const resolve: Resolve = async () => {
      asked++
      return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]
    }
    answer = (request, response) => response.end(request.headers.host)
    const { port } = new URL(url)
    const pinned = createOutbound({ allow: LOOPBACK, resolve })
    const got = await pinned.send({ url: `http://named.example:${port}/`, method: 'GET' })
    expect([got.body.toString(), asked]).toEqual([`named.example:${port}`, 1])
  })

  it('gives credentials to their origin alone', async () => {
    answer = (request, response) => response.end(String(request.headers.authorization))
    const headers = { authorization: 'Bearer secret' }
    const own = await outbound.send({ url: `${url}/deep`, method: 'GET', credentials: { origin: url, headers } })
    expect(own.body.toString()).toBe('Bearer secret')
    const before = seen.length
    for (const origin of ['https://127.0.0.1', 'http://127.0.0.1', 'http://localhost', rawUrl]) {
      const other = outbound.send({ url: `${url}/deep`, method: 'GET', credentials: { origin, headers } })
      expect([origin, await outcome(other)]).toEqual([origin, 'outbound_forbidden'])
    }
    expect(seen.length).toBe(before)
  })
})

it('is the only way out: nothing else on the server opens a connection to an address', () => {
  const root = join(import.meta.dirname, '..', '..')
  const files = globSync('{features,platform,integrations}/**/*.ts', { cwd: root })
  const own = files.filter((file) => !/\.test\.ts$|\/ui\/|http\/outbound\.ts$/.test(file))
  expect(own.length).toBeGreaterThan(200)
  const opens = /(?<![.\w])fetch\(|^import (?!type )[^\n]*'(node:https?|node:http2|undici)'/m
  expect(own.filter((file) => opens.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
})

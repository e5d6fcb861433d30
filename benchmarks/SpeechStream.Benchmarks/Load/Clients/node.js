"use strict"

// The vendor's client under the load that the other clients get.
// node node.js unpaced|realtime SESSIONS AMOUNT URL: AMOUNT is frames a session, or seconds.

const { SpeechTranscription } = require("alibabacloud-nls")

const FRAME = Buffer.alloc(3200, 7)
const FRAMES_PER_SECOND = 10
const MOST_BUFFERED = 256 * 1024
const MOST_HANDSHAKES = 32

const latencies = []
let events = 0

function note(message) {
  events++
  const at = message.lastIndexOf("@")
  latencies.push(Number(process.hrtime.bigint() - BigInt(message.slice(at + 1, message.indexOf('"', at)))) / 1e6)
}

async function open(url) {
  const session = new SpeechTranscription({ url, appkey: "app-key", token: "the-token" })
  session.on("begin", () => events++)
  session.on("changed", note)
  session.on("end", note)
  await session.start(session.defaultStartParams(), true, 5000)
  return session
}

async function openAll(count, url) {
  const sessions = []
  for (let at = 0; at < count; at += MOST_HANDSHAKES) {
    const some = Array.from({ length: Math.min(MOST_HANDSHAKES, count - at) }, () => open(url))
    sessions.push(...(await Promise.all(some)))
  }
  return sessions
}

const immediate = () => new Promise(resolve => setImmediate(resolve))

async function unpaced(session, frames) {
  for (let frame = 0; frame < frames; frame++) {
    session.sendAudio(FRAME)
    // The client itself would buffer without end.
    while (session._client._ws.bufferedAmount > MOST_BUFFERED) {
      await immediate()
    }
  }
}

function inRealTime(session, frames, delay) {
  return new Promise(resolve => setTimeout(() => {
    let frame = 0
    const timer = setInterval(() => {
      session.sendAudio(FRAME)
      if (++frame === frames) {
        clearInterval(timer)
        resolve()
      }
    }, 1000 / FRAMES_PER_SECOND)
  }, delay))
}

const percentile = (sorted, part) => sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]

async function main([mode, count, amount, url]) {
  const warm = await openAll(1, url)
  await unpaced(warm[0], 3000)
  await Promise.all(warm.map(session => session.close()))

  const memory = process.memoryUsage.rss()
  const sessions = await openAll(Number(count), url)
  const base = process.memoryUsage.rss()
  events = 0
  latencies.length = 0
  const cpu = process.cpuUsage()
  const began = process.hrtime.bigint()
  const frames = mode === "unpaced" ? Number(amount) : Number(amount) * FRAMES_PER_SECOND
  await Promise.all(sessions.map((session, index) => mode === "unpaced" ? unpaced(session, frames) : inRealTime(session, frames, 100 * index / sessions.length)))
  const used = process.cpuUsage(cpu)
  const elapsed = Number(process.hrtime.bigint() - began) / 1e9
  const run = process.memoryUsage.rss()
  latencies.sort((left, right) => left - right)
  console.log(JSON.stringify({
    Cpu: (used.user + used.system) / 1e6,
    Frames: frames * sessions.length,
    Events: events,
    Elapsed: elapsed,
    P50: percentile(latencies, 0.5),
    P99: percentile(latencies, 0.99),
    BaseMemory: (base - memory) / sessions.length,
    Memory: run,
  }))
  await Promise.all(sessions.map(session => session.close()))
}

main(process.argv.slice(2)).then(() => process.exit(0), error => {
  console.error(error)
  process.exit(1)
})

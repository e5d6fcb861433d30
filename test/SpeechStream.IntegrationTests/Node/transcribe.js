"use strict"

// Transcribes a PCM file with the vendor's client and prints the final texts as a JSON array.
// node transcribe.js ws://127.0.0.1:PORT/ws/v1 FILE

const fs = require("fs")
const { SpeechTranscription } = require("alibabacloud-nls")

const PIECE = 3200

async function main([url, file]) {
  const transcription = new SpeechTranscription({ url, appkey: "app-key", token: "the-token" })
  const finals = []
  transcription.on("end", message => finals.push(JSON.parse(message).payload.result))
  transcription.on("failed", message => {
    console.error(message)
    process.exit(1)
  })

  await transcription.start(transcription.defaultStartParams(), true, 1000)
  const audio = fs.readFileSync(file)
  for (let at = 0; at < audio.length; at += PIECE) {
    if (!transcription.sendAudio(audio.subarray(at, at + PIECE))) {
      throw new Error("audio wasn't taken")
    }
  }

  await transcription.close()
  console.log(JSON.stringify(finals))
}

main(process.argv.slice(2)).catch(error => {
  console.error(error)
  process.exit(1)
})

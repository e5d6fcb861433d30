// node recognize.js FOLDER LANGUAGE ITN FILE…: prints what sherpa-onnx recognizes in each file of raw 16-bit samples at 16 kHz, as a JSON array.
const fs = require('fs');
const path = require('path');
const sherpa = require('sherpa-onnx-node');

const [folder, language, itn, ...files] = process.argv.slice(2);
const recognizer = new sherpa.OfflineRecognizer({
  modelConfig: {
    senseVoice: {model: path.join(folder, 'model.onnx'), language, useInverseTextNormalization: Number(itn)},
    tokens: path.join(folder, 'tokens.txt'),
    numThreads: 1,
  },
});

console.log(JSON.stringify(files.map(file => {
  const bytes = fs.readFileSync(file);
  const samples = Float32Array.from(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2), sample => sample / 32768);
  const stream = recognizer.createStream();
  stream.acceptWaveform({samples, sampleRate: 16000});
  recognizer.decode(stream);
  const {text, tokens, timestamps} = recognizer.getResult(stream);
  return {text, tokens, timestamps};
})));

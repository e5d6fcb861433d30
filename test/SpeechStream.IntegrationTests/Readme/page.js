// Runs the two scripts of the page in how-to.md with a microphone, an audio worklet and a socket that only record, and prints what the
// page has sent as JSON: how many samples, what came last, and whether it closed the socket by itself.
const fs = require('fs');
const vm = require('vm');

const [page, worklet] = [...fs.readFileSync(process.argv[2], 'utf8').matchAll(/```js\n(.*?)```/gs)].map(match => match[1]);
const sent = [];
let processor;
let isClosed = false;

// Two ends of a message channel that deliver at once.
const near = { postMessage: data => far.onmessage({ data }) };
const far = { postMessage: data => near.onmessage({ data }) };

vm.runInNewContext(worklet, {
    Math, Int16Array,
    AudioWorkletProcessor: class { port = far; },
    registerProcessor: (name, Processor) => processor = new Processor(),
});

class Socket {
    constructor() { Socket.last = this; }
    send(data) { sent.push(typeof data === 'string' ? data : data.length); }
    close() { isClosed = true; }
}

const elements = { begin: {}, finish: {}, captions: { append() { } }, state: {} };
vm.runInNewContext(page, {
    ...elements,
    location: { host: 'captions.example' },
    navigator: { mediaDevices: { getUserMedia: async () => ({ getTracks: () => [{ stop() { } }] }) } },
    AudioContext: class {
        audioWorklet = { addModule: async () => { } };
        createMediaStreamSource() { return { connect() { } }; }
        close() { }
    },
    AudioWorkletNode: class { port = near; },
    WebSocket: Socket,
});

(async () => {
    await elements.begin.onclick();
    Socket.last.onopen();
    for (let block = 0; block < 30; block++) {
        processor.process([[new Float32Array(128).fill(0.5)]]);
    }

    elements.finish.onclick();
    const goesOn = processor.process([[new Float32Array(128)]]);
    Socket.last.onclose({ code: 1000 });
    const samples = sent.filter(message => typeof message === 'number').reduce((sum, length) => sum + length, 0);
    console.log(JSON.stringify({ samples, last: sent.at(-1), isClosed, goesOn, state: elements.state.textContent }));
})();

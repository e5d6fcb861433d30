// Makes pieces of 100 ms out of the browser's 128 samples: 16 bits, little-endian as every browser's machine is.
registerProcessor("speechstream", class extends AudioWorkletProcessor {
    pcm = new Int16Array(Math.round(sampleRate / 10));
    length = 0;
    isOver = false;

    constructor() {
        super();
        this.port.onmessage = () => { // the end: what is left, and then a word that it was the last
            this.flush();
            this.port.postMessage(null);
            this.isOver = true;
        };
    }

    process([[channel = []]]) {
        if (this.isOver) return false;
        for (const sample of channel) {
            this.pcm[this.length++] = Math.max(-1, Math.min(1, sample)) * 32767;
            if (this.length === this.pcm.length) this.flush();
        }
        return true;
    }

    flush() {
        if (this.length === 0) return;
        const piece = this.pcm.slice(0, this.length);
        this.port.postMessage(piece, [piece.buffer]);
        this.length = 0;
    }
});

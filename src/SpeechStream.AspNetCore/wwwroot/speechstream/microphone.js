import { Problem, problems } from "./captions.js";
import { Kept } from "./kept.js";
import { Recorder } from "./recorder.js";
import { Speaker } from "./speaker.js";

const bytesPerSample = 2;
const keptSeconds = 120; // twice the time that the server waits
const pieceOfSilence = 32 * 1024;
const keptRecorderBytes = 16 * 1024 * 1024;

/** The microphone of this page. */
export class Microphone extends Speaker {
    #stream = null;
    #context = null;
    #node = null;
    #recorder = null;
    #kept = null;
    #gapsTold = 0;
    #rate = 0; // of a recorder's audio it isn't known
    #flushed = null;
    isLive = true;

    /**
     * @param {string|URL} url the path of MapSpeechStream
     * @param {object} [options] `query` is added to the address, `audio` are constraints of getUserMedia, `stream` is used in place of the microphone, `recorder` sends what a
     * MediaRecorder makes (Opus) in place of samples
     */
    constructor(url, options = {}) {
        super(url, options);
    }

    /** Asks for the microphone, and connects. Rejects with one of the problems. */
    async start() {
        if (this.state !== "idle") throw new Error("It was started before: make another one.");
        this._to("starting");
        try {
            this.#stream = this.options.stream ?? await this.#ask();
            for (const track of this.#stream.getAudioTracks()) {
                track.addEventListener("ended", () => this.#disconnect());
            }

            if (!this.isOver) await (this.options.recorder ? this.#record() : this.#sample());
        } catch (problem) {
            this._to("failed", problem);
            if (this.state === "failed") throw problem;
        } finally {
            if (this.isOver) this._release(); // also when it was stopped before the microphone was there
        }
    }

    /** Ends the recording, and resolves with true when the last word has come. */
    async stop() {
        if (this.isOver) return this.state === "completed";
        if (this.state === "idle" || this._uplink === undefined) {
            this._release();
            this._to("completed");
            return true;
        }

        if (!this._isEnding) {
            this._isEnding = true;
            this._to("stopping");
            await this.#flush();
            this._release();
            this._end();
        }

        return this.finished;
    }

    /** Where the audio begins that can still be sent. */
    get resumeTime() {
        return this.#rate === 0 ? this.elapsed : Math.max(this.covered, this.#timeOf(this.#kept.begin));
    }

    read(at) {
        const from = this.#kept.begin;
        if (at >= from) return this.#kept.read(at);

        // The network was gone, or too slow, for longer than audio is kept. Silence in its place keeps the times right.
        const since = Math.max(at, this.#gapsTold);
        if (since < from) this._tell("gap", { from: this.#timeOf(since), to: this.#timeOf(from) });
        this.#gapsTold = Math.max(since, from);
        return new Uint8Array(Math.min(from - at, pieceOfSilence));
    }

    resume() {
        if (this.#rate > 0) this.#kept.forget(this.#bytesOf(this.covered));
        return super.resume();
    }

    onMessage(message) {
        super.onMessage(message);
        if (message.type === "final" && this.#rate > 0) this.#kept.forget(this.#bytesOf(message.covered));
        if (message.type === "received" && this.#rate === 0) this.#kept.forget(message.received);
    }

    _onNewSession(message) {
        if (this.#rate > 0) {
            // A sentence that was open is lost as far as it isn't kept.
            const from = this.#timeOf(message.received);
            if (this._open !== null && this._open < from) this._tell("gap", { from: this._open, to: from });
            return;
        }

        // What a MediaRecorder makes can't be cut: it begins anew, and what no final covers is lost.
        this._tell("gap", { from: this.covered, to: Math.round(this.elapsed) });
        this.#kept.clear();
        this.#recorder.restart();
    }

    _release() {
        this.#stream?.getTracks().forEach(track => this.options.stream || track.stop());
        this.#context?.close().catch(() => { });
        this.#context = this.#stream = null;
    }

    #timeOf(bytes) {
        return bytes / bytesPerSample / this.#rate * 1000;
    }

    #bytesOf(time) {
        return Math.round(time / 1000 * this.#rate) * bytesPerSample;
    }

    async #ask() {
        if (!isSecureContext) throw new Problem("insecure");
        if (!navigator.mediaDevices?.getUserMedia) throw new Problem("unsupported");
        try {
            return await navigator.mediaDevices.getUserMedia({ audio: this.options.audio ?? { channelCount: 1 } });
        } catch (error) {
            const names = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing", OverconstrainedError: "missing", NotReadableError: "busy", AbortError: "busy" };
            throw new Problem(names[error.name] ?? "unsupported");
        }
    }

    async #sample() {
        if (typeof AudioWorkletNode === "undefined") throw new Problem("unsupported");
        const source = this.#makeContext();
        await this.#context.audioWorklet.addModule(new URL("worklet.js", import.meta.url)).catch(() => { throw new Problem("unreachable"); });
        if (this.isOver) return;
        this.#context.onstatechange = () => this.#context?.resume().catch(() => { }); // a phone call suspends it
        this.#context.resume();
        this.#rate = this.#context.sampleRate;
        this.#kept = new Kept(keptSeconds * this.#rate * bytesPerSample);
        this.#node = new AudioWorkletNode(this.#context, "speechstream", { channelCount: 1, channelCountMode: "explicit", numberOfOutputs: 0 });
        this.#node.port.onmessage = ({ data }) => this.#takeSamples(data);
        source.connect(this.#node);
        this._connect({ format: "pcm", rate: this.#rate });
    }

    /** With 16 kHz the browser resamples; Firefox refuses that for a microphone, and then the server does. */
    #makeContext() {
        try {
            this.#context = new AudioContext({ sampleRate: 16000 });
            return this.#context.createMediaStreamSource(this.#stream);
        } catch {
            this.#context?.close();
            this.#context = new AudioContext();
            return this.#context.createMediaStreamSource(this.#stream);
        }
    }

    #takeSamples(piece) {
        if (piece === null) {
            this.#flushed?.();
            return;
        }

        this.#kept.add(new Uint8Array(piece.buffer));
        this._reach(this.#timeOf(this.#kept.end));
        this._uplink?.pump();
        let squares = 0;
        for (const sample of piece) squares += sample * sample;
        this._tell("level", { level: Math.sqrt(squares / piece.length) / 32768 });
        this._tell("samples", { samples: piece, rate: this.#rate });
    }

    /** Waits for the last samples. */
    #flush() {
        if (this.#recorder !== null) return this.#recorder.stop();
        return new Promise(resolve => {
            this.#flushed = resolve;
            this.#node.port.postMessage("end");
            setTimeout(resolve, 1000); // a context that the browser has suspended answers nothing
        });
    }

    #record() {
        if (typeof MediaRecorder === "undefined") throw new Problem("unsupported");
        this.#kept = new Kept(keptRecorderBytes);
        this.#recorder = new Recorder(this.#stream, bytes => {
            this.#kept.add(bytes);
            this._uplink?.pump();
        });
        this._reach(0);
        this._connect({ format: "recorder" });
    }

    #disconnect() {
        if (this._isEnding || this.isOver) return;
        this.problem = new Problem("disconnected");
        this._tell("problem", { status: 0, message: problems.disconnected });
        this.stop();
    }
}

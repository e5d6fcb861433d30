const piece = 250; // ms

/** What a MediaRecorder makes of a stream, piece by piece. It can be made to begin anew, since what it makes can't be cut. */
export class Recorder {
    #stream;
    #take;
    #recorder = null;
    #written = Promise.resolve();

    /**
     * @param {MediaStream} stream
     * @param {(bytes: Uint8Array) => void} take gets each piece, in order
     */
    constructor(stream, take) {
        this.#stream = stream;
        this.#take = take;
        this.restart();
    }

    restart() {
        const before = this.#recorder;
        const recorder = this.#recorder = new MediaRecorder(this.#stream);
        recorder.ondataavailable = ({ data }) => this.#written = this.#written.then(async () => {
            const bytes = new Uint8Array(await data.arrayBuffer());
            if (recorder === this.#recorder) this.#take(bytes);
        });
        if (before !== null && before.state !== "inactive") before.stop();
        recorder.start(piece);
    }

    /** Resolves when the last piece was taken. */
    stop() {
        return new Promise(resolve => {
            this.#recorder.onstop = () => this.#written.then(resolve);
            if (this.#recorder.state === "inactive") resolve();
            else this.#recorder.stop();
        });
    }
}

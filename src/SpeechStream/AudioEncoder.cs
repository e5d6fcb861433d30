using System.Buffers;

namespace SpeechStream;

/// <summary>
/// Encodes audio for the wire, so that a session needs less bandwidth. The caller still writes samples, and everything else stays in samples, too: pacing, replay after a
/// lost connection, silence filler and all times.
/// </summary>
/// <remarks>Thread-safe: one encoder may serve all sessions of a client, since each connection gets a stream of its own. <c>SpeechStream.Media</c> has <c>OpusEncoder</c>.</remarks>
public abstract class AudioEncoder
{
    /// <summary>The format that the service is told. It must be one whose messages may end at any byte: <see cref="AudioFormat.Opus"/>, <see cref="AudioFormat.Speex"/>,
    /// <see cref="AudioFormat.Amr"/>, <see cref="AudioFormat.Mp3"/> or <see cref="AudioFormat.Aac"/>.</summary>
    public abstract AudioFormat Format { get; }

    /// <summary>Begins the stream of a connection. It has its own header: the service decodes each connection by itself (PROTOCOL 4.2).</summary>
    /// <param name="sampleRate">Samples per second of the audio: <see cref="TranscriptionOptions.SampleRate"/>.</param>
    /// <returns>The stream, which a single thread at a time uses.</returns>
    public abstract AudioEncoderStream CreateStream(int sampleRate);
}

/// <summary>Encodes the audio of one connection. The audio that comes out must be as long as the audio that went in, or all times would be wrong.</summary>
public abstract class AudioEncoderStream : IDisposable
{
    /// <summary>Encodes the next samples. The encoder may keep up to 100 ms of them until more come.</summary>
    /// <remarks>It runs on the thread that sends, which for live audio is the one that writes. What it throws ends the session.</remarks>
    /// <param name="samples">Whole 16-bit little-endian mono samples, at most 16,000 bytes of them: 500 ms at 16 kHz.</param>
    /// <param name="encoded">Where the encoded audio goes. It is sent as one message; none is sent when nothing was written.</param>
    public abstract void Write(ReadOnlySpan<byte> samples, IBufferWriter<byte> encoded);

    /// <summary>Ends the stream: encodes what was kept.</summary>
    /// <inheritdoc cref="Write" path="/param[@name='encoded']"/>
    public abstract void Complete(IBufferWriter<byte> encoded);

    /// <summary>Called when the connection is over, whether the stream was completed or not.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()"/>
    /// <param name="disposing">Always true, unless a derived class has a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}

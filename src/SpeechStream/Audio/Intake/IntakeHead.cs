using System.Buffers;
using SpeechStream.Audio.Formats;

namespace SpeechStream.Audio.Intake;

/// <summary>Collects the first bytes of the caller's audio until it is known whether they are a RIFF header.</summary>
/// <remarks>Thread-safe: StopAsync may complete the audio on another thread than the writer's.</remarks>
/// <param name="waveSampleRate">
/// Samples per second of the WAV audio that is expected. Null when raw or compressed audio is expected: there a header is refused, since it would be sent as noise.
/// </param>
internal sealed class IntakeHead(int? waveSampleRate)
{
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _bytes = new();

    // TryDecide returned true: its caller has all bytes so far.
    private bool _isDecided;

    // The audio ended before that: later bytes don't belong to it.
    private bool _isComplete;

    /// <summary>Takes the next piece.</summary>
    /// <param name="piece">The bytes that were written.</param>
    /// <param name="audio">When this returns true, the audio so far; it may be a part of <paramref name="piece"/>.</param>
    /// <param name="audioBytes">How many bytes of audio the header announces; null when the audio lasts to the end of the stream.</param>
    /// <returns>True when the beginning is known; this object isn't needed afterwards.</returns>
    /// <exception cref="ArgumentException">A header is missing or unexpected, or it is of audio that the session doesn't send.</exception>
    public bool TryDecide(ReadOnlySpan<byte> piece, out ReadOnlySpan<byte> audio, out long? audioBytes)
    {
        lock (_gate)
        {
            if (_isComplete)
            {
                audio = [];
                audioBytes = 0;
                return true;
            }

            _isDecided = Decide(piece, out audio, out audioBytes);
            return _isDecided;
        }
    }

    /// <summary>Called when the stream ends, which may be before <see cref="TryDecide"/> returned true.</summary>
    /// <returns>All bytes so far as audio, since they are too few for a header; empty when the beginning is known.</returns>
    /// <exception cref="ArgumentException">The stream ends within the header that was expected.</exception>
    public ReadOnlySpan<byte> Complete()
    {
        lock (_gate)
        {
            if (_isDecided || _isComplete)
            {
                return [];
            }

            _isComplete = true;
            return waveSampleRate is not null && _bytes.WrittenCount > 0 ? throw WaveHeader.EndedWithin(_bytes.WrittenCount) : _bytes.WrittenSpan;
        }
    }

    private bool Decide(ReadOnlySpan<byte> piece, out ReadOnlySpan<byte> audio, out long? audioBytes)
    {
        audio = piece;
        audioBytes = null;
        if (waveSampleRate is null && _bytes.WrittenCount == 0 && !WaveHeader.CanBeWave(piece))
        {
            return true;
        }

        _bytes.Write(piece);
        audio = _bytes.WrittenSpan;
        return waveSampleRate is { } sampleRate ? TryReadHeader(sampleRate, ref audio, out audioBytes) : !MayBeHeader(audio);
    }

    private static bool MayBeHeader(ReadOnlySpan<byte> start) => WaveHeader.LooksLikeWave(start)
        ? throw new ArgumentException("The audio begins with a WAV header, and the session was made for raw samples. Set TranscriptionOptions.Format to Wav.")
        : WaveHeader.CanBeWave(start);

    private static bool TryReadHeader(int sampleRate, ref ReadOnlySpan<byte> bytes, out long? audioBytes)
    {
        audioBytes = null;
        if (!WaveHeader.TryRead(bytes, out var header))
        {
            return false;
        }

        if (header.Format.SampleRate != sampleRate)
        {
            throw new ArgumentException(
                $"The WAV audio has {header.Format.SampleRate} samples per second, and the session was made for {sampleRate}. Set TranscriptionOptions.SampleRate to {header.Format.SampleRate}.");
        }

        bytes = bytes[header.HeaderBytes..];
        audioBytes = header.DataBytes;
        return true;
    }
}

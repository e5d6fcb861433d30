using System.Buffers;

namespace SpeechStream.Audio;

/// <summary>The beginning of the caller's audio, until it is decided whether a RIFF header stands there, as it must or must not.</summary>
/// <param name="waveSampleRate">Samples per second of the WAV audio that is expected; null when raw or compressed audio is, in which a header would be heard as noise.</param>
internal sealed class IntakeHead(int? waveSampleRate)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Takes the next piece.</summary>
    /// <param name="piece">What was written.</param>
    /// <param name="audio">The audio so far, once the beginning is decided; it may be in <paramref name="piece"/>.</param>
    /// <param name="audioBytes">How many bytes of audio there are; null when they last to the end of the stream.</param>
    /// <returns>True when it is decided; this object is then of no more use.</returns>
    /// <exception cref="ArgumentException">There is a header where none should be, or none where one should, or its audio isn't what the session sends.</exception>
    public bool TryDecide(ReadOnlySpan<byte> piece, out ReadOnlySpan<byte> audio, out long? audioBytes)
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

    /// <summary>The stream ends before it is decided.</summary>
    /// <returns>The audio: what is too short for a header is none.</returns>
    /// <exception cref="ArgumentException">The stream ends within the header that was expected.</exception>
    public ReadOnlySpan<byte> Complete() => waveSampleRate is not null && _bytes.WrittenCount > 0 ? throw WaveHeader.EndedWithin(_bytes.WrittenCount) : _bytes.WrittenSpan;

    private static bool MayBeHeader(ReadOnlySpan<byte> start) => WaveHeader.LooksLikeWave(start)
        ? throw new ArgumentException("The audio begins with a WAV header, and the session was made for raw samples. Set TranscriptionOptions.Format to Wav.")
        : WaveHeader.CanBeWave(start);

    private static bool TryReadHeader(int sampleRate, ref ReadOnlySpan<byte> bytes, out long? audioBytes)
    {
        audioBytes = null;
        if (WaveHeader.TryRead(bytes, out var header) == WaveHeaderResult.NeedMore)
        {
            return false;
        }

        if (header.SampleRate != sampleRate)
        {
            throw new ArgumentException(
                $"The WAV audio has {header.SampleRate} samples per second, and the session was made for {sampleRate}. Set TranscriptionOptions.SampleRate to {header.SampleRate}.");
        }

        bytes = bytes[header.HeaderBytes..];
        audioBytes = header.DataBytes;
        return true;
    }
}

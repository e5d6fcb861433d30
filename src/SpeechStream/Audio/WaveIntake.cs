using System.Buffers;

namespace SpeechStream.Audio;

/// <summary>Takes the samples out of a RIFF stream that comes in pieces: what is before and after the audio isn't audio.</summary>
internal sealed class WaveIntake(int sampleRate)
{
    private readonly ArrayBufferWriter<byte> _header = new();
    private Memory<byte> _scratch;
    private long _remaining = long.MaxValue;

    /// <summary>The header isn't complete yet, so what is written isn't audio.</summary>
    public bool IsInHeader { get; private set; } = true;

    /// <summary>Memory for header bytes; <see cref="TakeWritten"/> follows.</summary>
    public Memory<byte> GetMemory(int sizeHint) => _scratch = new byte[Math.Max(sizeHint, 4096)];

    /// <summary>The audio in what was written into the memory given out last.</summary>
    /// <exception cref="ArgumentException">The header isn't one, or its audio isn't what the session sends.</exception>
    public ReadOnlySpan<byte> TakeWritten(int bytes) => Take(_scratch.Span[..bytes]);

    /// <summary>The audio in the next piece of the stream.</summary>
    /// <exception cref="ArgumentException">The header isn't one, or its audio isn't what the session sends.</exception>
    public ReadOnlySpan<byte> Take(ReadOnlySpan<byte> piece)
    {
        if (IsInHeader)
        {
            var before = _header.WrittenCount;
            _header.Write(piece);
            if (WaveHeader.TryRead(_header.WrittenSpan, out var header) == WaveHeaderResult.NeedMore)
            {
                return [];
            }

            if (header.SampleRate != sampleRate)
            {
                throw new ArgumentException(
                    $"The WAV audio has {header.SampleRate} samples per second, and the session was made for {sampleRate}. Set TranscriptionOptions.SampleRate to {header.SampleRate}.");
            }

            IsInHeader = false;
            _remaining = header.DataBytes ?? long.MaxValue;
            piece = piece[(header.HeaderBytes - before)..];
            _header.Clear();
        }

        return piece[..Limit(piece.Length)];
    }

    /// <summary>How many of the next bytes are audio.</summary>
    public int Limit(int bytes)
    {
        var audio = (int)Math.Min(bytes, _remaining);
        _remaining -= _remaining == long.MaxValue ? 0 : audio;
        return audio;
    }

    /// <summary>What is wrong if the stream ends here; null when it may.</summary>
    public ArgumentException? ErrorAtEnd() => IsInHeader && _header.WrittenCount > 0 ? WaveHeader.EndedWithin(_header.WrittenCount) : null;
}
